using Aggregator.Core.Snapshots;

namespace Aggregator.Core.Stores;

/// <summary>The days' proofs, and everything that they are made of.</summary>
public interface ISealStore
{
    /// <summary>
    /// Seals the earliest day before <paramref name="today"/> (UTC) that has snapshots and no seal, with everything that was stored
    /// since the seal before; null when there is none. What commits while this runs goes into the next seal, nothing into none.
    /// Safe against two at once: one of them seals, the other finds it done.
    /// </summary>
    Task<Seal?> SealNextAsync(DateOnly today, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>A day's seal, or null.</summary>
    Task<Seal?> FindAsync(DateOnly day, CancellationToken cancellationToken);

    /// <summary>The newest seal, or null.</summary>
    Task<Seal?> LastAsync(CancellationToken cancellationToken);

    /// <summary>All seals, the oldest first, a few at a time.</summary>
    IAsyncEnumerable<Seal> ReadSealsAsync(CancellationToken cancellationToken);

    /// <summary>The leaves with numbers from <paramref name="firstId"/> to <paramref name="lastId"/>, ascending, a few at a time.</summary>
    IAsyncEnumerable<SealLeaf> ReadLeavesAsync(long firstId, long lastId, CancellationToken cancellationToken);

    /// <summary>Every snapshot with its text, by number ascending, a few at a time: for verifying.</summary>
    IAsyncEnumerable<KeptSnapshot> ReadSnapshotsAsync(CancellationToken cancellationToken);

    /// <summary>The entries whose snapshots are not numbered one after the other, by number ascending, a few at a time.</summary>
    IAsyncEnumerable<long> ReadGapsAsync(CancellationToken cancellationToken);
}
