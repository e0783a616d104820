using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.Snapshots;
using Aggregator.Storage;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Capture;

/// <summary>
/// The whole story of an article: published, edited in silence, edited while the program is killed, edited aloud, reverted and
/// removed, in the feed and on its page; and what a reader finds of it afterwards.
/// </summary>
public sealed class StoryTests
{
    private const string Path = "/2026/bridge.html";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task An_article_is_published_edited_reedited_reverted_and_removed_and_a_reader_finds_every_state_of_it(StoreProvider provider)
    {
        await using var site = await Publisher.StartAsync();
        var published = DateTimeOffset.UtcNow;
        void Feed(string? title) => site.Feed(published, [.. title is null ? Array.Empty<(string, string, string)>() : [(Path, title, "一句话的摘要。")], ("/other.html", "另一篇", "另一篇的摘要。")]);
        site.Page("/other.html", "另一篇", "另一篇的全文。");
        Feed("滨海大桥今日封闭");
        site.Page(Path, "滨海大桥今日封闭", "滨海大桥今日起封闭。");
        await using var server = await CapturingServer.PrepareAsync(
            provider, new CapturePolicy { Mode = CaptureMode.WhenShort }, [site.FeedUrl],
            "--Refresh:MinInterval=00:00:01", "--Refresh:MaxInterval=00:00:02", "--Capture:Timeout=00:00:05", "--Capture:FirstRetry=00:00:01",
            $"--Capture:Again={string.Join(", ", Enumerable.Range(1, 20).Select(look => TimeSpan.FromSeconds(6 * look)))}");
        await server.StartAsync();

        // Published: what the feed says, and then the whole text from its page.
        var id = long.Parse((await server.UntilAsync(
            () => server.AskAsync($"select id from entry where url = '{site.Url(Path)}'"), rows => rows.Count == 1, Soon, rows => $"{rows.Count} entries"))[0]!, CultureInfo.InvariantCulture);
        await IsAsync(2);

        // Edited in silence: the feed says nothing of it.
        site.Page(Path, "滨海大桥今日限行", "滨海大桥今日起限行。");
        await IsAsync(3);

        // Edited again, and killed while the page is on its way.
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        site.Answers[Path] = async context =>
        {
            asked.TrySetResult();
            await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted);
        };
        await asked.Task.WaitAsync(Soon, Ct);
        await server.KillAsync();
        Assert.Equal(3, (await server.VersionsAsync(id)).Count);
        site.Page(Path, "滨海大桥限行至周五", "滨海大桥限行至周五。");
        await server.StartAsync();
        await IsAsync(4);

        // Edited aloud: the feed first, then the page.
        Feed("滨海大桥恢复通行");
        await IsAsync(5);
        var between = await PageAsync($"/articles/{id}?lang=zh");
        Assert.Contains("<h1>滨海大桥恢复通行</h1>", between, StringComparison.Ordinal);
        Assert.Contains("滨海大桥限行至周五。", between, StringComparison.Ordinal);
        Assert.Contains("取自第 5 版", between, StringComparison.Ordinal);
        site.Page(Path, "滨海大桥恢复通行", "滨海大桥今日恢复通行。");
        await IsAsync(6);

        // Reverted, the page first.
        site.Page(Path, "滨海大桥今日封闭", "滨海大桥今日起封闭。");
        await IsAsync(7);
        Assert.Contains("<h1>滨海大桥今日封闭</h1>", await PageAsync($"/articles/{id}?lang=zh"), StringComparison.Ordinal);
        Feed("滨海大桥今日封闭");
        await IsAsync(8);

        // Removed, from both: nothing that was kept goes, and an admin reads why there is nothing new.
        Feed(null);
        site.Answers[Path] = context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        await server.UntilAsync(
            () => server.AskAsync($"select state || ' ' || outcome || ' ' || reason from capture where entry_id = {id}"),
            rows => rows is ["3 6 The publisher has removed the page (410 Gone)."], Soon, rows => rows.Count == 0 ? "nothing" : rows[0] ?? "");

        // The night comes: the day is sealed.
        await server.StopAsync();
        var tomorrow = DateTimeOffset.UtcNow.AddDays(1);
        while (await server.Get<ISealStore>().SealNextAsync(DateOnly.FromDateTime(tomorrow.UtcDateTime), tomorrow, Ct) is not null)
        {
        }

        var verify = await server.RunAsync("verify");
        Assert.True(verify.ExitCode == 0, string.Join('\n', verify.Output.Concat(verify.Error)));
        await server.StartAsync();

        (SnapshotKind Kind, string Title, string Text)[] expected =
        [
            (SnapshotKind.Feed, "滨海大桥今日封闭", "一句话的摘要。"), (SnapshotKind.Page, "滨海大桥今日封闭", "滨海大桥今日起封闭。"), (SnapshotKind.Page, "滨海大桥今日限行", "滨海大桥今日起限行。"),
            (SnapshotKind.Page, "滨海大桥限行至周五", "滨海大桥限行至周五。"), (SnapshotKind.Feed, "滨海大桥恢复通行", "一句话的摘要。"), (SnapshotKind.Page, "滨海大桥恢复通行", "滨海大桥今日恢复通行。"),
            (SnapshotKind.Page, "滨海大桥今日封闭", "滨海大桥今日起封闭。"), (SnapshotKind.Feed, "滨海大桥今日封闭", "一句话的摘要。"),
        ];
        var versions = await server.VersionsAsync(id);
        Assert.Equal(expected.Select(version => (version.Kind, (string?)version.Title)), versions.Select(version => (version.Kind, version.Title)));
        Assert.Equal(
            [SnapshotChanges.None, SnapshotChanges.None, SnapshotChanges.Title | SnapshotChanges.Body, SnapshotChanges.Title | SnapshotChanges.Body, SnapshotChanges.Title, SnapshotChanges.Title | SnapshotChanges.Body, SnapshotChanges.Title | SnapshotChanges.Body, SnapshotChanges.Title],
            versions.Select(version => version.Changes));
        await FindsEveryStateAsync(server, site, id, versions, expected);
        await ComparesAsync(server, id, versions);
        await ProvesAsync(server, id, versions);

        // The article as it is now: the text of the last page, with the credits and the medium that it names.
        var now = await PageAsync($"/articles/{id}?lang=zh");
        foreach (var words in (string[])["<h1>滨海大桥今日封闭</h1>", "滨海大桥今日起封闭。", "李明", "滨海通讯社", "已去除广告与脚本"]) Assert.Contains(words, now, StringComparison.Ordinal);
        Assert.DoesNotContain("取自第", now, StringComparison.Ordinal);

        Task IsAsync(int count) => server.UntilAsync(
            () => server.VersionsAsync(id), versions => versions.Count == count, TimeSpan.FromSeconds(75),
            versions => string.Join(", ", versions.Select(version => $"{version.Number} {version.Kind} {version.Title} at {version.CapturedAt:HH:mm:ss}")));

        async Task<string> PageAsync(string path) => WebUtility.HtmlDecode(await server.Program.Http.GetStringAsync(path, Ct));
    }

    private static async Task FindsEveryStateAsync(
        CapturingServer server, Publisher site, long id, IReadOnlyList<Snapshot> versions, (SnapshotKind Kind, string Title, string Text)[] expected)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = server.Program.Http.BaseAddress };
        var client = new MementoClient(http);
        Uri AddressOf(Snapshot version) => new(http.BaseAddress!, string.Create(CultureInfo.InvariantCulture, $"/articles/{id}/snapshots/{SnapshotStamp.Of(version.CapturedAt)}"));
        var map = await client.ReadTimeMapAsync($"/timemap/{id}");
        Assert.Equal(versions.Select(AddressOf), map.Where(link => link.Is("memento")).Select(link => link.Target));
        Assert.Equal(site.Url(Path), map.Single(link => link.Is("original")).Target.AbsoluteUri);
        foreach (var gate in (string[])[$"/timegate/{id}", "/timegate/" + site.Url(Path)])
        {
            Assert.Equal(AddressOf(versions[0]), (await client.FindAsync(gate, DateTimeOffset.UnixEpoch)).Address);
            Assert.Equal(AddressOf(versions[^1]), (await client.FindAsync(gate, null)).Address);
            for (var i = 0; i < versions.Count; i++)
            {
                var memento = await client.FindAsync(gate, versions[i].CapturedAt);
                Assert.Equal((AddressOf(versions[i]), versions[i].CapturedAt.ToUnixTimeSeconds()), (memento.Address, memento.At.ToUnixTimeSeconds()));
                if (i > 0) Assert.Equal(AddressOf(versions[i - 1]), (await client.FindAsync(gate, versions[i].CapturedAt.AddSeconds(-1))).Address);
                var body = WebUtility.HtmlDecode(memento.Body);
                Assert.Contains($"<h1>{expected[i].Title}</h1>", body, StringComparison.Ordinal);
                Assert.Contains(expected[i].Text, body, StringComparison.Ordinal);
            }
        }
    }

    private static async Task ComparesAsync(CapturingServer server, long id, IReadOnlyList<Snapshot> versions)
    {
        using var silent = JsonDocument.Parse(await server.Program.Http.GetStringAsync($"/articles/{id}/diff.json?from=2&to=3", Ct));
        Assert.Equal(("page", "page"), (silent.RootElement.GetProperty("from").GetProperty("kind").GetString(), silent.RootElement.GetProperty("to").GetProperty("kind").GetString()));
        Assert.Equal([("=", "滨海大桥今日"), ("-", "封闭"), ("+", "限行")], SegmentsOf(silent.RootElement.GetProperty("title")));
        var changed = silent.RootElement.GetProperty("body").EnumerateArray().Select(block => SegmentsOf(block.GetProperty("text"))).Where(segments => segments.Any(segment => segment.Operation != "=")).ToList();
        Assert.Equal([("=", "滨海大桥今日起"), ("-", "封闭"), ("+", "限行"), ("=", "。")], Assert.Single(changed));

        // Reverted is reverted: between the first page and the last nothing differs.
        using var whole = JsonDocument.Parse(await server.Program.Http.GetStringAsync($"/articles/{id}/diff.json?from=2&to=7", Ct));
        Assert.Equal((0, 0), (whole.RootElement.GetProperty("removed_characters").GetInt32(), whole.RootElement.GetProperty("added_characters").GetInt32()));
        Assert.NotEqual(versions[1].Sha256.ToArray(), versions[6].Sha256.ToArray());
        Assert.Equal(HttpStatusCode.OK, (await server.Program.Http.GetAsync($"/articles/{id}/diff?from=2&to=3", Ct)).StatusCode);

        static List<(string Operation, string Text)> SegmentsOf(JsonElement segments) =>
            [.. segments.EnumerateArray().Select(segment => (segment[0].GetString()!, segment[1].GetString()!))];
    }

    private static async Task ProvesAsync(CapturingServer server, long id, IReadOnlyList<Snapshot> versions)
    {
        foreach (var version in versions)
        {
            var bytes = await server.Program.Http.GetByteArrayAsync($"/articles/{id}/snapshots/{SnapshotStamp.Of(version.CapturedAt)}.json", Ct);
            Assert.Equal(version.Sha256.ToArray(), SHA256.HashData(bytes));
            Assert.Equal(version.Title, SnapshotDocument.Read(bytes).Title);
            if (!File.Exists("/usr/bin/python3")) continue;
            await using var python = ChildProcess.Start(
                "/usr/bin/python3", [System.IO.Path.Combine(Repository.Root, "docs", "verify-snapshot.py"), server.Program.Http.BaseAddress!.ToString(), $"{id}", SnapshotStamp.Of(version.CapturedAt)],
                AppContext.BaseDirectory, new Dictionary<string, string?> { ["http_proxy"] = null, ["no_proxy"] = "*" });
            Assert.True(await python.WaitForExitAsync(Soon, Ct) == 0, string.Join('\n', python.Output));
            Assert.Contains(python.Output, line => line.StartsWith("genuine: sha256 " + Convert.ToHexStringLower(version.Sha256.Span), StringComparison.Ordinal));
        }
    }
}
