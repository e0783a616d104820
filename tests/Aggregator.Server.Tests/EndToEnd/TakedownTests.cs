using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml.Linq;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>The way of a take-down with the real program: a visitor asks, an admin decides, readers are told, and it never comes back.</summary>
public sealed class TakedownTests
{
    private static readonly XNamespace Tombstones = "http://purl.org/atompub/tombstones/1.0";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly string[] Settings = ["--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Publish:MaxAge=00:00:00"];

    [Fact]
    public async Task A_visitor_asks_an_admin_approves_and_the_article_is_gone_from_page_and_feeds_within_two_seconds()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 1, EntriesPerSource = 3 }, cancellation);
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, upstream, cancellation);
        var items = await ItemsAsync(server, 3, cancellation);
        var (first, second) = (items[0], items[1]);
        var category = upstream.Sources[0].Category;

        var number = await AskAsync(server, first, cancellation);
        using var admin = await SignInAsync(server);
        var list = await admin.GetAsync("/hangfire/takedowns?lang=en");
        Assert.Contains("It names my &lt;child&gt;", list.Html, StringComparison.Ordinal);
        Assert.Contains("Take-downs", list.Html, StringComparison.Ordinal);
        var before = await server.Http.GetStringAsync($"/categories/{category}.atom", cancellation);
        Assert.Contains(first.Id, before, StringComparison.Ordinal);

        var decided = await admin.SubmitAsync($"/hangfire/takedowns/{number}", ("decision", "approve"), ("note", "a child"));
        Assert.Contains("The article is taken down.", decided.Html, StringComparison.Ordinal);

        await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
        foreach (var topic in (string[])["all", "sources/1", $"categories/{category}"])
        {
            var atom = XDocument.Parse(await server.Http.GetStringAsync($"/{topic}.atom", cancellation));
            Assert.Equal(2, atom.Root!.Elements().Count(element => element.Name.LocalName == "entry"));
            Assert.Equal(first.Id, (string?)Assert.Single(atom.Root.Elements(Tombstones + "deleted-entry")).Attribute("ref"));
            using var json = JsonDocument.Parse(await server.Http.GetStringAsync($"/{topic}.json", cancellation));
            Assert.Equal(2, json.RootElement.GetProperty("items").GetArrayLength());
            Assert.Equal(first.Id, json.RootElement.GetProperty("_tombstone").GetProperty("deleted")[0].GetProperty("id").GetString());
            Assert.DoesNotContain(first.Title!, await server.Http.GetStringAsync($"/{topic}.rss", cancellation), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(first.Title!, await server.Http.GetStringAsync($"/categories/{category}", cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(first.Title!, await server.Http.GetStringAsync("/", cancellation), StringComparison.Ordinal);

        // Every address of the article says so, in both languages, and keeps the hash.
        var article = ArticleOf(first);
        foreach (var (language, words) in (IEnumerable<(string, string)>)[("en", "This article was removed"), ("zh", "这篇文章已被移除")])
        {
            using var page = await GetAsync(server, $"{article}?lang={language}", "text/html", cancellation);
            var html = await page.Content.ReadAsStringAsync(cancellation);
            Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
            Assert.Contains(words, html, StringComparison.Ordinal);
            Assert.DoesNotContain(first.Title!, html, StringComparison.Ordinal);
        }

        using var told = await GetAsync(server, article + "/snapshots/20260101000000.json", "*/*", cancellation);
        Assert.Equal(HttpStatusCode.Gone, told.StatusCode);
        using var facts = JsonDocument.Parse(await told.Content.ReadAsStringAsync(cancellation));
        var snapshot = facts.RootElement.GetProperty("snapshots")[0];
        Assert.Equal(64, snapshot.GetProperty("sha256").GetString()!.Length);
        var text = $"{article}/snapshots/{snapshot.GetProperty("snapshot").GetString()}.json";
        foreach (var path in (string[])[text, text.Replace("articles/", "articles/+", StringComparison.Ordinal), text.Replace("articles/", "articles/%20", StringComparison.Ordinal), $"{article}/diff?from=1&to=2", article.Replace("articles", "timemap", StringComparison.Ordinal)])
        {
            using var gone = await GetAsync(server, path, "*/*", cancellation);
            Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        }

        // A law makes it 451, with who is behind it (RFC 7725).
        var legal = await AskAsync(server, second, cancellation);
        await admin.GetAsync("/hangfire/takedowns?lang=en");
        await admin.SubmitAsync($"/hangfire/takedowns/{legal}", ("decision", "approve-legal"));
        using (var page = await GetAsync(server, ArticleOf(second), "text/html", cancellation))
        {
            Assert.Equal(HttpStatusCode.UnavailableForLegalReasons, page.StatusCode);
            Assert.Contains(page.Headers.GetValues("Link"), link => link.Contains("rel=\"blocked-by\"", StringComparison.Ordinal));
        }

        // The publisher still has both, changes something, and is read again: they stay away.
        upstream.Publish(0, 1);
        await admin.GetAsync("/hangfire/sources?lang=en");
        await admin.SubmitAsync("/hangfire/sources/1/refresh");
        var after = await ItemsAsync(server, 2, cancellation, expectNew: items);
        Assert.DoesNotContain(after, item => item.Id == first.Id || item.Url == first.Url || item.Url == second.Url);
        var sources = await RunningAggregator.UntilAsync(
            () => admin.GetAsync("/hangfire/sources?lang=en"), page => page.Html.Contains("had been taken down", StringComparison.Ordinal), Soon, page => page.Html, cancellation);
        Assert.Contains("2 entries of the document had been taken down and were not stored", sources.Html, StringComparison.Ordinal);

        // Undone, it is back at its old address.
        await admin.GetAsync("/hangfire/takedowns?lang=en");
        await admin.SubmitAsync($"/hangfire/takedowns/{number}", ("decision", "undo"));
        using (var page = await GetAsync(server, article, "text/html", cancellation))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Contains(first.Title!, WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(cancellation)), StringComparison.Ordinal);
        }

        // Refused, it stays, and a second decision is told so.
        await admin.GetAsync("/hangfire/takedowns?lang=en");
        var refused = await admin.SubmitAsync($"/hangfire/takedowns/{number}", ("decision", "refuse"), ("note", "no"));
        Assert.Contains("The request is refused", refused.Html, StringComparison.Ordinal);
        using var forged = new HttpRequestMessage(HttpMethod.Post, $"/hangfire/takedowns/{number}") { Content = new FormUrlEncodedContent([KeyValuePair.Create("decision", "approve")]) };
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.SendAsync(forged)).Status);
    }

    [Fact]
    public async Task When_the_grace_period_is_over_the_text_is_gone_and_everything_still_verifies()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 1, EntriesPerSource = 3 }, cancellation);
        using var folder = new TemporaryFolder();
        await using (var server = await StartAsync(folder, upstream, cancellation, "--Takedown:Grace=00:00:00"))
        {
            var first = (await ItemsAsync(server, 3, cancellation))[0];
            var number = await AskAsync(server, first, cancellation);
            using var admin = await SignInAsync(server);
            await admin.GetAsync("/hangfire/takedowns?lang=en");
            await admin.SubmitAsync($"/hangfire/takedowns/{number}", ("decision", "approve"));
            await RunningAggregator.UntilAsync(
                () => admin.GetAsync("/hangfire/takedowns?lang=en"), page => page.Html.Contains("The text was deleted for good at", StringComparison.Ordinal), Soon, page => page.Html, cancellation);
            using var page = await GetAsync(server, ArticleOf(first), "text/html", cancellation);
            Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
            await server.Process.InterruptAsync(cancellation);
            Assert.Equal(0, await server.Process.WaitForExitAsync(Soon, cancellation));
            foreach (var file in Directory.EnumerateFiles(folder.File("data"), "store.db*"))
            {
                var bytes = await File.ReadAllBytesAsync(file, cancellation);
                Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(first.Title!)) < 0, $"The title is left in {file}.");
                Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(first.Url)) < 0, $"The link is left in {file}.");
            }
        }

        var (exitCode, output, error) = await RunningAggregator.RunAsync(folder.Path, cancellation, "verify", "--Aggregator:Catalogue=");
        Assert.True(exitCode == 0, string.Join('\n', output.Concat(error)));
    }

    [Fact]
    public async Task The_form_says_what_is_wrong_and_takes_only_so_many_requests_from_an_address()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 1, EntriesPerSource = 3 }, cancellation);
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, upstream, cancellation, "--Takedown:RequestsPerHour=2");
        var item = (await ItemsAsync(server, 3, cancellation))[0];
        var form = $"/takedown?article={ArticleOf(item)["/articles/".Length..]}";

        using var visitor = new FormBrowser(server.Http.BaseAddress!);
        Assert.Contains(form.Replace("&", "&amp;", StringComparison.Ordinal), (await visitor.GetAsync(ArticleOf(item))).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync("/takedown?article=999")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync("/takedown")).Status);
        Assert.Contains("申请移除这篇文章", (await visitor.GetAsync(form + "&lang=zh")).Html, StringComparison.Ordinal);
        await visitor.GetAsync(form + "&lang=en");
        var none = await visitor.SubmitAsync("/takedown", ("reason", ""), ("message", "kept <text>"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, none.Status);
        Assert.Contains("Please choose a reason.", none.Html, StringComparison.Ordinal);
        Assert.Contains("kept &lt;text&gt;", none.Html, StringComparison.Ordinal);
        Assert.Contains($"href=\"{form}&amp;lang=zh\"", none.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.SubmitAsync("/takedown", ("reason", "Other"), ("message", " "))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.SubmitAsync("/takedown", ("reason", "Other"), ("message", new string('字', 4_001)))).Status);

        // Neither without the form's token nor with a stranger's.
        using var forged = new HttpRequestMessage(HttpMethod.Post, "/takedown")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("article", ArticleOf(item)["/articles/".Length..]), KeyValuePair.Create("reason", "Other"), KeyValuePair.Create("message", "x")]),
        };
        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.SendAsync(forged)).Status);

        for (var i = 0; i < 2; i++)
        {
            await visitor.GetAsync(form + "&lang=en");
            var received = await visitor.SubmitAsync("/takedown", ("reason", "Other"), ("message", new string('字', 4_000)));
            Assert.Equal("/takedown/received", received.Path);
            Assert.Contains($"Its number is {i + 1}.", received.Html, StringComparison.Ordinal);
        }

        await visitor.GetAsync(form + "&lang=en");
        var tooMany = await visitor.SubmitAsync("/takedown", ("reason", "Other"), ("message", "x"));
        Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.Status);
        Assert.Contains("Too many requests came from this address.", tooMany.Html, StringComparison.Ordinal);
    }

    private static async Task<RunningAggregator> StartAsync(TemporaryFolder folder, LoopbackUpstream upstream, CancellationToken cancellation, params string[] settings)
    {
        await using (var command = ChildProcess.Start("sh",
            ["-c", "echo 'a long enough sentence' | dotnet \"$0\" add-admin admin", Path.Combine(AppContext.BaseDirectory, "aggregator.dll")], folder.Path))
        {
            Assert.Equal(0, await command.WaitForExitAsync(TimeSpan.FromSeconds(60), cancellation));
        }

        var catalogue = Directory.CreateDirectory(folder.File("catalogue")).FullName;
        await File.WriteAllTextAsync(Path.Combine(catalogue, "upstream.opml"), upstream.Opml, cancellation);
        return await RunningAggregator.StartAsync(folder.Path, cancellation, [$"--Aggregator:Catalogue={catalogue}", .. Settings, .. settings]);
    }

    private static Task<IReadOnlyList<PublishedItem>> ItemsAsync(
        RunningAggregator server, int count, CancellationToken cancellation, IReadOnlyList<PublishedItem>? expectNew = null) => RunningAggregator.UntilAsync(
        () => server.ItemsAsync("all.json", cancellation),
        items => items.Count == count && (expectNew is null || items.Any(item => expectNew.All(old => old.Id != item.Id))),
        Soon, items => $"{items.Count} items", cancellation);

    private static async Task<string> AskAsync(RunningAggregator server, PublishedItem item, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var visitor = new FormBrowser(server.Http.BaseAddress!);
        await visitor.GetAsync($"/takedown?article={ArticleOf(item)["/articles/".Length..]}&lang=en");
        var received = await visitor.SubmitAsync("/takedown", ("reason", "Privacy"), ("message", "It names my <child>"));
        Assert.Equal((HttpStatusCode.OK, "/takedown/received"), (received.Status, received.Path));
        const string Before = "Its number is ";
        var start = received.Html.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        return received.Html[start..received.Html.IndexOf('.', start)];
    }

    private static async Task<FormBrowser> SignInAsync(RunningAggregator server)
    {
        var browser = new FormBrowser(server.Http.BaseAddress!);
        await browser.GetAsync("/sign-in?return=/hangfire/takedowns&lang=en");
        var list = await browser.SubmitAsync("/sign-in", ("name", "admin"), ("password", "a long enough sentence"));
        Assert.Equal("/hangfire/takedowns", list.Path);
        return browser;
    }

    private static Task<HttpResponseMessage> GetAsync(RunningAggregator server, string path, string accept, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        return server.Http.SendAsync(request, cancellation);
    }

    // An id is tag:host,2026:entry/NUMBER.
    private static string ArticleOf(PublishedItem item) => "/articles/" + item.Id[(item.Id.LastIndexOf('/') + 1)..];
}
