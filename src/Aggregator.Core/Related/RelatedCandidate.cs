namespace Aggregator.Core.Related;

/// <summary>An article that may be related to another.</summary>
/// <param name="EntryId">Its number.</param>
/// <param name="SourceId">The number of its source.</param>
/// <param name="Url">Its address, or null.</param>
/// <param name="Title">Its folded title.</param>
/// <param name="SortAt">Its place in time.</param>
/// <param name="Cosine">How alike it is: 0 to 1.</param>
/// <param name="StoryId">The story that it tells, or null.</param>
/// <param name="Terms">What is kept of its terms.</param>
internal sealed record RelatedCandidate(
    long EntryId, long SourceId, string? Url, string Title, DateTimeOffset SortAt, float Cosine, long? StoryId, IReadOnlyDictionary<int, float> Terms);
