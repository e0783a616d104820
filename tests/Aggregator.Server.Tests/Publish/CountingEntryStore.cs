using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Tests.Publish;

/// <summary>Passes everything on to the real store, counts, and can hold readers back or fail them.</summary>
internal sealed class CountingEntryStore(IEntryStore store) : IEntryStore
{
    private int _lists;
    private int _versions;

    /// <summary>How often entries were read: once per rendering.</summary>
    public int Lists => Volatile.Read(ref _lists);

    /// <summary>How often a version was asked for.</summary>
    public int Versions => Volatile.Read(ref _versions);

    /// <summary>What a reader of entries waits for before it reads.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async Task<IReadOnlyList<StoredEntry>> ListAsync(EntryQuery query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lists);
        await Gate.WaitAsync(cancellationToken);
        return await store.ListAsync(query, cancellationToken);
    }

    public Task<TopicVersion> VersionAsync(Topic topic, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _versions);
        return store.VersionAsync(topic, cancellationToken);
    }

    public Task<StoredEntry?> FindAsync(long entryId, CancellationToken cancellationToken) => store.FindAsync(entryId, cancellationToken);

    public Task<IReadOnlyList<Category>> CategoriesOfAsync(long entryId, CancellationToken cancellationToken) =>
        store.CategoriesOfAsync(entryId, cancellationToken);

    public Task<int> DeleteExpiredAsync(DateTimeOffset firstSeenBefore, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.DeleteExpiredAsync(firstSeenBefore, limit, now, cancellationToken);
}
