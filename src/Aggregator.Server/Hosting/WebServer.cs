using Aggregator.Core.Background;
using Aggregator.Server.Accounts;
using Aggregator.Server.Api;
using Aggregator.Server.Browse;
using Aggregator.Server.Dashboard;
using Aggregator.Server.Embed;
using Aggregator.Server.Health;
using Aggregator.Server.Hub;
using Aggregator.Server.Metrics;
using Aggregator.Server.Publish;
using Aggregator.Server.Search;
using Aggregator.Server.Selections;
using Aggregator.Server.Settings;
using Aggregator.Server.Snapshots;
using Aggregator.Server.Sources;
using Aggregator.Server.Stories;
using Aggregator.Server.Subscriptions;
using Aggregator.Server.Takedown;
using Aggregator.Server.WebSub;
using Aggregator.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace Aggregator.Server.Hosting;

/// <summary>Puts the rooms of the server together.</summary>
internal static class WebServer
{
    /// <summary>The longest request line: ten thousand Chinese characters of a search, so that whoever pastes a page into it is told why on one of ours.</summary>
    internal const int MaxRequestLineBytes = 128 * 1024;

    /// <summary>Builds the server; nothing is started or opened yet.</summary>
    public static WebApplication Build(ServerSettings settings)
    {
        if (settings.IsWeb) BackgroundThreads.LeaveOneProcessor = true;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.AddConfiguration(settings.Configuration);
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Certificates and protocols, as everybody who knows Kestrel sets them.
            kestrel.Configure(settings.Configuration.GetSection("Kestrel"));
            kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        });
        builder.Services.AddAggregatorCore(settings);
        builder.Services.AddJobs(settings);
        builder.Services.AddSingleton<CatalogueImport>();
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        // Every stranger would write two lines with every request.
        builder.Logging.AddFilter(typeof(ApiKeyAuthentication).FullName, LogLevel.Warning);
        // They write the addresses of requests, and those of selections are secrets. Where the first may write anything at all, every request also
        // gets an activity of its own; what fails is told by others.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing.Matching", LogLevel.Warning);
        KeepKeys(builder.Services.AddDataProtection().SetApplicationName("Aggregator"), settings);
        builder.Services.AddRouting();
        builder.Services.AddAccounts(settings.Configuration);
        builder.Services.AddApi();
        builder.Services.AddBrowsing();
        builder.Services.AddPublishing();
        builder.Services.AddEmbeds();
        builder.Services.AddHub(settings);
        builder.Services.AddMetricsExport(settings);
        builder.Services.AddProofs();
        builder.Services.AddReading();
        builder.Services.AddTakedowns();
        if (settings.IsWorker) builder.Services.AddHostedService<SearchIndexing>().AddHostedService<StoryComparing>().AddHostedService<ArchiveNoting>();
        builder.Services.AddSingleton<BackupArchive>();
        builder.Services.AddSourceAdministration();

        return builder.Build();
    }

    /// <summary>Puts the pages, feeds and the dashboard in their places. It opens the job storage, so the store has to be ours by now.</summary>
    public static void Map(WebApplication app, ServerSettings settings)
    {
        // Before everything: what follows looks at visitors, and a feed in memory does not.
        if (settings.IsWeb) app.UseCachedFeeds();
        app.UseReverseProxy(settings.TrustedProxies);
        app.MapHealth();
        app.MapMetrics(settings);
        if (!settings.IsWeb) return;

        app.UseSelectionManners();
        app.UseStatusPages();
        app.UseStoreTrust();
        app.UseCachedPages();
        app.UseRenderedFor();
        app.UseRouting();
        app.UseApiProblems();
        app.UseDashboardManners();
        app.UseTombstones();
        app.UseCookieCaching();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseApiLimit();
        app.UseImportBounds();
        app.UseViewerGuard();
        app.UseAntiforgery();
        app.MapPublishing();
        app.MapWebSub();
        app.MapHub();
        app.MapProofs();
        app.MapReading();
        app.MapStories();
        app.MapBrowsing();
        app.MapEmbeds();
        app.MapTakedowns();
        app.MapSearching();
        app.MapSelections();
        app.MapAccounts();
        app.MapApi();
        app.MapDashboard();
    }

    /// <summary>What one node protects, the others that share the store have to read: cookies, and the tokens of forms.</summary>
    private static void KeepKeys(IDataProtectionBuilder protection, ServerSettings settings)
    {
        if (settings.Store.Provider == StoreProvider.PostgreSql) SharedKeys.PersistKeysToStore(protection);
        else protection.PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(settings.DataFolder, "keys")));
    }
}
