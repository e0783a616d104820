namespace Aggregator.Core.Routing;

/// <summary>One rule: a condition and what follows. <see cref="ToString"/> writes it as it is read.</summary>
/// <param name="Condition">What it asks.</param>
/// <param name="Action">What it does.</param>
public sealed record RoutingRule(RoutingCondition Condition, RoutingAction Action)
{
    /// <inheritdoc />
    public override string ToString() => $"{Condition} then {Action}";
}
