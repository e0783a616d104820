using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;
using Aggregator.Server.Tests.Browse;
using Xunit;

namespace Aggregator.Server.Tests.Embed;

public sealed class EmbedEndpointsTests(SampleSiteFixture fixture) : IClassFixture<SampleSiteFixture>
{
    private readonly RunningSite _site = fixture.Site;

    [Theory]
    [InlineData("zh", "更多内容见“新闻快照”")]
    [InlineData("en", "More at News Snapshots")]
    public async Task A_frame_names_source_and_time_and_its_links_leave_it(string language, string more)
    {
        using var browser = _site.CreateBrowser();
        using var response = await browser.GetAsync(Relative($"/embed/domestic?lang={language}&count=3&excerpt=1"));
        var page = await response.ReadPageAsync();
        Assert.Equal(3, page.QuerySelectorAll("li").Length);
        Assert.Equal(SampleSite.ChineseTitle, page.TextOf("li a.title"));
        Assert.Equal("滨海日报", page.TextOf("li .source"));
        Assert.Equal("2026-01-22T23:30:00Z", page.AttributeOf("li time", "datetime"));
        Assert.Equal(more, page.TextOf(".more a"));
        Assert.All(page.QuerySelectorAll("a"), link =>
        {
            Assert.Equal("_top", link.GetAttribute("target"));
            Assert.Equal("noopener external", link.GetAttribute("rel"));
        });
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Empty(page.QuerySelectorAll("img"));
    }

    [Fact]
    public async Task A_frame_may_do_nothing_but_show_itself()
    {
        using var browser = _site.CreateBrowser("en");
        using var response = await browser.GetAsync(Relative("/embed/domestic?accent=f0f"));
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        var page = await response.ReadPageAsync();
        var style = page.QuerySelector("style")!.TextContent;
        Assert.Equal(":root{--accent:#ff00ff}", style);
        var hash = Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style)));
        Assert.Equal(
            $"default-src 'none'; style-src 'self' 'sha256-{hash}'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *",
            policy);
        Assert.False(response.Headers.Contains("X-Frame-Options"));
    }

    [Fact]
    public async Task A_list_of_sites_for_one_category_stands_in_its_policy_only()
    {
        await using var site = await RunningSite.StartWithSamplesAsync(
            ("Embed:FrameAncestors:0", "https://everywhere.example"), ("Embed:Categories:domestic:0", "https://partner.example"));
        using var browser = site.CreateBrowser("en");
        async Task<string> AncestorsAsync(string slug)
        {
            using var response = await browser.GetAsync(Relative("/embed/" + slug));
            return response.Headers.GetValues("Content-Security-Policy").Single().Split("frame-ancestors ")[1];
        }

        Assert.Equal("'self' https://partner.example", await AncestorsAsync("domestic"));
        Assert.Equal("'self' https://everywhere.example", await AncestorsAsync("world"));
    }

    [Theory]
    [InlineData("/embed/domestic?count=2")]
    [InlineData("/embed/domestic.json?count=2")]
    public async Task What_a_visitor_has_already_is_not_sent_again(string address)
    {
        using var browser = _site.CreateBrowser("en");
        using var first = await browser.GetAsync(Relative(address));
        using var request = new HttpRequestMessage(HttpMethod.Get, Relative(address));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        using var other = await browser.GetAsync(Relative(address.Replace("count=2", "count=3", StringComparison.Ordinal)));
        Assert.NotEqual(first.Headers.ETag, other.Headers.ETag);
    }

    [Fact]
    public async Task The_element_gets_texts_and_addresses_that_any_origin_may_read()
    {
        using var browser = _site.CreateBrowser();
        using var response = await browser.GetAsync(Relative("/embed/world.json?count=4&lang=en&excerpt=1"));
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("ETag", response.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);
        using var list = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        var items = list.RootElement.GetProperty("items");
        Assert.Equal(4, items.GetArrayLength());
        Assert.Equal(SampleSite.EnglishTitle, items[0].GetProperty("title").GetString());
        Assert.Equal("The Wire", items[0].GetProperty("source").GetString());
        Assert.Equal("rtl", items[1].GetProperty("direction").GetString());
        Assert.Equal("<script>alert('title')</script> & other <b>markup</b>", items[2].GetProperty("title").GetString());
        Assert.DoesNotContain(SampleSite.SecretInAddress, list.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/embed/no-such", HttpStatusCode.NotFound)]
    [InlineData("/embed/No Such", HttpStatusCode.NotFound)]
    [InlineData("/embed/no-such.json", HttpStatusCode.NotFound)]
    [InlineData("/embed/domestic?count=1e9", HttpStatusCode.BadRequest)]
    [InlineData("/embed/domestic?accent=javascript:alert(1)", HttpStatusCode.BadRequest)]
    [InlineData("/embed/domestic.json?count=1e9", HttpStatusCode.BadRequest)]
    [InlineData("/oembed", HttpStatusCode.NotFound)]
    [InlineData("/oembed?url=https://elsewhere.example/categories/domestic", HttpStatusCode.NotFound)]
    [InlineData("/oembed?url={site}categories/no-such", HttpStatusCode.NotFound)]
    [InlineData("/oembed?url={site}articles/999999", HttpStatusCode.NotFound)]
    [InlineData("/oembed?url={site}articles/1e9", HttpStatusCode.NotFound)]
    [InlineData("/oembed?url={site}embed/domestic?count=1e9", HttpStatusCode.NotFound)]
    [InlineData("/oembed?url=javascript:alert(1)", HttpStatusCode.NotFound)]
    [InlineData("/oembed?url={site}subscriptions/0123456789abcdef", HttpStatusCode.Unauthorized)]
    [InlineData("/oembed?url={site}hangfire", HttpStatusCode.Unauthorized)]
    [InlineData("/oembed?url={site}subscriptionsx", HttpStatusCode.NotFound)]
    [InlineData("/oembed?url={site}categories/domestic&format=yaml", HttpStatusCode.NotImplemented)]
    [InlineData("/oembed?url={site}categories/domestic&maxwidth=wide", HttpStatusCode.BadRequest)]
    public async Task Nonsense_gets_a_sentence_and_no_page(string address, HttpStatusCode expected)
    {
        using var browser = _site.CreateBrowser("en");
        using var response = await browser.GetAsync(Relative(address.Replace("{site}", Uri.EscapeDataString(_site.Address.ToString()), StringComparison.Ordinal)));
        Assert.Equal(expected, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        Assert.InRange(body.Length, 10, 300);
        Assert.DoesNotContain("javascript:", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/embed/world.json?count=5")]
    [InlineData("/oembed")]
    [InlineData("/timegate/https://news.example.org/2026/01/harbour-twin.html")]
    [InlineData("/timemap/1")]
    [InlineData("/proof/latest.json")]
    [InlineData("/articles/1/diff.json")]
    [InlineData("/articles/1/snapshots/20260101000000.json")]
    public async Task A_script_of_another_site_may_ask_with_the_headers_that_it_needs(string address)
    {
        using var browser = _site.CreateBrowser("en");
        using var request = new HttpRequestMessage(HttpMethod.Options, address);
        request.Headers.Add("Origin", "https://other.example");
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "if-none-match,accept-datetime");
        using var response = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Superset(new HashSet<string> { "If-None-Match", "Accept-Datetime" }, response.Headers.GetValues("Access-Control-Allow-Headers").Single().Split(", ").ToHashSet());
    }

    [Fact]
    public async Task A_category_is_rich_and_fits_the_asked_size()
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync("/categories/domestic");
        var discovered = page.AttributeOf("link[type='application/json+oembed']", "href");
        using var answer = JsonDocument.Parse(await browser.GetStringAsync(Relative(discovered + "&maxwidth=300&maxheight=200")));
        var root = answer.RootElement;
        Assert.Equal("1.0", root.GetProperty("version").GetString());
        Assert.Equal("rich", root.GetProperty("type").GetString());
        Assert.Equal((300, 200), (root.GetProperty("width").GetInt32(), root.GetProperty("height").GetInt32()));
        Assert.Equal(
            $"""<iframe src="{_site.Address}embed/domestic" title="国内" width="300" height="200" loading="lazy" frameborder="0"></iframe>""",
            WebUtility.HtmlDecode(root.GetProperty("html").GetString()));
    }

    [Fact]
    public async Task An_article_is_a_link_that_names_its_publisher_in_XML_too()
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync(await _site.ArticleAsync("en-1"));
        var xml = XDocument.Parse(await browser.GetStringAsync(Relative(page.AttributeOf("link[type='text/xml+oembed']", "href")))).Root!;
        Assert.Equal("link", xml.Element("type")!.Value);
        Assert.Equal(SampleSite.EnglishTitle, xml.Element("title")!.Value);
        Assert.Equal("The Wire", xml.Element("author_name")!.Value);
        Assert.Equal("https://wire.example.org/", xml.Element("author_url")!.Value);
        Assert.Null(xml.Element("html"));
    }

    [Fact]
    public async Task The_script_is_small_kept_for_ever_and_its_hash_is_true()
    {
        using var browser = _site.CreateBrowser("en");
        var page = await browser.GetPageAsync("/embed?category=world&count=5&words=zh&layout=cards");
        var code = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(page.QuerySelector("#element")!.TextContent);
        var script = code.QuerySelector("script")!;
        using var response = await browser.GetAsync(Relative(script.GetAttribute("src")!));
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal("sha384-" + Convert.ToBase64String(SHA384.HashData(bytes)), script.GetAttribute("integrity"));
        Assert.Equal("anonymous", script.GetAttribute("crossorigin"));
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("immutable", response.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(bytes);
        Assert.InRange(packed.Length, 1, 6 * 1024);

        var element = code.QuerySelector("aggregator-feed")!;
        Assert.Equal(("world", "5", "cards", "zh-CN"),
            (element.GetAttribute("category"), element.GetAttribute("count"), element.GetAttribute("layout"), element.GetAttribute("lang")));
        Assert.Equal($"{_site.Address}categories/world", element.QuerySelector("a")!.GetAttribute("href"));
    }

    /// <summary>
    /// The versions that sites may have pasted, by the beginning of their SHA-256. Whoever changes embed.js puts the file as it was into
    /// wwwroot/earlier/ as embed.VERSION.js, and the new version here: else the script of every site that has it stops to run.
    /// </summary>
    [Theory]
    [InlineData("fe0a8cbdf2866ab7")]
    [InlineData("e5b389212dd88957")]
    public async Task A_script_that_sites_name_by_its_bytes_stays_where_it_was(string version)
    {
        using var browser = _site.CreateBrowser("en");
        using var response = await browser.GetAsync(Relative("/embed.js?v=" + version));
        Assert.Equal(version, Convert.ToHexStringLower(SHA256.HashData(await response.Content.ReadAsByteArrayAsync()))[..16]);
        Assert.Contains("immutable", response.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
        Assert.Equal("text/javascript; charset=utf-8", response.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("zh", "强调色")]
    [InlineData("en", "Accent colour")]
    public async Task The_page_for_site_owners_says_which_field_is_wrong_and_shows_the_defaults(string language, string field)
    {
        using var browser = _site.CreateBrowser(language);
        var page = await browser.GetPageAsync("/embed?category=domestic&accent=javascript:alert(1)");
        Assert.Contains(field, page.TextOf("[role=alert]"), StringComparison.Ordinal);
        Assert.Equal("/embed/domestic", page.AttributeOf("iframe", "src"));
    }

    private static Uri Relative(string address) => new(address, UriKind.RelativeOrAbsolute);
}
