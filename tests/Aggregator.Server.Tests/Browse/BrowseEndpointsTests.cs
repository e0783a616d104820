using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class BrowseEndpointsTests(SampleSiteFixture fixture) : IClassFixture<SampleSiteFixture>
{
    private readonly RunningSite _site = fixture.Site;

    [Fact]
    public async Task Home_shows_the_newest_of_everything_by_day_and_every_category_beside_it()
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync("/");

        Assert.Equal(["国内", "World", "科学"], page.TextsOf(".sections h2"));
        Assert.Equal(["国内", "World", "科学"], page.TextsOf("nav.categories a"));
        Assert.Equal(["Thursday 22 January"], page.TextsOf(".day > h2").Take(1).Select(WithoutYear));
        Assert.Equal(30, page.QuerySelectorAll(".day h3").Length);
        Assert.Equal(SampleSite.ChineseTitle, page.TextOf(".day h3"));
        var sections = page.QuerySelectorAll(".sections > section");
        Assert.Equal(SampleSite.ChineseTitle, sections[0].QuerySelector("li a")!.TextContent);
        Assert.Equal(4, sections[1].QuerySelectorAll("li").Length);
        Assert.Equal("No articles yet. Please come back later.", sections[2].QuerySelector(".empty")!.TextContent);

        var second = await browser.GetPageAsync(page.AttributeOf(".paging [rel=next]", "href"));
        Assert.Empty(second.QuerySelectorAll(".sections"));
        Assert.NotEqual(page.TextOf(".day h3"), second.TextOf(".day h3"));
    }

    [Fact]
    public async Task Days_are_those_of_the_pages_zone_and_the_last_two_have_names()
    {
        await using var site = await RunningSite.StartAsync();
        var now = site.Clock.GetUtcNow();
        var noon = new DateTimeOffset(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).Date, TimeSpan.FromHours(8)).AddMinutes(-30);
        await SampleSite.AddDatedAsync(site.Services, now, ("old", noon.AddDays(-1)), ("late", noon));
        using var chinese = site.CreateBrowser("zh");
        var days = (await chinese.GetPageAsync("/categories/dated")).TextsOf(".day > h2");
        Assert.Equal(2, days.Count);
        Assert.StartsWith("昨天 · ", days[0], StringComparison.Ordinal);
        Assert.Contains(noon.AddDays(-1).ToString("M月d日", CultureInfo.InvariantCulture), days[1], StringComparison.Ordinal);
        Assert.DoesNotContain("天 ·", days[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_can_be_narrowed_by_source_and_language_and_paged_so()
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync("/categories/world?language=ar");
        Assert.Equal([SampleSite.ArabicTitle], EntryTitles(page));
        Assert.Equal("ar", page.QuerySelector(".filter select[name=language] option[selected]")!.GetAttribute("value"));
        Assert.Equal("Only: العربية Clear the filter", page.TextOf(".narrowed"));
        Assert.Equal("noindex", page.AttributeOf("meta[name=robots]", "content"));

        var all = new List<string>();
        for (var address = "/?source=2&language=en"; address is not null;)
        {
            var part = await browser.GetPageAsync(address);
            all.AddRange(EntryTitles(part));
            Assert.All(part.TextsOf(".day .source"), source => Assert.Equal("The Wire", source));
            address = part.QuerySelector(".paging [rel=next]")?.GetAttribute("href");
        }

        Assert.Equal(SampleSite.WorldEntries - 1, all.Count);
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(all.Take(30), EntryTitles(await browser.GetPageAsync("/categories/world?source=2&language=en")));
    }

    [Theory]
    [InlineData("?source=99999&language=xx")]
    [InlineData("?source=1&source=2")]
    [InlineData("?source=-1")]
    [InlineData("?source=9223372036854775808")]
    [InlineData("?language=%27%20or%201=1")]
    [InlineData("?language=en%25")]
    [InlineData("?language=%E2%80%AE")]
    [InlineData("?source=1&language=zz&before=1-1&after=2-2")]
    public async Task What_narrows_to_nothing_or_makes_no_sense_is_a_calm_page(string query)
    {
        using var browser = _site.CreateBrowser("en");
        foreach (var address in new[] { "/", "/categories/world", "/sources/2", "/sources" })
            Assert.NotEmpty((await browser.GetPageAsync(address + query)).TextOf("h1"));
        Assert.Equal(30, EntryTitles(await browser.GetPageAsync("/categories/world?language=%27%20or%201=1")).Count);
        Assert.Equal("No articles match.", (await browser.GetPageAsync("/categories/world?language=zz")).TextOf(".empty"));
    }

    [Fact]
    public async Task The_list_of_sources_tells_when_each_was_updated_and_how_much_there_is_of_it()
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync("/sources");
        Assert.Equal(["滨海日报", "The Wire", "أخبار الميناء"], page.TextsOf(".sources h2"));
        Assert.Contains($"Articles: {SampleSite.WorldEntries - 1}", page.TextsOf(".sources .facts > span")[2], StringComparison.Ordinal);
        Assert.DoesNotContain(SampleSite.SecretInAddress, page.Source.Text, StringComparison.Ordinal);
        await browser.GetPageAsync("/sources?after=99", HttpStatusCode.NotFound);
        Assert.Equal(3, (await browser.GetPageAsync("/sources?after=nonsense")).QuerySelectorAll(".sources li").Length);
    }

    [Fact]
    public async Task A_picture_beside_an_entry_has_its_size_and_is_nobodys_referrer()
    {
        using var browser = _site.CreateBrowser();
        var picture = (await browser.GetPageAsync("/categories/domestic")).QuerySelectorAll(".thumbnail").Single();
        Assert.Equal(("lazy", "no-referrer", "112", "84", ""), (picture.GetAttribute("loading"), picture.GetAttribute("referrerpolicy"), picture.GetAttribute("width"), picture.GetAttribute("height"), picture.GetAttribute("alt")));
    }

    [Fact]
    public async Task Home_of_a_site_without_categories_says_so()
    {
        await using var empty = await RunningSite.StartAsync();
        using var browser = empty.CreateBrowser();
        Assert.Equal("还没有栏目。", (await browser.GetPageAsync("/")).TextOf("main .empty"));
    }

    [Theory]
    [InlineData("/", "all")]
    [InlineData("/categories/domestic", "categories/domestic")]
    [InlineData("/sources/1", "sources/1")]
    public async Task A_list_names_its_three_feeds_to_readers_and_to_people(string address, string feeds)
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync(address);

        string[] expected = [$"{_site.Address}{feeds}.atom", $"{_site.Address}{feeds}.rss", $"{_site.Address}{feeds}.json"];
        Assert.Equal(expected, page.QuerySelectorAll("link[rel=alternate]:not([type$='+oembed'])").Select(link => link.GetAttribute("href")));
        Assert.Equal(
            ["application/atom+xml", "application/rss+xml", "application/feed+json"],
            page.QuerySelectorAll("link[rel=alternate]:not([type$='+oembed'])").Select(link => link.GetAttribute("type")));
        Assert.Equal(expected, page.QuerySelectorAll(".subscribe dt a").Select(link => link.GetAttribute("href")));
        Assert.Equal(expected, page.TextsOf(".subscribe code"));
    }

    [Fact]
    public async Task A_category_can_be_read_to_its_end_and_back_without_missing_or_repeating_an_entry()
    {
        using var browser = _site.CreateBrowser("en");
        var total = SampleSite.WorldEntries;
        var down = new List<string>();
        var pages = new List<IHtmlDocument>();
        for (var address = "/categories/world"; address is not null;)
        {
            var page = await browser.GetPageAsync(address);
            pages.Add(page);
            down.AddRange(page.QuerySelectorAll(".entries h3 a").Select(link => link.GetAttribute("href")!));
            address = page.QuerySelector(".paging [rel=next]")?.GetAttribute("href");
        }

        Assert.Equal(4, pages.Count);
        Assert.Equal(total, down.Count);
        Assert.Equal(total, down.Distinct().Count());
        Assert.Null(pages[0].QuerySelector(".paging [rel=prev]"));
        Assert.Equal([true, false, false, false], pages.Select(page => page.QuerySelector("link[rel=canonical]") is not null));
        Assert.Equal([false, true, true, true], pages.Select(page => page.QuerySelector("meta[name=robots]") is not null));

        var up = new List<string>();
        for (var address = pages[^1].QuerySelector(".paging [rel=prev]")!.GetAttribute("href"); address is not null;)
        {
            var page = await browser.GetPageAsync(address);
            up.InsertRange(0, page.QuerySelectorAll(".entries h3 a").Select(link => link.GetAttribute("href")!));
            address = page.QuerySelector(".paging [rel=prev]")?.GetAttribute("href");
        }

        Assert.Equal(down.Take(90), up.TakeLast(90));
        Assert.Equal(down.Take(30), up.Take(30));
    }

    [Theory]
    [InlineData("?before=nonsense")]
    [InlineData("?before=99999999999999999999999-1")]
    [InlineData("?before=-1-1")]
    [InlineData("?before=%00")]
    [InlineData("?before=1-1&before=2-2")]
    [InlineData("?after=253402300799999-9223372036854775807")]
    [InlineData("?before=-62135596800000-0")]
    [InlineData("?before=1769000000000-1&after=1769000000000-1")]
    [InlineData("?after='; drop table entry; --")]
    public async Task A_place_that_is_none_shows_the_first_page(string query)
    {
        using var browser = _site.CreateBrowser("en");
        var first = await browser.GetPageAsync("/categories/world");
        var page = await browser.GetPageAsync("/categories/world" + query);
        Assert.Equal(first.TextsOf(".entries h3"), page.TextsOf(".entries h3"));
        Assert.Null(page.QuerySelector(".paging [rel=prev]"));
    }

    [Theory]
    [InlineData("/categories/nowhere")]
    [InlineData("/categories/World")]
    [InlineData("/categories/..%2f..%2fetc")]
    [InlineData("/categories/%E5%9B%BD%E5%86%85")]
    [InlineData("/sources/99")]
    [InlineData("/sources/-1")]
    [InlineData("/sources/one")]
    [InlineData("/articles/999999")]
    [InlineData("/articles/9223372036854775808")]
    [InlineData("/articles/1/nothing")]
    [InlineData("/no/such/page")]
    public async Task What_does_not_exist_is_explained(string address)
    {
        using var browser = _site.CreateBrowser();
        var page = await browser.GetPageAsync(address, HttpStatusCode.NotFound);
        Assert.Equal("找不到这个页面", page.TextOf("h1"));
        Assert.Equal("noindex", page.AttributeOf("meta[name=robots]", "content"));
    }

    [Fact]
    public async Task A_source_lists_its_entries_and_never_its_own_address()
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync("/sources/2");
        Assert.Equal("The Wire", page.TextOf("h1"));
        Assert.Equal("https://wire.example.org/", page.AttributeOf(".head a", "href"));
        Assert.Equal(SampleSite.EnglishTitle, EntryTitles(page)[0]);
        Assert.DoesNotContain(SampleSite.SecretInAddress, page.Source.Text, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll(".entries .source"));
    }

    [Fact]
    public async Task An_article_says_what_it_is_where_it_is_from_and_that_it_is_a_copy()
    {
        using var browser = _site.CreateBrowser();
        var page = await browser.GetPageAsync(await _site.ArticleAsync("zh-1"));

        Assert.Equal(SampleSite.ChineseTitle + " · 新闻快照", page.Title);
        Assert.Equal(SampleSite.ChineseTitle, page.TextOf("article h1"));
        Assert.Equal(["栏目 国内", "发布 2026-01-23 07:30（北京时间）", "来源 滨海日报", "作者 " + SampleSite.ChineseAuthor],
            page.QuerySelectorAll("article header dl > div").Select(div => $"{div.QuerySelector("dt")!.TextContent.Trim()} {div.QuerySelector("dd")!.TextContent.Trim()}"));
        Assert.Equal("2026-01-22T23:30:00Z", page.AttributeOf("article header time", "datetime"));
        Assert.Equal("zh-CN", page.AttributeOf("article", "lang"));
        Assert.Equal("ltr", page.AttributeOf("article", "dir"));

        Assert.Equal("noindex", page.AttributeOf("meta[name=robots]", "content"));
        Assert.Equal(SampleSite.Original, page.AttributeOf("link[rel=canonical]", "href"));
        Assert.Equal(SampleSite.Original, page.AttributeOf(".notice .button", "href"));
        Assert.Equal(["港口", "数字孪生", "交通"], page.TextsOf(".tags li"));

        var notice = page.TextOf(".notice");
        Assert.Contains("自动采集，未作修改", notice, StringComparison.Ordinal);
        Assert.Contains("取自来源的订阅源，并非原网页的抓取", notice, StringComparison.Ordinal);
        Assert.Contains("快照时间", notice, StringComparison.Ordinal);
        Assert.Equal("mailto:editor@example.org", page.AttributeOf(".notice a[href^=mailto]", "href"));
    }

    [Fact]
    public async Task An_articles_body_is_handed_on_as_it_was_stored()
    {
        using var browser = _site.CreateBrowser();
        var html = (await browser.GetPageAsync(await _site.ArticleAsync("zh-1"))).Source.Text;
        Assert.Contains("""<figcaption>港口新城三号泊位。本报记者 摄</figcaption></figure>""", html, StringComparison.Ordinal);
        Assert.Contains("<p>责任编辑：李明　审核：王芳</p>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chinese_is_written_as_Chinese_and_not_as_entities()
    {
        using var browser = _site.CreateBrowser();
        var html = (await browser.GetPageAsync(await _site.ArticleAsync("zh-1"))).Source.Text;
        Assert.Contains($"<h1>{SampleSite.ChineseTitle}</h1>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_article_is_followed_by_others_of_its_category_and_not_by_itself()
    {
        using var browser = _site.CreateBrowser();
        var page = await browser.GetPageAsync(await _site.ArticleAsync("zh-1"));
        Assert.Equal("国内 · 更多", page.TextOf(".more-of h2"));
        Assert.Equal(4, page.QuerySelectorAll(".more-of h3").Length);
        Assert.DoesNotContain(SampleSite.ChineseTitle, page.TextsOf(".more-of h3"));
    }

    [Theory]
    [InlineData("/about")]
    [InlineData("/bot")]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/sources")]
    [InlineData("/search")]
    [InlineData("/subscriptions")]
    public async Task Every_page_leads_to_the_categories(string address, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var browser = _site.CreateBrowser("en");
        await browser.GetPageAsync("/");
        Assert.Equal(["国内", "World", "科学"], (await browser.GetPageAsync(address, status)).TextsOf("nav.categories a"));
    }

    [Fact]
    public async Task A_site_that_names_no_contact_says_how_to_have_something_removed_and_promises_no_answer()
    {
        await using var site = await RunningSite.StartAsync();
        foreach (var (language, title) in new[] { ("zh", "更正与删除"), ("en", "Corrections and removal") })
        {
            using var browser = site.CreateBrowser(language);
            Assert.Equal(title, (await browser.GetPageAsync("/")).TextOf("footer a[href='/about#remove']"));
            var about = await browser.GetPageAsync("/about");
            Assert.Equal(title, about.TextOf("#remove"));
            var bot = await browser.GetPageAsync("/bot");
            Assert.DoesNotContain(language == "zh" ? "联系我们" : "write to us", about.Body!.TextContent + bot.Body!.TextContent, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Who_runs_the_site_where_to_write_and_its_own_notice_are_told_in_the_visitors_language()
    {
        await using var site = await RunningSite.StartAsync(
            ("Site:Operator:Zh", "滨海数字图书馆"), ("Site:Contact:Zh", "editor@example.org"), ("Site:Notice:Zh", "本馆只存档，不改写。"),
            ("Site:Operator:En", "Harbour Digital Library"), ("Site:Contact:En", "https://example.org/contact"), ("Site:Notice:En", "We archive and never rewrite."));
        await SampleSite.AddArticleAsync(site.Services, site.Clock.GetUtcNow(), "<p>text</p>");
        var article = await site.ArticleAsync("1");
        foreach (var (language, runs, contact, notice) in new[]
        {
            ("zh", "运营者：滨海数字图书馆", "mailto:editor@example.org", "本馆只存档，不改写。"),
            ("en", "Operated by Harbour Digital Library", "https://example.org/contact", "We archive and never rewrite."),
        })
        {
            using var browser = site.CreateBrowser(language);
            foreach (var address in new[] { "/", "/categories/other", article, "/search", "/about" })
            {
                var page = await browser.GetPageAsync(address);
                Assert.Contains(runs, page.TextsOf("footer .facts span"));
                Assert.Equal(contact, page.AttributeOf("footer .facts a", "href"));
            }

            Assert.StartsWith(notice, (await browser.GetPageAsync(article)).TextOf(".notice p"), StringComparison.Ordinal);
            Assert.Equal(contact, (await browser.GetPageAsync(article)).AttributeOf(".notice p a:not(.button)", "href"));
            Assert.Contains(runs, (await browser.GetPageAsync("/about")).TextsOf("article p"));
            foreach (var (address, status) in new[] { ("/about", HttpStatusCode.OK), ("/bot", HttpStatusCode.OK), ("/answers/500", HttpStatusCode.InternalServerError) })
                Assert.NotNull((await browser.GetPageAsync(address, status)).QuerySelector($"main a[href='{contact}']"));
        }
    }

    [Theory]
    [InlineData("/sources")]
    [InlineData("/search?q=harbour")]
    [InlineData("/search?q=nobodywrotethis")]
    public async Task Every_list_names_its_three_feeds(string address)
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync(address);
        Assert.Equal(
            ["application/atom+xml", "application/rss+xml", "application/feed+json"], page.QuerySelectorAll("head link[rel=alternate]").Select(link => link.GetAttribute("type")));
    }

    [Fact]
    public async Task Enclosures_can_be_played_or_fetched_and_load_nothing_by_themselves()
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync(await _site.ArticleAsync("zh-5"));
        Assert.Equal("none", page.AttributeOf(".enclosures audio", "preload"));
        Assert.Equal(["morning.mp3", "文稿.pdf"], page.TextsOf(".enclosures a"));
        Assert.Equal(["audio/mpeg · 8.6 MB", "application/pdf · 21 kB"], page.TextsOf(".enclosures .facts"));
        Assert.Null(page.QuerySelector("link[rel=canonical]"));
        Assert.Contains("The source gave no address of the original.", page.TextOf(".notice"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Titles_and_excerpts_are_text_whatever_they_hold()
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync("/categories/world");
        Assert.Contains("<script>alert('title')</script> & other <b>markup</b>", EntryTitles(page));
        Assert.Contains("<img src=x onerror=alert(1)>", page.TextsOf(".excerpt"));
        Assert.Empty(page.QuerySelectorAll("script:not([src^='/site.js']), main img"));
    }

    [Fact]
    public async Task An_entry_without_a_title_can_still_be_opened()
    {
        using var browser = _site.CreateBrowser();
        var page = await browser.GetPageAsync("/categories/domestic");
        Assert.Contains("（无标题）", EntryTitles(page));
    }

    [Fact]
    public async Task Each_entry_keeps_its_own_language_and_direction()
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync("/categories/world");
        var arabic = page.QuerySelectorAll(".entries article").Single(article => article.TextContent.Contains(SampleSite.ArabicTitle, StringComparison.Ordinal));
        Assert.Equal(("ar", "rtl"), (arabic.GetAttribute("lang"), arabic.GetAttribute("dir")));
        Assert.Equal(("en", "ltr"), (page.DocumentElement.GetAttribute("lang"), page.DocumentElement.GetAttribute("dir")));
    }

    [Fact]
    public async Task Times_are_shown_in_the_configured_zone_of_the_language()
    {
        using var english = _site.CreateBrowser("en");
        Assert.Equal("22 Jan 2026, 23:30 UTC", (await english.GetPageAsync(await _site.ArticleAsync("zh-1"))).TextOf("article header time"));

        await using var berlin = await RunningSite.StartWithSamplesAsync(("Site:TimeZone:En", "Europe/Berlin"), ("Site:Title:En", "Hafenblick"));
        using var browser = berlin.CreateBrowser("en");
        var page = await browser.GetPageAsync(await berlin.ArticleAsync("zh-1"));
        Assert.Equal("23 Jan 2026, 00:30 Europe/Berlin", page.TextOf("article header time"));
        Assert.EndsWith(" · Hafenblick", page.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sites_own_links_keep_the_host_that_the_visitor_came_by()
    {
        using var browser = _site.CreateBrowser();
        var page = await browser.GetPageAsync(await _site.ArticleAsync("zh-1"));
        Assert.All(
            page.QuerySelectorAll("header.site a, .more-of a, link[rel=stylesheet]").Select(link => link.GetAttribute("href")!),
            href => Assert.True(href.StartsWith('/') || href.StartsWith('?'), href));
    }

    [Fact]
    public async Task A_page_asks_no_third_party_for_anything_but_the_articles_pictures()
    {
        using var browser = _site.CreateBrowser();
        foreach (var address in new[] { "/", "/categories/domestic", await _site.ArticleAsync("zh-1"), "/sign-in" })
        {
            var page = await browser.GetPageAsync(address);
            Assert.Empty(page.QuerySelectorAll("script:not([src]):not([type='application/ld+json']), iframe, object, embed, style, [style]"));
            Assert.All(page.QuerySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]"), link => Assert.StartsWith("/", (link.GetAttribute("href") ?? link.GetAttribute("src"))!, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_stylesheet_may_be_kept_for_ever_under_the_address_that_names_its_content()
    {
        using var browser = _site.CreateBrowser();
        var address = (await browser.GetPageAsync("/")).AttributeOf("link[rel=stylesheet]", "href");
        using var named = await browser.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
        Assert.Equal("text/css; charset=utf-8", named.Content.Headers.ContentType!.ToString());
        Assert.Equal("public, max-age=31536000, immutable", named.Headers.CacheControl!.ToString());

        using var conditional = new HttpRequestMessage(HttpMethod.Get, "/site.css");
        conditional.Headers.IfNoneMatch.Add(named.Headers.ETag!);
        using var unchanged = await browser.SendAsync(conditional);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(TimeSpan.FromHours(1), unchanged.Headers.CacheControl!.MaxAge);
    }

    [Fact]
    public async Task Head_is_answered_like_get_without_the_page()
    {
        using var browser = _site.CreateBrowser();
        using var head = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/articles/1"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("text/html; charset=utf-8", head.Content.Headers.ContentType!.ToString());
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    private static string WithoutYear(string day) => day.Replace(" 2026", "", StringComparison.Ordinal);

    private static IReadOnlyList<string> EntryTitles(IHtmlDocument page) => page.TextsOf(".entries h3");
}
