namespace Aggregator.Storage.Related;

/// <summary>An entry that the index of related articles found.</summary>
internal sealed record RelatedHitRow
{
    public required long EntryId { get; init; }

    /// <summary>Its packed terms.</summary>
    public required byte[] Terms { get; init; }
}
