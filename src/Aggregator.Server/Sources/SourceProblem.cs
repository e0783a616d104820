namespace Aggregator.Server.Sources;

/// <summary>Why something an admin entered is refused. Nothing is changed by what is refused.</summary>
/// <param name="Field">What is wrong.</param>
/// <param name="Detail">An English sentence that knows more, or null.</param>
public sealed record SourceProblem(SourceField Field, string? Detail = null);
