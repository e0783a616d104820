using Aggregator.Core.Stores;

namespace Aggregator.Server.Api;

/// <summary>How long something is kept; with both, the stricter one decides.</summary>
/// <param name="Days">For how many days; 0 is for ever.</param>
/// <param name="Count">How many of the newest; 0 is all.</param>
public sealed record RetentionRuleDocument(int Days = 0, int Count = 0)
{
    internal static RetentionRuleDocument? Of(RetentionRule? rule) => rule is null ? null : new RetentionRuleDocument(rule.Days, rule.Count);

    internal RetentionRule ToRule() => new(Days, Count);
}
