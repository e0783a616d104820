using System.Globalization;
using System.Text;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.Browse;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aggregator.Server.Tests.Snapshots;

/// <summary>
/// A publisher of one article who edits it, and a site that fetches it over HTTP through the whole pipeline. The clock moves when a
/// test says so.
/// </summary>
internal sealed class EditedArticle : IAsyncDisposable
{
    public const string Original = "https://news.example.org/2026/flood.html?id=7";

    private readonly LoopbackServer _publisher;
    private readonly SourceRefresher _refresher;
    private readonly HttpFeedFetcher _fetcher;
    private string _document = "";

    private EditedArticle(RunningSite site, LoopbackServer publisher)
    {
        Site = site;
        _publisher = publisher;
        _fetcher = new HttpFeedFetcher(
            new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], PerHostGap = TimeSpan.Zero }, new GuardedConnector(new TargetGuard(["127.0.0.0/8"])),
            "test", site.Clock, NullLogger<HttpFeedFetcher>.Instance);
        _refresher = new SourceRefresher(
            _fetcher, new FeedNormalizer(new ContentSanitizer()), site.Services.GetRequiredService<IRefreshStore>(), new RefreshPolicy(new RefreshOptions()), site.Clock);
    }

    public RunningSite Site { get; }

    public ISnapshotStore Snapshots => Site.Services.GetRequiredService<ISnapshotStore>();

    /// <summary>The number of the article.</summary>
    public long Id { get; private set; }

    /// <summary>Its page.</summary>
    public string Page => string.Create(CultureInfo.InvariantCulture, $"/articles/{Id}");

    public static async Task<EditedArticle> StartAsync(params (string Key, string Value)[] settings)
    {
        var site = await RunningSite.StartAsync(settings);
        EditedArticle? article = null;
        var server = await LoopbackServer.StartAsync(context => context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(article!._document)).AsTask());
        article = new EditedArticle(site, server);
        var category = await site.Services.GetRequiredService<ICategoryStore>().AddAsync(
            new Category { Id = 0, Slug = "domestic", Title = "国内", Language = "zh" }, default);
        await site.Services.GetRequiredService<ISourceStore>().AddAsync(
            new NewSource { Url = server.Address + "feed.xml", CategoryIds = [category.Id] }, site.Clock.GetUtcNow(), default);
        return article;
    }

    /// <summary>Publishes the article as given, lets an hour pass, and refreshes. The newest snapshot.</summary>
    public async Task<Snapshot> PublishAsync(string title, string author, string html)
    {
        Site.Clock.Advance(TimeSpan.FromHours(1));
        _document = $"""
            <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>滨海日报</title><link>https://news.example.org/</link><language>zh-CN</language>
            <item><guid isPermaLink="false">flood</guid><link>https://news.example.org/2026/flood.html?id=7&amp;utm_source=rss</link><title>{title}</title><dc:creator>{author}</dc:creator>
            <pubDate>Thu, 22 Jan 2026 23:30:00 GMT</pubDate><description><![CDATA[{html}]]></description></item></channel></rss>
            """;
        await RefreshAsync(1);
        if (Id == 0)
            Id = (await Site.Services.GetRequiredService<IEntryStore>().ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 1 }, default))[0].Id;
        return (await Snapshots.ListLastAsync(Id, 1, default))[0];
    }

    /// <summary>Stores a capture of the article's page, an hour later.</summary>
    public async Task<Snapshot> CaptureAsync(string title, string html, params Credit[] credits)
    {
        Site.Clock.Advance(TimeSpan.FromHours(1));
        await Snapshots.AddPageAsync(
            new PageSnapshotWrite
            {
                EntryId = Id,
                Document = new SnapshotDocument
                {
                    Kind = SnapshotKind.Page,
                    CapturedAt = Site.Clock.GetUtcNow(),
                    Url = Original,
                    Title = title,
                    Content = html,
                    Credits = credits,
                    Site = "滨海通讯社",
                    Language = "zh-CN",
                },
            },
            default);
        return (await Snapshots.ListLastAsync(Id, 1, default))[0];
    }

    /// <summary>Another source that brings the same original.</summary>
    public async Task<long> AddOtherSourceAsync()
    {
        var added = await Site.Services.GetRequiredService<ISourceStore>().AddAsync(
            new NewSource { Url = _publisher.Address + "copy.xml" }, Site.Clock.GetUtcNow(), default);
        Site.Clock.Advance(TimeSpan.FromHours(1));
        await RefreshAsync(added.Id);
        return (await Site.Services.GetRequiredService<IEntryStore>().ListAsync(new EntryQuery { Topic = Topic.Source(added.Id), Limit = 1 }, default))[0].Id;
    }

    public async ValueTask DisposeAsync()
    {
        _fetcher.Dispose();
        await _publisher.DisposeAsync();
        await Site.DisposeAsync();
    }

    private async Task RefreshAsync(long sourceId)
    {
        var now = Site.Clock.GetUtcNow();
        var source = await Site.Services.GetRequiredService<ISourceStore>().ClaimAsync(sourceId, "tests", now, now.AddMinutes(5), default)
            ?? throw new InvalidOperationException("The source is leased by somebody else.");
        var outcome = await _refresher.RefreshAsync(source, "tests", null, default);
        if ((await Site.Services.GetRequiredService<ISourceStore>().FindAsync(sourceId, default))!.LastFailure is { } failure)
            throw new InvalidOperationException($"{outcome}: {failure.Message}");
    }
}
