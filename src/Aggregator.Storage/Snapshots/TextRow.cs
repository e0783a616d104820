using Aggregator.Core.Stores;

namespace Aggregator.Storage.Snapshots;

/// <summary>A snapshot with its text, for verifying: what is damaged is told, not thrown.</summary>
internal sealed record TextRow
{
    public required long Id { get; init; }
    public required long EntryId { get; init; }
    public required int Number { get; init; }
    public required int Kind { get; init; }
    public required long CapturedAt { get; init; }
    public string? Title { get; init; }
    public long? PublishedAt { get; init; }
    public required int Changes { get; init; }
    public required byte[] ContentHash { get; init; }
    public required byte[] Sha256 { get; init; }
    public int? Removal { get; init; }
    public byte[]? Document { get; init; }

    public KeptSnapshot ToKeptSnapshot()
    {
        var snapshot = new SnapshotRow
        {
            Id = Id,
            EntryId = EntryId,
            Number = Number,
            Kind = Kind,
            CapturedAt = CapturedAt,
            Title = Title,
            PublishedAt = PublishedAt,
            Changes = Changes,
            ContentHash = ContentHash,
            Sha256 = Sha256,
            Removal = Removal,
            Kept = Document is null ? 0 : 1,
        }.ToSnapshot();
        if (Document is null) return new KeptSnapshot(snapshot, null, null);
        try
        {
            return new KeptSnapshot(snapshot, SnapshotPacking.Unpack(Document), null);
        }
        catch (InvalidDataException error)
        {
            return new KeptSnapshot(snapshot, null, error.Message);
        }
    }
}
