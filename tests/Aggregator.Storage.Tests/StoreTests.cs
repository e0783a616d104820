using System.Collections.Concurrent;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Database = Aggregator.Storage.Databases.Database;

namespace Aggregator.Storage.Tests;

/// <summary>
/// What every suite of the store has: a fresh, migrated and empty store of its own for each test, on a real database, composed as the
/// server composes it. A suite is abstract and has one subclass for each database.
/// </summary>
public abstract class StoreTests(StoreProvider provider) : IAsyncLifetime
{
    /// <summary>A round moment, so that what a test adds to it stays readable.</summary>
    protected static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    // Migrated databases that no test is using: emptying one takes a tenth of the time of making and dropping one.
    private static readonly ConcurrentBag<PostgreSqlDatabase> Idle = [];

    private readonly TemporaryFolder _folder = new();
    private PostgreSqlDatabase? _postgreSql;
    private ServiceProvider? _services;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected StoreProvider Provider => provider;

    protected string ConnectionString { get; private set; } = "";

    protected ISourceStore Sources => Get<ISourceStore>();

    protected IRefreshStore Refreshes => Get<IRefreshStore>();

    protected IEntryStore Entries => Get<IEntryStore>();

    protected ICategoryStore Categories => Get<ICategoryStore>();

    internal Database Database => Get<Database>();

    /// <summary>Whether the store is migrated before the test begins.</summary>
    protected virtual bool Migrated => true;

    public async ValueTask InitializeAsync()
    {
        if (provider == StoreProvider.Sqlite)
        {
            ConnectionString = "Data Source=" + _folder.File("store.db");
        }
        else
        {
            Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
            _postgreSql = Migrated && Idle.TryTake(out var idle) ? idle : await PostgreSqlCluster.CreateDatabaseAsync(Ct);
            ConnectionString = _postgreSql.ConnectionString;
        }

        _services = Compose();
        if (Migrated) await Get<IStoreMigrator>().MigrateAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgreSql is not null && Migrated) await EmptyAsync(_postgreSql);
        if (_services is not null) await _services.DisposeAsync();
        if (_postgreSql is not null && !Migrated) await _postgreSql.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task EmptyAsync(PostgreSqlDatabase database)
    {
        await Database.WriteAsync(
            session => session.ExecuteAsync("truncate source, category, topic_version, admin, mark, host, hub_subscription, snapshot, snapshot_document, seal, takedown_request, tombstone, blocked, search_queue, search_segment, search_block, search_change, retention, topic_date, protection_key, capture, subscription_import, admin_session, api_key, audit, fetch_log, source_day, hub_topic, hub_callback, hub_subscriber, hub_intent, hub_change, story, story_decision, story_queue, related_queue, related_frequency, topic_change, topic_page, topic_queue, selection restart identity cascade; update topic_clock set position = 0; update hub_clock set position = 0, floor = 0, next_floor = 0, next_floor_at = 0"), CancellationToken.None);
        Idle.Add(database);
    }

    /// <summary>The store as another process would have it.</summary>
    protected ServiceProvider Compose() => new ServiceCollection().AddAggregatorStore(ConnectionString).AddSingleton<ISecretSealer, ReversingSealer>().BuildServiceProvider();

    protected T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    /// <summary>Adds a source that is due at <see cref="Now"/>, in these categories.</summary>
    protected async Task<long> AddSourceAsync(string url = "https://example.org/feed", params long[] categories) =>
        (await Sources.AddAsync(new NewSource { Url = url, CategoryIds = categories }, Now, Ct)).Id;

    protected async Task<long> AddCategoryAsync(string slug = "news", int position = 0) =>
        (await Categories.AddAsync(new Category { Id = 0, Slug = slug, Title = slug, Language = "zh", Position = position }, Ct)).Id;

    /// <summary>Claims a source and saves a document of it; the numbers of the added entries by key.</summary>
    protected async Task<IReadOnlyDictionary<string, long>> RefreshAsync(long sourceId, DateTimeOffset at, params Entry[] added)
    {
        var source = await Sources.ClaimAsync(sourceId, "test", at, at.AddMinutes(5), Ct);
        Assert.NotNull(source);
        Assert.True(await Refreshes.SaveAsync(new RefreshWrite { Source = DocumentStored(source, at), LeaseOwner = "test", At = at, Added = added }, Ct));
        var known = await Refreshes.FindKnownAsync(sourceId, [.. added.Select(entry => entry.Key)], [], Ct);
        return known.ToDictionary(entry => entry.Key, entry => entry.Id, StringComparer.Ordinal);
    }

    /// <summary>Forgets what was first seen before a moment and has left its feed, by a general rule of days; how many entries went.</summary>
    protected Task<int> ForgetAsync(DateTimeOffset firstSeenBefore, DateTimeOffset now, int batch = 100) => Get<IRetentionStore>().ForgetAsync(
        new RetentionPlan { Entries = new RetentionRule(Days: (now - firstSeenBefore).Days) }, now, batch, Ct);

    /// <summary>Has an admin say how much of a source may be shown; null for nothing of its own.</summary>
    protected async Task SetLevelAsync(long sourceId, RepublishLevel? level)
    {
        var sources = Get<ISourceAdminStore>();
        var detail = (await sources.FindAsync(sourceId, Now, Ct))!;
        await sources.EditAsync(sourceId, SourceEdit.Of(detail.Source, detail.Categories) with { Republish = level }, Now, Ct);
    }

    /// <summary>Claims a source and saves what a test makes of it.</summary>
    protected async Task<bool> SaveAsync(long sourceId, DateTimeOffset at, Func<RefreshWrite, RefreshWrite> write)
    {
        var source = await Sources.ClaimAsync(sourceId, "test", at, at.AddMinutes(5), Ct);
        Assert.NotNull(source);
        return await Refreshes.SaveAsync(write(new RefreshWrite { Source = DocumentStored(source, at), LeaseOwner = "test", At = at }), Ct);
    }

    /// <summary>A source after a refresh that stored a whole document.</summary>
    protected static Source DocumentStored(Source source, DateTimeOffset at) => source with
    {
        LastFetchAt = at,
        LastSuccessAt = at,
        LastDocumentAt = at,
        NextFetchAt = at.AddHours(1),
    };

    protected static Entry AnEntry(string key, DateTimeOffset? publishedAt = null) => new()
    {
        Key = key,
        Guid = "guid of " + key,
        Url = "https://example.org/" + key,
        Title = "Title of " + key,
        Summary = "Summary of " + key,
        Content = $"<p>Content of {key}</p>",
        PublishedAt = publishedAt,
        ContentHash = new byte[] { 1, 2, 3, 4 },
    };
}
