using System.Collections.Concurrent;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Aggregator.Core.Tests.Crawling;

public sealed class FeedDiscoveryTests
{
    private const string Rss = "<rss version='2.0'><channel><title>国内 &amp;amp; more</title></channel></rss>";

    [Fact]
    public async Task Names_what_the_page_names_with_one_request()
    {
        await using var site = await Site.StartAsync(("/blog/", "<html><head><link rel=alternate type=application/atom+xml title=新闻 href=feed.atom></head>"));
        var found = await site.FindAsync("blog/");
        Assert.Null(found.Failure);
        Assert.Equal([new FeedCandidate(site.Url("blog/feed.atom"), "新闻", "application/atom+xml", FeedCandidateOrigin.Link)], found.Candidates);
        Assert.Equal(["/blog/"], site.Asked);
    }

    [Fact]
    public async Task Knows_a_page_that_is_a_feed_itself()
    {
        await using var site = await Site.StartAsync(("/x", Rss));
        Assert.Equal([new FeedCandidate(site.Url("x"), "国内 & more", "application/rss+xml", FeedCandidateOrigin.Page)], (await site.FindAsync("x")).Candidates);
    }

    [Fact]
    public async Task Takes_links_that_look_like_feeds_when_the_head_names_none()
    {
        await using var site = await Site.StartAsync(("/", "<html><body><a href='/news/rss.xml?a=1'> Subscribe </a><a href=/about>About</a>"));
        Assert.Equal([new FeedCandidate(site.Url("news/rss.xml?a=1"), "Subscribe", null, FeedCandidateOrigin.Anchor)], (await site.FindAsync("")).Candidates);
        Assert.Equal(["/"], site.Asked);
    }

    [Fact]
    public async Task Tries_a_few_usual_addresses_until_one_is_a_feed()
    {
        await using var site = await Site.StartAsync(("/feed", "<html>no such page</html>"), ("/atom.xml", "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title></feed>"));
        Assert.Equal([new FeedCandidate(site.Url("atom.xml"), "t", "application/atom+xml", FeedCandidateOrigin.CommonPath)], (await site.FindAsync("old/page.html")).Candidates);
        Assert.Equal(["/old/page.html", "/feed", "/rss.xml", "/atom.xml"], site.Asked);
    }

    [Fact]
    public async Task Gives_up_after_a_handful_of_requests()
    {
        await using var site = await Site.StartAsync(("/", "<html>nothing here</html>"));
        Assert.Equal(DiscoveredFeeds.None, await site.FindAsync(""));
        Assert.Equal(7, site.Asked.Count);
    }

    [Fact]
    public async Task Stops_when_the_site_is_tired_of_us_and_closes_its_host()
    {
        await using var site = await Site.StartAsync(("/", "<html>"), ("/rss.xml", "429"));
        var found = await site.FindAsync("");
        Assert.Equal(FetchFailureKind.TooManyRequests, found.Failure?.Kind);
        Assert.Equal(["/", "/feed", "/rss.xml"], site.Asked);
        Assert.False(site.Gate.TryEnter(HostGate.HostOf(site.Url("")), out var retryAt));
        Assert.InRange(retryAt!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public async Task Says_why_a_site_could_not_be_asked()
    {
        await using var site = await Site.StartAsync(("/", "500"));
        var found = await site.FindAsync("");
        Assert.Equal((FetchFailureKind.ServerError, 1), (found.Failure!.Kind, site.Asked.Count));
        Assert.Empty(found.Candidates);
    }

    [Fact]
    public async Task Keeps_the_hosts_gap_between_its_requests()
    {
        await using var site = await Site.StartAsync(TimeSpan.FromMilliseconds(400), ("/", "<html>"), ("/rss.xml", Rss));
        Assert.Single((await site.FindAsync("")).Candidates);
        // Half, because a busy machine may let one of two requests wait before it arrives; without the gap they are milliseconds apart.
        Assert.All(site.Times.Zip(site.Times.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, TimeSpan.FromMilliseconds(200), TimeSpan.MaxValue));
    }

    private sealed class Site : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, TimeSpan At)> _asked = new();
        private LoopbackServer _server = null!;
        private HttpFeedFetcher _fetcher = null!;
        private FeedDiscovery _discovery = null!;

        public HostGate Gate { get; private set; } = null!;

        public List<string> Asked => [.. _asked.Select(request => request.Path)];

        public List<TimeSpan> Times => [.. _asked.Select(request => request.At)];

        public static Task<Site> StartAsync(params (string Path, string Body)[] pages) => StartAsync(TimeSpan.Zero, pages);

        public static async Task<Site> StartAsync(TimeSpan gap, params (string Path, string Body)[] pages)
        {
            var site = new Site();
            var started = System.Diagnostics.Stopwatch.StartNew();
            site._server = await LoopbackServer.StartAsync(context =>
            {
                site._asked.Enqueue((context.Request.Path, started.Elapsed));
                var body = pages.FirstOrDefault(page => page.Path == context.Request.Path).Body ?? "404";
                if (!int.TryParse(body, System.Globalization.CultureInfo.InvariantCulture, out var status)) return context.Response.WriteAsync(body);
                context.Response.StatusCode = status;
                if (status == 429) context.Response.Headers.RetryAfter = "3600";
                return Task.CompletedTask;
            });
            var options = new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], PerHostGap = gap };
            site._fetcher = new HttpFeedFetcher(
                options, new GuardedConnector(new TargetGuard(options.AllowedTargets)), "test", TimeProvider.System, NullLogger<HttpFeedFetcher>.Instance);
            site.Gate = new HostGate(options, TimeProvider.System);
            site._discovery = new FeedDiscovery(site._fetcher, site.Gate, TimeProvider.System);
            return site;
        }

        public string Url(string path) => new Uri(_server.Address, path).AbsoluteUri;

        public Task<DiscoveredFeeds> FindAsync(string path) => _discovery.FindAsync(new Uri(_server.Address, path), TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            _fetcher.Dispose();
            await _server.DisposeAsync();
        }
    }
}
