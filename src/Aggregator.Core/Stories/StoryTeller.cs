namespace Aggregator.Core.Stories;

/// <summary>An entry of a story, as far as it matters for which of them leads.</summary>
/// <param name="EntryId">The entry's number.</param>
/// <param name="SourceId">Its source.</param>
/// <param name="SourceTitle">What the source is called.</param>
/// <param name="Host">The host of the source's site or feed, or null.</param>
/// <param name="SortAt">Its place in time.</param>
/// <param name="Named">The source that it names as its own, or null.</param>
public sealed record StoryTeller(long EntryId, long SourceId, string SourceTitle, string? Host, DateTimeOffset SortAt, string? Named);
