namespace Aggregator.Core.Stores;

/// <summary>An entry of a story.</summary>
/// <param name="EntryId">The entry's number.</param>
/// <param name="SourceId">Its source.</param>
/// <param name="Title">Its title.</param>
/// <param name="Url">The publisher's page, or null.</param>
/// <param name="SortAt">Its place in time (<see cref="Model.StoredEntry.SortAt"/>).</param>
public sealed record StoryMember(long EntryId, long SourceId, string Title, string? Url, DateTimeOffset SortAt);
