namespace Aggregator.Core.Stores;

/// <summary>What a refresh reads and writes.</summary>
public interface IRefreshStore
{
    /// <summary>The stored entries of a source with one of these keys or one of these links.</summary>
    Task<IReadOnlyList<KnownEntry>> FindKnownAsync(
        long sourceId, IReadOnlyCollection<string> keys, IReadOnlyCollection<string> urls, CancellationToken cancellationToken);

    /// <summary>Those of these entries whose feed brought versions after <paramref name="since"/>, and how many.</summary>
    Task<IReadOnlyList<RecentVersions>> CountVersionsAsync(
        IReadOnlyCollection<long> entryIds, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>The rules of a source's categories, and which of these keys are of entries that a rule dropped.</summary>
    Task<RoutingFacts> FindRoutingAsync(long sourceId, IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a refresh in one transaction: the source and the end of its lease, the entries and their places in the source's
    /// categories, and the new versions of every topic that changed. False, and nothing written, when the lease was lost.
    /// </summary>
    Task<bool> SaveAsync(RefreshWrite write, CancellationToken cancellationToken);
}
