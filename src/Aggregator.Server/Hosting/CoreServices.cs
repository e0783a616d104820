using System.Globalization;
using System.Reflection;
using Aggregator.Core.Capturing;
using Aggregator.Core.Crawling;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Extracting;
using Aggregator.Core.Fetching;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Publishing;
using Aggregator.Core.WebSub;
using Aggregator.Server.Audits;
using Aggregator.Server.Subscriptions;
using Aggregator.Storage;

namespace Aggregator.Server.Hosting;

/// <summary>What every command needs: the store, and the way of a source from fetching to storing.</summary>
internal static class CoreServices
{
    /// <summary>The program's version, as far as a visitor may know it.</summary>
    public static string Version { get; } =
        typeof(CoreServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Adds the services that are the same on the command line and in the server.</summary>
    public static IServiceCollection AddAggregatorCore(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<IConfiguration>(settings.Configuration);
        services.AddSingleton(TimeProvider.System);
        services.AddLogging(logging => logging.ClearProviders()
            .AddConfiguration(settings.Configuration.GetSection("Logging"))
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddFilter("Hangfire", LogLevel.Warning)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            }));
        // Results go to standard output, everything else to standard error.
        services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            // AddSimpleConsole goes before the configuration; who asks for "json" means it.
            if (settings.Configuration["Logging:Console:FormatterName"] is { Length: > 0 } formatter) console.FormatterName = formatter;
        });

        services.AddAggregatorStore(settings.Store.Value);
        services.AddSingleton(new SiteLinks(settings.PublicUrl));
        services.AddSingleton(settings.Fetching);
        services.AddSingleton(settings.Refresh);
        services.AddSingleton(settings.Retention);
        services.AddSingleton(new TargetGuard(settings.Fetching.AllowedTargets, settings.OwnAddresses));
        services.AddSingleton(new ByteBudget(settings.Fetching.MaxBytesInFlight));
        services.AddSingleton(provider => new GuardedConnector(provider.GetRequiredService<TargetGuard>()));
        services.AddSingleton(provider => new HttpFeedFetcher(
            settings.Fetching, provider.GetRequiredService<GuardedConnector>(),
            UserAgent(settings.Fetching, provider.GetRequiredService<SiteLinks>()),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<HttpFeedFetcher>>(),
            provider.GetRequiredService<ByteBudget>()));
        services.AddSingleton(provider => new CatalogueDocumentFetcher(
            settings.CatalogueFolder, settings.Fetching, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IFeedFetcher, FeedFetcher>();
        services.AddSingleton<ContentSanitizer>();
        services.AddSingleton<FeedNormalizer>();
        services.AddSingleton<RefreshPolicy>();
        services.AddSingleton<AddressPolicy>();
        services.AddSingleton<FeedDiscovery>();
        services.AddSingleton<SourceRefresher>();
        services.AddSingleton<ISourceRefresher>(provider => provider.GetRequiredService<SourceRefresher>());
        services.AddSingleton<IPushReceiver>(provider => provider.GetRequiredService<SourceRefresher>());
        services.AddSingleton<AggregatorTelemetry>();
        services.AddSingleton(settings.WebSub);
        services.AddSingleton<HubLifecycle>();
        services.AddSingleton<HubWatch>();
        services.AddSingleton(provider => new HubClient(
            settings.Fetching, provider.GetRequiredService<GuardedConnector>(), UserAgent(settings.Fetching, provider.GetRequiredService<SiteLinks>()),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<HubClient>>()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<HubSubscriber>(provider, settings.PublicUrl));
        services.AddSingleton(settings.Hub);
        services.AddSingleton<HostGate>();
        services.AddSingleton<Crawler>();
        services.AddSingleton(settings.Capture);
        services.AddSingleton<ArticleExtractor>();
        services.AddSingleton(provider => new PoliteFetcher(
            provider.GetRequiredService<HttpFeedFetcher>(), provider.GetRequiredService<HostGate>(), settings.Fetching, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RobotsCache>();
        services.AddSingleton<PageReader>();
        services.AddSingleton<CaptureSchedule>();
        services.AddSingleton<PageCapturer>();
        services.AddSingleton<CaptureCrawler>();
        services.AddSingleton<SubscriptionListFetcher>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<SubscriptionImport>();
        services.AddSingleton<SubscriptionExport>();
        return services;
    }

    /// <summary>How our fetcher names itself: name, version, and where an operator learns who we are.</summary>
    public static string UserAgent(FetchingOptions fetching, SiteLinks links) => fetching.UserAgent ?? string.Create(CultureInfo.InvariantCulture,
        $"Aggregator/{Version} (+{fetching.ContactUrl ?? links.Bot})");
}
