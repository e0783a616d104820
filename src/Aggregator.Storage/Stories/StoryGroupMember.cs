namespace Aggregator.Storage.Stories;

/// <summary>An entry of a story as it stands in the store.</summary>
/// <param name="EntryId">The entry's number.</param>
/// <param name="SourceId">Its source.</param>
/// <param name="SortAt">Its place in time, in unix milliseconds.</param>
/// <param name="Named">The source that it names as its own, or null.</param>
internal sealed record StoryGroupMember(long EntryId, long SourceId, long SortAt, string? Named);
