using Aggregator.Core.Model;
using Aggregator.Core.Routing;

namespace Aggregator.Core.Crawling;

/// <content>What the rules of a source and its categories do with what it brings.</content>
public sealed partial class SourceRefresher
{
    /// <summary>
    /// Asks the rules about new entries and those that changed. What was dropped before is no news; a changed entry that was
    /// published is not dropped behind its readers' backs.
    /// </summary>
    private async Task<Routed> RouteAsync(Source source, EntryComparison comparison, CancellationToken cancellationToken)
    {
        if (!comparison.HasChanges) return new Routed(comparison);
        var keys = comparison.Added.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        var facts = await store.FindRoutingAsync(source.Id, keys, cancellationToken).ConfigureAwait(false);
        List<RoutingRules> rules = [.. facts.CategoryRules.Prepend(source.Rules).Where(text => text is not null).Select(RoutingRules.Of).Where(owner => owner.Rules.Count > 0)];
        if (rules.Count == 0 && facts.Dropped.Count == 0) return new Routed(comparison);

        var added = new List<Entry>(comparison.Added.Count);
        var dropped = new List<(Entry Entry, string Rule)>();
        var routes = new Dictionary<string, RoutingOutcome>(StringComparer.Ordinal);
        foreach (var entry in comparison.Added)
        {
            if (facts.Dropped.Contains(entry.Key)) continue;
            var outcome = RoutingRules.Apply(rules, new RoutingSubject(entry, source));
            if (outcome.DroppedBy is { } rule)
            {
                dropped.Add((entry, rule.ToString()));
                continue;
            }

            added.Add(entry);
            if (outcome.Applied.Count > 0) routes[entry.Key] = outcome;
        }

        foreach (var (_, entry) in comparison.Changed) routes[entry.Key] = RoutingRules.Apply(rules, new RoutingSubject(entry, source));
        return new Routed(comparison with { Added = added }) { Dropped = dropped, StillDropped = [.. facts.Dropped], Routes = routes };
    }

    private sealed record Routed(EntryComparison Comparison)
    {
        public IReadOnlyList<(Entry Entry, string Rule)> Dropped { get; init; } = [];

        public IReadOnlyList<string> StillDropped { get; init; } = [];

        public IReadOnlyDictionary<string, RoutingOutcome> Routes { get; init; } = new Dictionary<string, RoutingOutcome>(StringComparer.Ordinal);
    }
}
