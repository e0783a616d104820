using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Tests.Browse;

/// <summary>The ports in memory, as far as pages and accounts use them.</summary>
internal sealed class RunningSiteStore : ICategoryStore, IEntryStore, ISourceStore, IRefreshStore, IAdminStore
{
    private readonly List<Category> _categories = [];
    private readonly List<(Source Source, IReadOnlyList<long> Categories)> _sources = [];
    private readonly List<StoredEntry> _entries = [];
    private readonly List<Admin> _admins = [];

    public bool Broken { get; set; }

    Task<IReadOnlyList<Category>> ICategoryStore.ListAsync(CancellationToken cancellationToken) =>
        Broken
            ? throw new InvalidOperationException("The disk is on fire at /secret/path.")
            : Task.FromResult<IReadOnlyList<Category>>([.. _categories.OrderBy(c => c.Position).ThenBy(c => c.Title, StringComparer.Ordinal)]);

    Task<Category?> ICategoryStore.FindAsync(string slug, CancellationToken cancellationToken) =>
        Task.FromResult(_categories.FirstOrDefault(c => c.Slug == slug));

    Task<Category> ICategoryStore.AddAsync(Category category, CancellationToken cancellationToken)
    {
        _categories.Add(category with { Id = _categories.Count + 1 });
        return Task.FromResult(_categories[^1]);
    }

    Task<bool> ICategoryStore.SetShowAttributionAsync(string slug, bool show, DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<StoredEntry>> IEntryStore.ListAsync(EntryQuery query, CancellationToken cancellationToken)
    {
        var all = _entries
            .Where(e => query.Topic switch
            {
                Topic.OfCategory c => CategoriesOf(e).Any(category => category.Id == c.CategoryId),
                Topic.OfSource s => e.SourceId == s.SourceId,
                _ => true,
            })
            .OrderByDescending(e => e.SortAt).ThenByDescending(e => e.Id)
            .ToList();
        IEnumerable<StoredEntry> page = (query.Before, query.After) switch
        {
            ({ } before, null) => all.Where(e => Compare(e, before) < 0).Take(query.Limit),
            (null, { } after) => all.Where(e => Compare(e, after) > 0).TakeLast(query.Limit),
            (null, null) => all.Take(query.Limit),
            _ => throw new ArgumentOutOfRangeException(nameof(query)),
        };
        return Task.FromResult<IReadOnlyList<StoredEntry>>([.. page]);
    }

    Task<StoredEntry?> IEntryStore.FindAsync(long entryId, CancellationToken cancellationToken) =>
        Task.FromResult(_entries.FirstOrDefault(e => e.Id == entryId));

    Task<IReadOnlyList<Category>> IEntryStore.CategoriesOfAsync(long entryId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Category>>([.. CategoriesOf(_entries.First(e => e.Id == entryId))]);

    Task<TopicVersion> IEntryStore.VersionAsync(Topic topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<int> IEntryStore.DeleteExpiredAsync(DateTimeOffset firstSeenBefore, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<AddedSource> ISourceStore.AddAsync(NewSource source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        _sources.Add((new Source
        {
            Id = _sources.Count + 1,
            Url = source.Url,
            Title = source.Title,
            State = SourceState.Active,
            NextFetchAt = now,
            CreatedAt = now,
        }, source.CategoryIds));
        return Task.FromResult(new AddedSource(_sources.Count, IsNew: true));
    }

    Task<Source?> ISourceStore.FindAsync(long sourceId, CancellationToken cancellationToken) =>
        Task.FromResult(_sources.Select(s => s.Source).FirstOrDefault(s => s.Id == sourceId));

    Task<IReadOnlyList<Source>> ISourceStore.FindManyAsync(IReadOnlyCollection<long> sourceIds, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Source>>([.. _sources.Select(s => s.Source).Where(s => sourceIds.Contains(s.Id))]);

    IAsyncEnumerable<SourceListing> ISourceStore.ReadAllAsync(long? categoryId, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<SourceListing>> ISourceStore.ListAsync(long afterSourceId, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<int> ISourceStore.CountDueAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<Source>> ISourceStore.ClaimDueAsync(
        string owner, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<Source?> ISourceStore.ClaimAsync(long sourceId, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        Task.FromResult(_sources.Select(s => s.Source).FirstOrDefault(s => s.Id == sourceId));

    Task ISourceStore.ReleaseAsync(IReadOnlyCollection<long> sourceIds, string owner, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<bool> ISourceStore.SetStateAsync(long sourceId, SourceState state, DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<KnownEntry>> IRefreshStore.FindKnownAsync(
        long sourceId, IReadOnlyCollection<string> keys, IReadOnlyCollection<string> urls, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<bool> IRefreshStore.SaveAsync(RefreshWrite write, CancellationToken cancellationToken)
    {
        var index = _sources.FindIndex(s => s.Source.Id == write.Source.Id);
        _sources[index] = (write.Source, _sources[index].Categories);
        foreach (var entry in write.Added)
            _entries.Add(new StoredEntry
            {
                Id = _entries.Count + 1,
                SourceId = write.Source.Id,
                Entry = entry,
                FirstSeenAt = write.At,
                CapturedAt = write.At,
                Version = 1,
                SortAt = entry.PublishedAt is { } published && published < write.At ? published : write.At,
            });
        return Task.FromResult(true);
    }

    Task<bool> IAdminStore.AnyAsync(CancellationToken cancellationToken) => Task.FromResult(_admins.Count > 0);

    Task<Admin?> IAdminStore.FindAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(_admins.FirstOrDefault(a => a.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));

    Task<bool> IAdminStore.SaveAsync(string name, string passwordHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var there = _admins.RemoveAll(a => a.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        _admins.Add(new Admin(_admins.Count + 1, name, passwordHash, now));
        return Task.FromResult(there == 0);
    }

    Task<bool> IAdminStore.AddFirstAsync(string name, string passwordHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_admins)
        {
            if (_admins.Count > 0) return Task.FromResult(false);
            _admins.Add(new Admin(1, name, passwordHash, now));
            return Task.FromResult(true);
        }
    }

    private IEnumerable<Category> CategoriesOf(StoredEntry entry) =>
        _sources.First(s => s.Source.Id == entry.SourceId).Categories.Select(id => _categories.First(c => c.Id == id));

    private static int Compare(StoredEntry entry, PageKey key) =>
        (entry.SortAt, entry.Id).CompareTo((key.SortAt, key.EntryId));
}
