namespace Aggregator.Core.Stores;

/// <summary>That an entry came into a topic, changed there, or was taken down.</summary>
/// <param name="Number">Its place in the order in which changes became visible.</param>
/// <param name="EntryId">The entry.</param>
/// <param name="IsGone">Whether it was taken down.</param>
/// <param name="IsWithdrawn">Whether it was there, and nothing of it may be shown any more.</param>
public sealed record ArchivedChange(long Number, long EntryId, bool IsGone, bool IsWithdrawn);
