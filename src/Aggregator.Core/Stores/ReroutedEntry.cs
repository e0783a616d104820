namespace Aggregator.Core.Stores;

/// <summary>A stored entry that rules put elsewhere, tagged otherwise or deleted.</summary>
/// <param name="EntryId">Its number.</param>
/// <param name="Before">Where it was.</param>
/// <param name="After">Where it is; null when it was deleted.</param>
public sealed record ReroutedEntry(long EntryId, EntryPlacement Before, EntryPlacement? After);
