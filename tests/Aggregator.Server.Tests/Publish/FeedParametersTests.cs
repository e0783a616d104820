using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Aggregator.Server.Tests.Publish;

public sealed class FeedParametersTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("n=5", 5, "?n=5")]
    [InlineData("n=005", 5, "?n=5")]
    [InlineData("n=50", 50, "")]
    [InlineData("n=", 50, "")]
    [InlineData("n=80", 60, "?n=80")]
    [InlineData("n=501", 60, "?n=500")]
    [InlineData("n=1000000000", 60, "?n=500")]
    [InlineData("n=99999999999999999999999999", 60, "?n=500")]
    [InlineData("N=5&n=6", 5, "?n=5")]
    [InlineData("content=full", 50, "")]
    [InlineData("content=Summary", 50, "?content=summary")]
    [InlineData("content=none&n=3", 3, "?n=3&content=none")]
    [InlineData("n=3&content=none&utm_source=x&", 3, "?n=3&content=none")]
    [InlineData("since=2026", 50, "?since=2026-01-01")]
    [InlineData("since=2026-09", 50, "?since=2026-09-01")]
    [InlineData("since=2026-09-05T08:30:00Z", 21, "?since=2026-09-05T08:30:00Z")]
    [InlineData("since=2026-09-05T08:30:00.987Z", 21, "?since=2026-09-05T08:30:00Z")]
    [InlineData("since=2026-09-05T16:30:00+08:00", 21, "?since=2026-09-05T08:30:00Z")]
    [InlineData("since=2026-09-05T16:30%2B08:00", 21, "?since=2026-09-05T08:30:00Z")]
    [InlineData("since=2026-09-05T08:30", 21, "?since=2026-09-05T08:30:00Z")]
    [InlineData("since=2026-09-05T00:00:00Z", 50, "?since=2026-09-05")]
    [InlineData("since=2026-09-05T12:00:00Z", 0, "?since=2026-09-05T12:00:00Z")]
    [InlineData("since=0001-01-01", 50, "?since=0001-01-01")]
    [InlineData("stories=1&n=4", 4, "?stories=1&n=4")]
    [InlineData("n=4&stories=1&content=full", 4, "?stories=1&n=4")]
    [InlineData("stories=0&whatever=1&n[]=3&N%00=3", 50, "")]
    public async Task Reads(string query, int count, string canonical)
    {
        await using var site = await PublishSite.StartAsync();
        await SeedAsync(site);
        using var response = await site.SendAsync("/categories/technology.atom?" + query);
        var feed = (await XDocument.LoadAsync(await response.Content.ReadAsStreamAsync(Ct), LoadOptions.None, Ct)).Root!;
        Assert.Equal(count, feed.Elements(Atom + "entry").Count());
        Assert.Equal($"{site.Url}/categories/technology.atom{canonical}", (string)feed.Elements(Atom + "link").Single(link => (string)link.Attribute("rel")! == "self").Attribute("href")!);

        // Another spelling is the same document, made once.
        var lists = site.Entries.Lists;
        using var same = await site.SendAsync("/categories/technology.atom" + canonical);
        Assert.Equal(response.Headers.ETag, same.Headers.ETag);
        Assert.Equal(lists, site.Entries.Lists);
        using var held = await site.SendAsync("/categories/technology.atom?" + query, null, ("If-None-Match", response.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, held.StatusCode);

        // Only the whole feed is a topic of the hub.
        Assert.Equal(canonical.Length == 0, string.Join(",", response.Headers.GetValues("Link")).Contains("rel=\"hub\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("n=0")]
    [InlineData("n=-5")]
    [InlineData("n=1e9")]
    [InlineData("n=5.5")]
    [InlineData("n=%EF%BC%95")]
    [InlineData("n=all")]
    [InlineData("content=everything")]
    [InlineData("content=<script>")]
    [InlineData("since=9999")]
    [InlineData("since=garbage")]
    [InlineData("since=2026-13-01")]
    [InlineData("since=2026-02-30")]
    [InlineData("since=2026-09-07")]
    [InlineData("since=-1")]
    [InlineData("since=1788598200")]
    [InlineData("since=0001-01-01T00:00:00%2B14:00")]
    public async Task Refuses_in_a_sentence_of_both_languages(string query)
    {
        await using var site = await PublishSite.StartAsync();
        await SeedAsync(site);
        foreach (var path in new[] { "/all.atom", "/categories/technology.json", "/sources/1.rss", "/search.atom" })
        {
            using var response = await site.SendAsync($"{path}?q=entry&{query}");
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal(("text/plain", "*"), (response.Content.Headers.ContentType!.MediaType, response.Headers.GetValues("Access-Control-Allow-Origin").Single()));
            var lines = (await response.Content.ReadAsStringAsync(Ct)).TrimEnd().Split('\n');
            Assert.Equal(2, lines.Length);
            Assert.Matches("[a-z]{2,}.*[a-z]{2,}", lines[0]);
            Assert.Matches("[一-龥]{3,}", lines[1]);
            Assert.DoesNotContain(lines, line => line.Contains('<', StringComparison.Ordinal));
        }

        Assert.Equal(0, site.Entries.Lists);
        using var opml = await site.SendAsync("/all.opml?" + query);
        Assert.Equal(HttpStatusCode.OK, opml.StatusCode);
    }

    [Theory]
    [InlineData("/all")]
    [InlineData("/search", "q=entry&")]
    public async Task Content_is_cut_in_every_format(string path, string query = "")
    {
        await using var site = await PublishSite.StartAsync();
        await SeedAsync(site);
        await site.IndexAsync();
        foreach (var format in new[] { "atom", "rss", "json" })
        {
            var full = await site.Client.GetStringAsync(new Uri($"{path}.{format}?{query}n=9", UriKind.Relative), Ct);
            var summary = await site.Client.GetStringAsync(new Uri($"{path}.{format}?{query}n=9&content=summary", UriKind.Relative), Ct);
            var none = await site.Client.GetStringAsync(new Uri($"{path}.{format}?{query}n=9&content=none", UriKind.Relative), Ct);
            Assert.Equal((true, true), (full.Contains("正文", StringComparison.Ordinal), full.Contains("摘要", StringComparison.Ordinal)));
            Assert.Equal((false, true), (summary.Contains("正文", StringComparison.Ordinal), summary.Contains("摘要", StringComparison.Ordinal)));
            Assert.Equal((false, false), (none.Contains("正文", StringComparison.Ordinal), none.Contains("摘要", StringComparison.Ordinal)));

            // Where it is from and when it was taken is never cut.
            Assert.All([full, summary, none], document => Assert.Contains("来源：", document, StringComparison.Ordinal));
        }

        using var json = JsonDocument.Parse(await site.Client.GetStringAsync(new Uri($"{path}.json?{query}n=9&content=none", UriKind.Relative), Ct));
        Assert.Equal(9, json.RootElement.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_search_is_cut_and_begins_where_it_is_told()
    {
        await using var site = await PublishSite.StartAsync();
        await SeedAsync(site);
        await site.IndexAsync();
        var feed = XDocument.Parse(await site.Client.GetStringAsync(new Uri("/search.atom?q=entry&n=500&since=2026-09-05T08:30:00Z", UriKind.Relative), Ct)).Root!;
        Assert.Equal(21, feed.Elements(Atom + "entry").Count());
        Assert.Equal($"{site.Url}/search.atom?q=entry&n=500&since=2026-09-05T08:30:00Z", (string)feed.Elements(Atom + "link").Single(link => (string)link.Attribute("rel")! == "self").Attribute("href")!);
    }

    [Fact]
    public async Task What_strangers_think_up_drives_no_feed_out_of_memory()
    {
        await using var site = await PublishSite.StartAsync(null, ("Publish:CacheBytes", "1048576"));
        await SeedAsync(site);
        using var usual = await site.SendAsync("/all.atom");
        for (var i = 1; i <= 60; i++)
        {
            using var response = await site.SendAsync(string.Create(CultureInfo.InvariantCulture, $"/all.atom?n={i}&since=2026-08-{(i % 28) + 1}"));
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest);
            Assert.InRange(site.Cache.Bytes, 1, 1_048_576 * 5 / 4);
        }

        var lists = site.Entries.Lists;
        using var still = await site.SendAsync("/all.atom");
        Assert.Equal((usual.Headers.ETag, lists), (still.Headers.ETag, site.Entries.Lists));
    }

    /// <summary>Sixty entries in a category, a minute apart from 08:50 down.</summary>
    private static async Task SeedAsync(PublishSite site)
    {
        var source = await site.AddSourceAsync(await site.AddCategoryAsync());
        await site.AddEntriesAsync(source, [.. Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"entry {i}"))]);
    }
}
