using Aggregator.Core.Routing;

namespace Aggregator.Server.Api;

/// <summary>The rules of a category or a source, in the order in which they are asked.</summary>
/// <param name="Text">The lines as their admin wrote them, with comments and empty lines.</param>
/// <param name="Items">The rules.</param>
public sealed record RulesDocument(string Text, IReadOnlyList<RulesDocument.RuleDocument> Items)
{
    internal static RulesDocument Of(string? rules) =>
        new(rules ?? "", [.. RuleLines.Of(rules).Rules.Select((line, index) => new RuleDocument(index + 1, line))]);

    /// <summary>One rule.</summary>
    /// <param name="Place">Its place in the order, from 1.</param>
    /// <param name="Rule">What it says; see <see cref="RoutingRules"/> for how.</param>
    public sealed record RuleDocument(int Place, string Rule);
}
