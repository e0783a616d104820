namespace Aggregator.Server.Sources;

/// <summary>One line of the report on what was added.</summary>
/// <param name="Entered">What was entered.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="SourceId">The source, new or old, or null.</param>
/// <param name="Title">What the old source is called, or null.</param>
/// <param name="Problem">Why it is refused, or null.</param>
public sealed record AddedAddress(string Entered, AddOutcome Outcome, long? SourceId = null, string? Title = null, SourceProblem? Problem = null);
