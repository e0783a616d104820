using System.Text;
using Aggregator.Core.Capturing;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Capturing;

public sealed class RobotsCacheTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asks_once_for_all_who_ask_and_again_after_a_day()
    {
        var clock = ReadingSite.Clock();
        await using var site = await ReadingSite.StartAsync(clock);
        site.Text("/robots.txt", "user-agent: *\ndisallow: /private");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => site.Robots.GetAsync(new Uri(site.Url("/a")), null, Ct)));

        Assert.Single(site.Asked);
        Assert.All(answers, answer => Assert.False(answer.File!.IsAllowed("Aggregator", new Uri(site.Url("/private/x")))));
        clock.Advance(RobotsCache.Lifetime - TimeSpan.FromSeconds(1));
        await site.Robots.GetAsync(new Uri(site.Url("/a")), null, Ct);
        Assert.Single(site.Asked);
        clock.Advance(TimeSpan.FromSeconds(1));
        site.Text("/robots.txt", "");
        Assert.True((await site.Robots.GetAsync(new Uri(site.Url("/a")), null, Ct)).File!.IsAllowed("Aggregator", new Uri(site.Url("/private/x"))));
        Assert.Equal(2, site.Asked.Count);
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(404, true)]
    [InlineData(410, true)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public async Task A_status_of_400_to_499_allows_everything_and_others_nothing(int status, bool allows)
    {
        await using var site = await ReadingSite.StartAsync();
        site.Status("/robots.txt", status);
        var answer = await site.Robots.GetAsync(new Uri(site.Url("/a")), null, Ct);
        Assert.Equal(allows, answer.File?.IsAllowed("Aggregator", new Uri(site.Url("/a"))) ?? false);
        if (!allows) Assert.Equal(CaptureOutcome.RobotsUnreachable, Assert.IsType<PageReading.Failed>(answer.Instead).Outcome);
    }

    [Fact]
    public async Task Leaves_a_host_alone_while_its_file_cannot_be_read_and_asks_again_soon()
    {
        var clock = ReadingSite.Clock();
        await using var site = await ReadingSite.StartAsync(clock);
        site.Status("/robots.txt", 500);
        for (var i = 0; i < 3; i++) Assert.Null((await site.Robots.GetAsync(new Uri(site.Url("/a")), null, Ct)).File);
        Assert.Single(site.Asked);
        clock.Advance(TimeSpan.FromMinutes(5));
        site.Status("/robots.txt", 404);
        Assert.NotNull((await site.Robots.GetAsync(new Uri(site.Url("/a")), null, Ct)).File);
    }

    [Fact]
    public async Task Goes_by_an_older_copy_while_the_file_cannot_be_read()
    {
        var clock = ReadingSite.Clock();
        await using var site = await ReadingSite.StartAsync(clock);
        site.Text("/robots.txt", "user-agent: *\ndisallow: /private");
        await site.Robots.GetAsync(new Uri(site.Url("/a")), null, Ct);
        clock.Advance(TimeSpan.FromHours(25));
        site.Status("/robots.txt", 503);
        var file = (await site.Robots.GetAsync(new Uri(site.Url("/a")), null, Ct)).File!;
        Assert.True(file.IsAllowed("Aggregator", new Uri(site.Url("/a"))));
        Assert.False(file.IsAllowed("Aggregator", new Uri(site.Url("/private/"))));
    }

    [Fact]
    public async Task Follows_five_redirects_also_to_another_host_and_takes_more_for_no_file()
    {
        await using var other = await ReadingSite.StartAsync();
        await using var site = await ReadingSite.StartAsync();
        other.Text("/rules", "user-agent: *\ndisallow: /");
        site.Status("/robots.txt", 301, "Location", "/1");
        for (var i = 1; i < 4; i++) site.Status($"/{i}", 302, "Location", $"/{i + 1}");
        site.Status("/4", 302, "Location", other.Url("/rules"));
        Assert.False((await site.Robots.GetAsync(new Uri(site.Url("/a")), null, Ct)).File!.IsAllowed("Aggregator", new Uri(site.Url("/a"))));

        await using var longer = await ReadingSite.StartAsync();
        longer.Status("/robots.txt", 301, "Location", "/1");
        for (var i = 1; i < 9; i++) longer.Status($"/{i}", 302, "Location", $"/{i + 1}");
        longer.Text("/9", "user-agent: *\ndisallow: /");
        Assert.Same(RobotsFile.AllowAll, (await longer.Robots.GetAsync(new Uri(longer.Url("/a")), null, Ct)).File);
    }

    [Fact]
    public async Task Reads_the_first_500_kibibytes_of_a_file_that_does_not_end()
    {
        await using var site = await ReadingSite.StartAsync();
        site.Answers["/robots.txt"] = async context =>
        {
            context.Response.ContentType = "text/plain";
            await context.Response.Body.WriteAsync("user-agent: *\ndisallow: /early\n"u8.ToArray(), context.RequestAborted);
            var filler = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("# nothing to see in this line of the file\n", 1_000)));
            for (var i = 0; i < 2_000; i++) await context.Response.Body.WriteAsync(filler, context.RequestAborted);
        };
        var file = (await site.Robots.GetAsync(new Uri(site.Url("/a")), null, Ct)).File!;
        Assert.False(file.IsAllowed("Aggregator", new Uri(site.Url("/early"))));
        Assert.True(file.IsAllowed("Aggregator", new Uri(site.Url("/late"))));
    }

    [Fact]
    public async Task Remembers_no_more_hosts_and_bytes_than_it_may()
    {
        var options = new FetchingOptions { PerHostGap = TimeSpan.Zero };
        var clock = ReadingSite.Clock();
        var budget = new ByteBudget(options.MaxBytesInFlight);
        var cache = new RobotsCache(new PoliteFetcher(new LargeFiles(), new HostGate(options, clock), options, clock), new CaptureOptions(), budget, clock);
        for (var i = 0; i < 300; i++) await cache.GetAsync(new Uri($"https://large-{i}.example/"), null, Ct);
        Assert.InRange(cache.Count, 1, RobotsCache.MaxBytes / LargeFiles.Size);
        for (var i = 0; i < RobotsCache.MaxHosts + 500; i++) await cache.GetAsync(new Uri($"https://small-{i}.example/"), null, Ct);
        Assert.InRange(cache.Count, 1, RobotsCache.MaxHosts);
    }

    // Whatever host it is asked for; no test can listen as two thousand of them.
    private sealed class LargeFiles : IFeedFetcher
    {
        public const int Size = 200_000;

        public Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken cancellationToken) => Task.FromResult<FetchResult>(new FetchResult.Fetched(new FetchedDocument
        {
            Body = Encoding.ASCII.GetBytes(new string('#', request.Url.Contains("large", StringComparison.Ordinal) ? Size : 1)),
            Validators = new Validators(),
        }));
    }
}
