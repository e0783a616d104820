using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.WebSub;
using Aggregator.Server.Browse;
using Aggregator.Server.Cli;
using Aggregator.Server.Resources;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Aggregator.Server.Tests.Cli;

public sealed class FetchCommandTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shows_every_hop_with_what_was_sent_and_answered()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 1, EntriesPerSource = 8 }, Ct);
        upstream.SetFault(0, new LoopbackUpstreamFault.Redirect(HttpStatusCode.MovedPermanently));
        var url = upstream.Sources[0].Url;
        var explanation = await ExplainAsync(url.AbsoluteUri, "127.0.0.0/8");
        Assert.True(explanation.IsGood);
        Assert.Equal([301, 200], explanation.Trace.Hops.Select(hop => hop.Status));
        Assert.All(explanation.Trace.Hops, hop => Assert.NotNull(hop.HeadTime));

        var lines = explanation.ToText().Split(Environment.NewLine);
        Assert.Contains($"request 1  GET {url.AbsoluteUri}", lines);
        Assert.Contains(lines, line => line.Contains("> User-Agent: test", StringComparison.Ordinal));
        Assert.Contains("guard      127.0.0.1 may be connected to", lines);
        Assert.Contains(lines, line => line.StartsWith("connected  127.0.0.1 after ", StringComparison.Ordinal));
        Assert.Contains("connected  over the connection that was open already", lines);
        Assert.Contains(lines, line => line.StartsWith("answer     HTTP/1.1 301 after ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("< Location: ", StringComparison.Ordinal));
        var body = explanation.Trace.Last!;
        Assert.True(body.WireBytes > 0 && body.BodyBytes > body.WireBytes, "it came packed");
        Assert.Contains(lines, line => line.StartsWith($"body       {body.BodyBytes} bytes, {body.WireBytes} over the wire", StringComparison.Ordinal));
        Assert.Contains("entries    8, told apart by id", lines);
        Assert.Contains("           … and 3 more", lines);
        Assert.Contains("repairs    none; the document is well-formed", lines);
        Assert.Contains("hub        none", lines);
        Assert.Contains(lines, line => line.StartsWith("schedule   ", StringComparison.Ordinal) && line.Contains("The next would be at 20", StringComparison.Ordinal));
        Assert.Contains(Text.In(SiteLanguage.English).Of(explanation.Written.Source.ScheduleReason)!, explanation.ToText(), StringComparison.Ordinal);
        Assert.Equal(ScheduleReasonKind.Quiet, ScheduleReason.Parse(explanation.Written.Source.ScheduleReason)!.Kind);
        Assert.StartsWith("robots     no robots.txt (404): captures of this address may be made", Assert.Single(lines, line => line.StartsWith("robots", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_charset_repairs_hub_and_robots()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            if (context.Request.Path == "/robots.txt") return context.Response.WriteAsync("User-agent: *\nDisallow: /feed\nCrawl-delay: 7\n");
            context.Response.ContentType = "text/xml; charset=gbk";
            context.Response.Headers.Link = "<https://hub.example/>; rel=hub, <https://news.example/t>; rel=self";
            return context.Response.Body.WriteAsync(Encoding.GetEncoding("gb18030").GetBytes(
                $"<rss version='2.0'><channel><title>国内\u001b[31m & 新闻</title><item><guid>1</guid><title>一</title><link>http://{context.Request.Host}/feed/1</link></item><item><guid>2</guid><title>二</title><link>http://{context.Request.Host}/news/2</link></item></channel></rss>")).AsTask();
        });
        var explanation = await ExplainAsync(server.Address + "feed", "127.0.0.0/8");
        var text = explanation.ToText();
        Assert.Contains("charset    gb", text, StringComparison.Ordinal);
        Assert.DoesNotContain("repairs    none", text, StringComparison.Ordinal);
        Assert.Contains("format     rss2.0", text, StringComparison.Ordinal);
        Assert.Contains("国内", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.Contains("hub        https://hub.example/ for https://news.example/t (not used: WebSub is off here", text, StringComparison.Ordinal);
        Assert.Contains("robots     robots.txt: captures of this address are not welcome, 00:00:07 apart", text, StringComparison.Ordinal);
        Assert.Contains("pages      1 of the 2 entries' pages on this host may be captured", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_the_address_that_the_guard_refused()
    {
        await using var server = await LoopbackServer.StartAsync(_ => throw new InvalidOperationException("Nobody may come here."));
        var explanation = await ExplainAsync(server.Address.AbsoluteUri);
        Assert.False(explanation.IsGood);
        var text = explanation.ToText();
        Assert.Contains("guard      127.0.0.1 is refused: not public", text, StringComparison.Ordinal);
        Assert.Contains("failed     target refused: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("robots", text, StringComparison.Ordinal);
        Assert.Contains("schedule   ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_passwords_to_itself()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization.Count > 0 ? 403 : 401;
            return Task.CompletedTask;
        });
        var explanation = await ExplainAsync($"http://user:t0ps3cret@{server.Address.Authority}/feed", "127.0.0.0/8");
        Assert.Equal(403, explanation.Trace.Last!.Status);
        foreach (var output in new[] { explanation.ToText(), explanation.ToJson() })
        {
            Assert.Contains("(kept secret)", output, StringComparison.Ordinal);
            Assert.DoesNotContain("t0ps3cret", output, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String("user:t0ps3cret"u8), output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Says_the_same_to_programs()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 1, EntriesPerSource = 8 }, Ct);
        using var json = JsonDocument.Parse((await ExplainAsync(upstream.Sources[0].Url.AbsoluteUri, "127.0.0.0/8")).ToJson());
        var root = json.RootElement;
        Assert.Equal(upstream.Sources[0].Url.AbsoluteUri, root.GetProperty("url").GetString());
        Assert.Equal(200, root.GetProperty("hops")[0].GetProperty("status").GetInt32());
        Assert.True(root.GetProperty("hops")[0].GetProperty("addresses")[0].GetProperty("allowed").GetBoolean());
        Assert.Equal(8, root.GetProperty("entries").GetArrayLength());
        Assert.Equal("utf-8", root.GetProperty("charset").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("failure").ValueKind);
        Assert.True(root.GetProperty("next").GetDateTimeOffset() > DateTimeOffset.UtcNow);
        Assert.Contains("nothing new has come for", root.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_robots_as_the_name_that_it_gives_itself_and_asks_nothing_more_of_who_asks_it_to_wait()
    {
        var (asked, status) = (0, 200);
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            if (context.Request.Path == "/robots.txt")
            {
                Interlocked.Increment(ref asked);
                return context.Response.WriteAsync("User-agent: LampReader\nDisallow: /\n\nUser-agent: *\nAllow: /\n");
            }

            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "60";
            return context.Response.WriteAsync("<rss version='2.0'><channel><title>t</title></channel></rss>");
        });
        var own = await ExplainAsync(server.Address + "feed", new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], UserAgent = "LampReader/1 (+https://ops.example/)" });
        Assert.Contains("captures of this address are not welcome", own.ToText(), StringComparison.Ordinal);
        var usual = await ExplainAsync(server.Address + "feed", "127.0.0.0/8");
        Assert.Contains("captures of this address may be made", usual.ToText(), StringComparison.Ordinal);
        status = 429;
        Assert.DoesNotContain("robots", (await ExplainAsync(server.Address + "feed", "127.0.0.0/8")).ToText(), StringComparison.Ordinal);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData(null, @"^Aggregator/\S+ \(\+http://127\.0\.0\.1:5080/bot\)$")]
    [InlineData("--Fetching:ContactUrl=https://ops.example/us", @"^Aggregator/\S+ \(\+https://ops\.example/us\)$")]
    [InlineData("--Fetching:UserAgent=Lamp/1", "^Lamp/1$")]
    public async Task Says_who_it_is_and_goes_through_no_proxy_of_the_environment(string? setting, string userAgent)
    {
        var agents = new ConcurrentBag<string>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            agents.Add(context.Request.Headers.UserAgent.ToString());
            return context.Response.WriteAsync("<rss version='2.0'><channel><title>t</title></channel></rss>");
        });
        await using var proxy = await LoopbackServer.StartAsync(_ => throw new InvalidOperationException("Nobody may come here."));
        using var folder = new TemporaryFolder();
        await using var program = ChildProcess.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "aggregator.dll"), "fetch", server.Address + "feed", "--Fetching:AllowedTargets:0=127.0.0.0/8", .. setting is null ? [] : new[] { setting }], folder.Path,
            new Dictionary<string, string?> { ["HTTP_PROXY"] = proxy.Address.AbsoluteUri, ["http_proxy"] = proxy.Address.AbsoluteUri, ["ALL_PROXY"] = proxy.Address.AbsoluteUri, ["all_proxy"] = proxy.Address.AbsoluteUri });
        Assert.True(await program.WaitForExitAsync(TimeSpan.FromMinutes(1), Ct) == 0, string.Join('\n', program.Output));
        Assert.NotEmpty(agents);
        Assert.All(agents, agent => Assert.Matches(userAgent, agent));
    }

    [Fact]
    public async Task Ends_with_what_came_of_it_and_stores_nothing()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 2, EntriesPerSource = 3 }, Ct);
        upstream.SetFault(1, new LoopbackUpstreamFault.HtmlPage());
        using var folder = new TemporaryFolder();
        var good = await RunningAggregator.RunAsync(folder.Path, Ct, "fetch", upstream.Sources[0].Url.AbsoluteUri, "--Fetching:AllowedTargets:0=127.0.0.0/8");
        var bad = await RunningAggregator.RunAsync(folder.Path, Ct, "fetch", upstream.Sources[1].Url.AbsoluteUri, "--Fetching:AllowedTargets:0=127.0.0.0/8");
        var wrong = await RunningAggregator.RunAsync(folder.Path, Ct, "fetch", "file:///etc/passwd");
        Assert.Equal((0, 1, 2), (good.ExitCode, bad.ExitCode, wrong.ExitCode));
        Assert.Contains(good.Output, line => line.StartsWith("entries    3", StringComparison.Ordinal));
        Assert.Contains(bad.Output, line => line.StartsWith("failed     html instead of feed", StringComparison.Ordinal));
        Assert.Empty(wrong.Output);
        Assert.Contains(wrong.Error, line => line.Contains("is no absolute http or https address", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static Task<ExplainedFetch.Explanation> ExplainAsync(string url, params string[] allowed) =>
        ExplainAsync(url, new FetchingOptions { AllowedTargets = allowed, Timeout = TimeSpan.FromSeconds(5) });

    private static async Task<ExplainedFetch.Explanation> ExplainAsync(string url, FetchingOptions options)
    {
        using var fetcher = new HttpFeedFetcher(
            options, new GuardedConnector(new TargetGuard(options.AllowedTargets)), "test", TimeProvider.System, NullLogger<HttpFeedFetcher>.Instance);
        return await new ExplainedFetch(
            fetcher, new FeedNormalizer(new ContentSanitizer()), new RefreshPolicy(new RefreshOptions()), options, new WebSubOptions(),
            new Uri("http://127.0.0.1:5080/"), TimeProvider.System).RunAsync(url, Ct);
    }
}
