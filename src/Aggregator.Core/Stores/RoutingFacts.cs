namespace Aggregator.Core.Stores;

/// <summary>What a refresh has to know to route the entries that it brings.</summary>
/// <param name="CategoryRules">The rules of each of the source's categories that has any, as they are stored, in the order of categories.</param>
/// <param name="Dropped">Of the keys that were asked for, those of entries that a rule dropped before.</param>
public sealed record RoutingFacts(IReadOnlyList<string> CategoryRules, IReadOnlySet<string> Dropped)
{
    /// <summary>No rules, and nothing dropped.</summary>
    public static readonly RoutingFacts Nothing = new([], new HashSet<string>(StringComparer.Ordinal));
}
