namespace Aggregator.Server.Api;

/// <summary>One rule to write.</summary>
/// <param name="Rule">What it says, one line.</param>
/// <param name="Place">For a new one: its place in the order, from 1; behind all others when absent.</param>
public sealed record RuleChange(string? Rule, int? Place = null);
