using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Aggregator.Server.Metrics;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Server.Tests.WebSub;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Metrics;

public sealed partial class MetricsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly string[] OurLabels = ["outcome", "change", "way", "status", "format", "result", "le"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tells_what_a_crawl_did_and_what_readers_asked_for()
    {
        using var folder = new TemporaryFolder();
        var exported = new ConcurrentDictionary<string, byte[]>(StringComparer.Ordinal);
        await using var collector = await LoopbackServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            exported.AddOrUpdate(context.Request.Path.Value!, body.ToArray(), (_, before) => [.. before, .. body.ToArray()]);
        });
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 6, EntriesPerSource = 5 }, Ct);
        upstream.SetFault(0, new LoopbackUpstreamFault.Status(HttpStatusCode.InternalServerError));
        upstream.SetFault(1, new LoopbackUpstreamFault.Status(HttpStatusCode.Gone));
        upstream.SetFault(2, new LoopbackUpstreamFault.HtmlPage());
        var catalogue = Directory.CreateDirectory(folder.File("catalogue")).FullName;
        await File.WriteAllTextAsync(Path.Combine(catalogue, "upstream.opml"), upstream.Opml, Ct);
        await using var server = await RunningAggregator.StartAsync(folder.Path, Ct,
            $"--Aggregator:Catalogue={catalogue}", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00",
            $"--Metrics:OtlpEndpoint={collector.Address}");

        await RunningAggregator.UntilAsync(
            async () => PrometheusText.Parse(await server.Http.GetStringAsync("/metrics", Ct)), metrics => metrics.Sum("aggregator_refreshes_total") >= 6,
            Patience, metrics => $"{metrics.Sum("aggregator_refreshes_total")} refreshes of {string.Join(", ", metrics.Series.Take(20))}", Ct);
        using (var feed = await server.Http.GetAsync("/all.atom", Ct))
        {
            using var again = new HttpRequestMessage(HttpMethod.Get, "/all.atom");
            again.Headers.IfNoneMatch.Add(feed.Headers.ETag!);
            (await server.Http.SendAsync(again, Ct)).Dispose();
        }

        (await server.Http.GetAsync("/all.json", Ct)).Dispose();
        (await server.Http.GetAsync("/all.nonsense", Ct)).Dispose();
        (await server.Http.GetAsync("/sources/123456.nonsense", Ct)).Dispose();

        var told = await RunningAggregator.UntilAsync(
            async () => PrometheusText.Parse(await server.Http.GetStringAsync("/metrics", Ct)),
            metrics => metrics.Sum("aggregator_feed_requests_total") >= 5 && metrics.Series.Contains("aggregator_sources_due{}") && metrics["aggregator_sources_due{}"] == 0,
            Patience, metrics => string.Join('\n', metrics.Series), Ct);
        Assert.Equal(
            (3, 1, 1, 1, 6),
            (told["aggregator_refreshes_total{outcome=\"changed\"}"], told["aggregator_refreshes_total{outcome=\"failed_server_error\"}"],
                told["aggregator_refreshes_total{outcome=\"failed_gone\"}"], told["aggregator_refreshes_total{outcome=\"failed_html_instead_of_feed\"}"],
                told.Sum("aggregator_refreshes_total")));
        Assert.Equal(15, told["aggregator_entries_total{change=\"new\",way=\"poll\"}"]);
        Assert.Equal(6, told.Sum("aggregator_refresh_duration_seconds_count"));
        Assert.Equal(4, told.Sum("aggregator_parse_duration_seconds_count"));
        Assert.InRange(told.Sum("aggregator_fetch_wire_bytes_total"), 1000, told.Sum("aggregator_fetch_documents_bytes_total"));
        Assert.Equal(0, told["aggregator_sources_overdue{}"]);
        Assert.Equal(0, told.Sum("aggregator_leases_lost_total"));
        Assert.Equal(
            (1, 1, 1, 2),
            (told["aggregator_feed_requests_total{format=\"atom\",status=\"200\"}"], told["aggregator_feed_requests_total{format=\"atom\",status=\"304\"}"],
                told["aggregator_feed_requests_total{format=\"json\",status=\"200\"}"], told["aggregator_feed_requests_total{format=\"none\",status=\"404\"}"]));

        // No series for a source, a host or an address, however many there are.
        var ours = told.Series.Where(series => series.StartsWith("aggregator_", StringComparison.Ordinal)).ToList();
        Assert.All(ours.SelectMany(series => LabelName().Matches(series)).Select(label => label.Groups[1].Value), label => Assert.Contains(label, OurLabels));
        Assert.DoesNotContain(ours, series => series.Contains("127.0.0", StringComparison.Ordinal));

        var lines = await RunningAggregator.UntilAsync(
            () => Task.FromResult(server.Process.StandardError.Select(line => FetchLine().Match(line)).Where(match => match.Success).ToList()),
            found => found.Count >= 6, Patience, found => string.Join('\n', server.Process.StandardError), Ct);
        Assert.Equal(6, lines.Select(line => line.Groups["source"].Value).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            ["changed 200 5", "changed 200 5", "changed 200 5", "failed_gone 410 0", "failed_html_instead_of_feed 200 0", "failed_server_error 500 0"],
            lines.Select(line => $"{line.Groups["outcome"].Value} {line.Groups["status"].Value} {line.Groups["new"].Value}").Order(StringComparer.Ordinal));

        await RunningAggregator.UntilAsync(
            () => Task.FromResult(Encoding.Latin1.GetString(exported.GetValueOrDefault("/v1/traces") ?? [])),
            static traces => Array.TrueForAll(["refresh", "fetch", "parse"], span => traces.Contains(span, StringComparison.Ordinal)), Patience, _ => string.Join(", ", exported.Keys), Ct);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("--Logging:LogLevel:Aggregator.Fetch=Information", 2)]
    public async Task Keeps_a_command_quiet_unless_it_is_asked_for_a_line_each_fetch(string? setting, int lines)
    {
        using var folder = new TemporaryFolder();
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 2, EntriesPerSource = 1 }, Ct);
        await File.WriteAllTextAsync(folder.File("upstream.opml"), upstream.Opml, Ct);
        string[] settings = ["--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Aggregator:Catalogue=", .. setting is null ? [] : new[] { setting }];
        Assert.Equal(0, (await RunningAggregator.RunAsync(folder.Path, Ct, ["import", folder.File("upstream.opml"), .. settings])).ExitCode);
        var crawl = await RunningAggregator.RunAsync(folder.Path, Ct, ["crawl", .. settings]);
        Assert.StartsWith("2 sources, 2 changed", Assert.Single(crawl.Output, line => line.Contains(" sources, ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(lines, crawl.Error.Count(line => FetchLine().IsMatch(line)));
    }

    [Theory]
    [InlineData("127.0.0.1", "http://127.0.0.1:5080/", "", true)]
    [InlineData("::1", "http://localhost:5080/", "", true)]
    [InlineData("::ffff:127.0.0.1", "http://127.0.0.1:5080/", "", true)]
    [InlineData("10.0.0.7", "http://127.0.0.1:5080/", "", false)]
    [InlineData("127.0.0.1", "https://news.example/", "", false)]
    [InlineData("127.0.0.1", "https://news.example/", "127.0.0.1", true)]
    [InlineData("10.0.0.7", "https://news.example/", "192.168.0.0/16 10.0.0.0/8", true)]
    [InlineData("11.0.0.7", "https://news.example/", "192.168.0.0/16 10.0.0.0/8", false)]
    [InlineData("127.0.0.1", "http://127.0.0.1:5080/", "10.0.0.0/8", false)]
    [InlineData(null, "http://127.0.0.1:5080/", "", false)]
    public void Is_read_by_this_machine_or_by_who_is_allowed(string? peer, string publicUrl, string allowed, bool allows) =>
        Assert.Equal(allows, new MetricsOptions { AllowedFrom = allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries) }.Allows(peer is null ? null : IPAddress.Parse(peer), new Uri(publicUrl)));

    [Fact]
    public void Names_the_setting_that_cannot_be_used()
    {
        Assert.Null(new MetricsOptions { AllowedFrom = ["10.0.0.0/8", "::1"], OtlpEndpoint = "http://127.0.0.1:4318" }.Problem());
        Assert.Contains("Metrics:AllowedFrom:1", new MetricsOptions { AllowedFrom = ["10.0.0.0/8", "localhost"] }.Problem(), StringComparison.Ordinal);
        Assert.Contains("Metrics:OtlpEndpoint", new MetricsOptions { OtlpEndpoint = "collector:4317" }.Problem(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080/", HttpStatusCode.OK)]
    [InlineData("https://news.example/", HttpStatusCode.NotFound)]
    public async Task Does_not_exist_for_who_may_not_read_it(string publicUrl, HttpStatusCode status)
    {
        await using var server = await WebSubServer.StartAsync(Ct, $"--Aggregator:PublicUrl={publicUrl}");
        foreach (var path in (string[])["/metrics", "/metrics/", "/METRICS", "/%6detrics/"])
        {
            using var answer = await server.Http.GetAsync(path, Ct);
            Assert.Equal(status, answer.StatusCode);
            if (status != HttpStatusCode.OK) Assert.DoesNotContain("aggregator_", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("""([a-z_]+)=" """, RegexOptions.IgnorePatternWhitespace, 1000)]
    private static partial Regex LabelName();

    [GeneratedRegex("""Aggregator\.Fetch\[0\] Source (?<source>\d+): (?<outcome>\w+), status (?<status>\d+), (?<ms>\d+) ms, (?<bytes>\d+) bytes, (?<new>\d+) new, (?<changed>\d+) changed, next (?<next>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FetchLine();
}
