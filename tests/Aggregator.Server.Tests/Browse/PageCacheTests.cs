using System.Net;
using System.Net.Http.Headers;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Tests.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class PageCacheTests
{
    private static readonly string[] Indexing = ["search_queue", "related_queue", "search_segment", "search_change", "search_place"];

    [Theory]
    [InlineData("/")]
    [InlineData("/categories/world")]
    [InlineData("/categories/world?language=en")]
    [InlineData("/sources/2")]
    [InlineData("/sources")]
    [InlineData("/articles/1")]
    public async Task A_page_is_read_once_for_everybody_of_a_language_until_something_changes(string address)
    {
        await using var site = await RunningSite.StartWithSamplesAsync();
        using var first = site.CreateBrowser("en");
        using var second = site.CreateBrowser("en-GB,fr;q=0.5");
        var page = await first.GetByteArrayAsync(new Uri(address, UriKind.Relative));
        var bytes = site.Services.GetRequiredService<PageCache>().Bytes;
        Assert.True(bytes > 0);
        var statements = await StatementsAsync(site, async () =>
        {
            Assert.Equal(page, await second.GetByteArrayAsync(new Uri(address, UriKind.Relative)));
            Assert.Equal(page, await first.GetByteArrayAsync(new Uri(address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "utm_source=nowhere", UriKind.Relative)));
        });
        Assert.Empty(statements);
        Assert.Equal(bytes, site.Services.GetRequiredService<PageCache>().Bytes);

        using var chinese = site.CreateBrowser("zh");
        Assert.NotEqual(page, await chinese.GetByteArrayAsync(new Uri(address, UriKind.Relative)));
    }

    [Fact]
    public async Task A_snapshot_is_read_once_too()
    {
        await using var site = await RunningSite.StartWithSamplesAsync();
        using var browser = site.CreateBrowser("en");
        var snapshot = (await browser.GetPageAsync("/articles/1")).AttributeOf("a[href$='.json']", "href")[..^".json".Length];
        using var first = await browser.GetAsync(new Uri(snapshot, UriKind.Relative));
        Assert.Empty(await StatementsAsync(site, async () =>
        {
            using var again = await browser.GetAsync(new Uri(snapshot, UriKind.Relative));
            Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await again.Content.ReadAsByteArrayAsync());
            foreach (var name in (string[])["Memento-Datetime", "Link", "ETag", "Cache-Control"])
                Assert.Equal(first.Headers.GetValues(name), again.Headers.GetValues(name));
        }));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("br;q=0, *;q=0.1", "gzip")]
    public async Task A_page_is_packed_as_the_visitor_likes_it_and_not_sent_to_who_has_it(string? accepted, string? coding)
    {
        await using var site = await RunningSite.StartWithSamplesAsync();
        using var browser = site.CreateBrowser("en");
        if (accepted is not null) browser.DefaultRequestHeaders.Add("Accept-Encoding", accepted);
        foreach (var address in new[] { "/", "/categories/world", "/articles/1", "/about", "/search?q=harbour" })
        {
            using var answer = await browser.GetAsync(new Uri(address, UriKind.Relative));
            Assert.Equal(coding is null ? [] : [coding], answer.Content.Headers.ContentEncoding);
            Assert.False(answer.Headers.ETag!.IsWeak);
            using var again = new HttpRequestMessage(HttpMethod.Get, address);
            again.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"other\""));
            again.Headers.IfNoneMatch.Add(answer.Headers.ETag);
            using var held = await browser.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, held.StatusCode);
            Assert.Equal(answer.Headers.ETag, held.Headers.ETag);
            Assert.Equal("public, max-age=60", held.Headers.CacheControl!.ToString());
        }
    }

    [Fact]
    public async Task An_edit_shows_within_two_seconds_and_changes_the_tag()
    {
        await using var article = await EditedArticle.StartAsync();
        await article.PublishAsync("大桥封闭", "陈港生", "<p>大桥今天封闭。</p>");
        using var browser = article.Site.CreateBrowser("zh");
        using var before = await browser.GetAsync(new Uri(article.Page, UriKind.Relative));
        await article.PublishAsync("大桥限行", "陈港生", "<p>大桥今天限行。</p>");
        foreach (var address in new[] { article.Page, "/", "/categories/domestic" })
            Assert.Contains("大桥限行", await browser.GetStringAsync(new Uri(address, UriKind.Relative)), StringComparison.Ordinal);
        using var after = await browser.GetAsync(new Uri(article.Page, UriKind.Relative));
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
        Assert.Contains("rel=\"timegate\"", after.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_version_tells_of_shows_within_a_minute()
    {
        await using var site = await RunningSite.StartWithSamplesAsync();
        using var browser = site.CreateBrowser("en");
        var categories = site.Services.GetRequiredService<ICategoryStore>();
        await browser.GetPageAsync("/articles/1");
        await categories.AddAsync(new Category { Id = 0, Slug = "late", Title = "Latecomer", Language = "en", Position = 9 }, default);
        Assert.DoesNotContain("Latecomer", (await browser.GetPageAsync("/articles/1")).TextsOf("nav.categories a"));
        site.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("Latecomer", (await browser.GetPageAsync("/articles/1")).TextsOf("nav.categories a"));
    }

    [Fact]
    public async Task Places_that_strangers_think_up_drive_no_page_out()
    {
        await using var site = await RunningSite.StartWithSamplesAsync(("Site:PageCacheBytes", "1048576"));
        using var browser = site.CreateBrowser("en");
        var page = await browser.GetByteArrayAsync(new Uri("/categories/world", UriKind.Relative));
        for (var i = 0; i < 40; i++) await browser.GetByteArrayAsync(new Uri($"/categories/world?before=17690000{i:00}000-1", UriKind.Relative));
        Assert.InRange(site.Services.GetRequiredService<PageCache>().Bytes, page.Length, 1_048_576 + 131_072);
        Assert.Empty(await StatementsAsync(site, () => browser.GetByteArrayAsync(new Uri("/categories/world", UriKind.Relative))));
    }

    [Fact]
    public async Task A_list_costs_the_same_few_statements_however_many_sources_and_categories_there_are()
    {
        await using var site = await RunningSite.StartWithSamplesAsync();
        using var browser = site.CreateBrowser("en");
        foreach (var (address, most) in new[] { ("/", 8), ("/categories/world", 8), ("/sources/2", 8), ("/sources", 5), ("/articles/1", 28) })
        {
            site.Clock.Advance(TimeSpan.FromMinutes(2));
            Assert.InRange((await StatementsAsync(site, () => browser.GetByteArrayAsync(new Uri(address, UriKind.Relative)))).Count, 1, most);
        }
    }

    private static async Task<IReadOnlyList<string>> StatementsAsync(RunningSite site, Func<Task> work)
    {
        var statements = new List<string>();
        var database = site.Services.GetRequiredService<Storage.Databases.Database>();
        database.Watch = (statement, _) =>
        {
            // Indexing goes on beside it.
            if (!Array.Exists(Indexing, table => statement.Contains(table, StringComparison.Ordinal)))
                lock (statements) statements.Add(statement);
        };
        await work();
        database.Watch = null;
        return statements;
    }
}
