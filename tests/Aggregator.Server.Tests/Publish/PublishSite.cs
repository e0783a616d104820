using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Aggregator.Server.Publish;
using Aggregator.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aggregator.Server.Tests.Publish;

/// <summary>
/// The published feeds on a real Kestrel on loopback, over a real SQLite store in a folder of its own, or over the store that the setting
/// <c>ConnectionStrings:Store</c> names.
/// </summary>
internal sealed class PublishSite : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 9, 5, 9, 0, 0, 250, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SeenRequest> _requests = new();
    private readonly string _folder;
    private readonly bool _ownsFolder;

    private PublishSite(WebApplication app, string folder, bool ownsFolder)
    {
        (_app, _folder, _ownsFolder) = (app, folder, ownsFolder);
        Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        // Decompression is what the tests look at, so the client leaves it to them.
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(Url) };
    }

    public string Url { get; }

    public HttpClient Client { get; }

    public TestClock Clock => (TestClock)_app.Services.GetRequiredService<TimeProvider>();

    public CountingEntryStore Entries => (CountingEntryStore)_app.Services.GetRequiredService<IEntryStore>();

    public ICategoryStore Categories => _app.Services.GetRequiredService<ICategoryStore>();

    public ISourceStore Sources => _app.Services.GetRequiredService<ISourceStore>();

    public IServiceProvider Services => _app.Services;

    public IArchiveStore Archives => _app.Services.GetRequiredService<IArchiveStore>();

    /// <summary>What was asked and answered so far.</summary>
    public IReadOnlyCollection<SeenRequest> Requests => _requests;

    public FeedCache Cache => _app.Services.GetRequiredService<FeedCache>();

    /// <summary>Starts a site; on the store of another one, it is a second node under the same public address.</summary>
    public static async Task<PublishSite> StartAsync(PublishSite? sibling = null, params (string Key, string Value)[] settings)
    {
        var folder = sibling?._folder ?? Directory.CreateTempSubdirectory("aggregator-publish-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddSingleton<TimeProvider>(new TestClock(Start));
        builder.Services.AddAggregatorStore(builder.Configuration.GetConnectionString("Store") ?? $"Data Source={Path.Combine(folder, "store.db")}");
        Decorate(builder.Services);
        builder.Services.AddSingleton(services => new SiteLinks(new Uri(
            sibling?.Url ?? services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single())));
        builder.Services.AddPublishing();
        var app = builder.Build();
        PublishSite? site = null;
        app.Use(async (context, next) =>
        {
            await next(context);
            site?._requests.Enqueue(new SeenRequest(
                context.Request.Path + context.Request.QueryString, context.Request.Headers["A-IM"], context.Request.Headers.IfNoneMatch, context.Response.StatusCode));
        });
        app.UseCachedFeeds();
        app.MapPublishing();
        await app.Services.GetRequiredService<IStoreMigrator>().MigrateAsync(CancellationToken.None);
        await app.StartAsync();
        return site = new PublishSite(app, folder, ownsFolder: sibling is null);
    }

    /// <summary>Brings what was stored into the search index.</summary>
    public Task<int> IndexAsync() => _app.Services.GetRequiredService<ISearchStore>().IndexAsync(ISearchStore.MaxBatch, Clock.GetUtcNow(), CancellationToken.None);

    /// <summary>Gives what was stored its places in the archives, as the worker does, and lets the site look again.</summary>
    public async Task NoteAsync()
    {
        while (await Archives.NoteAsync(IArchiveStore.MaxBatch, CancellationToken.None) > 0)
        {
        }

        Clock.Advance(TimeSpan.FromSeconds(2));
    }

    /// <summary>Changes an entry of a source, as a refresh at the clock's time would.</summary>
    public async Task ChangeEntryAsync(long sourceId, string key, string title)
    {
        var now = Clock.GetUtcNow();
        var refreshes = _app.Services.GetRequiredService<IRefreshStore>();
        var known = (await refreshes.FindKnownAsync(sourceId, [key], [], CancellationToken.None)).Single();
        var source = await Sources.ClaimAsync(sourceId, "test", now, now.AddMinutes(1), CancellationToken.None)
            ?? throw new InvalidOperationException("Somebody else holds the lease.");
        var changed = NewEntry(key, known.PublishedAt ?? now) with { Title = title, ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(title)) };
        if (!await refreshes.SaveAsync(new RefreshWrite { Source = source with { LastChangeAt = now }, LeaseOwner = "test", At = now, Changed = [(known.Id, changed)] }, CancellationToken.None))
            throw new InvalidOperationException("The lease was lost.");
    }

    /// <summary>Takes an entry of a source down.</summary>
    public async Task<long> TakeDownAsync(long sourceId, string key)
    {
        var id = (await _app.Services.GetRequiredService<IRefreshStore>().FindKnownAsync(sourceId, [key], [], CancellationToken.None)).Single().Id;
        var takedowns = _app.Services.GetRequiredService<ITakedownStore>();
        var filed = (TakedownFiling.Received)await takedowns.FileAsync(new NewTakedownRequest(id, TakedownReason.Other, null, null), Clock.GetUtcNow(), CancellationToken.None);
        await takedowns.ApproveAsync(filed.RequestId, isLegal: false, note: null, "ann", TimeSpan.FromDays(7), Clock.GetUtcNow(), CancellationToken.None);
        return id;
    }

    /// <summary>Has an admin say how much of a source may be shown; null for nothing of its own.</summary>
    public async Task SetLevelAsync(long sourceId, RepublishLevel? level)
    {
        var sources = _app.Services.GetRequiredService<ISourceAdminStore>();
        var detail = (await sources.FindAsync(sourceId, Clock.GetUtcNow(), CancellationToken.None))!;
        await sources.EditAsync(sourceId, SourceEdit.Of(detail.Source, detail.Categories) with { Republish = level }, Clock.GetUtcNow(), CancellationToken.None);
    }

    /// <summary>Adds a category.</summary>
    public Task<Category> AddCategoryAsync(string slug = "technology", string title = "科技", string language = "zh") =>
        Categories.AddAsync(
            new Category { Id = 0, Slug = slug, Title = title, Language = language, Description = title + "新闻" }, CancellationToken.None);

    /// <summary>Adds a source to a category.</summary>
    public async Task<long> AddSourceAsync(Category category, string url = "https://orig.example/feed.xml") =>
        (await Sources.AddAsync(new NewSource { Url = url, CategoryIds = [category.Id] }, Clock.GetUtcNow(), CancellationToken.None)).Id;

    /// <summary>Stores new entries of a source, as a refresh at the clock's time would.</summary>
    public Task AddEntriesAsync(long sourceId, params string[] titles) => AddEntriesAsync(sourceId, TimeSpan.FromMinutes(10), titles);

    /// <summary>The same with dates of so long ago, each a minute before the one before it.</summary>
    public async Task AddEntriesAsync(long sourceId, TimeSpan age, params string[] titles)
    {
        var now = Clock.GetUtcNow();
        var source = await Sources.ClaimAsync(sourceId, "test", now, now.AddMinutes(1), CancellationToken.None)
            ?? throw new InvalidOperationException("Somebody else holds the lease.");
        var write = new RefreshWrite
        {
            Source = source with
            {
                Feed = new FeedFacts { Title = "原始新闻 Orig", SiteUrl = "https://orig.example/", Rights = "(c) Orig", Format = "rss2.0", UpdatedAt = now },
                LastChangeAt = now,
                NextFetchAt = now.AddHours(1),
            },
            LeaseOwner = "test",
            At = now,
            Added = [.. titles.Select((title, i) => NewEntry(title, now.AddMinutes(-i) - age))],
        };
        if (!await _app.Services.GetRequiredService<IRefreshStore>().SaveAsync(write, CancellationToken.None))
            throw new InvalidOperationException("The lease was lost.");
    }

    /// <summary>A category with one source and entries of these titles.</summary>
    public async Task<Category> SeedAsync(params string[] titles)
    {
        var category = await AddCategoryAsync();
        await AddEntriesAsync(await AddSourceAsync(category), titles);
        return category;
    }

    public Task<HttpResponseMessage> SendAsync(string path, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                throw new ArgumentException($"No header: {name}", nameof(headers));
        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        if (_ownsFolder) Directory.Delete(_folder, recursive: true);
    }

    private static Entry NewEntry(string title, DateTimeOffset publishedAt) => new()
    {
        Key = title,
        Url = "https://orig.example/" + Uri.EscapeDataString(title),
        Title = title,
        Summary = "摘要：" + title,
        Content = $"<p>正文 {title}</p>",
        Authors = [new Person("王小明")],
        Tags = ["科技"],
        PublishedAt = publishedAt,
        ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{title}"))),
    };

    private static void Decorate(IServiceCollection services)
    {
        var real = services.Last(service => service.ServiceType == typeof(IEntryStore));
        services.Remove(real);
        services.AddSingleton<IEntryStore>(provider =>
            new CountingEntryStore((IEntryStore)ActivatorUtilities.CreateInstance(provider, real.ImplementationType!)));
    }
}
