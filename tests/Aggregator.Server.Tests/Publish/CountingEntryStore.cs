using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Tests.Publish;

/// <summary>Passes everything on to the real store, counts, and can hold readers back or fail them.</summary>
internal sealed class CountingEntryStore(IEntryStore store) : IEntryStore
{
    private int _lists;
    private int _versions;
    private int _bodies;
    private int _largest;

    /// <summary>How often entries were read: once per rendering.</summary>
    public int Lists => Volatile.Read(ref _lists);

    /// <summary>How often a version was asked for.</summary>
    public int Versions => Volatile.Read(ref _versions);

    /// <summary>What a reader of entries waits for before it reads.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What every question fails with, as it does while a database is away.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How often entries were read by their identity, with their bodies: once per delta.</summary>
    public int Bodies => Volatile.Read(ref _bodies);

    /// <summary>The most bodies that were asked for at once.</summary>
    public int MostBodies => _largest;

    public async Task<IReadOnlyList<StoredEntry>> ListAsync(EntryQuery query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lists);
        await Gate.WaitAsync(cancellationToken);
        if (Failure is { } failure) throw failure;
        if (query.WithContent) _largest = Math.Max(_largest, query.Limit);
        return await store.ListAsync(query, cancellationToken);
    }

    public Task<TopicVersion> VersionAsync(Topic topic, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _versions);
        if (Failure is { } failure) return Task.FromException<TopicVersion>(failure);
        return store.VersionAsync(topic, cancellationToken);
    }

    public Task<PageKey?> ReachAsync(EntryQuery query, CancellationToken cancellationToken) => store.ReachAsync(query, cancellationToken);

    public Task<ILookup<long, StoredEntry>> ListNewestAsync(IReadOnlyCollection<long> categoryIds, int limit, CancellationToken cancellationToken) =>
        store.ListNewestAsync(categoryIds, limit, cancellationToken);

    public Task<IReadOnlyList<EntryOrigin>> OriginsAsync(Topic topic, CancellationToken cancellationToken) => store.OriginsAsync(topic, cancellationToken);

    public Task<IReadOnlyList<EntryAge>> ListRangeAsync(long after, int count, CancellationToken cancellationToken) =>
        store.ListRangeAsync(after, count, cancellationToken);

    public Task<long> LastIdAsync(CancellationToken cancellationToken) => store.LastIdAsync(cancellationToken);

    public Task<StoredEntry?> FindAsync(long entryId, CancellationToken cancellationToken) => store.FindAsync(entryId, cancellationToken);

    public Task<IReadOnlyList<StoredEntry>> FindManyAsync(IReadOnlyCollection<long> entryIds, bool withContent, CancellationToken cancellationToken)
    {
        if (withContent) Interlocked.Increment(ref _bodies);
        if (withContent) _largest = Math.Max(_largest, entryIds.Count);
        return Failure is { } failure ? Task.FromException<IReadOnlyList<StoredEntry>>(failure) : store.FindManyAsync(entryIds, withContent, cancellationToken);
    }

    public Task<IReadOnlyList<Category>> CategoriesOfAsync(long entryId, CancellationToken cancellationToken) =>
        store.CategoriesOfAsync(entryId, cancellationToken);
}
