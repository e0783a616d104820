namespace Aggregator.Core.Stores;

/// <summary>What one step of thinning did.</summary>
/// <param name="Texts">How many texts went.</param>
/// <param name="NextEntryId">Where the next step begins; null when there are no more entries.</param>
public sealed record ThinnedEntries(int Texts, long? NextEntryId);
