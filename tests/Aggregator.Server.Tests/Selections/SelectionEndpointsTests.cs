using System.Net;
using System.Text;
using System.Xml.Linq;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Selections;
using Aggregator.Server.Tests.Browse;
using AngleSharp.Html.Dom;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace Aggregator.Server.Tests.Selections;

public sealed class SelectionEndpointsTests(SelectionSiteFixture fixture) : IClassFixture<SelectionSiteFixture>
{
    private readonly RunningSite _site = fixture.Site;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stranger_is_told_what_it_is_and_nothing_is_kept_of_him()
    {
        using var browser = _site.CreateBrowser("en");
        using var response = await browser.GetAsync(new Uri("/subscriptions", UriKind.Relative), Ct);
        var page = await response.ReadPageAsync();
        Assert.Equal("My subscriptions", page.TextOf("h1"));
        Assert.Equal(["domestic", "world", "science"], page.QuerySelectorAll("[name=category]").Select(box => box.GetAttribute("value")));
        Assert.DoesNotContain(SelectionCookie.Name, string.Join(' ', response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : []), StringComparison.Ordinal);
        Assert.Null(page.QuerySelector(".address"));
        Assert.Equal("noindex", page.AttributeOf("meta[name=robots]", "content"));
        Assert.Equal("/subscriptions", page.AttributeOf("header .to-subscriptions", "href"));
    }

    [Fact]
    public async Task A_visitor_chooses_reads_carries_and_forgets()
    {
        using var phone = _site.CreateBrowser("en");
        var page = await phone.GetPageAsync("/subscriptions");
        var form = page.QuerySelectorAll("form").Single(one => one.GetAttribute("action") == "/subscriptions/picks");
        var list = await FollowedByAsync(phone, await SendAsync(phone, "/subscriptions/picks", Token(form), ("category", "world"), ("category", "domestic")));
        Assert.Equal(30, list.QuerySelectorAll(".entries h3").Length);
        Assert.Equal(SampleSite.ChineseTitle, list.TextOf(".entries h3"));
        Assert.Equal(0, list.QuerySelectorAll(".new").Length);
        var second = await phone.GetPageAsync(list.AttributeOf("[rel=next]", "href"));
        Assert.Equal(30, second.QuerySelectorAll(".entries h3").Length);
        Assert.Equal(SampleSite.ChineseTitle, (await phone.GetPageAsync(second.AttributeOf("[rel=prev]", "href"))).TextOf(".entries h3"));

        // The button of a page that everybody shares.
        list = await FollowedByAsync(phone, await SendAsync(phone, "/subscriptions/follow", ownOrigin: true, ("search", "q=港口")));
        Assert.Equal("You follow 港口", list.TextOf(".told p"));
        var address = (await phone.GetPageAsync("/subscriptions/picks")).TextOf(".address code");
        Assert.Matches("^" + _site.Address + "subscriptions/[0-9a-f]{32}$", address);

        using var desk = _site.CreateBrowser("en");
        var offer = await desk.GetPageAsync(address);
        Assert.Equal(["国内", "World", "港口"], offer.TextsOf(".followed bdi"));
        var adopted = await FollowedByAsync(desk, await SendAsync(desk, "/subscriptions/adopt", Token(offer.QuerySelector("form[action='/subscriptions/adopt']")!), ("token", address[^32..])));
        Assert.Equal(SampleSite.ChineseTitle, adopted.TextOf(".entries h3"));
        using (var again = await desk.GetAsync(new Uri(address), Ct)) Assert.Equal("/subscriptions", again.Headers.Location!.ToString());

        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync(new Uri(address + ".atom"), Ct)).StatusCode);
        var forgotten = await FollowedByAsync(desk, await SendAsync(desk, "/subscriptions/forget", ownOrigin: true));
        Assert.Equal("Forgotten. The private address leads nowhere any more.", forgotten.TextOf(".told"));
        await desk.GetPageAsync(address, HttpStatusCode.NotFound);
        foreach (var extension in new[] { "atom", "rss", "json", "opml" })
            Assert.Equal(HttpStatusCode.NotFound, (await desk.GetAsync(new Uri($"{address}.{extension}"), Ct)).StatusCode);

        // The other browser finds out calmly.
        Assert.StartsWith("The subscriptions that this browser knew are gone", (await phone.GetPageAsync("/subscriptions")).TextOf(".told"), StringComparison.Ordinal);
        Assert.Null((await phone.GetPageAsync("/subscriptions")).QuerySelector(".told"));
    }

    [Theory]
    [InlineData("/subscriptions")]
    [InlineData("/subscriptions/picks")]
    [InlineData("/subscriptions/0123456789abcdef0123456789abcdef")]
    [InlineData("/subscriptions/{token}")]
    [InlineData("/subscriptions/{token}.atom")]
    [InlineData("/subscriptions/{token}.opml")]
    [InlineData("/subscriptions/{token}.exe")]
    [InlineData("/subscriptions/a/b/c")]
    public async Task Nothing_under_it_is_kept_listed_or_named_to_others(string path)
    {
        using var browser = _site.CreateBrowser();
        var token = await FollowAsync(browser, ("category", "world"));
        using var stranger = _site.CreateBrowser();
        foreach (var client in new[] { browser, stranger })
        {
            using var response = await client.GetAsync(new Uri(path.Replace("{token}", token, StringComparison.Ordinal), UriKind.Relative), Ct);
            Assert.Equal("no-referrer", string.Join(',', response.Headers.GetValues("Referrer-Policy")));
            Assert.Equal("noindex", string.Join(',', response.Headers.GetValues("X-Robots-Tag")));
            Assert.Contains(response.Headers.CacheControl!.ToString(), (string[])["no-store", "no-cache, private"]);
            Assert.Equal(path.EndsWith("atom", StringComparison.Ordinal) || path.EndsWith("opml", StringComparison.Ordinal), response.Headers.CacheControl.Private);
        }
    }

    [Fact]
    public async Task The_cookie_goes_to_these_pages_only_and_every_other_page_is_everybodys()
    {
        using var browser = _site.CreateBrowser("en");
        using var response = await SendAsync(browser, "/subscriptions/follow", ownOrigin: true, ("category", "world"));
        var cookie = response.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith(SelectionCookie.Name, StringComparison.Ordinal)).ToLowerInvariant();
        Assert.Contains("path=/subscriptions;", cookie + ";", StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Contains("max-age=31536000", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", cookie, StringComparison.Ordinal);

        using var stranger = _site.CreateBrowser("en");
        using var mine = await browser.GetAsync(new Uri("/categories/world", UriKind.Relative), Ct);
        using var theirs = await stranger.GetAsync(new Uri("/categories/world", UriKind.Relative), Ct);
        Assert.Equal("public, max-age=60", mine.Headers.CacheControl!.ToString());
        Assert.Equal(theirs.Headers.ETag, mine.Headers.ETag);
        Assert.Equal(await theirs.Content.ReadAsByteArrayAsync(Ct), await mine.Content.ReadAsByteArrayAsync(Ct));
        var form = (await browser.GetPageAsync("/categories/world")).QuerySelector("form.follow")!;
        Assert.Equal(("post", "/subscriptions/follow", "category:world"), (form.GetAttribute("method"), form.GetAttribute("action"), form.GetAttribute("data-follow")));
        Assert.Equal("source:2", (await browser.GetPageAsync("/sources/2")).QuerySelector("form.follow")!.GetAttribute("data-follow"));
        Assert.NotNull((await browser.GetPageAsync("/search?q=harbour")).QuerySelector("form.follow"));

        // The selection's own pages never come from, or go into, what strangers share.
        await browser.GetPageAsync("/subscriptions");
        var cache = _site.Services.GetRequiredService<PageCache>();
        Assert.Null(await cache.FindAsync(new PageName("/subscriptions", "en"), Ct));
        Assert.Equal("My subscriptions", (await stranger.GetPageAsync("/subscriptions")).TextOf("h1"));
        Assert.Empty((await stranger.GetPageAsync("/subscriptions")).QuerySelectorAll(".entries"));
    }

    [Fact]
    public async Task A_form_of_another_site_changes_nothing_and_asks()
    {
        using var browser = _site.CreateBrowser("en");
        foreach (var (header, value) in new[] { ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example"), ("Origin", "null"), ("X-None", "none") })
        {
            using var response = await SendAsync(browser, "/subscriptions/follow", header, value, ("category", "world"));
            var page = await response.ReadPageAsync();
            Assert.Equal("Follow this?", page.TextOf("h1"));
            Assert.DoesNotContain(response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], cookie => cookie.StartsWith(SelectionCookie.Name, StringComparison.Ordinal));
            foreach (var path in new[] { "unfollow", "picks", "import", "adopt", "forget" })
            {
                using var refused = await SendAsync(browser, "/subscriptions/" + path, header, value, ("category", "world"), ("token", new string('0', 32)));
                Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            }
        }

        // Who is asked and agrees does follow.
        using var asked = await SendAsync(browser, "/subscriptions/follow", "X-None", "none", ("category", "world"));
        var form = (await asked.ReadPageAsync()).QuerySelector("form[action='/subscriptions/follow']")!;
        Assert.Equal("You follow World", (await FollowedByAsync(browser, await SendAsync(browser, "/subscriptions/follow", Token(form), ("category", "world")))).TextOf(".told p"));
    }

    [Theory]
    [InlineData("1.0123456789abcdef0123456789abcdef")]
    [InlineData("2.0123456789abcdef0123456789abcdef")]
    [InlineData("1.0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("1.")]
    [InlineData("%00%E2%80%AE")]
    [InlineData("1.'or'1'='1'--")]
    public async Task A_cookie_that_opens_nothing_is_a_calm_page_and_goes(string cookie)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = _site.Address };
        foreach (var path in new[] { "/subscriptions", "/subscriptions/picks" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Cookie", $"{SelectionCookie.Name}={cookie}");
            using var response = await client.SendAsync(request, Ct);
            Assert.NotEmpty((await response.ReadPageAsync()).TextOf(".told"));
            Assert.Contains(response.Headers.GetValues("Set-Cookie"), one => one.StartsWith(SelectionCookie.Name + "=;", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("category", "no-such", 404)]
    [InlineData("category", "../../etc/passwd", 404)]
    [InlineData("source", "99999", 404)]
    [InlineData("source", "-1", 404)]
    [InlineData("source", "9223372036854775808", 404)]
    [InlineData("search", "", 404)]
    [InlineData("search", "q=", 404)]
    [InlineData("search", "q=%E2%80%AE\"title:(*", 302)]
    [InlineData("search", "%%%%&q=' or 1=1--&q=2", 302)]
    [InlineData("other", "x", 404)]
    public async Task Whatever_is_to_be_followed_is_answered_calmly(string field, string value, int status)
    {
        using var browser = _site.CreateBrowser("en");
        foreach (var path in new[] { "follow", "unfollow" })
        {
            using var response = await SendAsync(browser, "/subscriptions/" + path, ownOrigin: true, (field, value));
            Assert.Equal(path == "follow" ? status : 302, (int)response.StatusCode);
        }

        await browser.GetPageAsync("/subscriptions?before=nonsense&after=1-1&followed=%00&done=x");
        using var noForm = new HttpRequestMessage(HttpMethod.Post, "/subscriptions/follow") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        noForm.Headers.Add("Origin", Origin);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(noForm, Ct)).StatusCode);
    }

    [Fact]
    public async Task Its_feeds_have_what_the_page_has_and_a_reader_that_holds_them_gets_nothing_twice()
    {
        using var browser = _site.CreateBrowser("en");
        var token = await FollowAsync(browser, ("category", "domestic"));
        await FollowAsync(browser, ("search", "q=harbour"));
        var titles = (await browser.GetPageAsync("/subscriptions")).TextsOf(".entries h3");
        Assert.Contains(SampleSite.EnglishTitle, titles);

        using var reader = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _site.Address };
        using var response = await reader.GetAsync(new Uri($"/subscriptions/{token}.atom", UriKind.Relative), Ct);
        var feed = XDocument.Parse(await response.Content.ReadAsStringAsync(Ct));
        XNamespace atom = "http://www.w3.org/2005/Atom";
        Assert.Equal(titles.Count, feed.Root!.Elements(atom + "entry").Count());
        Assert.Contains(feed.Root.Elements(atom + "link"), link => (string?)link.Attribute("rel") == "self" && (string?)link.Attribute("href") == $"{_site.Address}subscriptions/{token}.atom");
        Assert.Contains(feed.Root.Elements(atom + "link"), link => (string?)link.Attribute("rel") == "hub" && (string?)link.Attribute("href") == $"{_site.Address}hub");
        Assert.Equal(["atom", "rss", "json"], feed.Root.Descendants().Attributes("href").Where(href => href.Value.Contains(token, StringComparison.Ordinal)).Select(href => href.Value.Split('.')[^1]));

        using var conditional = new HttpRequestMessage(HttpMethod.Get, $"/subscriptions/{token}.atom");
        conditional.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        var looks = 0;
        var database = _site.Services.GetRequiredService<Storage.Databases.Database>();
        database.Watch = (statement, parameters) =>
        {
            if (statement.Contains("from selection where token_hash", StringComparison.Ordinal) && Equals(HashOf(parameters), Convert.ToHexStringLower(SelectionToken.Parse(token)!.Hash()))) looks++;
        };
        Assert.Equal(HttpStatusCode.NotModified, (await reader.SendAsync(conditional, Ct)).StatusCode);
        database.Watch = null;
        Assert.Equal(1, looks);
        await FollowAsync(browser, ("source", "2"));
        using var changed = new HttpRequestMessage(HttpMethod.Get, $"/subscriptions/{token}.atom");
        changed.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        Assert.Equal(HttpStatusCode.OK, (await reader.SendAsync(changed, Ct)).StatusCode);
        foreach (var extension in new[] { "rss", "json", "atom?stories=1" })
            Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(new Uri($"/subscriptions/{token}.{extension}", UriKind.Relative), Ct)).StatusCode);
    }

    [Fact]
    public async Task What_is_exported_comes_back_and_a_readers_list_finds_what_we_carry()
    {
        using var browser = _site.CreateBrowser("en");
        var token = await FollowAsync(browser, ("category", "world"));
        await FollowAsync(browser, ("source", "1"));
        await FollowAsync(browser, ("source", "3"));
        await FollowAsync(browser, ("search", "q=港口&lang=zh"));
        var exported = await browser.GetByteArrayAsync(new Uri($"/subscriptions/{token}.opml", UriKind.Relative), Ct);
        Assert.DoesNotContain(SampleSite.SecretInAddress, Encoding.UTF8.GetString(exported), StringComparison.Ordinal);

        using var other = _site.CreateBrowser("en");
        var page = await ImportAsync(other, exported);
        Assert.StartsWith("Of the list’s feeds we carry 4; you follow 4 of them now.", page.TextOf("section.told"), StringComparison.Ordinal);
        Assert.Equal(["World"], page.QuerySelectorAll("[name=category][checked]").Select(box => box.ParentElement!.TextContent.Trim()));
        Assert.Equal(["أخبار الميناء", "港口 · zh", "滨海日报"], page.TextsOf(".followed bdi").Order(StringComparer.Ordinal));

        page = await ImportAsync(other, """
            <opml version="2.0"><body><outline text="Folder">
            <outline text="Daily" xmlUrl="feed://www.daily.example.cn/rss.xml/" type="rss"/><outline text="Daily again" xmlUrl="HTTPS://DAILY.example.cn:443/rss.xml?utm_source=x"/>
            <outline text="&lt;b&gt;Unknown&lt;/b&gt;" xmlUrl="https://unknown.example/feed"/><outline text="No address" xmlUrl="javascript:alert(1)"/>
            </outline></body></opml>
            """u8.ToArray());
        Assert.Contains("we carry 1;", page.TextOf("section.told"), StringComparison.Ordinal);
        Assert.Equal(["<b>Unknown</b> https://unknown.example/feed", "No address javascript:alert(1)"], page.TextsOf(".missing li"));
    }

    [Fact]
    public async Task A_source_of_which_nothing_may_be_shown_is_as_unknown_as_one_that_is_not_there()
    {
        await using var site = await RunningSite.StartWithSamplesAsync(("Subscriptions:MaxPicks", "2"));
        using var browser = site.CreateBrowser("en");
        foreach (var number in new[] { "1", "3" })
            using (await SendAsync(browser, "/subscriptions/follow", "Sec-Fetch-Site", "same-origin", ("source", number))) { }
        var token = (await browser.GetPageAsync("/subscriptions/picks")).TextOf(".address code")[^32..];
        Assert.Contains("滨海日报", await ListsAsync(), StringComparison.Ordinal);

        var sources = site.Services.GetRequiredService<ISourceAdminStore>();
        var detail = (await sources.FindAsync(1, site.Clock.GetUtcNow(), Ct))!;
        await sources.EditAsync(1, SourceEdit.Of(detail.Source, detail.Categories) with { Republish = RepublishLevel.Nothing }, site.Clock.GetUtcNow(), Ct);
        site.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.DoesNotContain("滨海日报", await ListsAsync(), StringComparison.Ordinal);
        Assert.Contains("أخبار الميناء", await ListsAsync(), StringComparison.Ordinal);
        foreach (var number in new[] { "1", "99" })
            foreach (var path in new[] { "/subscriptions/follow", "/subscriptions/unfollow" })
                using (var answer = await SendAsync(browser, path, "Sec-Fetch-Site", "same-origin", ("source", number)))
                    Assert.Equal(path.EndsWith("/follow", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.Found, answer.StatusCode);

        using var other = site.CreateBrowser("en");
        using var form = new MultipartFormDataContent
        {
            {
                new ByteArrayContent(Encoding.UTF8.GetBytes($"""
                    <opml version="2.0"><body><outline text="Its own" xmlUrl="https://daily.example.cn/rss.xml"/><outline text="Ours" xmlUrl="{site.Address}sources/1.atom"/>
                    <outline text="None" xmlUrl="{site.Address}sources/99.atom"/><outline text="Shown" xmlUrl="{site.Address}sources/3.rss"/></body></opml>
                    """)), "list", "list.opml"
            },
        };
        using var import = new HttpRequestMessage(HttpMethod.Post, "/subscriptions/import") { Content = form };
        import.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var imported = await other.SendAsync(import, Ct);
        var page = await imported.ReadPageAsync();
        Assert.StartsWith("Of the list’s feeds we carry 1; you follow 1 of them now.", page.TextOf("section.told"), StringComparison.Ordinal);
        Assert.Equal(3, page.QuerySelectorAll(".missing li").Length);
        Assert.Null(page.QuerySelector(".problem"));

        async Task<string> ListsAsync()
        {
            var texts = new List<string>();
            foreach (var path in (string[])["", "/picks", $"/{token}.opml", $"/{token}.atom", $"/{token}.json"])
                texts.Add(await browser.GetStringAsync(new Uri("/subscriptions" + path, UriKind.Relative), Ct));
            using var stranger = site.CreateBrowser("en");
            texts.Add(await stranger.GetStringAsync(new Uri("/subscriptions/" + token, UriKind.Relative), Ct));
            return string.Join('\n', texts);
        }
    }

    [Fact]
    public async Task The_cookie_of_a_visitor_who_came_by_https_goes_nowhere_else_until_it_is_taken_away()
    {
        // As the proxy in front of us tells.
        using var browser = _site.CreateBrowser("en");
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        string? kept = null;
        foreach (var path in new[] { "/subscriptions/follow", "/subscriptions/forget" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([KeyValuePair.Create("category", "world")]) };
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            if (kept is not null) request.Headers.Add("Cookie", kept);
            using var response = await browser.SendAsync(request, Ct);
            var cookie = response.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith(SelectionCookie.Name, StringComparison.Ordinal));
            Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
            kept = cookie.Split(';')[0];
        }
    }

    [Fact]
    public async Task The_answer_to_a_form_leads_to_the_same_in_the_other_language()
    {
        using var browser = _site.CreateBrowser("en");
        var answers = new[]
        {
            (await ImportAsync(browser, """<opml version="2.0"><body><outline text="Daily" xmlUrl="https://daily.example.cn/rss.xml"/></body></opml>"""u8.ToArray()), "/subscriptions"),
            (await ImportAsync(browser, "no list"u8.ToArray(), HttpStatusCode.UnprocessableEntity), "/subscriptions"),
            (await AnswerAsync("/subscriptions/follow", ownOrigin: false, HttpStatusCode.OK, ("category", "world")), "/subscriptions"),
            (await AnswerAsync("/subscriptions/follow", ownOrigin: true, HttpStatusCode.NotFound, ("category", "no-such")), "/"),
            (await AnswerAsync("/subscriptions/unfollow", ownOrigin: false, HttpStatusCode.BadRequest), "/"),
            (await AnswerAsync("/sign-in", ownOrigin: false, HttpStatusCode.BadRequest, ("name", "a")), ""),
        };
        foreach (var (answer, expected) in answers)
        {
            Assert.Equal(expected + "?lang=zh", answer.AttributeOf("nav.languages a", "href"));
            if (expected.Length > 0) Assert.Equal("zh-CN", (await browser.GetPageAsync(expected + "?lang=zh")).AttributeOf("html", "lang"));
        }

        async Task<IHtmlDocument> AnswerAsync(string path, bool ownOrigin, HttpStatusCode status, params (string, string)[] fields)
        {
            using var response = await SendAsync(browser, path, ownOrigin, fields);
            return await response.ReadPageAsync(status);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("no list at all")]
    [InlineData("<rss><channel/></rss>")]
    [InlineData("<!DOCTYPE opml [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><opml><body><outline text='&b;' xmlUrl='https://a.example/'/></body></opml>")]
    [InlineData("\u001F\u008B")]
    public async Task A_file_that_is_no_list_is_told_so(string content)
    {
        using var browser = _site.CreateBrowser("en");
        Assert.NotEmpty((await ImportAsync(browser, Encoding.Latin1.GetBytes(content), HttpStatusCode.UnprocessableEntity)).TextOf(".problem"));
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_not_read()
    {
        using var browser = _site.CreateBrowser("en");
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[ReaderList.MaxBytes + 200_000]), "list", "large.opml" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/subscriptions/import") { Content = form };
        request.Headers.Add("Origin", Origin);
        request.Headers.ExpectContinue = true;
        using var response = await browser.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Changes_are_limited_per_address_and_so_is_what_one_follows()
    {
        await using var site = await RunningSite.StartWithSamplesAsync(("Subscriptions:WritesPerMinute", "4"), ("Subscriptions:MaxPicks", "2"));
        using var browser = site.CreateBrowser("en");
        foreach (var slug in new[] { "world", "domestic" }) Assert.Equal(HttpStatusCode.Found, (await SendAsync(browser, "/subscriptions/follow", "Sec-Fetch-Site", "same-origin", ("category", slug))).StatusCode);
        using (var full = await SendAsync(browser, "/subscriptions/follow", "Sec-Fetch-Site", "same-origin", ("category", "science")))
            Assert.StartsWith("You follow as much as can be followed", (await full.ReadPageAsync(HttpStatusCode.UnprocessableEntity)).TextOf(".problem"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await SendAsync(browser, "/subscriptions/unfollow", "Sec-Fetch-Site", "same-origin", ("category", "world"))).StatusCode);
        using var late = await SendAsync(browser, "/subscriptions/forget", "Sec-Fetch-Site", "same-origin");
        Assert.NotNull(late.Headers.RetryAfter);
        Assert.Equal("no-store", late.Headers.CacheControl!.ToString());
        await late.ReadPageAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task What_came_since_the_last_visit_is_marked_without_scripts_and_wherever_the_selection_is_carried()
    {
        await using var site = await RunningSite.StartAsync();
        var start = site.Clock.GetUtcNow();
        await SampleSite.AddDatedAsync(site.Services, start, ("old", start.AddHours(-4)));
        using var browser = site.CreateBrowser("en");
        await FollowedByAsync(browser, await SendAsync(browser, "/subscriptions/follow", "Sec-Fetch-Site", "same-origin", ("category", "dated")));

        site.Clock.Advance(TimeSpan.FromHours(2));
        await SampleSite.AddMoreAsync(site.Services, site.Clock.GetUtcNow(), "https://dated.example.org/feed", ("fresh", site.Clock.GetUtcNow().AddHours(-1)));
        site.Clock.Advance(TimeSpan.FromSeconds(2));
        for (var look = 0; look < 2; look++)
        {
            var page = await browser.GetPageAsync("/subscriptions");
            Assert.Equal("1 new since your last visit", page.TextOf(".since"));
            Assert.Equal(3, page.QuerySelectorAll("head link[rel=alternate][type]").Length);
            Assert.Equal(["New fresh"], page.TextsOf(".new h3").Select(title => string.Join(' ', title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        }

        site.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Empty((await browser.GetPageAsync("/subscriptions")).QuerySelectorAll(".new"));

        // More than a page of them.
        var now = site.Clock.GetUtcNow();
        await SampleSite.AddMoreAsync(site.Services, now, "https://dated.example.org/feed", [.. Enumerable.Range(0, 31).Select(i => ($"more{i}", now.AddMinutes(-i)))]);
        site.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("30+ new since your last visit", (await browser.GetPageAsync("/subscriptions")).TextOf(".since"));
    }

    [Fact]
    public async Task An_unused_selection_expires_and_one_whose_feed_is_read_does_not()
    {
        await using var site = await RunningSite.StartWithSamplesAsync();
        var tokens = new List<string>();
        for (var number = 0; number < 2; number++)
        {
            using var browser = site.CreateBrowser("en");
            using var response = await SendAsync(browser, "/subscriptions/follow", "Sec-Fetch-Site", "same-origin", ("category", "world"));
            tokens.Add((await browser.GetPageAsync("/subscriptions/picks")).TextOf(".address code")[^32..]);
        }

        using var reader = site.CreateBrowser();
        site.Clock.Advance(TimeSpan.FromDays(200));
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(new Uri($"/subscriptions/{tokens[0]}.rss", UriKind.Relative), Ct)).StatusCode);
        site.Clock.Advance(TimeSpan.FromDays(200));
        await new SelectionExpiryJob(
            site.Services.GetRequiredService<ISelectionStore>(), site.Services.GetRequiredService<IOptions<SelectionOptions>>(), site.Clock, NullLogger<SelectionExpiryJob>.Instance).RunAsync(Ct);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(new Uri($"/subscriptions/{tokens[0]}.rss", UriKind.Relative), Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await reader.GetAsync(new Uri($"/subscriptions/{tokens[1]}.rss", UriKind.Relative), Ct)).StatusCode);
    }

    [Fact]
    public void A_token_is_in_no_text_that_is_made_of_what_holds_it()
    {
        var token = SelectionToken.Create();
        Assert.Matches("^[0-9a-f]{32}$", token.Value);
        Assert.NotEqual(token, SelectionToken.Create());
        foreach (var holder in new object[] { token, Topic.Selection(token.Value), Server.Publish.TopicName.OfSelection(token) })
            Assert.DoesNotContain(token.Value, holder.ToString(), StringComparison.Ordinal);
        Assert.Null(SelectionToken.Parse("A" + token.Value[1..]));
        Assert.Equal(token, SelectionToken.Parse(token.Value));
    }

    private static string? HashOf(object? parameters) =>
        parameters?.GetType().GetProperty("tokenHash")?.GetValue(parameters) is byte[] hash ? Convert.ToHexStringLower(hash) : null;

    private string Origin => _site.Address.GetLeftPart(UriPartial.Authority);

    private static (string Name, string Value) Token(AngleSharp.Dom.IElement form)
    {
        var field = form.QuerySelector("input[type=hidden]")!;
        return (field.GetAttribute("name")!, field.GetAttribute("value")!);
    }

    /// <summary>Follows something and tells the token under which that is kept.</summary>
    private async Task<string> FollowAsync(HttpClient browser, (string, string) topic)
    {
        using var response = await SendAsync(browser, "/subscriptions/follow", ownOrigin: true, topic);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        return (await browser.GetPageAsync("/subscriptions/picks")).TextOf(".address code")[^32..];
    }

    private async Task<IHtmlDocument> ImportAsync(HttpClient browser, byte[] list, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(list), "list", "list.opml" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/subscriptions/import") { Content = form };
        request.Headers.Add("Origin", Origin);
        using var response = await browser.SendAsync(request, Ct);
        return await response.ReadPageAsync(expected);
    }

    private Task<HttpResponseMessage> SendAsync(HttpClient browser, string path, bool ownOrigin, params (string, string)[] fields) =>
        SendAsync(browser, path, ownOrigin ? "Origin" : "X-None", Origin, fields);

    private static Task<HttpResponseMessage> SendAsync(HttpClient browser, string path, (string, string) token, params (string, string)[] fields) =>
        SendAsync(browser, path, "X-None", "none", [token, .. fields]);

    private static async Task<HttpResponseMessage> SendAsync(HttpClient browser, string path, string header, string value, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        request.Headers.Add(header, value);
        return await browser.SendAsync(request, Ct);
    }

    private static async Task<IHtmlDocument> FollowedByAsync(HttpClient browser, HttpResponseMessage response)
    {
        Assert.True(response.StatusCode == HttpStatusCode.Found, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(Ct)}");
        var target = response.Headers.Location!.ToString();
        response.Dispose();
        return await browser.GetPageAsync(target);
    }
}
