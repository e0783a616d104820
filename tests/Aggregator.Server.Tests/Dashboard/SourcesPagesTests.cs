using System.Net;
using System.Text;
using System.Xml.Linq;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Server.Tests.Testing;
using Aggregator.Testing;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Aggregator.Server.Tests.Dashboard;

/// <summary>The pages of sources in the real program, asked over HTTP.</summary>
public sealed class SourcesPagesTests
{
    private const string Script = "<script>alert(1)</script>";

    [Fact]
    public async Task Hostile_input_is_refused_with_a_reason_and_changes_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, cancellation);
        using var browser = await SignInAsync(server);
        await browser.SubmitAsync("/hangfire/sources", ("url", $"http://127.0.0.1:{FreePort.Next()}/feed.xml"));
        await RunningAggregator.UntilAsync(
            () => browser.GetAsync("/hangfire/sources/1?lang=en"), page => page.Html.Contains("id=\"failure\"", StringComparison.Ordinal), TimeSpan.FromSeconds(30), page => page.Html, cancellation);
        var before = await DumpAsync(folder);

        foreach (var (form, fields, sentence) in Hostile())
        {
            await browser.GetAsync(form is "/hangfire/sources" or "/hangfire/sources/add" ? form : "/hangfire/sources/1");
            var answer = await browser.SubmitAsync(form, fields);
            var shown = $"{form} {string.Join(' ', fields)}: {answer.Status}\n{answer.Html}";
            Assert.True(answer.Status is HttpStatusCode.BadRequest, shown);
            Assert.True(answer.Html.Contains(sentence, StringComparison.Ordinal), shown);
            Assert.False(answer.Html.Contains(Script, StringComparison.OrdinalIgnoreCase), shown);
            Assert.False(answer.Html.Contains("   at ", StringComparison.Ordinal), shown);
            Assert.Equal(before, await DumpAsync(folder));
        }

        // Without the token nobody changes anything, whatever the address.
        foreach (var path in new[] { "", "/add", "/bulk", "/1/pause", "/1/refresh", "/1/settings", "/1/restore", "/1/adopt", "/1/preview", "/1/capture" })
        {
            using var forged = new HttpRequestMessage(HttpMethod.Post, "/hangfire/sources" + path)
            {
                Content = new FormUrlEncodedContent([KeyValuePair.Create("url", "https://example.org/"), KeyValuePair.Create("id", "1"), KeyValuePair.Create("action", "delete"), KeyValuePair.Create("confirmed", "yes")]),
            };
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(forged)).Status);
        }

        // What is changed by a form is not changed by a link.
        foreach (var path in new[] { "/bulk?action=delete&id=1&confirmed=yes", "/1/pause", "/1/settings?url=https://example.org/" })
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browser.GetAsync("/hangfire/sources" + path)).Status);
        foreach (var path in new[] { "/99", "/999999999999999999" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/hangfire/sources" + path)).Status);

        // What no filter is, is left out.
        foreach (var query in new[] { "?after=x", "?after=1-" + new string('9', 300), "?sort=;drop", "?state=99", "?category=-1", "?text=%27%22%25_%5C", "?text=" + Uri.EscapeDataString(Script), "?done=" + Uri.EscapeDataString(Script) })
        {
            var page = await browser.GetAsync("/hangfire/sources" + query);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.DoesNotContain(Script, page.Html, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(before, await DumpAsync(folder));
        using var stranger = new FormBrowser(server.Http.BaseAddress!);
        foreach (var path in new[] { "", "/1", "/add" })
            Assert.Equal("/sign-in", (await stranger.GetAsync("/hangfire/sources" + path)).Path);
    }

    [Fact]
    public async Task Settings_are_kept_and_secrets_are_never_shown_again()
    {
        var cancellation = TestContext.Current.CancellationToken;
        string? authorization = null, header = null;
        await using var upstream = await LoopbackServer.StartAsync(async context =>
        {
            (authorization, header) = (context.Request.Headers.Authorization, context.Request.Headers["X-Key"]);
            context.Response.ContentType = "application/rss+xml";
            // In an encoding that nothing declares.
            await context.Response.Body.WriteAsync(CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes($"<rss version=\"2.0\"><channel><title>{WebUtility.HtmlEncode(Script)}</title><link>https://example.org/</link><item><title>{WebUtility.HtmlEncode(Script)} headline 港口</title><link>https://example.org/1</link></item></channel></rss>"), cancellation);
        });
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, cancellation);
        using var browser = await SignInAsync(server);
        var address = new Uri(upstream.Address, "feed.xml").AbsoluteUri;
        await browser.SubmitAsync("/hangfire/sources", ("url", address));
        // The fetch that adding starts is over, so that what is seen afterwards came of the settings.
        await RunningAggregator.UntilAsync(
            () => browser.GetAsync("/hangfire/sources/1"), page => page.Html.Contains("id=\"fetches\"", StringComparison.Ordinal), TimeSpan.FromSeconds(30), page => page.Html, cancellation);
        await browser.GetAsync("/hangfire/categories");
        var category = (await browser.SubmitAsync("/hangfire/categories", ("title", "Ports"), ("slug", "ports"), ("language", "zh"))).Path.Split('/')[^1];
        await browser.GetAsync("/hangfire/sources/1");
        var saved = await browser.SubmitAsync(
            "/hangfire/sources/1/settings", ("url", address), ("charset", "gb18030"), ("category", category), ("language", "zh"), ("agent", "Lamp/1"), ("title", "\"><img src=x onerror=alert(1)>"), ("user", "reader"), ("password", "hunter2secret"),
            ("headers", "X-Key: k3y-s3cret"), ("cookies", "a=c00kie"), ("zone", "Asia/Shanghai"), ("min", "30"), ("max", "120"));
        Assert.Contains("The settings are saved.", saved.Html, StringComparison.Ordinal);
        var refreshed = await browser.SubmitAsync("/hangfire/sources/1/refresh");
        Assert.Contains("Fetched.", refreshed.Html, StringComparison.Ordinal);
        Assert.StartsWith("Basic ", authorization, StringComparison.Ordinal);
        Assert.Equal("k3y-s3cret", header);
        Assert.Contains("headline 港口", WebUtility.HtmlDecode(await server.Http.GetStringAsync(new Uri("categories/ports.json", UriKind.Relative), cancellation)), StringComparison.Ordinal);
        var form = new HtmlParser().ParseDocument(refreshed.Html);
        Assert.Equal(
            ("gb18030", "Asia/Shanghai", "zh", "Lamp/1", "30", "120", category),
            (Value("charset"), Value("zone"), Value("language"), Value("agent"), Value("min"), Value("max"), Assert.Single(form.QuerySelectorAll("#settings input[name=category][checked]")).GetAttribute("value")));
        string? Value(string field) => form.QuerySelector("#settings #" + field)!.GetAttribute("value");

        // A preview shows what would be stored and published, and stores nothing.
        var before = await StoreContents.ReadAtRestAsync(folder.File("data/store.db"), cancellation);
        var previewed = await browser.SubmitAsync("/hangfire/sources/1/preview");
        var preview = new HtmlParser().ParseDocument(previewed.Html).QuerySelector("#preview")!;
        Assert.Equal("headline 港口", preview.QuerySelector("li strong")!.TextContent);
        var atom = XDocument.Parse(preview.QuerySelector(":scope > .panel-body > details pre")!.TextContent);
        Assert.Equal("headline 港口", Assert.Single(atom.Descendants(XName.Get("entry", "http://www.w3.org/2005/Atom"))).Element(XName.Get("title", "http://www.w3.org/2005/Atom"))!.Value);
        Assert.Equal(before, await StoreContents.ReadAtRestAsync(folder.File("data/store.db"), cancellation));

        // Left empty, they stay; a title of the feed and one of the admin's are text and nothing else.
        await browser.GetAsync("/hangfire/sources/1");
        var again = await browser.SubmitAsync("/hangfire/sources/1/settings", ("url", address), ("user", "reader"));
        authorization = null;
        await browser.SubmitAsync("/hangfire/sources/1/refresh");
        Assert.StartsWith("Basic ", authorization, StringComparison.Ordinal);
        var list = await browser.GetAsync("/hangfire/sources");
        foreach (var page in new[] { saved, refreshed, previewed, again, list })
            foreach (var secret in new[] { "hunter2secret", "k3y-s3cret", "c00kie", Script, "<img src=x" })
                Assert.DoesNotContain(secret, page.Html, StringComparison.OrdinalIgnoreCase);

        // A proxy with its dots is the one that is set, an interval is shown and kept whole, and dots that were changed are refused.
        await browser.GetAsync("/hangfire/sources/1");
        await browser.SubmitAsync("/hangfire/sources/1/settings", ("url", address), ("proxy", "http://who:s3cr3t@127.0.0.1:9"), ("min", "1.5"), ("max", "0.333"));
        var refused = await browser.SubmitAsync("/hangfire/sources/1/settings", ("url", address), ("proxy", "http://who:s3cr3t@127.0.0.1:9"), ("min", "0.333"), ("max", "1.5"));
        Assert.Contains("value=\"0.333\"", refused.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"1.5\"", refused.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", refused.Html, StringComparison.Ordinal);
        var dumped = await DumpAsync(folder);
        var kept = await browser.SubmitAsync("/hangfire/sources/1/settings", ("url", address), ("proxy", "http://who:…@127.0.0.1:9"), ("min", "0.333"), ("max", "1.5"));
        Assert.Contains("The settings are saved.", kept.Html, StringComparison.Ordinal);
        Assert.Contains("s3cr3t@127.0.0.1:9", dumped, StringComparison.Ordinal);
        Assert.Contains("19980", dumped, StringComparison.Ordinal);
        Assert.Equal(dumped, await DumpAsync(folder));
        await browser.GetAsync("/hangfire/sources/1");
        refused = await browser.SubmitAsync("/hangfire/sources/1/settings", ("url", address), ("proxy", "http://who:…@127.0.0.2:9"));
        Assert.Contains("The proxy holds the dots", refused.Html, StringComparison.Ordinal);
        Assert.Equal(dumped, await DumpAsync(folder));
        await browser.GetAsync("/hangfire/sources/1");
        await browser.SubmitAsync("/hangfire/sources/1/settings", ("url", address));

        // Another origin gets none of them, though nobody took them away.
        var elsewhere = "nothing came";
        await using var other = await LoopbackServer.StartAsync(async context =>
        {
            elsewhere = $"{context.Request.Headers.Authorization}{context.Request.Headers["X-Key"]}{context.Request.Headers.Cookie}";
            await context.Response.WriteAsync("<rss version=\"2.0\"><channel><title>t</title></channel></rss>", cancellation);
        });
        await browser.GetAsync("/hangfire/sources/1");
        await browser.SubmitAsync("/hangfire/sources/1/settings", ("url", new Uri(other.Address, "feed.xml").AbsoluteUri));
        await browser.SubmitAsync("/hangfire/sources/1/refresh");
        Assert.Equal("", elsewhere);
    }

    [Fact]
    public async Task What_a_feed_asks_for_is_obeyed_and_said_and_lifted_only_when_the_publisher_agreed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/rss+xml";
            context.Response.Headers["X-Robots-Tag"] = "noarchive";
            await context.Response.WriteAsync(
                "<rss version=\"2.0\" xmlns:access=\"http://www.bloglines.com/about/specs/fac-1.0\"><channel><title>Shy</title><copyright>(c) Shy</copyright>"
                + "<access:restriction relationship=\"deny\"/><item><title>A shy headline</title><link>https://example.org/1</link><description>A shy body</description></item></channel></rss>",
                cancellation);
        });
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, cancellation);
        using var browser = await SignInAsync(server);
        await browser.SubmitAsync("/hangfire/sources", ("url", new Uri(upstream.Address, "feed.xml").AbsoluteUri));
        var page = await RunningAggregator.UntilAsync(
            () => browser.GetAsync("/hangfire/sources/1"), page => page.Html.Contains("A shy headline", StringComparison.Ordinal), TimeSpan.FromSeconds(30), page => page.Html, cancellation);
        foreach (var words in new[] { "Shown to everybody now: nothing", "access:restriction deny", "(noarchive)", "(c) Shy" }) Assert.Contains(words, page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("shy", await server.Http.GetStringAsync(new Uri("all.json", UriKind.Relative), cancellation), StringComparison.OrdinalIgnoreCase);

        var refused = await browser.SubmitAsync("/hangfire/sources/1/settings", ("republish", "everything"));
        Assert.Contains("What may be shown is all, the summary", refused.Html, StringComparison.Ordinal);
        await browser.GetAsync("/hangfire/sources/1");
        var agreed = await browser.SubmitAsync("/hangfire/sources/1/settings", ("republish", "title"), ("publisher-agrees", "yes"));
        Assert.Contains("Shown to everybody now: the headline only", agreed.Html, StringComparison.Ordinal);
        Assert.Contains("You have said that the publisher agreed", agreed.Html, StringComparison.Ordinal);
        var feed = await server.Http.GetStringAsync(new Uri("all.json", UriKind.Relative), cancellation);
        Assert.Contains("A shy headline", feed, StringComparison.Ordinal);
        Assert.DoesNotContain("A shy body", feed, StringComparison.Ordinal);

        // A form that knows nothing of it loosens nothing, and every change is on record.
        await browser.GetAsync("/hangfire/sources/1");
        var kept = await browser.SubmitAsync("/hangfire/sources/1/settings", ("title", "Shy one"));
        Assert.Contains("Shown to everybody now: the headline only", kept.Html, StringComparison.Ordinal);
        Assert.Contains("publisherAgrees", (await browser.GetAsync("/hangfire/audit")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_is_tried_with_selectors_before_captures_are_switched_on()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackServer.StartAsync(async context =>
        {
            var path = context.Request.Path.Value;
            if (path == "/robots.txt")
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            context.Response.ContentType = path == "/feed.xml" ? "application/rss+xml" : "text/html; charset=utf-8";
            await context.Response.WriteAsync(
                path == "/feed.xml"
                    ? $"<rss version=\"2.0\"><channel><title>t</title><item><title>A headline about the harbour</title><link>http://{context.Request.Host}/1</link></item></channel></rss>"
                    : """
                      <html lang="en"><head><title>A headline about the harbour</title></head><body><h1>A headline about the harbour</h1>
                      <div class="story"><p>The pilot boats left the quay at six and came back with the tide, as they have for forty years.</p><p class="ad">Buy a boat now.</p></div>
                      <div class="rest"><p>Something else altogether stands here and is no part of the article.</p></div></body></html>
                      """,
                cancellation);
        });
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, cancellation);
        using var browser = await SignInAsync(server);
        await browser.SubmitAsync("/hangfire/sources", ("url", new Uri(upstream.Address, "feed.xml").AbsoluteUri));
        await RunningAggregator.UntilAsync(
            () => browser.GetAsync("/hangfire/sources/1"), page => page.Html.Contains("id=\"fetches\"", StringComparison.Ordinal), TimeSpan.FromSeconds(30), page => page.Html, cancellation);
        var before = await DumpAsync(folder);

        (string, string)[] policy = [("mode", "Always"), ("keep", ".story"), ("remove", ".ad")];
        var tried = await browser.SubmitAsync("/hangfire/sources/1/capture", [.. policy, ("page", new Uri(upstream.Address, "1").AbsoluteUri), ("try", "yes")]);
        Assert.Contains("came back with the tide", tried.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Buy a boat", tried.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Something else altogether", tried.Html, StringComparison.Ordinal);
        Assert.Equal(before, await DumpAsync(folder));
        var refused = await browser.SubmitAsync("/hangfire/sources/1/capture", [.. policy, ("page", "http://10.0.0.1/1"), ("try", "yes")]);
        Assert.Contains("alert-warning", refused.Html, StringComparison.Ordinal);

        var saved = await browser.SubmitAsync("/hangfire/sources/1/capture", policy);
        Assert.Contains("The settings are saved.", saved.Html, StringComparison.Ordinal);
        Assert.Contains("\"Keep\"", await DumpAsync(folder), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(">.story</textarea>", saved.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_publisher_that_takes_too_long_is_said_to_in_either_language()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackServer.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, cancellation, "--Fetching:Timeout=00:00:01", "--Fetching:HeadersTimeout=00:00:01");
        using var browser = await SignInAsync(server);
        await browser.SubmitAsync("/hangfire/sources", ("url", new Uri(upstream.Address, "feed.xml").AbsoluteUri));
        await RunningAggregator.UntilAsync(
            () => browser.GetAsync("/hangfire/sources/1?lang=en"), page => page.Html.Contains("No complete answer within", StringComparison.Ordinal), TimeSpan.FromSeconds(30), page => page.Html, cancellation);
        foreach (var path in new[] { "/hangfire/sources?lang=zh", "/hangfire/sources/1?lang=zh" })
            Assert.Contains("在规定时间内没有得到完整的答复。", (await browser.GetAsync(path)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_is_added_by_the_feed_that_it_names_and_a_deleted_source_is_gone_at_once_until_that_is_undone()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/news.xml")
                await context.Response.WriteAsync("<rss version=\"2.0\"><channel><title>Found</title><item><title>One</title><link>https://example.org/1</link></item></channel></rss>", cancellation);
            else
                await context.Response.WriteAsync("<!doctype html><html><head><title>A site</title><link rel=\"alternate\" type=\"application/rss+xml\" title=\"News of it\" href=\"/news.xml\"></head><body>hello</body></html>", cancellation);
        });
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder, cancellation);
        using var browser = await SignInAsync(server);
        await browser.GetAsync("/hangfire/sources/add");
        var looked = await browser.SubmitAsync("/hangfire/sources/add", ("action", "preview"), ("addresses", upstream.Address.AbsoluteUri + "\nfile:///etc/passwd\n"));
        Assert.Contains("News of it", looked.Html, StringComparison.Ordinal);
        Assert.Contains("Enter an address that begins with http", looked.Html, StringComparison.Ordinal);
        Assert.Equal("", await DumpAsync(folder));

        var feed = new Uri(upstream.Address, "news.xml").AbsoluteUri;
        var added = await browser.SubmitAsync("/hangfire/sources/add", ("action", "choose"), ("address", feed));
        Assert.Contains("Added", added.Html, StringComparison.Ordinal);
        Assert.Contains("There already", (await browser.SubmitAsync("/hangfire/sources/add", ("action", "add"), ("addresses", feed))).Html, StringComparison.Ordinal);
        var items = await RunningAggregator.UntilAsync(
            () => server.ItemsAsync("all.json", cancellation), items => items.Count == 1, TimeSpan.FromSeconds(30), items => $"{items.Count} items", cancellation);
        var article = new Uri(items[0].Url).AbsolutePath;
        if (!article.StartsWith("/articles/", StringComparison.Ordinal)) article = "/articles/" + items[0].Id[(items[0].Id.LastIndexOf('/') + 1)..];

        await browser.GetAsync("/hangfire/sources/1");
        var asked = await browser.SubmitAsync("/hangfire/sources/bulk", ("action", "delete"));
        Assert.Contains("Pause instead", asked.Html, StringComparison.Ordinal);
        using var stranger = new FormBrowser(server.Http.BaseAddress!);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(article)).Status);
        var deleted = await browser.SubmitAsync("/hangfire/sources/bulk", ("action", "delete"));
        Assert.Contains("They can be restored for 7 days.", deleted.Html, StringComparison.Ordinal);
        foreach (var path in new[] { article, article + "/diff", "/sources/1", "/timemap/" + article.Split('/')[^1] })
            Assert.True((await stranger.GetAsync(path)).Status is HttpStatusCode.NotFound, path);
        await RunningAggregator.UntilAsync(
            () => server.ItemsAsync("all.json", cancellation), items => items.Count == 0, TimeSpan.FromSeconds(10), items => $"{items.Count} items", cancellation);

        Assert.Contains("The source is back as it was.", (await browser.SubmitAsync("/hangfire/sources/1/restore")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(article)).Status);
        await RunningAggregator.UntilAsync(
            () => server.ItemsAsync("all.json", cancellation), items => items.Count == 1, TimeSpan.FromSeconds(10), items => $"{items.Count} items", cancellation);
    }

    private static IEnumerable<(string Form, (string, string)[] Fields, string Sentence)> Hostile()
    {
        const string NotAnAddress = "Enter an address that begins with http";
        const string Private = "is not on the public internet";
        foreach (var address in new[] { "file:///etc/passwd", "javascript:alert(1)", "data:text/html," + Script, "gopher://example.org/", "//example.org", "http://", "catalogue:samples/yunxi-news.xml", Script, "\" onfocus=\"alert(1)" })
        {
            yield return ("/hangfire/sources", [("url", address)], NotAnAddress);
            yield return ("/hangfire/sources/add", [("action", "add"), ("addresses", address)], NotAnAddress);
            yield return ("/hangfire/sources/1/settings", [("url", address)], NotAnAddress);
        }

        const string Captures = "The settings of captures cannot be used";
        yield return ("/hangfire/sources/1/capture", [("mode", Script)], Captures);
        yield return ("/hangfire/sources/1/capture", [("mode", "Always"), ("short-below", "1e9")], Captures);
        yield return ("/hangfire/sources/1/capture", [("mode", "7")], "must be off, when-short or always");
        yield return ("/hangfire/sources/1/capture", [("mode", "Always"), ("short-below", "0")], "must be a number of words");
        yield return ("/hangfire/sources/1/capture", [("mode", "Always"), ("keep", "[[" + Script)], "selector");

        foreach (var address in new[] { "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[fd00::1]/feed", "http://[::ffff:10.0.0.1]/", "http://0x0a.0.0.1/", "http://167772161/", "http://192.168.1.1:8080/rss", "192.168.1.1/rss" })
        {
            yield return ("/hangfire/sources", [("url", address)], Private);
            yield return ("/hangfire/sources/add", [("action", "add"), ("addresses", address)], Private);
            yield return ("/hangfire/sources/1/settings", [("url", address.StartsWith("http", StringComparison.Ordinal) ? address : "http://" + address)], Private);
        }

        yield return ("/hangfire/sources", [("url", "")], NotAnAddress);
        yield return ("/hangfire/sources", [("url", "https://example.org/" + new string('a', 2100))], "too long");
        yield return ("/hangfire/sources", [("url", "https://example.org/feed"), ("category", Script)], "There is no such category");
        yield return ("/hangfire/sources/add", [("action", "add"), ("addresses", string.Join('\n', Enumerable.Range(0, 201).Select(number => $"https://example.org/{number}")))], "At most 200");
        yield return ("/hangfire/sources/add", [("action", "add"), ("addresses", "https://example.org/feed"), ("category", "99")], "There is no such category");
        yield return ("/hangfire/sources/bulk", [("action", "move"), ("to", "99")], "There is no such category");
        foreach (var (field, value, sentence) in new[]
        {
            ("title", new string('t', 201), "A title is one line"), ("zone", "Mars/Olympus", "There is no such zone"), ("language", Script, "That is no language tag"),
            ("min", "0", "Intervals are"), ("min", "0.000001", "Intervals are"), ("min", "1e3", "Intervals are"), ("min", "1,5", "Intervals are"), ("min", "-5", "Intervals are"), ("max", "99999999999", "Intervals are"), ("category", "99", "There is no such category"),
            ("headers", "Host: evil.example.org", "not for a source to set"), ("headers", "X-Forwarded-For: 127.0.0.1", "not for a source to set"), ("headers", "no colon", "Name: value"),
            ("proxy", "file:///etc/passwd", "The proxy must be"), ("charset", "klingon", "The charset is no encoding"), ("pin", "abc", "SHA-256"), ("user", "a:b", "no colon"),
        })
            yield return ("/hangfire/sources/1/settings", [(field, value)], sentence);
    }

    /// <summary>Everything that these pages change, as one text.</summary>
    private static async Task<string> DumpAsync(TemporaryFolder folder)
    {
        await using var connection = new SqliteConnection($"Data Source={folder.File("data/store.db")};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            select id || ' ' || url || ' ' || coalesce(title, '') || state || coalesce(default_zone, '') || coalesce(default_language, '') || coalesce(min_interval, '')
                   || coalesce(max_interval, '') || coalesce(fetch_settings, '') || coalesce(capture, '') || coalesce(deleted_at, '') from source
            union all select category_id || '-' || source_id from category_source
            """;
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return string.Join('\n', rows);
    }

    private static Task<RunningAggregator> StartAsync(TemporaryFolder folder, CancellationToken cancellationToken, params string[] settings) => RunningAggregator.StartAsync(
        folder.Path, cancellationToken, ["--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", .. settings]);

    private static async Task<FormBrowser> SignInAsync(RunningAggregator server)
    {
        var browser = new FormBrowser(server.Http.BaseAddress!);
        var line = await server.Process.WaitForLineAsync(line => line.Contains("/setup?token=", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        await browser.GetAsync(new Uri(line.Split(' ')[^1]).PathAndQuery + "&lang=en");
        await browser.SubmitAsync("/setup", ("name", "admin"), ("password", "a long enough sentence"), ("password-again", "a long enough sentence"));
        // The language is remembered.
        await browser.GetAsync("/hangfire/sources?lang=en");
        return browser;
    }
}
