namespace Aggregator.Server.Api;

/// <summary>Another order of rules.</summary>
/// <param name="Places">The places that they have now, each once, in the order that they are to have.</param>
public sealed record RuleOrder(IReadOnlyList<int>? Places);
