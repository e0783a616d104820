namespace Aggregator.Core.Stores;

/// <summary>Where some of a topic's entries come from.</summary>
/// <param name="SourceId">The source.</param>
/// <param name="Language">Their language (BCP 47) as it is stored, or null.</param>
/// <param name="Entries">How many of the entries that were looked at.</param>
public sealed record EntryOrigin(long SourceId, string? Language, long Entries);
