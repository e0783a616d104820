using System.Text;
using Aggregator.Core.Capturing;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage;
using Xunit;

namespace Aggregator.Server.Tests.Capture;

/// <summary>Captures of pages with the real program: what publishers ask for, what goes wrong with them, and a <c>kill -9</c>.</summary>
public sealed class CaptureTests
{
    private static readonly CapturePolicy Always = new() { Mode = CaptureMode.Always };
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Keeps_what_may_be_kept_and_says_of_everything_else_why_not()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        await using var site = await Publisher.StartAsync();
        site.Answers["/robots.txt"] = context => Publisher.WriteAsync(context, "text/plain", "user-agent: *\ndisallow: /private/");
        site.Page("/fine.html", "大桥封闭检修", "滨海大桥今日起封闭。");
        site.Page("/private/a.html", "不许抓取", "机器人请勿入内。");
        site.Page("/noarchive.html", "不许存档", "请勿留存副本。", head: "<meta name='robots' content='noarchive'>");
        site.Page("/multi.html", "大桥检修长篇报道", "第一页的内容。", tail: "<a href='/multi_2.html'>下一页</a>");
        site.Page("/multi_2.html", "大桥检修长篇报道", "第二页的内容。", tail: "<a href='/multi.html'>1</a><a href='/multi_3.html'>下一页</a>");
        site.Page("/multi_3.html", "大桥检修长篇报道", "第三页的内容。", tail: "<a href='/multi_2.html'>2</a>");
        site.Answers["/gbk.html"] = context => context.Response.Body.WriteAsync(Encoding.GetEncoding("gbk").GetBytes(Publisher.PageOf("国标编码的网页", "这一页没有声明编码。"))).AsTask();
        site.Answers["/inside.html"] = context =>
        {
            context.Response.Redirect("http://10.0.0.1/admin");
            return Task.CompletedTask;
        };
        site.Answers["/large.html"] = async context =>
        {
            context.Response.ContentType = "text/html";
            var block = new byte[64 * 1024];
            for (var i = 0; i < 50 * 16; i++) await context.Response.Body.WriteAsync(block, context.RequestAborted);
        };
        site.Answers["/slow.html"] = async context =>
        {
            await context.Response.Body.WriteAsync("<p>"u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted);
        };
        string[] paths = ["/fine.html", "/private/a.html", "/noarchive.html", "/multi.html", "/gbk.html", "/inside.html", "/large.html", "/slow.html", "/gone.html"];
        site.Feed(DateTimeOffset.UtcNow, [.. paths.Select(path => (path, $"标题 {path}", $"来自订阅的摘要 {path}"))]);

        // Another host asks for a pause, and a third has a fault for a while.
        await using var busy = await Publisher.StartAsync();
        busy.Feed(DateTimeOffset.UtcNow, ("/a.html", "标题", "摘要"));
        busy.Answers["/a.html"] = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "4";
            busy.Page("/a.html", "稍后再来", "现在可以了。");
            return Task.CompletedTask;
        };
        await using var faulty = await Publisher.StartAsync();
        faulty.Feed(DateTimeOffset.UtcNow, ("/a.html", "标题", "摘要"));
        faulty.Answers["/a.html"] = context =>
        {
            context.Response.StatusCode = 503;
            if (faulty.Count("/a.html") >= 2) faulty.Page("/a.html", "恢复正常", "服务器修好了。");
            return Task.CompletedTask;
        };
        await using var server = await CapturingServer.PrepareAsync(
            StoreProvider.Sqlite, Always, [site.FeedUrl, busy.FeedUrl, faulty.FeedUrl], "--Fetching:Timeout=00:00:02", "--Capture:FirstRetry=00:00:01", "--Capture:Attempts=3", "--Capture:Again=");
        await server.StartAsync();

        var left = "select count(*) from capture where due_at is not null";
        await server.UntilAsync(
            async () => (Count: (await server.AskAsync("select count(*) from capture"))[0], Left: (await server.AskAsync(left))[0]),
            seen => seen is { Count: "11", Left: "0" }, Soon, seen => $"{seen.Count} captures, {seen.Left} due");
        var outcomes = (await server.AskAsync("select entry.url || ' ' || state || ' ' || outcome || ' ' || attempts from capture join entry on entry.id = capture.entry_id")).ToHashSet();
        foreach (var (publisher, path, state, outcome) in (IEnumerable<(Publisher, string, CaptureState, CaptureOutcome)>)
        [
            (site, "/fine.html", CaptureState.Captured, CaptureOutcome.Captured), (site, "/private/a.html", CaptureState.Refused, CaptureOutcome.Disallowed),
            (site, "/noarchive.html", CaptureState.Refused, CaptureOutcome.NoArchive), (site, "/multi.html", CaptureState.Captured, CaptureOutcome.Captured),
            (site, "/gbk.html", CaptureState.Captured, CaptureOutcome.Captured), (site, "/inside.html", CaptureState.Refused, CaptureOutcome.TargetRefused),
            (site, "/large.html", CaptureState.Refused, CaptureOutcome.TooLarge), (site, "/slow.html", CaptureState.GivenUp, CaptureOutcome.Failed),
            (site, "/gone.html", CaptureState.Refused, CaptureOutcome.NotFound), (busy, "/a.html", CaptureState.Captured, CaptureOutcome.Captured),
            (faulty, "/a.html", CaptureState.Captured, CaptureOutcome.Captured),
        ])
            Assert.True(outcomes.Contains($"{publisher.Url(path)} {(int)state} {(int)outcome} 0"), $"{path} {outcome}:\n{string.Join('\n', outcomes)}");

        // Nobody was asked for what they do not want; what failed was asked for as often as it may be, what was refused once.
        Assert.Equal((1, 0, 1, 3, 1), (site.Count("/robots.txt"), site.Count("/private/a.html"), site.Count("/noarchive.html"), site.Count("/slow.html"), site.Count("/gone.html")));
        var refusal = busy.Asked.First(asked => asked.Path == "/a.html").At;
        Assert.Equal(2, busy.Count("/a.html"));
        Assert.DoesNotContain(busy.Asked, asked => asked.At > refusal && asked.At < refusal.AddSeconds(3.9));
        var tries = faulty.Asked.Where(asked => asked.Path == "/a.html").Select(asked => asked.At).ToList();
        Assert.Equal(3, tries.Count);
        Assert.True(tries[2] - tries[1] > TimeSpan.FromSeconds(1.4), $"{tries[2] - tries[1]}");

        // Readers see the pages where there are any, and the feed's own text everywhere else.
        foreach (var (path, title, text) in (IEnumerable<(string, string, string)>)[("/fine.html", "大桥封闭检修", "滨海大桥今日起封闭。"), ("/multi.html", "大桥检修长篇报道", "第三页的内容。"), ("/gbk.html", "国标编码的网页", "这一页没有声明编码。")])
        {
            var page = await PageAsync(server, site.Url(path));
            Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
            Assert.Contains(text, page, StringComparison.Ordinal);
            Assert.Contains("李明", page, StringComparison.Ordinal);
        }

        foreach (var path in paths.Except(["/fine.html", "/multi.html", "/gbk.html"]))
            Assert.Contains($"来自订阅的摘要 {path}", await PageAsync(server, site.Url(path)), StringComparison.Ordinal);

        // Admins see it beside the source, operators among what is measured; neither sees an address of the inside.
        var health = (await server.Get<ISourceStore>().ListAsync(0, 10, TestContext.Current.CancellationToken)).Select(listing => listing.Captures!).ToList();
        Assert.Equal((0L, 3L, 6L), (health[0].Waiting, health[0].Captured, health[0].Failed));
        Assert.DoesNotContain("10.0.0.1", string.Join('\n', await server.AskAsync("select reason from capture where reason is not null")), StringComparison.Ordinal);
        var metrics = await server.Program.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("aggregator_captures_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("outcome=\"no_archive\"", metrics, StringComparison.Ordinal);
        Assert.Contains(server.Program.Process.StandardError, line => line.Contains("10.0.0.1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task Killed_in_the_middle_of_two_hundred_captures_it_makes_each_exactly_once(StoreProvider provider)
    {
        const int Hosts = 4, PerHost = 50;
        var publishers = new List<Publisher>();
        for (var host = 0; host < Hosts; host++)
        {
            var publisher = await Publisher.StartAsync();
            publishers.Add(publisher);
            for (var page = 0; page < PerHost; page++)
            {
                var (title, text) = ($"第 {page} 篇", $"第 {host} 站第 {page} 篇的全文。");
                publisher.Answers[$"/{page}.html"] = async context =>
                {
                    await Task.Delay(40, context.RequestAborted);
                    await Publisher.WriteAsync(context, "text/html; charset=utf-8", Publisher.PageOf(title, text));
                };
            }

            publisher.Feed(DateTimeOffset.UtcNow, [.. Enumerable.Range(0, PerHost).Select(page => ($"/{page}.html", $"第 {page} 篇", "摘要"))]);
        }

        await using var server = await CapturingServer.PrepareAsync(
            provider, Always, publishers.Select(publisher => publisher.FeedUrl), "--Capture:Again=", "--Capture:Timeout=00:00:05", "--Capture:FirstRetry=00:00:01", "--Refresh:MinInterval=01:00:00");
        await server.StartAsync();
        const string Kept = "select count(*) from snapshot where kind = 2";
        await server.UntilAsync(async () => int.Parse((await server.AskAsync(Kept))[0]!, null), kept => kept >= 40, Soon, kept => $"{kept} captured");
        await server.KillAsync();
        var before = int.Parse((await server.AskAsync(Kept))[0]!, null);
        var captured = (await server.AskAsync("select url from entry where exists (select 1 from snapshot where entry_id = entry.id and kind = 2)")).ToHashSet();
        var inWork = (await server.AskAsync("select url from entry where id in (select entry_id from capture where lease_owner is not null)")).ToHashSet();
        Assert.InRange(before, 40, (Hosts * PerHost) - 1);
        foreach (var publisher in publishers) publisher.Asked.Clear();

        await server.StartAsync();
        await server.UntilAsync(
            async () => int.Parse((await server.AskAsync("select count(*) from capture where captured_at is not null"))[0]!, null),
            done => done == Hosts * PerHost, TimeSpan.FromSeconds(120), done => $"{done} captured");
        Assert.Equal(
            [$"{Hosts * PerHost} {Hosts * PerHost} 2"],
            await server.AskAsync("select count(*) || ' ' || count(distinct entry_id) || ' ' || max(number) from snapshot where kind = 2"));
        foreach (var publisher in publishers)
        {
            Assert.InRange(publisher.InProgress.Most, 1, 2);
            for (var page = 0; page < PerHost; page++)
                Assert.Equal(captured.Contains(publisher.Url($"/{page}.html")) ? 0 : 1, publisher.Count($"/{page}.html"));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{before} captured and {inWork.Count} leased when it was killed");
        await server.StopAsync();
        var verify = await server.RunAsync("verify");
        Assert.True(verify.ExitCode == 0, string.Join('\n', verify.Output.Concat(verify.Error)));
        foreach (var publisher in publishers) await publisher.DisposeAsync();
    }

    private static async Task<string> PageAsync(CapturingServer server, string url)
    {
        var id = (await server.AskAsync($"select id from entry where url = '{url}'"))[0];
        return System.Net.WebUtility.HtmlDecode(await server.Program.Http.GetStringAsync($"/articles/{id}?lang=zh", TestContext.Current.CancellationToken));
    }
}
