namespace Aggregator.Core.Routing;

/// <summary>Why a rule held, or did not.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Holds">Whether it held.</param>
/// <param name="Steps">The comparisons that were looked at; what could not change the result was not.</param>
public sealed record RoutingTrace(RoutingRule Rule, bool Holds, IReadOnlyList<RoutingStep> Steps);
