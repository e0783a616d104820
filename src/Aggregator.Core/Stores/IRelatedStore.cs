using Aggregator.Core.Related;

namespace Aggregator.Core.Stores;

/// <summary>The index by which articles are related, and what was found in it.</summary>
public interface IRelatedStore
{
    /// <summary>The most entries that one call of <see cref="IndexAsync"/> takes.</summary>
    const int MaxBatch = 1_000;

    /// <summary>
    /// Brings up to <paramref name="limit"/> entries that came or changed since into the index. What waits stands in the store, so a crash
    /// loses nothing; an entry that is done twice is the same. Returns how many were taken; call again until there are none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of bounds.</exception>
    Task<int> IndexAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// What is related to an entry: what is kept when nothing came into the index since it was found, or it was found less than a minute ago;
    /// else what the index says now. Empty when there is no such entry. Entries of deleted sources are never among it.
    /// </summary>
    Task<RelatedList> FindAsync(long entryId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps what was found, in place of what is kept with the same entries. What left meanwhile is left out.</summary>
    Task KeepAsync(IReadOnlyList<RelatedList> found, DateTimeOffset now, CancellationToken cancellationToken);
}
