using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Publish;

/// <summary>Delta encoding (RFC 3229) with the instance manipulation <c>feed</c>.</summary>
public sealed class DeltaFeedTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/categories/technology.atom")]
    [InlineData("/categories/technology.rss")]
    [InlineData("/categories/technology.json")]
    [InlineData("/all.atom")]
    [InlineData("/sources/1.json?content=summary")]
    [InlineData("/all.rss?n=20&since=2020")]
    public async Task Whoever_asks_for_it_gets_what_came_and_what_changed_and_no_more(string address)
    {
        await using var site = await PublishSite.StartAsync();
        var source = await SeedAsync(site);
        var tag = await TagAsync(site, address);

        using var nothing = await AskAsync(site, address, tag);
        Assert.Equal(HttpStatusCode.NotModified, nothing.StatusCode);

        await site.AddEntriesAsync(source, "brand new");
        await site.AddEntriesAsync(source, TimeSpan.FromDays(800), "new with an old date");
        await site.ChangeEntryAsync(source, "entry 2", "changed");
        await site.NoteAsync();
        using var delta = await AskAsync(site, address, tag);
        Assert.Equal(HttpStatusCode.IMUsed, delta.StatusCode);
        Assert.Equal(("feed", tag), (Header(delta, "IM"), Header(delta, "Delta-Base")));
        Assert.Equal("no-store, im", Header(delta, "Cache-Control"));
        Assert.Equal(["brand new", "changed", "new with an old date"], await TitlesAsync(delta));

        using var whole = await site.SendAsync(address);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(Header(whole, "ETag"), Header(delta, "ETag"));
        Assert.Equal(Header(whole, "Content-Type"), Header(delta, "Content-Type"));
        Assert.Equal(await TagAsync(site, address), Header(delta, "ETag"));
        using var after = await AskAsync(site, address, Header(delta, "ETag")!);
        Assert.Equal(HttpStatusCode.NotModified, after.StatusCode);

        using var head = await site.SendAsync(address, HttpMethod.Head, ("A-IM", "feed"), ("If-None-Match", tag));
        Assert.Equal((HttpStatusCode.IMUsed, delta.Content.Headers.ContentLength), (head.StatusCode, head.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task Whoever_did_not_ask_gets_the_whole_feed()
    {
        await using var site = await PublishSite.StartAsync();
        var source = await SeedAsync(site);
        var tag = await TagAsync(site, "/all.atom");
        await site.AddEntriesAsync(source, "new");
        await site.NoteAsync();
        foreach (var wish in new string?[] { null, "", "vcdiff", "feed;q=0", "feed; q=0.000", "feeds", ";;;=,,", "x feed", new string('f', 4000), "gzip, diffe;p=feed", "\"feed\"", "feed=1" })
        {
            using var response = wish is null
                ? await site.SendAsync("/all.atom", null, ("If-None-Match", tag))
                : await site.SendAsync("/all.atom", null, ("If-None-Match", tag), ("A-IM", wish));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Null(Header(response, "IM"));
            Assert.Equal("public, max-age=60, stale-while-revalidate=600, stale-if-error=3600", Header(response, "Cache-Control"));
        }

        foreach (var wish in new[] { "feed", "FEED", "vcdiff, feed", "feed;q=0.5", "gzip;q=1 , feed ; q=1", "diffe;p=1,feed" })
        {
            using var response = await site.SendAsync("/all.atom", null, ("If-None-Match", tag), ("A-IM", wish));
            Assert.Equal(HttpStatusCode.IMUsed, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_tag_that_is_too_old_unknown_forged_or_of_another_feed_gets_the_whole_feed()
    {
        await using var site = await PublishSite.StartAsync();
        var source = await SeedAsync(site);
        var tag = await TagAsync(site, "/all.atom");
        var parts = tag.Trim('"').Split('.');
        var others = new List<string> { await TagAsync(site, "/all.rss"), await TagAsync(site, "/categories/technology.atom"), await TagAsync(site, "/all.atom?n=3") };
        await site.AddEntriesAsync(source, "new");
        await site.NoteAsync();
        foreach (var named in (string[])
        [
            .. others, "\"unknown\"", $"\"{parts[0]}\"", $"\"{parts[0]}.1.{parts[2]}\"", $"\"{parts[0]}.999999.{parts[2]}\"", $"\"{new string('0', 32)}.{parts[1]}.{parts[2]}\"",
            $"\"{parts[0]}.{parts[1]}.00000000\"", $"\"{parts[0]}.{parts[1]}.{parts[2]}-zip\"", $"\"{parts[0]}.-5.{parts[2]}\"", $"\"{parts[0]}.99999999999999999999999.{parts[2]}\"",
            $"{tag}, \"another\"", "unreadable", "\"" + new string('.', 3000) + "\"", "",
        ])
        {
            using var response = await AskAsync(site, "/all.atom", named);
            Assert.Equal((HttpStatusCode.OK, "max-age=60, private"), (response.StatusCode, Header(response, "Cache-Control")));
            Assert.Equal(50, (await TitlesAsync(response)).Count);
        }

        using var weak = await AskAsync(site, "/all.atom", "W/" + tag);
        Assert.Equal((HttpStatusCode.IMUsed, "W/" + tag), (weak.StatusCode, Header(weak, "Delta-Base")));
        using var any = await AskAsync(site, "/all.atom", "*");
        Assert.Equal(HttpStatusCode.NotModified, any.StatusCode);
        using var none = await site.SendAsync("/all.atom", null, ("A-IM", "feed"));
        Assert.Equal(HttpStatusCode.OK, none.StatusCode);

        // More than a feed can hold at all has happened since.
        await site.AddEntriesAsync(source, [.. Enumerable.Range(0, EntryQuery.MaxLimit).Select(i => string.Create(CultureInfo.InvariantCulture, $"many {i}"))]);
        await site.NoteAsync();
        using var tooOld = await AskAsync(site, "/all.atom", tag);
        Assert.Equal(HttpStatusCode.OK, tooOld.StatusCode);
    }

    [Fact]
    public async Task A_feed_that_changed_otherwise_or_follows_more_than_its_topic_is_given_whole()
    {
        await using var site = await PublishSite.StartAsync();
        var source = await SeedAsync(site);
        var category = (await site.Categories.FindAsync("technology", Ct))!;
        var tag = await TagAsync(site, "/categories/technology.atom");
        var stories = await TagAsync(site, "/categories/technology.atom?stories=1");
        await site.Categories.UpdateAsync(category with { Title = "Renamed" }, site.Clock.GetUtcNow(), Ct);
        site.Clock.Advance(TimeSpan.FromSeconds(2));
        using var renamed = await AskAsync(site, "/categories/technology.atom", tag);
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);

        await site.AddEntriesAsync(source, "new");
        await site.NoteAsync();
        using var once = await AskAsync(site, "/categories/technology.atom?stories=1", stories);
        Assert.Equal(HttpStatusCode.OK, once.StatusCode);

        await site.IndexAsync();
        var found = await TagAsync(site, "/search.atom?q=entry");
        Assert.DoesNotContain('.', found);
        using var search = await AskAsync(site, "/search.atom?q=entry", found);
        Assert.Equal(HttpStatusCode.NotModified, search.StatusCode);
    }

    [Fact]
    public async Task Take_downs_are_told_of_and_a_base_in_any_coding_is_known()
    {
        await using var site = await PublishSite.StartAsync();
        var source = await SeedAsync(site);
        using var packed = await site.SendAsync("/all.atom", null, ("A-IM", "feed"), ("Accept-Encoding", "gzip"));
        Assert.EndsWith("-gzip\"", Header(packed, "ETag")!, StringComparison.Ordinal);
        var rss = await TagAsync(site, "/all.rss");
        var id = await site.TakeDownAsync(source, "entry 4");
        await site.NoteAsync();

        using var delta = await site.SendAsync("/all.atom", null, ("A-IM", "feed"), ("Accept-Encoding", "gzip"), ("If-None-Match", Header(packed, "ETag")!));
        Assert.Equal(HttpStatusCode.IMUsed, delta.StatusCode);
        await using var unpacked = new GZipStream(await delta.Content.ReadAsStreamAsync(Ct), CompressionMode.Decompress);
        var feed = (await XDocument.LoadAsync(unpacked, LoadOptions.None, Ct)).Root!;
        XNamespace at = "http://purl.org/atompub/tombstones/1.0";
        Assert.EndsWith($"entry/{id}", (string)feed.Element(at + "deleted-entry")!.Attribute("ref")!, StringComparison.Ordinal);
        Assert.Empty(feed.Elements(Atom + "entry"));

        // RSS cannot say it: the client learns the new tag and no entry.
        using var silent = await AskAsync(site, "/all.rss", rss);
        Assert.Equal(HttpStatusCode.IMUsed, silent.StatusCode);
        Assert.Empty(await TitlesAsync(silent));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_follows_by_deltas_has_what_the_feed_shows_whatever_becomes_of_a_sources_rights(bool onPostgreSql)
    {
        Assert.SkipWhen(onPostgreSql && PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        await using var database = onPostgreSql ? await PostgreSqlCluster.CreateDatabaseAsync(Ct) : null;
        await using var site = await PublishSite.StartAsync(null, database is null ? [] : [("ConnectionStrings:Store", database.ConnectionString)]);
        var category = await site.AddCategoryAsync();
        var (one, two) = (await site.AddSourceAsync(category), await site.AddSourceAsync(category, "https://other.example/feed"));
        await site.AddEntriesAsync(two, "first");
        await site.NoteAsync();
        var client = new DeltaClient(site.Client, "/categories/technology.atom");
        await client.PollAsync();
        await site.AddEntriesAsync(one, [.. Enumerable.Range(0, 20).Select(i => string.Create(CultureInfo.InvariantCulture, $"one {i}"))]);
        await site.AddEntriesAsync(two, [.. Enumerable.Range(0, 20).Select(i => string.Create(CultureInfo.InvariantCulture, $"two {i}"))]);
        await FollowAsync(received: 40, 41);

        foreach (var (level, shown) in new (RepublishLevel?, int)[] { (RepublishLevel.Summary, 41), (RepublishLevel.Title, 41), (RepublishLevel.Nothing, 21), (null, 41), (RepublishLevel.Nothing, 21), (RepublishLevel.Full, 41) })
        {
            await site.SetLevelAsync(one, level);
            await FollowAsync(received: level is RepublishLevel.Nothing ? 0 : 20, shown);
        }

        // Only those that follow the category.
        await site.Categories.UpdateAsync(category with { Republish = RepublishLevel.Summary }, site.Clock.GetUtcNow(), Ct);
        await FollowAsync(received: 21, 41);
        await site.Categories.UpdateAsync(category with { Republish = RepublishLevel.Nothing }, site.Clock.GetUtcNow(), Ct);
        await FollowAsync(received: 0, 20);
        await site.Categories.UpdateAsync(category with { Republish = null }, site.Clock.GetUtcNow(), Ct);
        await FollowAsync(received: 21, 41);
        Assert.DoesNotContain(200, client.Statuses.Skip(1));

        async Task FollowAsync(int received, int shown)
        {
            await site.NoteAsync();
            await client.PollAsync();
            Assert.Equal((226, received), (client.Statuses[^1], client.Received));
            var whole = new DeltaClient(site.Client, "/categories/technology.atom");
            await whole.PollAsync();
            Assert.Equal(shown, whole.Entries.Count);
            Assert.Equal(whole.Texts.OrderBy(text => text.Key), client.Texts.OrderBy(text => text.Key));
        }
    }

    // A shared cache asks with its own tag and passes a reader's A-IM on: so what such a reader gets must never be in it.
    [Fact]
    public async Task Caches_can_tell_who_takes_deltas_and_keep_nothing_of_theirs()
    {
        await using var site = await PublishSite.StartAsync();
        await SeedAsync(site);
        foreach (var (format, vary) in new[] { ("atom", "Accept-Encoding, Sec-Fetch-Dest, A-IM"), ("rss", "Accept-Encoding, Sec-Fetch-Dest, A-IM"), ("json", "Accept-Encoding, A-IM"), ("opml", "Accept-Encoding") })
        {
            using var plain = await site.SendAsync($"/all.{format}");
            Assert.Equal((vary, true), (Header(plain, "Vary"), Header(plain, "Cache-Control")!.StartsWith("public", StringComparison.Ordinal)));
            using var same = await site.SendAsync($"/all.{format}", null, ("If-None-Match", Header(plain, "ETag")!));
            Assert.Equal((HttpStatusCode.NotModified, vary), (same.StatusCode, Header(same, "Vary")));
            if (format == "opml") continue;
            using var asked = await site.SendAsync($"/all.{format}", null, ("A-IM", "feed"));
            Assert.Equal((vary, "max-age=60, private"), (Header(asked, "Vary"), Header(asked, "Cache-Control")));
            using var held = await AskAsync(site, $"/all.{format}", Header(asked, "ETag")!);
            Assert.Equal((HttpStatusCode.NotModified, "max-age=60, private"), (held.StatusCode, Header(held, "Cache-Control")));
        }
    }

    [Fact]
    public async Task A_delta_is_made_once_for_all_who_ask_for_it()
    {
        await using var site = await PublishSite.StartAsync();
        var source = await SeedAsync(site);
        var tag = await TagAsync(site, "/all.atom");
        await site.AddEntriesAsync(source, "new");
        await site.NoteAsync();
        var bodies = site.Entries.Bodies;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(site, "/all.atom", tag)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.IMUsed, answer.StatusCode));
        using var again = await AskAsync(site, "/all.atom", tag);
        Assert.Equal((HttpStatusCode.IMUsed, bodies + 1), (again.StatusCode, site.Entries.Bodies));
        foreach (var answer in answers) answer.Dispose();
    }

    // Byte for byte what newsboat 2.2x to 2.3x send, for those who have none installed; FeedReaderTests run the program itself.
    [Fact]
    public async Task What_newsboat_sends_is_answered_with_what_is_new()
    {
        await using var site = await PublishSite.StartAsync();
        var source = await SeedAsync(site);
        (string, string)[] headers = [("Accept", "*/*"), ("Accept-Encoding", "gzip, deflate"), ("User-Agent", "Newsboat/2.32 (Linux x86_64; libcurl/8.5)"), ("A-IM", "feed")];
        using var first = await site.SendAsync("/categories/technology.atom", null, headers);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await site.AddEntriesAsync(source, "new");
        await site.NoteAsync();
        using var second = await site.SendAsync("/categories/technology.atom", null, [.. headers, ("If-None-Match", Header(first, "ETag")!), ("If-Modified-Since", Header(first, "Last-Modified")!)]);
        Assert.Equal(HttpStatusCode.IMUsed, second.StatusCode);
        using var third = await site.SendAsync("/categories/technology.atom", null, [.. headers, ("If-None-Match", Header(second, "ETag")!), ("If-Modified-Since", Header(second, "Last-Modified")!)]);
        Assert.Equal(HttpStatusCode.NotModified, third.StatusCode);
    }

    /// <summary>A source of 60 entries in a category, noted.</summary>
    private static async Task<long> SeedAsync(PublishSite site)
    {
        var source = await site.AddSourceAsync(await site.AddCategoryAsync());
        await site.AddEntriesAsync(source, [.. Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"entry {i}"))]);
        await site.NoteAsync();
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        return source;
    }

    private static async Task<string> TagAsync(PublishSite site, string address)
    {
        using var response = await site.SendAsync(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Header(response, "ETag")!;
    }

    private static Task<HttpResponseMessage> AskAsync(PublishSite site, string address, string tag) =>
        site.SendAsync(address, null, ("A-IM", "feed"), ("If-None-Match", tag));

    private static async Task<IReadOnlyList<string>> TitlesAsync(HttpResponseMessage response)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(Ct);
        if (response.Content.Headers.ContentType!.MediaType == "application/feed+json")
        {
            using var json = JsonDocument.Parse(bytes);
            return [.. json.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!)];
        }

        var feed = XDocument.Load(new MemoryStream(bytes)).Root!;
        return [.. feed.Descendants("item").Select(item => (string)item.Element("title")!), .. feed.Elements(Atom + "entry").Select(entry => (string)entry.Element(Atom + "title")!)];
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}
