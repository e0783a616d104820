using Aggregator.Core.Stores;

namespace Aggregator.Server.Crawl;

/// <summary>Where a refresh that is only looked at would store: it knows nothing, and keeps what would have been written.</summary>
internal sealed class UnsavedRefreshes : IRefreshStore
{
    /// <summary>What would have been written, or null before.</summary>
    public RefreshWrite? Written { get; private set; }

    public Task<IReadOnlyList<KnownEntry>> FindKnownAsync(
        long sourceId, IReadOnlyCollection<string> keys, IReadOnlyCollection<string> urls, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KnownEntry>>([]);

    public Task<IReadOnlyList<RecentVersions>> CountVersionsAsync(
        IReadOnlyCollection<long> entryIds, DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RecentVersions>>([]);

    /// <inheritdoc />
    public Task<RoutingFacts> FindRoutingAsync(long sourceId, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        Task.FromResult(RoutingFacts.Nothing);

    public Task<bool> SaveAsync(RefreshWrite write, CancellationToken cancellationToken)
    {
        Written = write;
        return Task.FromResult(true);
    }
}
