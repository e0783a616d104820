using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class CrawlerEndpointsTests
{
    private static readonly XNamespace Sitemap = "http://www.sitemaps.org/schemas/sitemap/0.9";

    [Fact]
    public async Task Robots_learn_where_not_to_go_and_where_the_sitemap_is()
    {
        await using var site = await RunningSite.StartAsync();
        using var robot = new HttpClient { BaseAddress = site.Address };
        using var answer = await robot.GetAsync(new Uri("/robots.txt", UriKind.Relative));
        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n');
        Assert.Equal("User-agent: *", lines[0]);
        Assert.Contains("Disallow: /hangfire", lines);
        Assert.Contains($"Sitemap: {site.Address}sitemap.xml", lines);
        // A page that must not be read cannot say that it must not be listed.
        Assert.DoesNotContain(lines, line => line is "Disallow: /" or "Disallow: /articles/");
    }

    [Fact]
    public async Task The_sitemap_names_lists_and_articles_only_where_they_may_be_indexed()
    {
        await using var closed = await RunningSite.StartWithSamplesAsync();
        using var robot = closed.CreateBrowser();
        Assert.Equal([$"{closed.Address}sitemap-lists.xml"], await PlacesAsync(robot, "/sitemap.xml"));
        Assert.Equal(
            [closed.Address.ToString(), $"{closed.Address}sources", $"{closed.Address}about", $"{closed.Address}categories/domestic", $"{closed.Address}categories/world", $"{closed.Address}categories/science"],
            await PlacesAsync(robot, "/sitemap-lists.xml"));
        await robot.GetPageAsync("/sitemap-articles-0.xml", HttpStatusCode.NotFound);

        await using var open = await RunningSite.StartWithSamplesAsync(("Site:IndexArticles", "true"));
        using var other = open.CreateBrowser();
        Assert.Equal([$"{open.Address}sitemap-lists.xml", $"{open.Address}sitemap-articles-0.xml"], await PlacesAsync(other, "/sitemap.xml"));
        var articles = await PlacesAsync(other, "/sitemap-articles-0.xml");
        Assert.Equal(SampleSite.WorldEntries + 5, articles.Count);
        Assert.All(articles, address => Assert.StartsWith($"{open.Address}articles/", address, StringComparison.Ordinal));
        foreach (var beyond in new[] { "1", "2147483647", "-1", "99999999999999999999", "x" })
            await other.GetPageAsync($"/sitemap-articles-{beyond}.xml", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_article_tells_machines_that_it_is_a_copy_and_of_what()
    {
        await using var site = await RunningSite.StartWithSamplesAsync();
        using var browser = site.CreateBrowser();
        var path = await site.ArticleAsync("zh-1");
        var page = await browser.GetPageAsync(path);
        using var data = JsonDocument.Parse(page.TextOf("script[type='application/ld+json']"));
        var article = data.RootElement;
        Assert.Equal("NewsArticle", article.GetProperty("@type").GetString());
        Assert.Equal(SampleSite.Original, article.GetProperty("isBasedOn").GetString());
        Assert.Equal(SampleSite.ChineseTitle, article.GetProperty("headline").GetString());
        Assert.Equal("滨海日报", article.GetProperty("publisher").GetProperty("name").GetString());
        Assert.Equal(SampleSite.ChineseAuthor, article.GetProperty("author")[0].GetProperty("name").GetString());
        Assert.Equal("2026-01-22T23:30:00Z", article.GetProperty("datePublished").GetString());

        Assert.Equal("article", page.AttributeOf("meta[property='og:type']", "content"));
        Assert.Equal(site.Address.ToString().TrimEnd('/') + path, page.AttributeOf("meta[property='og:url']", "content"));
        Assert.StartsWith("滨海日报 · ", page.AttributeOf("meta[property='og:description']", "content"), StringComparison.Ordinal);
        Assert.Equal("滨海日报", page.AttributeOf("meta[property='article:author']", "content"));
    }

    [Fact]
    public async Task Nothing_in_a_title_ends_the_element_that_the_data_stands_in()
    {
        await using var site = await RunningSite.StartWithSamplesAsync();
        using var browser = site.CreateBrowser("en");
        var page = await browser.GetPageAsync(await site.ArticleAsync("en-script"));
        Assert.Single(page.QuerySelectorAll("script"));
        using var data = JsonDocument.Parse(page.TextOf("script"));
        Assert.Equal("<script>alert('title')</script> & other <b>markup</b>", data.RootElement.GetProperty("headline").GetString());
    }

    private static async Task<IReadOnlyList<string>> PlacesAsync(HttpClient robot, string address)
    {
        using var answer = await robot.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal("application/xml; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return [.. XDocument.Parse(await answer.Content.ReadAsStringAsync()).Descendants(Sitemap + "loc").Select(place => place.Value)];
    }
}
