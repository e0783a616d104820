namespace Aggregator.Core.Stores;

/// <summary>How often an entry changed of late.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Count">How many versions its feed brought.</param>
/// <param name="NewestAt">When the newest of them was taken.</param>
public sealed record RecentVersions(long EntryId, int Count, DateTimeOffset NewestAt);
