using Aggregator.Core.Stores;
using Aggregator.Storage.Admins;
using Aggregator.Storage.Archives;
using Aggregator.Storage.Audits;
using Aggregator.Storage.Captures;
using Aggregator.Storage.Categories;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Hosts;
using Aggregator.Storage.Hubs;
using Aggregator.Storage.Keys;
using Aggregator.Storage.Marks;
using Aggregator.Storage.Migrations;
using Aggregator.Storage.Related;
using Aggregator.Storage.Retention;
using Aggregator.Storage.Routing;
using Aggregator.Storage.Search;
using Aggregator.Storage.Selections;
using Aggregator.Storage.Snapshots;
using Aggregator.Storage.Sources;
using Aggregator.Storage.Stories;
using Aggregator.Storage.Subscriptions;
using Aggregator.Storage.Takedowns;
using Aggregator.Storage.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aggregator.Storage;

/// <summary>The composition of the store.</summary>
public static class StoreServiceCollectionExtensions
{
    /// <summary>
    /// Adds every port of <c>Aggregator.Core.Stores</c> on the database that the connection string names, and the
    /// <see cref="StoreConnectionString"/> itself. Nothing is opened before the first use; disposing the container closes the
    /// database, on SQLite with its write-ahead log written back. Run <see cref="IStoreMigrator"/> before anything else, and
    /// hold a <see cref="StoreOwnerLock"/> meanwhile.
    /// </summary>
    /// <exception cref="ArgumentException">The connection string is for neither database; see <see cref="StoreConnectionString.Parse"/>.</exception>
    public static IServiceCollection AddAggregatorStore(this IServiceCollection services, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(services);
        var parsed = StoreConnectionString.Parse(connectionString);
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(parsed)
            .AddSingleton<TopicSignal>()
            .AddSingleton(provider => Database.Open(
                parsed, provider.GetRequiredService<TopicSignal>(), provider.GetService<ILogger<Database>>() ?? NullLogger<Database>.Instance))
            .AddSingleton<IStoreMigrator>(provider => new StoreMigrator(
                provider.GetRequiredService<Database>(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<ISourceStore, SourceStore>()
            .AddSingleton<ISourceAdminStore, SourceAdminStore>()
            .AddSingleton<IRefreshStore, RefreshStore>()
            .AddSingleton<IHostStore, HostStore>()
            .AddSingleton<IEntryStore, EntryStore>()
            .AddSingleton<IEntryArchive, EntryStore>()
            .AddSingleton<ISnapshotStore, SnapshotStore>()
            .AddSingleton<ICaptureStore, CaptureStore>()
            .AddSingleton<ISealStore, SealStore>()
            .AddSingleton<ITakedownStore, TakedownStore>()
            .AddSingleton<ICategoryStore, CategoryStore>()
            .AddSingleton<IAdminStore, AdminStore>()
            .AddSingleton<ISessionStore, SessionStore>()
            .AddSingleton<IApiKeyStore, ApiKeyStore>()
            .AddSingleton<IStoreFacts, StoreFactsReader>()
            .AddSingleton<IAuditStore, AuditStore>()
            .AddSingleton<SearchIndex>()
            .AddSingleton<SearchPlaces>()
            .AddSingleton<ISearchStore, SearchStore>()
            .AddSingleton<ISelectionStore, SelectionStore>()
            .AddSingleton<IStoryStore, StoryStore>()
            .AddSingleton<IRelatedStore, RelatedStore>()
            .AddSingleton<ISubscriptionImportStore, SubscriptionImportStore>()
            .AddSingleton<IRoutingStore, RoutingStore>()
            .AddSingleton<IMarkStore, MarkStore>()
            .AddSingleton<IRetentionStore, RetentionStore>()
            .AddSingleton<ITopicStore, TopicStore>()
            .AddSingleton<IArchiveStore, ArchiveStore>()
            .AddSingleton<IKeyStore, KeyStore>()
            .AddSingleton<IHubSubscriptionStore, HubSubscriptionStore>()
            .AddSingleton<ISubscriberStore, SubscriberStore>();
    }
}
