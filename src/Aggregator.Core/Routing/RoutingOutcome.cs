namespace Aggregator.Core.Routing;

/// <summary>What rules do with an entry.</summary>
/// <param name="Applied">The rules that held, in the order in which they were asked; one that drops is the last.</param>
/// <param name="Traces">Why each rule held or did not, when that was asked for.</param>
public sealed record RoutingOutcome(IReadOnlyList<RoutingRule> Applied, IReadOnlyList<RoutingTrace> Traces)
{
    /// <summary>The rule that drops the entry, or null.</summary>
    public RoutingRule? DroppedBy => Applied.Count > 0 && Applied[^1].Action is RoutingAction.Drop ? Applied[^1] : null;

    /// <summary>The slugs of the categories that rules put it in.</summary>
    public IEnumerable<string> Slugs => Applied.Select(rule => rule.Action).OfType<RoutingAction.IntoCategory>().Select(action => action.Slug).Distinct();

    /// <summary>The tags that rules give it.</summary>
    public IEnumerable<string> Tags => Applied.Select(rule => rule.Action).OfType<RoutingAction.AddTag>().Select(action => action.Name).Distinct();
}
