using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Server.Tests.Testing;
using Aggregator.Testing;
using AngleSharp.Html.Parser;
using Xunit;

namespace Aggregator.Server.Tests.Dashboard;

/// <summary>Categories, subscription lists and rules in the dashboard of the real program: the admin's way, and hostile ones.</summary>
public sealed partial class CategoriesTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_admin_makes_renames_and_deletes_a_category_and_every_old_address_leads_on()
    {
        await using var site = await Site.StartAsync();
        using var admin = await site.SignInAsync();
        await admin.GetAsync("/hangfire/categories?lang=en");
        var made = await admin.SubmitAsync("/hangfire/categories", Fields("<b>科技</b> & AI", "", "zh"));
        Assert.Contains("The category was created.", made.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;科技&lt;/b&gt; &amp; AI", made.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>科技", made.Html, StringComparison.Ordinal);
        var page = made.Path;
        var renamed = await admin.SubmitAsync(page, Fields("Tech", "tech", "en"));
        Assert.Contains("/categories/b-b-ai", renamed.Html, StringComparison.Ordinal);
        Assert.Contains("The category was saved.", (await admin.SubmitAsync(page, Fields("Tech", "technology", "en"))).Html, StringComparison.Ordinal);

        // What was entered is in the form again, and readers see it.
        var full = await admin.SubmitAsync(page, ("title", "Tech"), ("slug", "technology"), ("language", "en-GB"), ("description", "Lamps & \"quays\""), ("position", "-7"));
        var form = new HtmlParser().ParseDocument(full.Html);
        Assert.Equal(
            ("Tech", "technology", "en-GB", "-7", "Lamps & \"quays\"", false),
            (Value("title"), Value("slug"), Value("language"), Value("position"), form.QuerySelector("#category-description")!.TextContent, form.QuerySelector("input[name=attribution]")!.HasAttribute("checked")));
        var shown = new HtmlParser().ParseDocument(await site.Server.Http.GetStringAsync(new Uri("categories/technology?lang=en", UriKind.Relative), Cancellation));
        Assert.Contains("Lamps & \"quays\"", shown.Body!.TextContent, StringComparison.Ordinal);
        using var feed = JsonDocument.Parse(await site.Server.Http.GetStringAsync(new Uri("categories/technology.json", UriKind.Relative), Cancellation));
        Assert.Equal(("en-GB", "Lamps & \"quays\""), (feed.RootElement.GetProperty("language").GetString(), feed.RootElement.GetProperty("description").GetString()));
        var kept = await admin.SubmitAsync(page, ("title", "Tech"), ("slug", "technology"), ("language", "en"), ("attribution", "show"));
        Assert.True(new HtmlParser().ParseDocument(kept.Html).QuerySelector("input[name=attribution]")!.HasAttribute("checked"));
        string? Value(string field) => form.QuerySelector("#category-" + field)!.GetAttribute("value");

        using var reader = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = site.Server.Http.BaseAddress };
        foreach (var slug in (string[])["b-b-ai", "tech"])
        {
            foreach (var end in (string[])["", ".atom", ".rss", ".json", ".opml"])
            {
                using var answer = await reader.GetAsync($"/categories/{slug}{end}?x=1", Cancellation);
                Assert.Equal((HttpStatusCode.MovedPermanently, $"/categories/technology{end}?x=1"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
                using var target = await reader.GetAsync(answer.Headers.Location, Cancellation);
                Assert.Equal(HttpStatusCode.OK, target.StatusCode);
            }
        }

        using (var nowhere = await reader.GetAsync("/categories/never.atom", Cancellation)) Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);

        // Refused, with what was entered still there.
        await admin.GetAsync("/hangfire/categories?lang=en");
        foreach (var (fields, sentence) in (((string, string)[] Fields, string Sentence)[])
            [
                (Fields("X", "tech", "en"), "Another category has this name"), (Fields("X", "No Slug", "en"), "A name in addresses has"), (Fields("", "", "en"), "Give it a title"),
                (Fields("X", "", "no language"), "must be a BCP 47 tag"), ([("title", "X"), ("language", "en"), ("position", "first")], "must be a whole number"),
            ])
        {
            var refused = await admin.SubmitAsync("/hangfire/categories", fields);
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains(sentence, refused.Html, StringComparison.Ordinal);
        }

        Assert.Contains("It has 0 sources", (await admin.GetAsync(page + "/delete")).Html, StringComparison.Ordinal);
        Assert.Contains("The category was deleted", (await admin.SubmitAsync(page + "/delete")).Html, StringComparison.Ordinal);
        using var gone = await reader.GetAsync("/categories/tech.atom", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_list_comes_in_by_file_and_by_address_with_a_report_and_goes_out_again()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 3, EntriesPerSource = 2 }, Cancellation);
        await using var site = await Site.StartAsync("--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00");
        using var admin = await site.SignInAsync();
        var report = await Site.ImportAsync(admin, Encoding.UTF8.GetBytes(
            $"<opml><body><outline text='国内'><outline text='&lt;script&gt;alert(1)&lt;/script&gt;' xmlUrl='{upstream.Sources[0].Url}'/></outline>"
            + "<outline text='bad' xmlUrl='javascript:alert(1)'/><outline text='file' xmlUrl='file:///etc/passwd'/></body></opml>"));
        Assert.Contains("1 sources added, 0 there already.", report, StringComparison.Ordinal);
        Assert.Contains("2 refused; 1 categories.", report, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", report, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", report, StringComparison.Ordinal);
        Assert.Contains("no http or https address", report, StringComparison.Ordinal);

        await admin.GetAsync("/hangfire/categories/import?lang=en");
        var started = await admin.SubmitAsync("/hangfire/categories/import", ("url", upstream.OpmlUrl.AbsoluteUri));
        report = await Site.FinishedAsync(admin, started.Path);
        Assert.Contains("2 sources added, 1 there already.", report, StringComparison.Ordinal);
        Assert.Contains("opml.import", (await admin.GetAsync("/hangfire/audit")).Html, StringComparison.Ordinal);

        await admin.GetAsync("/hangfire/categories/import?lang=en");
        var exported = await admin.SubmitAsync("/hangfire/categories/export");
        // What was there stays in its category, whatever folder the second list has it in.
        Assert.Equal(3, Regex.Count(exported.Html, "xmlUrl=", RegexOptions.None, Soon));
        var items = await RunningAggregator.UntilAsync(
            () => site.Server.ItemsAsync("all.json", Cancellation), items => items.Count == 6, Soon, items => $"{items.Count} entries", Cancellation);
        Assert.Equal(6, items.Count);
    }

    [Fact]
    public async Task Rules_are_tried_saved_applied_and_explained()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 1, EntriesPerSource = 4 }, Cancellation);
        await using var site = await Site.StartAsync("--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Publish:MaxAge=00:00:00");
        using var admin = await site.SignInAsync();
        await admin.GetAsync("/hangfire/categories?lang=en");
        await admin.SubmitAsync("/hangfire/categories", Fields("Picked", "picked", "en"));
        await Site.ImportAsync(admin, Encoding.UTF8.GetBytes($"<opml><body><outline text='All' xmlns:agg='urn:aggregator:opml' agg:slug='all-of-it'><outline text='S' xmlUrl='{upstream.Sources[0].Url}'/></outline></body></opml>"));
        var items = await RunningAggregator.UntilAsync(
            () => site.Server.ItemsAsync("all.json", Cancellation), items => items.Count == 4, Soon, items => $"{items.Count} entries", Cancellation);
        var (first, last) = (upstream.Expected(0)[0], upstream.Expected(0)[^1]);
        var list = await admin.GetAsync("/hangfire/categories?lang=en");
        var rules = CategoryPath().Matches(list.Html).Select(match => match.Value).Distinct().OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal).Select(path => path + "/rules").Last();
        var text = $"title contains \"{first.Title}\" then category \"picked\"\ntitle contains \"{first.Title}\" then tag \"own\"\ntitle contains \"{last.Title}\" then drop";
        await admin.GetAsync(rules + "?lang=en");
        var trial = await admin.SubmitAsync(rules, ("rules", text), ("command", "try"));
        Assert.Contains("of 4 entries. Nothing was changed.", trial.Html, StringComparison.Ordinal);
        Assert.Contains("category &quot;picked&quot;", trial.Html, StringComparison.Ordinal);

        // Hostile and wrong ones are refused with their place, and nothing is kept of them.
        foreach (var (written, sentence) in ((string, string)[])
            [
                ("title contains \"<script>alert(1)</script>", "the quotation mark is never closed"), ("title matches \"(a+)+\\1\" then drop", "regular expression cannot be used"),
                ("title contains \"x\" then category \"nowhere\"", "there is no category \"nowhere\""), ("x", "Line 1, character 1:"), (new string('(', 100), "nest at most 16 deep"),
                ("#" + new string('x', 20_000), "at most 16384 characters"),
            ])
        {
            await admin.GetAsync(rules + "?lang=en");
            var refused = await admin.SubmitAsync(rules, ("rules", written), ("command", "save"));
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains(sentence, WebUtility.HtmlDecode(refused.Html), StringComparison.Ordinal);
            Assert.DoesNotContain("<script>alert", refused.Html, StringComparison.Ordinal);
        }

        await admin.GetAsync(rules + "?lang=en");
        Assert.Contains("The rules were saved.", (await admin.SubmitAsync(rules, ("rules", text), ("command", "save"))).Html, StringComparison.Ordinal);
        Assert.Empty(await site.Server.ItemsAsync("categories/picked.json", Cancellation));
        await admin.SubmitAsync(rules, ("command", "apply"), ("drop", "yes"));
        var picked = await RunningAggregator.UntilAsync(
            () => site.Server.ItemsAsync("categories/picked.json", Cancellation), found => found.Count > 0, Soon, found => $"{found.Count} entries", Cancellation);
        Assert.Contains(picked, item => item.Title == first.Title);
        // The stored entry has the tag, and so has what is published of it.
        using (var feed = JsonDocument.Parse(await site.Server.Http.GetStringAsync(new Uri("categories/picked.json", UriKind.Relative), Cancellation)))
            Assert.Contains("own", feed.RootElement.GetProperty("items")[0].GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        var left = await RunningAggregator.UntilAsync(
            () => site.Server.ItemsAsync("all.json", Cancellation), found => found.Count < 4, Soon, found => $"{found.Count} entries", Cancellation);
        Assert.DoesNotContain(left, item => item.Title == last.Title);

        // The list of changes says which entries, where they were and where they are.
        var told = WebUtility.HtmlDecode(await RunningAggregator.UntilAsync(
            async () => (await admin.GetAsync("/hangfire/audit?lang=en")).Html, html => html.Contains("title=\"rules.applied\"", StringComparison.Ordinal), Soon, html => html, Cancellation));
        Assert.Matches(@"entries\.[0-9]+:</span> <del><bdi>all-of-it</bdi></del> → <bdi>picked #own all-of-it</bdi>", told);
        Assert.Matches(@"entries\.[0-9]+:</span> <del><bdi>all-of-it</bdi></del></div>", told);
        // By numbers: the list is never erased, an article may be.
        var applied = told[told.IndexOf("rules.applied", StringComparison.Ordinal)..told.IndexOf("rules.apply-and-drop", StringComparison.Ordinal)];
        Assert.DoesNotContain(first.Title, applied, StringComparison.Ordinal);
        Assert.DoesNotContain(last.Title, applied, StringComparison.Ordinal);

        var why = await admin.GetAsync($"/hangfire/categories/entries/{picked[0].Id[(picked[0].Id.LastIndexOf('/') + 1)..]}?lang=en");
        Assert.Contains("by a rule, on", why.Html, StringComparison.Ordinal);
        Assert.Contains("its source belongs to it.", why.Html, StringComparison.Ordinal);

        // The publisher goes on: what was dropped does not come back, and what is new is asked.
        upstream.Publish(0, 1);
        await admin.GetAsync("/hangfire/sources?lang=en");
        await admin.SubmitAsync("/hangfire/sources/1/refresh");
        var after = await RunningAggregator.UntilAsync(
            () => site.Server.ItemsAsync("all.json", Cancellation), found => found.Count == left.Count + 1, Soon, found => $"{found.Count} entries", Cancellation);
        Assert.DoesNotContain(after, item => item.Title == last.Title);
        Assert.Contains(last.Title, WebUtility.HtmlDecode((await admin.GetAsync(rules + "?lang=en")).Html), StringComparison.Ordinal);
        Assert.Equal(4, items.Count);
    }

    [Fact]
    public async Task Hostile_input_gets_a_clear_refusal_and_changes_nothing()
    {
        var sent = 0;
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            switch (context.Request.Path.Value)
            {
                case "/bomb":
                    context.Response.Headers.ContentEncoding = "gzip";
                    await context.Response.Body.WriteAsync(PackedList.Gzip(), context.RequestAborted);
                    break;
                case "/list.opml.gz":
                    await context.Response.Body.WriteAsync(PackedList.Gzip(), context.RequestAborted);
                    break;
                case "/list.zip":
                    await context.Response.Body.WriteAsync(PackedList.Zip(), context.RequestAborted);
                    break;
                case "/endless":
                    // A list by its beginning, of which nobody says how long it is.
                    await context.Response.Body.WriteAsync("<opml><body><outline text='x' xmlUrl='https://x.example/'/>"u8.ToArray(), context.RequestAborted);
                    var blank = new byte[1024 * 1024];
                    blank.AsSpan().Fill((byte)' ');
                    // With a rest after each megabyte: Kestrel takes what is written after the client went, until its token says so a little later.
                    for (; sent < 200 && !(await context.Response.BodyWriter.WriteAsync(blank, context.RequestAborted)).IsCompleted; sent++)
                        await Task.Delay(TimeSpan.FromMilliseconds(2), context.RequestAborted);
                    break;
                default:
                    context.Response.Redirect("http://169.254.169.254/latest/meta-data");
                    break;
            }
        });
        await using var site = await Site.StartAsync($"--Fetching:AllowedTargets:0=127.0.0.1:{server.Address.Port}");
        using var admin = await site.SignInAsync();
        await admin.GetAsync("/hangfire/categories?lang=en");
        await admin.SubmitAsync("/hangfire/categories", Fields("Here", "here", "en"));
        var before = await Site.StateAsync(admin);

        foreach (var (name, body, sentence) in ((string Name, byte[] Body, string Sentence)[])
            [
                ("billion laughs", Encoding.UTF8.GetBytes(Laughs()), "declares entities of its own"),
                ("billion laughs in UTF-16", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Laughs())], "declares entities of its own"),
                ("external entity", Encoding.UTF8.GetBytes("<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml><body><outline text='&x;' xmlUrl='https://a.example/'/></body></opml>"), "declares entities of its own"),
                ("gzip bomb", PackedList.Gzip(), "The file is packed"),
                ("zip bomb", PackedList.Zip(), "The file is packed"),
                ("no list", "<rss/>"u8.ToArray(), "no subscription list"),
            ])
        {
            var page = await Site.UploadAsync(admin, body);
            var html = page.Path.Contains("/imports/", StringComparison.Ordinal) ? await Site.FinishedAsync(admin, page.Path) : page.Html;
            Assert.True(html.Contains(sentence, StringComparison.Ordinal), $"{name}: {html}");
        }

        // By address: the guard, on the first hop and on the next; a body that unpacks to too much, that is packed, that does not end; no other scheme.
        var rows = await StoreContents.ReadAtRestAsync(site.StoreFile, Cancellation);
        const string NoAddress = "is not an http or https address", Private = "leads to a host that is not public", Packed = "The file is packed", TooLarge = "The body is larger than ";
        foreach (var (url, sentence) in ((string, string)[])
            [
                ("http://127.0.0.1:1/list.opml", Private), ("http://[::1]/", Private), ("file:///etc/passwd", NoAddress), ("catalogue:samples.opml", NoAddress), ("gopher://x/", NoAddress), ("nonsense", NoAddress),
                (server.Address + "redirect", "redirects to a host that is not public"), (server.Address + "bomb", TooLarge), (server.Address + "list.opml.gz", Packed), (server.Address + "list.zip", Packed), (server.Address + "endless", TooLarge),
            ])
        {
            await admin.GetAsync("/hangfire/categories/import?lang=en");
            var page = await admin.SubmitAsync("/hangfire/categories/import", ("url", url));
            Assert.True(page.Status == HttpStatusCode.BadRequest && page.Html.Contains(sentence, StringComparison.Ordinal), $"{url}: {page.Status} {page.Html}");
            Assert.DoesNotContain("169.254", page.Html.Replace("http://169.254.169.254/", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        Assert.InRange(sent, 1, 199);
        Assert.Equal(rows, await StoreContents.ReadAtRestAsync(site.StoreFile, Cancellation));

        // Two hundred megabytes, announced: refused before they are read.
        await admin.GetAsync("/hangfire/categories/import?lang=en");
        using (var large = new HttpRequestMessage(HttpMethod.Post, "/hangfire/categories/import") { Content = new StreamContent(new Zeros(200L * 1024 * 1024)) })
        {
            large.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
            large.Headers.ExpectContinue = true;
            var refused = await admin.SendAsync(large);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.Status);
            Assert.Contains("larger than 64 MB", refused.Html, StringComparison.Ordinal);
        }

        // Without the token of a form of ours, nothing unsafe is done.
        foreach (var (path, fields) in ((string, (string, string)[])[])
            [
                ("/hangfire/categories", Fields("Forged", "forged", "en")), ("/hangfire/categories/1", Fields("Forged", "forged", "en")), ("/hangfire/categories/1/delete", []),
                ("/hangfire/categories/1/rules", [("rules", "title contains \"x\" then drop"), ("command", "save")]), ("/hangfire/categories/import", [("url", "https://a.example/")]),
                ("/hangfire/categories/export", [("secrets", "yes")]),
            ])
        {
            using var forged = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2))) };
            Assert.Equal(HttpStatusCode.Forbidden, (await admin.SendAsync(forged)).Status);
            using var stranger = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = site.Server.Http.BaseAddress };
            using var anonymous = await stranger.PostAsync(path, new FormUrlEncodedContent([]), Cancellation);
            Assert.Contains(anonymous.StatusCode, (HttpStatusCode[])[HttpStatusCode.Redirect, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden]);
        }

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await admin.GetAsync("/hangfire/categories/export")).Status);
        Assert.Equal(before, await Site.StateAsync(admin));
    }

    private static (string, string)[] Fields(string title, string slug, string language) =>
        [("title", title), ("slug", slug), ("language", language), ("description", ""), ("position", "1"), ("attribution", "show")];

    private static string Laughs()
    {
        var text = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE opml [<!ENTITY a0 \"ha\">");
        for (var i = 1; i < 30; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"<!ENTITY a{i} \"&a{i - 1};&a{i - 1};\">");
        return text.Append("]><opml><body><outline text=\"&a29;\" xmlUrl=\"https://a.example/\"/></body></opml>").ToString();
    }

    [GeneratedRegex("/hangfire/categories/[0-9]+(?=\")")]
    private static partial Regex CategoryPath();

    private sealed class Site(RunningAggregator server, TemporaryFolder folder) : IAsyncDisposable
    {
        public RunningAggregator Server => server;

        public string StoreFile => folder.File("data/store.db");

        public static async Task<Site> StartAsync(params string[] settings)
        {
            var folder = new TemporaryFolder();
            await using (var process = ChildProcess.Start(
                "sh", ["-c", "echo 'a long enough sentence' | dotnet \"$0\" add-admin admin", Path.Combine(AppContext.BaseDirectory, "aggregator.dll")], folder.Path))
                Assert.Equal(0, await process.WaitForExitAsync(Soon, Cancellation));
            return new Site(await RunningAggregator.StartAsync(folder.Path, Cancellation, ["--Aggregator:Catalogue=", "--Refresh:CheckEvery=00:00:02", .. settings]), folder);
        }

        public async Task<FormBrowser> SignInAsync()
        {
            var browser = new FormBrowser(server.Http.BaseAddress!);
            await browser.GetAsync("/sign-in?return=/hangfire/categories&lang=en");
            var page = await browser.SubmitAsync("/sign-in", ("name", "admin"), ("password", "a long enough sentence"));
            Assert.Equal("/hangfire/categories", page.Path);
            return browser;
        }

        public static async Task<FormPage> UploadAsync(FormBrowser admin, byte[] body)
        {
            var form = await admin.GetAsync("/hangfire/categories/import?lang=en");
            var token = Regex.Match(form.Html, "name=\"(form-token)\" value=\"([^\"]+)\"", RegexOptions.None, Soon);
            using var content = new MultipartFormDataContent { { new StringContent(token.Groups[2].Value), token.Groups[1].Value }, { new ByteArrayContent(body), "file", "list.opml" } };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/hangfire/categories/import") { Content = content };
            return await admin.SendAsync(request);
        }

        public static async Task<string> ImportAsync(FormBrowser admin, byte[] body)
        {
            var page = await UploadAsync(admin, body);
            Assert.Contains("/hangfire/categories/imports/", page.Path, StringComparison.Ordinal);
            return await FinishedAsync(admin, page.Path);
        }

        public static async Task<string> FinishedAsync(FormBrowser admin, string path) =>
            (await RunningAggregator.UntilAsync(
                () => admin.GetAsync(path + "?lang=en"), page => !page.Html.Contains("role=\"progressbar\"", StringComparison.Ordinal), Soon, page => page.Html, Cancellation)).Html;

        /// <summary>Everything that an admin can set, as it would be exported.</summary>
        public static async Task<string> StateAsync(FormBrowser admin)
        {
            await admin.GetAsync("/hangfire/categories/import?lang=en");
            return (await admin.SubmitAsync("/hangfire/categories/export", ("secrets", "yes"))).Html;
        }

        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            folder.Dispose();
        }
    }

    private sealed class Zeros(long length) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => _position; set => _position = value; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - _position);
            Array.Clear(buffer, offset, read);
            _position += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => _position = origin == SeekOrigin.Begin ? offset : origin == SeekOrigin.End ? length + offset : _position + offset;

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
