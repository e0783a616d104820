using System.Globalization;
using System.Net;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Embed;
using Aggregator.Server.Hosting;
using Aggregator.Server.Publish;
using Aggregator.Server.Search;
using Aggregator.Server.Selections;
using Aggregator.Server.Snapshots;
using Aggregator.Server.Stories;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Aggregator.Server.Tests.Browse;

/// <summary>The pages and the accounts on Kestrel on a free port of the loopback interface, over a SQLite store of their own.</summary>
internal sealed class RunningSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private RunningSite(WebApplication app, FakeTimeProvider clock, TemporaryFolder folder)
    {
        _app = app;
        _folder = folder;
        Clock = clock;
        Address = new Uri(app.Urls.First() + "/");
    }

    /// <summary>Where it listens, with a slash at the end.</summary>
    public Uri Address { get; }

    public IServiceProvider Services => _app.Services;

    public string ConnectionString => Services.GetRequiredService<StoreConnectionString>().Value;

    /// <summary>Stands still at the start of the site until a test moves it.</summary>
    public FakeTimeProvider Clock { get; }

    public static Task<RunningSite> StartAsync(params (string Key, string Value)[] settings) => StartOnAsync(connectionString: null, settings);

    /// <summary>A site on a store that is there already; null makes one of its own.</summary>
    public static async Task<RunningSite> StartOnAsync(string? connectionString, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestLineSize = WebServer.MaxRequestLineBytes;
        });

        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var folder = new TemporaryFolder();
        builder.Services.AddRouting();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddAggregatorStore(connectionString ?? "Data Source=" + folder.File("store.db"));
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSingleton(services =>
            new SiteLinks(new Uri(services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First())));
        builder.Services.AddBrowsing();
        builder.Services.AddPublishing();
        builder.Services.AddEmbeds();
        builder.Services.AddProofs();
        builder.Services.AddReading();
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddAccounts(builder.Configuration);
        builder.Services.AddSearching();
        builder.Services.AddSelections();
        builder.Services.AddHostedService<SearchIndexing>();

        var app = builder.Build();
        app.UseReverseProxy([]);
        app.UseSelectionManners();
        app.UseStatusPages();
        app.UseStoreTrust();
        app.UseCachedPages();
        app.UseRenderedFor();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPublishing();
        app.MapBrowsing();
        app.MapEmbeds();
        app.MapProofs();
        app.MapReading();
        app.MapStories();
        app.MapAccounts();
        app.MapSearching();
        app.MapSelections();

        // Stands for the dashboard, and for what later rooms answer.
        app.MapGet("/hangfire", (HttpContext context) => $"dashboard of {context.User.Identity?.Name}").RequireAuthorization(AccountPolicies.Admin);
        app.MapGet("/answers/{status:int}", (int status) => TypedResults.StatusCode(status));
        app.MapGet("/pictures/harbour.svg", () => TypedResults.Text(SampleSite.Picture, "image/svg+xml"));
        try
        {
            await app.Services.GetRequiredService<IStoreMigrator>().MigrateAsync(default);
            await app.StartAsync();
            return new RunningSite(app, clock, folder);
        }
        catch
        {
            await app.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>A site with <see cref="SampleSite"/> in it.</summary>
    public static async Task<RunningSite> StartWithSamplesAsync(params (string Key, string Value)[] settings)
    {
        var site = await StartAsync(settings);
        await SampleSite.FillAsync(site.Services, site.Address, site.Clock.GetUtcNow());
        await site.IndexAsync();
        return site;
    }

    /// <summary>Brings what was stored into the indexes, as the site does by itself when its clock moves.</summary>
    public async Task IndexAsync()
    {
        var search = Services.GetRequiredService<ISearchStore>();
        while (await search.IndexAsync(ISearchStore.MaxBatch, Clock.GetUtcNow(), default) > 0)
        {
        }

        var related = Services.GetRequiredService<IRelatedStore>();
        while (await related.IndexAsync(IRelatedStore.MaxBatch, default) > 0)
        {
        }
    }

    /// <summary>A client that keeps cookies, follows no redirect, and asks for pages as a browser does.</summary>
    public HttpClient CreateBrowser(string? language = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        if (language is not null) client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return client;
    }

    /// <summary>The address of the article with that key; the store gives numbers as it likes.</summary>
    public async Task<string> ArticleAsync(string key)
    {
        var all = await Services.GetRequiredService<IEntryStore>().ListAsync(
            new EntryQuery { Topic = Topic.Everything, Limit = EntryQuery.MaxLimit }, default);
        return string.Create(CultureInfo.InvariantCulture, $"/articles/{all.Single(stored => stored.Entry.Key == key).Id}");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
