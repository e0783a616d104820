namespace Aggregator.Core.Routing;

/// <summary>What one comparison found.</summary>
/// <param name="Comparison">The comparison.</param>
/// <param name="Holds">Whether it holds.</param>
/// <param name="Value">The value for which it holds, or null. An entry's text: encode it before showing it.</param>
public sealed record RoutingStep(RoutingCondition.Comparison Comparison, bool Holds, string? Value);
