using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Aggregator.Server.Tests.Publish;

public sealed class SearchFeedTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    [Fact]
    public async Task A_search_is_a_feed_in_three_formats_under_one_canonical_address()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("港口新城", "图书馆开放", "國際港口");
        await site.IndexAsync();

        var atom = XDocument.Parse(await site.Client.GetStringAsync("/search.atom?lang=&q=%EF%BC%8D%E5%9B%BE%E6%9B%B8%E9%A4%A8++%E6%B8%AF%E5%8F%A3&junk=1")).Root!;
        Assert.Equal(["港口新城", "國際港口"], atom.Elements(Atom + "entry").Select(entry => (string)entry.Element(Atom + "title")!));
        Assert.Equal(
            $"{site.Url}/search.atom?q=-%E5%9B%BE%E4%B9%A6%E9%A6%86%20%E6%B8%AF%E5%8F%A3",
            (string)atom.Elements(Atom + "link").Single(link => (string?)link.Attribute("rel") == "self").Attribute("href")!);
        Assert.Equal(2, XDocument.Parse(await site.Client.GetStringAsync("/search.rss?q=%E6%B8%AF%E5%8F%A3")).Descendants("item").Count());
        using var json = JsonDocument.Parse(await site.Client.GetStringAsync("/search.json?q=%E6%B8%AF%E5%8F%A3&source=1"));
        Assert.Equal(2, json.RootElement.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Is_kept_until_the_index_changes_and_answers_conditional_requests()
    {
        await using var site = await PublishSite.StartAsync();
        var category = await site.AddCategoryAsync();
        var source = await site.AddSourceAsync(category);
        await site.AddEntriesAsync(source, "港口新城");
        await site.IndexAsync();
        using var first = await site.SendAsync("/search.atom?q=%E6%B8%AF%E5%8F%A3");
        var tag = first.Headers.ETag!.ToString();

        using var again = await site.SendAsync("/search.atom?q=%E6%B8%AF%E5%8F%A3", headers: ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);

        site.Clock.Advance(TimeSpan.FromMinutes(5));
        await site.AddEntriesAsync(source, "國際港口");
        await site.IndexAsync();
        using var changed = await site.SendAsync("/search.atom?q=%E6%B8%AF%E5%8F%A3", headers: ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task Any_number_of_searches_takes_no_more_than_their_share_of_memory()
    {
        await using var site = await PublishSite.StartAsync(settings: [("Publish:CacheBytes", "1048576"), ("Search:RequestsPerMinute", "1000")]);
        await site.SeedAsync([.. Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"港口 {i}"))]);
        await site.IndexAsync();
        await site.Client.GetStringAsync("/all.atom");
        var before = site.Cache.Bytes;

        for (var i = 0; i < 60; i++) await site.Client.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"/search.atom?q=-x{i}+%E6%B8%AF%E5%8F%A3"));

        Assert.InRange(site.Cache.Bytes - before, 0, 1_048_576 / 8);
    }

    [Theory]
    [InlineData("/search.atom")]
    [InlineData("/search.atom?q=%20-%20")]
    [InlineData("/search.opml?q=a")]
    [InlineData("/search.txt?q=a")]
    public async Task What_is_no_search_is_no_feed(string address)
    {
        await using var site = await PublishSite.StartAsync();

        using var response = await site.SendAsync(address);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Too_many_searches_from_one_address_wait()
    {
        await using var site = await PublishSite.StartAsync(settings: ("Search:RequestsPerMinute", "1"));
        using var first = await site.SendAsync("/search.atom?q=a");
        using var second = await site.SendAsync("/search.atom?q=a");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
        Assert.NotNull(second.Headers.RetryAfter);
    }
}
