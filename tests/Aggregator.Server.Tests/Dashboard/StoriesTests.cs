using System.Net;
using System.Text.RegularExpressions;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Dashboard;

/// <summary>What an admin decides about stories, in the dashboard of the real program.</summary>
public sealed partial class StoriesTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_admin_joins_and_splits_and_it_is_on_record()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 2, EntriesPerSource = 2 }, cancellation);
        await using (var process = ChildProcess.Start(
            "sh", ["-c", "echo 'a long enough sentence' | dotnet \"$0\" add-admin admin", Path.Combine(AppContext.BaseDirectory, "aggregator.dll")], folder.Path))
            Assert.Equal(0, await process.WaitForExitAsync(Soon, cancellation));
        var list = folder.File("list.opml");
        await File.WriteAllTextAsync(list, $"<opml><body><outline text='News'><outline text='A' xmlUrl='{upstream.Sources[0].Url}'/><outline text='B' xmlUrl='{upstream.Sources[1].Url}'/></outline></body></opml>", cancellation);
        string[] settings = ["--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Publish:MaxAge=00:00:00"];
        Assert.Equal(0, (await RunningAggregator.RunAsync(folder.Path, cancellation, ["import", list, .. settings])).ExitCode);
        await using var server = await RunningAggregator.StartAsync(folder.Path, cancellation, settings);
        var items = await RunningAggregator.UntilAsync(() => server.ItemsAsync("all.json", cancellation), found => found.Count == 4, Soon, found => $"{found.Count} entries", cancellation);
        Assert.Equal(4, items.Count);

        using var admin = new FormBrowser(server.Http.BaseAddress!);
        await admin.GetAsync("/sign-in?return=/hangfire/stories&lang=en");
        var empty = await admin.SubmitAsync("/sign-in", ("name", "admin"), ("password", "a long enough sentence"));
        Assert.Contains("No article has been told by more than one source yet.", empty.Html, StringComparison.Ordinal);

        foreach (var (entry, other, sentence) in (((string, string, string)[])
            [("1", "x", "Give the numbers of two articles"), ("", "2", "Give the numbers of two articles"), ("1", "999", "There is no such article."), ("1", "1", "Nothing to change")]))
        {
            await admin.GetAsync("/hangfire/stories?lang=en");
            var refused = await admin.SubmitAsync("/hangfire/stories/join", ("entry", entry), ("other", other));
            Assert.Equal(HttpStatusCode.Conflict, refused.Status);
            Assert.Contains(sentence, refused.Html, StringComparison.Ordinal);
        }

        await admin.GetAsync("/hangfire/stories?lang=en");
        var joined = await admin.SubmitAsync("/hangfire/stories/join", ("entry", server.Http.BaseAddress + "articles/1?x"), ("other", " 3 "));
        Assert.Contains("Joined; they will stay one story.", joined.Html, StringComparison.Ordinal);
        Assert.Equal(2, SplitForm().Count(joined.Html));
        var once = await RunningAggregator.UntilAsync(() => server.ItemsAsync("all.json?stories=1", cancellation), found => found.Count == 3, Soon, found => $"{found.Count} entries", cancellation);
        Assert.Equal(3, once.Count);

        var split = await admin.SubmitAsync("/hangfire/stories/split");
        Assert.Contains("Taken out; it will not be joined with these articles again.", split.Html, StringComparison.Ordinal);
        Assert.Contains("No article has been told by more than one source yet.", split.Html, StringComparison.Ordinal);
        var audit = (await admin.GetAsync("/hangfire/audit?lang=en")).Html;
        Assert.Contains("story.join", audit, StringComparison.Ordinal);
        Assert.Contains("story.split", audit, StringComparison.Ordinal);

        using var stranger = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Http.BaseAddress };
        using var answer = await stranger.PostAsync("/hangfire/stories/join", new FormUrlEncodedContent([new("entry", "1"), new("other", "2")]), cancellation);
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        var apart = await RunningAggregator.UntilAsync(() => server.ItemsAsync("all.json?stories=1", cancellation), found => found.Count == 4, Soon, found => $"{found.Count} entries", cancellation);
        Assert.Equal(4, apart.Count);
    }

    [GeneratedRegex("action=\"[^\"]*/stories/split\"", RegexOptions.None, 1000)]
    private static partial Regex SplitForm();
}
