using Aggregator.Core.Related;

namespace Aggregator.Storage.Related;

/// <summary>A row of the index of related articles.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Version">The version that it was made from.</param>
/// <param name="Vector">Its terms.</param>
internal sealed record RelatedIndexRow(long EntryId, int Version, TermVector Vector);
