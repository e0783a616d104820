using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.Browse;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Search;

public sealed class SearchEndpointsTests(SampleSiteFixture fixture) : IClassFixture<SampleSiteFixture>
{
    private readonly RunningSite _site = fixture.Site;

    [Theory]
    [InlineData("zh", "搜索", "找到 1 篇")]
    [InlineData("en", "Search", "1 found")]
    public async Task Shows_what_it_found_with_the_words_marked_in_both_languages(string language, string heading, string count)
    {
        using var browser = _site.CreateBrowser(language);

        var page = await browser.GetPageAsync("/search?q=" + Uri.EscapeDataString("港口 數字孿生"));

        Assert.Equal(heading, page.TextOf("h1"));
        Assert.Equal(count, page.TextOf("[role=status]"));
        Assert.Equal(["港口", "数字孪生"], page.TextsOf("h2 mark"));
        Assert.Equal(SampleSite.ChineseTitle, page.TextOf(".entries h2"));
        Assert.Equal("港口 數字孿生", page.AttributeOf("input[name=q]", "value"));
        Assert.Equal("noindex", page.AttributeOf("meta[name=robots]", "content"));
        Assert.EndsWith("/search.atom?q=" + Uri.EscapeDataString("港口 数字孪生"), page.AttributeOf("link[type='application/atom+xml']", "href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encodes_whatever_comes_from_outside()
    {
        using var browser = _site.CreateBrowser("en");

        var page = await browser.GetPageAsync("/search?q=" + Uri.EscapeDataString("alert \"<script>alert\""));

        Assert.Equal("<script>alert('title')</script> & other <b>markup</b>", page.TextOf(".entries h2"));
        Assert.Empty(page.QuerySelectorAll("script:not([src^='/site.js'])"));
        Assert.Equal("alert \"<script>alert\"", page.AttributeOf("input[name=q]", "value"));
    }

    [Theory]
    [InlineData("q=quays&lang=en", 1)]
    [InlineData("q=quays&lang=zh", 0)]
    [InlineData("q=quays&category=world", 1)]
    [InlineData("q=quays&category=science", 0)]
    [InlineData("q=quays&category=no-such-category", 0)]
    [InlineData("q=quays&from=2026-01-01&to=2026-01-31", 1)]
    [InlineData("q=quays&from=2026-02-01", 0)]
    [InlineData("q=quays&from=yesterday&to=99&source=x&lang=%00&after=-1.5-x&sort=%27", 1)]
    [InlineData("q=source:wire+title:quays", 1)]
    public async Task Narrows_by_what_stands_in_the_address_and_ignores_nonsense_in_it(string query, int expected)
    {
        using var browser = _site.CreateBrowser("en");

        Assert.Equal(expected, (await browser.GetPageAsync("/search?" + query)).QuerySelectorAll(".entries > li").Length);
    }

    /// <summary>What is typed, what may stand in the address beside it, and the titles that are found, in order.</summary>
    [Theory]
    [InlineData("harbour", "", SampleSite.ChineseTitle, SampleSite.EnglishTitle)]
    [InlineData("harbour", "&sort=relevance", SampleSite.EnglishTitle, SampleSite.ChineseTitle)]
    [InlineData("harbour -quays", "", SampleSite.ChineseTitle)]
    [InlineData("harbour -\"数字孪生\"", "", SampleSite.EnglishTitle)]
    [InlineData("author:weaver", "", SampleSite.EnglishTitle)]
    [InlineData("作者：" + SampleSite.ChineseAuthor, "", SampleSite.ChineseTitle)]
    [InlineData("author:harbour", "")]
    [InlineData("ｈａｒｂｏｕｒ　ｑｕａｙｓ", "", SampleSite.EnglishTitle)]
    [InlineData("夜", "", "图书馆夜间开放至零点")]
    [InlineData("港", "", SampleSite.ChineseTitle)]
    public async Task Finds_what_was_meant_in_the_order_that_was_asked_for(string typed, string beside, params string[] titles)
    {
        using var browser = _site.CreateBrowser("en");

        var page = await browser.GetPageAsync($"/search?q={Uri.EscapeDataString(typed)}{beside}");

        Assert.Equal(titles, page.TextsOf(".entries h2"));
        Assert.Equal(titles.Length == 0 ? "Nothing was found. Try shorter or fewer words." : $"{titles.Length} found", page.TextOf("[role=status]"));
    }

    [Fact]
    public async Task Counts_to_a_thousand_and_says_when_there_are_more()
    {
        await using var site = await RunningSite.StartAsync();
        var now = site.Clock.GetUtcNow();
        await SampleSite.AddDatedAsync(site.Services, now,
            [("tide last", now), .. Enumerable.Range(1, SearchPage.MaxCounted).Select(number => (string.Create(CultureInfo.InvariantCulture, $"tide {number}"), now.AddMinutes(-number)))]);
        var search = site.Services.GetRequiredService<ISearchStore>();
        while (await search.IndexAsync(ISearchStore.MaxBatch, now, TestContext.Current.CancellationToken) > 0)
        {
        }

        foreach (var (language, more, exactly) in new[] { ("en", "More than 1,000 found; more words narrow it down.", "1,000 found"), ("zh", "找到超过 1,000 篇；再加几个词可以缩小范围。", "找到 1,000 篇") })
        {
            using var browser = site.CreateBrowser(language);
            Assert.Equal(more, (await browser.GetPageAsync("/search?q=tide")).TextOf("[role=status]"));
            Assert.Equal(exactly, (await browser.GetPageAsync("/search?q=tide+-last")).TextOf("[role=status]"));
        }
    }

    [Fact]
    public async Task The_language_of_the_articles_is_not_that_of_the_page()
    {
        using var browser = _site.CreateBrowser("zh");

        var page = await browser.GetPageAsync("/search?q=harbour&lang=en");

        Assert.Equal("zh-CN", page.AttributeOf("html", "lang"));
        Assert.Equal("?q=harbour&lang=en&hl=en", page.AttributeOf("nav.languages a", "href"));
        Assert.Equal("en", (await browser.GetPageAsync("/search?q=harbour&lang=en&hl=en")).AttributeOf("html", "lang"));
    }

    [Fact]
    public async Task Pages_through_many_results()
    {
        using var browser = _site.CreateBrowser("en");
        var titles = new List<string>();
        for (var address = "/search?q=dispatch"; ;)
        {
            var page = await browser.GetPageAsync(address);
            titles.AddRange(page.TextsOf(".entries h2"));
            if (page.QuerySelector("a[rel=next]") is not { } next) break;
            address = next.GetAttribute("href")!;
        }

        Assert.Equal(SampleSite.WorldEntries - 3, titles.Distinct().Count());
        Assert.Equal(titles.Count, titles.Distinct().Count());
    }

    [Theory]
    [InlineData("https://news.example.org/2026/01/harbour-twin.html")]
    [InlineData("http://www.news.example.org/2026/01/harbour-twin.html?utm_source=x&fbclid=1")]
    [InlineData("news.example.org/2026/01/harbour-twin.html")]
    [InlineData("https://news.example.org/2026/01/harbour-twin.html#comments")]
    [InlineData("https://news.example.org/2026/01/harbour-twin.html#:~:text=harbour")]
    [InlineData("https://news.example.org/2026/01/harbour-twin.html?")]
    [InlineData("https://news.example.org/2026/01/harbour-twin.html/")]
    public async Task The_address_of_an_original_finds_its_snapshots(string original)
    {
        using var browser = _site.CreateBrowser("en");

        var page = await browser.GetPageAsync("/search?q=" + Uri.EscapeDataString(original));

        Assert.Equal("Articles with snapshots of this address: 1", page.TextOf("[role=status]"));
        Assert.Equal(SampleSite.ChineseTitle, page.TextOf(".entries h2"));
        Assert.Equal("There is no snapshot of this address here.", (await browser.GetPageAsync("/search?q=https%3A%2F%2Fnowhere.example%2F")).TextOf("[role=status]"));
    }

    [Fact]
    public async Task Words_that_look_like_an_address_are_searched_for_when_nothing_stands_there()
    {
        using var browser = _site.CreateBrowser("en");

        var page = await browser.GetPageAsync("/search?q=" + Uri.EscapeDataString("Node.js/React"));

        Assert.Equal("Nothing was found. Try shorter or fewer words.", page.TextOf("[role=status]"));
    }

    [Fact]
    public async Task A_search_in_one_source_says_so_and_leads_to_all()
    {
        using var browser = _site.CreateBrowser("en");

        var page = await browser.GetPageAsync("/search?q=x&source=9999&versions=1");

        Assert.StartsWith("Only: #9999", page.TextOf(".narrowed"), StringComparison.Ordinal);
        Assert.Equal("/search?q=x&versions=1", page.AttributeOf(".narrowed a", "href"));
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("%00%ff", 200)]
    [InlineData("%27+or+1%3D1+--", 200)]
    [InlineData("%22%22%22+AND+NEAR(+%2A+%5E+%7Bx%7D%3A", 200)]
    [InlineData("title%3A+author%3A+-+-%22", 200)]
    [InlineData("%E2%80%AEtxt.exe%E2%81%A6", 200)]
    [InlineData("(a%2B)%2B%24", 200)]
    public async Task Whatever_is_typed_gets_a_calm_page(string typed, int expected)
    {
        using var browser = _site.CreateBrowser("zh");

        var page = await browser.GetPageAsync("/search?q=" + typed, (HttpStatusCode)expected);

        Assert.NotNull(page.QuerySelector("input[name=q]"));
    }

    [Fact]
    public async Task What_is_too_long_is_told_so()
    {
        using var browser = _site.CreateBrowser("zh");

        Assert.Contains("500", (await browser.GetPageAsync("/search?q=" + new string('a', 5_000), HttpStatusCode.BadRequest)).TextOf(".problem"), StringComparison.Ordinal);
        foreach (var letter in (string[])["a", "港", "\"", "%"])
            Assert.Contains("500", (await browser.GetPageAsync("/search?q=" + string.Concat(Enumerable.Repeat(Uri.EscapeDataString(letter), 10_000)), HttpStatusCode.BadRequest)).TextOf(".problem"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describes_itself_to_browsers_and_says_what_the_site_is()
    {
        using var browser = _site.CreateBrowser("en");

        var about = await browser.GetPageAsync("/about");
        Assert.Equal($"javascript:location.href='{_site.Address}search?q='+encodeURIComponent(location.href)", about.AttributeOf("article a.button", "href"));
        using var response = await browser.GetAsync(new Uri(about.AttributeOf("link[rel=search]", "href"), UriKind.RelativeOrAbsolute));
        Assert.Equal("application/opensearchdescription+xml", response.Content.Headers.ContentType!.MediaType);
        var description = XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!;
        XNamespace space = "http://a9.com/-/spec/opensearch/1.1/";
        Assert.InRange(((string)description.Element(space + "ShortName")!).Length, 1, 16);
        Assert.Equal(
            [
                ("text/html", $"{_site.Address}search?q={{searchTerms}}"),
                ("application/atom+xml", $"{_site.Address}search.atom?q={{searchTerms}}"),
                ("application/rss+xml", $"{_site.Address}search.rss?q={{searchTerms}}"),
                ("application/feed+json", $"{_site.Address}search.json?q={{searchTerms}}"),
                ("application/opensearchdescription+xml", $"{_site.Address}opensearch.xml"),
            ],
            description.Elements(space + "Url").Select(url => ((string)url.Attribute("type")!, (string)url.Attribute("template")!)));
        foreach (var url in description.Elements(space + "Url"))
        {
            using var found = await browser.GetAsync(new Uri(((string)url.Attribute("template")!).Replace("{searchTerms}", "quays", StringComparison.Ordinal)));
            Assert.Equal((HttpStatusCode.OK, (string)url.Attribute("type")!), (found.StatusCode, found.Content.Headers.ContentType!.MediaType));
        }
    }

    [Theory]
    [InlineData("zh", "请求太频繁", "搜索得太频繁了，请过一分钟再试。")]
    [InlineData("en", "Too many requests", "Too many searches from your address. Please try again in a minute.")]
    public async Task Too_many_searches_from_one_address_wait(string language, string title, string sentence)
    {
        await using var site = await RunningSite.StartAsync(("Search:RequestsPerMinute", "3"));
        using var browser = site.CreateBrowser(language);
        for (var i = 0; i < 3; i++) await browser.GetPageAsync("/search?q=a");

        using var refused = await browser.GetAsync(new Uri("/search?q=a", UriKind.Relative));

        var page = await refused.ReadPageAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal((title, sentence), (page.TextOf("h1"), page.TextOf(".status p")));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        await browser.GetPageAsync("/search");
    }
}
