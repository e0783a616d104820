using Aggregator.Core.Stores;

namespace Aggregator.Storage.Snapshots;

/// <summary>A snapshot with its text, for verifying: what is damaged is told, not thrown.</summary>
internal sealed record TextRow : SnapshotRow
{
    public byte[]? Document { get; init; }

    public KeptSnapshot ToKeptSnapshot()
    {
        var snapshot = ToSnapshot() with { IsKept = Document is not null };
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
