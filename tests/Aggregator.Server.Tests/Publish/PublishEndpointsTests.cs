using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Aggregator.Server.Publish;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Aggregator.Server.Tests.Publish;

public sealed class PublishEndpointsTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    public static TheoryData<string, string> Formats => new()
    {
        { "atom", "application/atom+xml; charset=utf-8" },
        { "rss", "application/rss+xml; charset=utf-8" },
        { "json", "application/feed+json; charset=utf-8" },
        { "opml", "text/x-opml; charset=utf-8" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Serves_a_category_everything_and_a_source_in(string extension, string contentType)
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一", "二");
        foreach (var path in new[] { $"/categories/technology.{extension}", $"/all.{extension}", $"/sources/1.{extension}" })
        {
            using var response = await site.SendAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(contentType, Content(response, "Content-Type"));
            // A subscription list is no topic: it is pushed to nobody.
            var hub = path.EndsWith(".opml", StringComparison.Ordinal) ? "" : $", <{site.Url}/hub>; rel=\"hub\"";
            Assert.Equal($"<{site.Url}{path}>; rel=\"self\"{hub}", Header(response, "Link"));
            Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
            Assert.Equal("public, max-age=60, stale-while-revalidate=600, stale-if-error=3600", Header(response, "Cache-Control"));
            Assert.StartsWith("Accept-Encoding", Header(response, "Vary"), StringComparison.Ordinal);
            Assert.Equal("*", Header(response, "Access-Control-Allow-Origin"));
            Assert.Equal("ETag, Last-Modified, Link, IM, Delta-Base", Header(response, "Access-Control-Expose-Headers"));
            Assert.Matches("^\"[0-9a-f]{32}\"$", Header(response, "ETag")!);
            Assert.Contains("原始新闻 Orig", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);

            using var head = await site.SendAsync(path, HttpMethod.Head);
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Equal(Header(response, "ETag"), Header(head, "ETag"));
            Assert.Equal(Content(response, "Content-Type"), Content(head, "Content-Type"));
            Assert.Equal(response.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Dates_a_feed_by_its_newest_capture()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        site.Clock.Advance(TimeSpan.FromHours(1));
        using var response = await site.SendAsync("/categories/technology.atom");
        Assert.Equal("Sat, 05 Sep 2026 09:00:00 GMT", Content(response, "Last-Modified"));
        var feed = XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!;
        Assert.StartsWith("2026-09-05T09:00:00.25", feed.Element(Atom + "updated")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("identity")]
    public async Task Sends_each_coding_under_a_tag_of_its_own(string coding)
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一", "二");
        using var plain = await site.SendAsync("/all.rss");
        using var coded = await site.SendAsync("/all.rss", null, ("Accept-Encoding", coding));
        var bytes = await coded.Content.ReadAsByteArrayAsync();
        Assert.Equal(bytes.Length, coded.Content.Headers.ContentLength);
        Assert.Equal(coding == "identity", Header(plain, "ETag") == Header(coded, "ETag"));
        Assert.Equal(coding == "identity" ? null : coding, Content(coded, "Content-Encoding"));
        Assert.Equal(await plain.Content.ReadAsByteArrayAsync(), Decode(bytes, coding));
    }

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("gzip;q=1, br;q=0.5", "gzip")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("*", "br")]
    [InlineData("identity, gzip;q=0.5", null)]
    [InlineData("deflate", null)]
    [InlineData("br;q=0, gzip;q=0, identity;q=0", null)]
    [InlineData(";;;", null)]
    [InlineData("", null)]
    public async Task Chooses_the_coding_that_the_client_likes_best(string accept, string? coding)
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        using var response = await site.SendAsync("/all.atom", null, ("Accept-Encoding", accept));
        Assert.Equal(coding, Content(response, "Content-Encoding"));
    }

    [Fact]
    public async Task Answers_304_to_whoever_has_it_already()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        using var first = await site.SendAsync("/all.atom", null, ("Accept-Encoding", "gzip"));
        var tag = Header(first, "ETag")!;
        foreach (var held in new[] { tag, "W/" + tag, $"\"other\", {tag}", $"\"a\",W/\"b\" , W/{tag}", "*" })
        {
            using var response = await site.SendAsync("/all.atom", null, ("Accept-Encoding", "gzip"), ("If-None-Match", held));
            Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
            Assert.Equal(tag, Header(response, "ETag"));
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
            foreach (var name in new[] { "Cache-Control", "Vary", "Link", "Access-Control-Allow-Origin" }) Assert.Equal(Header(first, name), Header(response, name));
            Assert.Null(Content(response, "Content-Type"));

            using var head = await site.SendAsync("/all.atom", HttpMethod.Head, ("Accept-Encoding", "gzip"), ("If-None-Match", held));
            Assert.Equal(HttpStatusCode.NotModified, head.StatusCode);
        }

        foreach (var other in new[] { "\"other\"", "W/\"x\"", "nonsense", "\"" })
        {
            using var response = await site.SendAsync("/all.atom", null, ("Accept-Encoding", "gzip"), ("If-None-Match", other));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Knows_its_tag_in_any_coding_that_the_client_still_accepts()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        using var plain = await site.SendAsync("/all.atom");
        var tag = Header(plain, "ETag")!;
        using var later = await site.SendAsync("/all.atom", null, ("Accept-Encoding", "br, gzip"), ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, later.StatusCode);
        Assert.Equal(tag, Header(later, "ETag"));

        using var brotli = await site.SendAsync("/all.atom", null, ("Accept-Encoding", "br"));
        using var without = await site.SendAsync("/all.atom", null, ("If-None-Match", Header(brotli, "ETag")!));
        Assert.Equal(HttpStatusCode.OK, without.StatusCode);
    }

    [Fact]
    public async Task Goes_by_the_date_only_without_a_tag()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        using var first = await site.SendAsync("/all.atom");
        var date = Content(first, "Last-Modified")!;
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(site, ("If-Modified-Since", date)));
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(site, ("If-Modified-Since", "Sat, 05 Sep 2026 09:00:01 GMT")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(site, ("If-Modified-Since", "Sat, 05 Sep 2026 08:59:59 GMT")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(site, ("If-Modified-Since", "the other day")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(site, ("If-Modified-Since", date), ("If-None-Match", "\"other\"")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(site, ("If-Modified-Since", date), ("If-None-Match", "unreadable")));
    }

    [Fact]
    public async Task Whoever_remembers_only_the_date_misses_no_entry_whatever_the_clocks_do()
    {
        await using var site = await PublishSite.StartAsync();
        var category = await site.AddCategoryAsync();
        var source = await site.AddSourceAsync(category);
        await site.AddEntriesAsync(source, "0");
        string? date = null;
        DateTimeOffset? before = null;
        for (var round = 0; round < 6; round++)
        {
            (string, string)[] condition = date is null ? [] : [("If-Modified-Since", date)];
            using var response = await site.SendAsync("/categories/technology.json", null, condition);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            using var feed = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            Assert.Contains($"{round}", feed.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()));
            if (Content(response, "Last-Modified") is { } sent)
            {
                var modified = DateTimeOffset.Parse(date = sent, CultureInfo.InvariantCulture);
                Assert.True(before is null || modified > before, $"{modified} after {before}");
                Assert.True(modified <= site.Clock.GetUtcNow());
                before = modified;
                Assert.Equal(HttpStatusCode.NotModified, (await site.SendAsync("/categories/technology.json", null, ("If-Modified-Since", date))).StatusCode);
            }

            // A refresh that began before the last one, and is stored after it; in every second round within the same second.
            site.Clock.Advance(TimeSpan.FromSeconds(-10));
            await site.AddEntriesAsync(source, $"{round + 1}");
            site.Clock.Advance(TimeSpan.FromSeconds(round % 2 == 0 ? 11 : 12));
            site.Services.GetRequiredService<StoreTrust>().End();
        }
    }

    [Fact]
    public async Task Reads_no_more_bodies_at_once_than_a_few_and_holds_as_many_as_are_set()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync([.. Enumerable.Range(0, 60).Select(i => $"{i}")]);
        using var feed = JsonDocument.Parse(await site.Client.GetStringAsync(new Uri("/categories/technology.json", UriKind.Relative)));
        var titles = feed.RootElement.GetProperty("items").EnumerateArray().Select(item => int.Parse(item.GetProperty("title").GetString()!, CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(0, 50), titles);
        Assert.Equal((5, 10), (site.Entries.Lists, site.Entries.MostBodies));
    }

    [Fact]
    public async Task Serves_what_was_current_last_while_the_store_does_not_answer_but_not_for_long()
    {
        await using var site = await PublishSite.StartAsync();
        var category = await site.SeedAsync("一");
        using var before = await site.SendAsync("/all.atom");
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        site.Entries.Failure = new SqliteException("disk I/O error", 10);

        using (var stale = await site.SendAsync("/all.atom"))
        {
            Assert.Equal(HttpStatusCode.OK, stale.StatusCode);
            Assert.Equal(Header(before, "ETag"), Header(stale, "ETag"));
        }

        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(site, ("If-None-Match", Header(before, "ETag")!)));
        var asked = site.Entries.Versions;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(site));
        Assert.Equal(asked, site.Entries.Versions);
        using (var never = await site.SendAsync("/all.rss"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, never.StatusCode);
            Assert.Equal("5", Header(never, "Retry-After"));
            Assert.Equal("no-store", Header(never, "Cache-Control"));
        }

        site.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(site));

        // It is back, and so are we.
        site.Entries.Failure = null;
        await site.AddEntriesAsync(1, "二");
        site.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Contains("二", await site.Client.GetStringAsync(new Uri("/all.atom", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal("technology", category.Slug);
    }

    [Fact]
    public async Task Lets_any_site_ask_first()
    {
        await using var site = await PublishSite.StartAsync();
        using var response = await site.SendAsync(
            "/all.json", HttpMethod.Options, ("Origin", "https://other.example"), ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "if-none-match"));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("GET, HEAD, OPTIONS", Header(response, "Access-Control-Allow-Methods"));
        Assert.Contains("If-None-Match", Header(response, "Access-Control-Allow-Headers")!, StringComparison.Ordinal);
        Assert.Equal(0, site.Entries.Versions);
    }

    [Theory]
    [InlineData("/categories/unknown.atom")]
    [InlineData("/categories/Technology.atom")]
    [InlineData("/categories/technology.xml")]
    [InlineData("/categories/technology.ATOM")]
    [InlineData("/categories/a.b.atom")]
    [InlineData("/categories/%0A.atom")]
    [InlineData("/sources/99.atom")]
    [InlineData("/sources/01.atom")]
    [InlineData("/sources/-1.atom")]
    [InlineData("/sources/99999999999999999999.atom")]
    [InlineData("/sources/one.atom")]
    [InlineData("/all.xml")]
    public async Task Says_calmly_that_there_is_no_such_feed(string path)
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        using var response = await site.SendAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", Content(response, "Content-Type"));
        Assert.Contains("There is no feed at this address.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, site.Entries.Lists);
    }

    [Fact]
    public async Task Refuses_to_be_written_to()
    {
        await using var site = await PublishSite.StartAsync();
        using var response = await site.SendAsync("/all.atom", HttpMethod.Post);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task Asks_the_store_at_most_once_a_second_and_renders_once_per_change()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, await StatusAsync(site));
        Assert.Equal((1, 1), (site.Entries.Versions, site.Entries.Lists));

        site.Clock.Advance(FeedCache.Pace);
        for (var round = 2; round < 5; round++)
        {
            for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, await StatusAsync(site));
            Assert.Equal((round, 1), (site.Entries.Versions, site.Entries.Lists));
            site.Clock.Advance(StoreTrust.Interval);
        }
    }

    [Fact]
    public async Task Renders_a_burst_once_in_two_seconds_and_leaves_nobody_further_behind()
    {
        await using var site = await PublishSite.StartAsync();
        var source = await site.AddSourceAsync(await site.AddCategoryAsync());
        var stored = new List<DateTimeOffset>();
        var renderings = new HashSet<string>();
        // Ten and a half seconds of a change every 100 ms, and one and a half in which nothing changes any more.
        for (var i = 0; i < 120; i++)
        {
            if (i <= 105)
            {
                stored.Add(site.Clock.GetUtcNow());
                await site.AddEntriesAsync(source, string.Create(CultureInfo.InvariantCulture, $"{i:000}"));
            }

            foreach (var path in new[] { "/categories/technology.json", "/sources/1.json" })
            {
                using var response = await site.SendAsync(path);
                using var feed = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
                var newest = feed.RootElement.GetProperty("items").EnumerateArray().Max(item => int.Parse(item.GetProperty("title").GetString()!, CultureInfo.InvariantCulture));
                if (newest + 1 < stored.Count) Assert.InRange(site.Clock.GetUtcNow() - stored[newest + 1], TimeSpan.Zero, FeedCache.Pace);
                renderings.Add(path + Header(response, "ETag"));
            }

            site.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(6 * 2, renderings.Count);
        Assert.Contains("\"105\"", await site.Client.GetStringAsync(new Uri("/categories/technology.json", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_at_once_what_was_changed_through_this_process()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(site));
        await site.AddEntriesAsync(1, "二");
        site.Services.GetRequiredService<StoreTrust>().End();
        Assert.Contains("二", await site.Client.GetStringAsync(new Uri("/all.atom", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_a_change_within_two_seconds_also_one_that_another_node_made()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        await using var other = await PublishSite.StartAsync(site);
        using var before = await other.SendAsync("/categories/technology.atom");
        site.Clock.Advance(TimeSpan.FromMinutes(2));
        await site.AddEntriesAsync(1, "新的");

        other.Clock.Advance(FeedCache.Pace);
        using var after = await other.SendAsync("/categories/technology.atom", null, ("If-None-Match", Header(before, "ETag")!));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Contains("新的", await after.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_every_node_the_same_tag_for_the_same_entries()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一", "二");
        await using var other = await PublishSite.StartAsync(site);
        other.Clock.Advance(TimeSpan.FromDays(3));
        foreach (var extension in new[] { "atom", "rss", "json", "opml" })
        {
            using var here = await site.SendAsync("/categories/technology." + extension);
            using var there = await other.SendAsync("/categories/technology." + extension);
            Assert.Equal(Header(here, "ETag"), Header(there, "ETag"));
            Assert.Equal(Content(here, "Last-Modified"), Content(there, "Last-Modified"));
        }
    }

    [Fact]
    public async Task Renders_once_while_many_wait()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        var gate = new TaskCompletionSource();
        site.Entries.Gate = gate.Task;
        using var leaving = new CancellationTokenSource();
        var impatient = site.Client.GetAsync(new Uri("/all.atom", UriKind.Relative), leaving.Token);
        var waiting = Enumerable.Range(0, 20).Select(_ => StatusAsync(site)).ToList();
        while (site.Entries.Lists == 0) await Task.Delay(5);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        gate.SetResult();
        Assert.All(await Task.WhenAll(waiting), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, site.Entries.Lists);
    }

    [Fact]
    public async Task Recovers_from_a_store_that_failed()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        site.Entries.Gate = Task.FromException(new IOException("The disk is away."));
        Assert.Equal(HttpStatusCode.InternalServerError, await StatusAsync(site));
        site.Entries.Gate = Task.CompletedTask;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(site));
    }

    [Fact]
    public async Task Follows_the_switch_of_the_attribution_line()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        using var with = await site.SendAsync("/categories/technology.atom");
        Assert.Contains("来源：", await with.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        site.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await site.Categories.SetShowAttributionAsync("technology", show: false, site.Clock.GetUtcNow(), CancellationToken.None));
        using var without = await site.SendAsync(
            "/categories/technology.atom", null, ("If-Modified-Since", Content(with, "Last-Modified")!));
        Assert.Equal(HttpStatusCode.OK, without.StatusCode);
        Assert.DoesNotContain("来源：", await without.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_a_feed_to_a_person_as_xml_with_a_stylesheet()
    {
        await using var site = await PublishSite.StartAsync();
        await site.SeedAsync("一");
        using var reader = await site.SendAsync("/all.atom");
        using var page = await site.SendAsync("/all.atom", null, ("Sec-Fetch-Dest", "document"));
        Assert.Equal("application/xml; charset=utf-8", Content(page, "Content-Type"));
        Assert.Equal("default-src 'none'; style-src 'self'", Header(page, "Content-Security-Policy"));
        Assert.Equal("Accept-Encoding, Sec-Fetch-Dest, A-IM", Header(page, "Vary"));
        Assert.NotEqual(Header(reader, "ETag"), Header(page, "ETag"));
        Assert.Equal(await reader.Content.ReadAsByteArrayAsync(), await page.Content.ReadAsByteArrayAsync());

        var instruction = XDocument.Parse(await page.Content.ReadAsStringAsync()).Nodes().OfType<XProcessingInstruction>().Single();
        Assert.Equal(("xml-stylesheet", $"type=\"text/css\" href=\"{site.Url}/feed.css\""), (instruction.Target, instruction.Data));
        using var stylesheet = await site.SendAsync("/feed.css");
        Assert.Equal("text/css; charset=utf-8", Content(stylesheet, "Content-Type"));

        using var json = await site.SendAsync("/all.json", null, ("Sec-Fetch-Dest", "document"));
        Assert.Equal("application/feed+json; charset=utf-8", Content(json, "Content-Type"));
        Assert.Equal("Accept-Encoding, A-IM", Header(json, "Vary"));
    }

    [Fact]
    public async Task Holds_the_newest_entries_up_to_the_number_configured()
    {
        await using var site = await PublishSite.StartAsync(null, ("Publish:EntriesPerFeed", "2"));
        await site.SeedAsync("一", "二", "三");
        using var json = JsonDocument.Parse(await site.Client.GetStringAsync(new Uri("/all.json", UriKind.Relative)));
        Assert.Equal(["一", "二"], json.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()));
    }

    [Theory]
    [InlineData("Publish:EntriesPerFeed", "0")]
    [InlineData("Publish:EntriesPerFeed", "501")]
    [InlineData("Publish:CacheBytes", "1000")]
    [InlineData("Publish:MaxAge", "-00:00:01")]
    [InlineData("Publish:StaleWhileRevalidate", "31.00:00:00")]
    [InlineData("Publish:Title", " ")]
    [InlineData("Publish:Language", "")]
    public async Task Refuses_to_start_with_a_sentence_that_names_the_key(string key, string value)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => PublishSite.StartAsync(null, (key, value)));
        Assert.StartsWith(key + " is ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serves_an_empty_category()
    {
        await using var site = await PublishSite.StartAsync();
        await site.AddCategoryAsync();
        foreach (var extension in new[] { "atom", "rss", "json", "opml" })
            using (var response = await site.SendAsync("/categories/technology." + extension))
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Lists_a_new_source_within_a_minute()
    {
        await using var site = await PublishSite.StartAsync();
        var category = await site.SeedAsync("一");
        using var before = await site.SendAsync("/categories/technology.opml");
        Assert.Null(Content(before, "Last-Modified"));
        await site.AddSourceAsync(category, "https://u:p@second.example/feed");
        site.Clock.Advance(FeedListAge);
        var list = await site.Client.GetStringAsync(new Uri("/categories/technology.opml", UriKind.Relative));
        Assert.Equal(
            ["https://orig.example/feed.xml", "https://second.example/feed"],
            XDocument.Parse(list).Descendants("outline").Select(outline => (string)outline.Attribute("xmlUrl")!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Never_tells_a_secret_of_a_sources_address()
    {
        await using var site = await PublishSite.StartAsync();
        var category = await site.AddCategoryAsync();
        await site.AddEntriesAsync(await site.AddSourceAsync(category, "https://user:hunter2@orig.example/feed?token=s3cr3t"), "一");
        foreach (var topic in new[] { "all", "categories/technology", "sources/1" })
            foreach (var extension in new[] { "atom", "rss", "json", "opml" })
                using (var response = await site.SendAsync($"/{topic}.{extension}"))
                {
                    var everything = response + await response.Content.ReadAsStringAsync();
                    Assert.DoesNotContain("hunter2", everything, StringComparison.Ordinal);
                    Assert.DoesNotContain("s3cr3t", everything, StringComparison.Ordinal);
                }
    }

    [Fact]
    public async Task Keeps_what_it_rendered_within_the_memory_configured()
    {
        await using var site = await PublishSite.StartAsync(null, ("Publish:CacheBytes", "1048576"), ("Publish:EntriesPerFeed", "500"));
        await site.SeedAsync([.. Enumerable.Range(0, 400).Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"标题 {i}"))]);
        foreach (var path in new[] { "/all.atom", "/all.rss", "/all.json", "/sources/1.atom", "/sources/1.rss", "/sources/1.json" })
        {
            using var response = await site.SendAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.InRange(site.Cache.Bytes, 1, 1048576);
        }
    }

    private static TimeSpan FeedListAge => FeedCache.SubscriptionListAge;

    private static async Task<HttpStatusCode> StatusAsync(PublishSite site, params (string Name, string Value)[] headers)
    {
        using var response = await site.SendAsync("/all.atom", null, headers);
        return response.StatusCode;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private static string? Content(HttpResponseMessage response, string name) =>
        response.Content.Headers.NonValidated.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private static byte[] Decode(byte[] bytes, string coding)
    {
        using var source = new MemoryStream(bytes);
        using Stream decoded = coding switch
        {
            "br" => new BrotliStream(source, CompressionMode.Decompress),
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            _ => source,
        };
        using var plain = new MemoryStream();
        decoded.CopyTo(plain);
        return plain.ToArray();
    }
}
