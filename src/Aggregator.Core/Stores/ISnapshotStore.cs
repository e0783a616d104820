using Aggregator.Core.Snapshots;

namespace Aggregator.Core.Stores;

/// <summary>The versions of entries. What the feed said comes in through <see cref="IRefreshStore"/>, pages through here.</summary>
public interface ISnapshotStore
{
    /// <summary>The most snapshots that <see cref="ListAsync"/> gives at once.</summary>
    const int MaxListed = 2_000;

    /// <summary>An entry's snapshots by number ascending, those behind <paramref name="afterNumber"/>, at most <see cref="MaxListed"/>.</summary>
    Task<IReadOnlyList<Snapshot>> ListAsync(long entryId, int afterNumber, CancellationToken cancellationToken);

    /// <summary>An entry's last snapshots by number descending, at most <paramref name="limit"/> (1 to <see cref="MaxListed"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of bounds.</exception>
    Task<IReadOnlyList<Snapshot>> ListLastAsync(long entryId, int limit, CancellationToken cancellationToken);

    /// <summary>The snapshot of that number, or null.</summary>
    Task<Snapshot?> FindAsync(long entryId, int number, CancellationToken cancellationToken);

    /// <summary>The snapshot that was captured in that second, or null; what is below a second of <paramref name="second"/> does not count.</summary>
    Task<Snapshot?> FindAtAsync(long entryId, DateTimeOffset second, CancellationToken cancellationToken);

    /// <summary>
    /// The snapshot to show somebody who asks what the entry said at <paramref name="at"/> (RFC 7089 §4.5): the last one captured up
    /// to that second whose text is kept, else the first one after it; null when no text is kept.
    /// </summary>
    Task<Snapshot?> NearestAsync(long entryId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The canonical bytes of a snapshot as they were hashed, or null when its text is no longer kept.</summary>
    Task<ReadOnlyMemory<byte>?> ReadBytesAsync(long snapshotId, CancellationToken cancellationToken);

    /// <summary>What a snapshot says, or null when its text is no longer kept.</summary>
    Task<SnapshotDocument?> ReadDocumentAsync(long snapshotId, CancellationToken cancellationToken);

    /// <summary>The entries of any source with that link, by number ascending, at most 100. The address is compared as it is stored.</summary>
    Task<IReadOnlyList<long>> FindEntriesByUrlAsync(string url, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a captured page in one transaction: the snapshot, its text, the entry's version and body, and the versions of the topics
    /// it stands in. Nothing is written when the entry's last page says the same, noise aside.
    /// </summary>
    Task<PageAddition> AddPageAsync(PageSnapshotWrite write, CancellationToken cancellationToken);
}
