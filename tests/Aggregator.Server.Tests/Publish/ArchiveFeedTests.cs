using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Core.Tests.Publishing;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Publish;

/// <summary>Archived feeds (RFC 5005 §4) and deltas (RFC 3229) by clients that know nothing of us.</summary>
public sealed class ArchiveFeedTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace History = "http://purl.org/syndication/history/1.0";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // The most work that one test here does: 20,000 entries stored, taken by deltas alone, and walked in 400 documents while they change.
    [Fact]
    public Task Clients_rebuild_a_category_of_twenty_thousand_entries_while_it_changes_on_SQLite() => RebuildAsync(20_000, settings: []);

    [Fact]
    public async Task Clients_rebuild_a_category_while_it_changes_on_PostgreSQL()
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        await using var database = await PostgreSqlCluster.CreateDatabaseAsync(Ct);
        await RebuildAsync(2_000, ("ConnectionStrings:Store", database.ConnectionString));
    }

    private static async Task RebuildAsync(int count, params (string Key, string Value)[] settings)
    {
        const int Burst = 400;
        await using var site = await PublishSite.StartAsync(null, settings);
        var category = await site.AddCategoryAsync();
        var source = await site.AddSourceAsync(category);

        // It begins with an empty feed, and is told of everything since.
        await site.AddEntriesAsync(source, "first");
        await site.NoteAsync();
        var deltas = new DeltaClient(site.Client, "/categories/technology.atom");
        await deltas.PollAsync();
        for (var stored = 0; stored < count; stored += Burst)
        {
            // Every third burst has dates that no newest entries reach.
            var age = stored / Burst % 3 == 2 ? TimeSpan.FromDays(2000) : TimeSpan.FromMinutes(10);
            await site.AddEntriesAsync(source, age, [.. Enumerable.Range(stored, Burst).Select(i => string.Create(CultureInfo.InvariantCulture, $"entry {i}"))]);
            await site.NoteAsync();
            await deltas.PollAsync();
            Assert.Equal(Burst, deltas.Received);
        }

        Assert.Equal(count + 1, deltas.Entries.Count);
        Assert.Equal([200, .. Enumerable.Repeat(226, count / Burst)], deltas.Statuses);
        await deltas.PollAsync();
        Assert.Equal(304, deltas.Statuses[^1]);

        var archive = new HistoryClient(site.Client, "/categories/technology.atom");
        var changes = 0;
        await archive.PollAsync(async fetched =>
        {
            if (fetched % Math.Max(1, count / 50 / 12) != 0) return;
            // One that was walked past already, one that is still to come; new ones with dates of today and of long ago; one goes.
            changes++;
            site.Clock.Advance(TimeSpan.FromMinutes(1));
            await site.ChangeEntryAsync(source, Key(count - (changes * 10)), $"changed {changes} behind");
            site.Clock.Advance(TimeSpan.FromMinutes(1));
            await site.ChangeEntryAsync(source, Key(changes * 10), $"changed {changes} ahead");
            site.Clock.Advance(TimeSpan.FromMinutes(1));
            await site.AddEntriesAsync(source, $"new {changes}");
            site.Clock.Advance(TimeSpan.FromMinutes(1));
            await site.AddEntriesAsync(source, TimeSpan.FromDays(3000), [.. Enumerable.Range(0, 7).Select(i => $"late {changes} {i}")]);
            await site.TakeDownAsync(source, Key(count - (changes * 10) - 5));
            await site.TakeDownAsync(source, Key((changes * 10) + 5));
            await site.NoteAsync();
        });

        // All that was there when the walk began was met on exactly one document; only what changed is told of again.
        Assert.InRange(changes, 10, 14);
        Assert.True(archive.Fetched >= count / ArchivePage.Size, $"{archive.Fetched} documents");
        Assert.All(archive.Appearances, pair => Assert.Equal(1, pair.Value));

        await archive.PollAsync();
        await deltas.PollAsync();
        Assert.Equal(226, deltas.Statuses[^1]);
        var there = await AllAsync(site, category);
        Assert.Equal(count + 1 + (changes * 8) - (changes * 2), there.Count);
        Assert.Equal(there, archive.Entries.ToDictionary(pair => pair.Key, pair => pair.Value.Title));
        Assert.Equal(there, deltas.Entries);

        // Once it has everything, following costs the documents that are new.
        var fetchedBefore = archive.Fetched;
        await archive.PollAsync();
        Assert.Equal(fetchedBefore, archive.Fetched);
        var afresh = new HistoryClient(site.Client, "/categories/technology.atom?content=none");
        await afresh.PollAsync();
        Assert.Equal(there, afresh.Entries.ToDictionary(pair => pair.Key, pair => pair.Value.Title));

        static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"entry {i}");
    }

    [Theory]
    [InlineData("/all.atom")]
    [InlineData("/all.rss")]
    [InlineData("/all.json")]
    [InlineData("/sources/1.atom")]
    [InlineData("/sources/1.rss?content=none")]
    [InlineData("/categories/technology.json?n=3")]
    [InlineData("/categories/technology.atom?n=1&content=summary")]
    [InlineData("/categories/technology.rss?stories=1")]
    public async Task Every_topic_can_be_walked_in_every_format_and_cutting(string address)
    {
        await using var site = await PublishSite.StartAsync();
        var source = await SeedAsync(site);
        var client = new HistoryClient(site.Client, address);
        await client.PollAsync();
        Assert.Equal(230, client.Entries.Count);
        Assert.All(client.Appearances, pair => Assert.Equal(1, pair.Value));

        await site.AddEntriesAsync(source, TimeSpan.FromDays(900), "very old");
        await site.NoteAsync();
        await client.PollAsync();
        Assert.Equal(231, client.Entries.Count);
    }

    [Fact]
    public async Task The_subscription_document_leads_to_a_full_page_when_it_has_all_the_rest_itself_and_to_a_part_when_not()
    {
        await using var site = await PublishSite.StartAsync();
        var category = await site.AddCategoryAsync();
        var source = await site.AddSourceAsync(category);
        await site.AddEntriesAsync(source, "one");
        await site.NoteAsync();
        Assert.Null(Link(await ReadAsync(site, "/all.atom"), "prev-archive"));

        await site.AddEntriesAsync(source, Titles("a", 70));
        await site.NoteAsync();
        Assert.Equal($"{site.Url}/all.atom?archive=1", Link(await ReadAsync(site, "/all.atom"), "prev-archive"));

        await site.AddEntriesAsync(source, TimeSpan.FromDays(900), "old");
        await site.NoteAsync();
        var part = Link(await ReadAsync(site, "/all.atom"), "prev-archive")!;
        Assert.Equal($"{site.Url}/all.atom?archive=2-72", part);
        var before = await ReadAsync(site, part);
        Assert.Equal($"{site.Url}/all.atom?archive=1", Link(before, "prev-archive"));
        Assert.Equal(22, before.Elements(Atom + "entry").Count());

        // The part names the same entries when the page is full, too.
        await site.AddEntriesAsync(source, Titles("b", 60));
        await site.NoteAsync();
        Assert.Equal(Ids(before), Ids(await ReadAsync(site, part)));
    }

    [Fact]
    public async Task A_page_names_its_neighbours_and_its_feed_and_is_kept_by_caches()
    {
        await using var site = await PublishSite.StartAsync();
        await SeedAsync(site);
        using var response = await site.SendAsync("/categories/technology.atom?archive=2");
        var page = XDocument.Load(await response.Content.ReadAsStreamAsync(Ct)).Root!;
        var feed = $"{site.Url}/categories/technology.atom";
        Assert.NotNull(page.Element(History + "archive"));
        Assert.Equal(
            ($"{feed}?archive=2", feed, $"{feed}?archive=1", $"{feed}?archive=3", feed, null),
            (Link(page, "self"), Link(page, "current"), Link(page, "prev-archive"), Link(page, "next-archive"), (string)page.Element(Atom + "id")!, Link(page, "hub")));
        Assert.Equal(
            $"<{feed}?archive=2>; rel=\"self\", <{feed}>; rel=\"current\", <{feed}?archive=1>; rel=\"prev-archive\", <{feed}?archive=3>; rel=\"next-archive\"",
            response.Headers.GetValues("Link").Single());
        Assert.Equal("public, max-age=3600, stale-while-revalidate=600, stale-if-error=3600", string.Join(", ", response.Headers.GetValues("Cache-Control")));
        Assert.Null(response.Content.Headers.LastModified);
        Assert.Null(Link(await ReadAsync(site, "/categories/technology.atom?archive=1"), "prev-archive"));
        Assert.Null(Link(await ReadAsync(site, "/categories/technology.atom?archive=4"), "next-archive"));

        // What comes later changes neither its bytes nor its tag.
        await site.AddEntriesAsync(1, TimeSpan.FromDays(9), Titles("later", 60));
        await site.NoteAsync();
        using var same = await site.SendAsync("/categories/technology.atom?archive=2", headers: ("If-None-Match", response.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);

        // A category that is renamed takes its archive along.
        var category = (await site.Categories.FindAsync("technology", Ct))!;
        Assert.Equal(CategoryUpdate.Done, await site.Categories.UpdateAsync(category with { Slug = "tech" }, site.Clock.GetUtcNow(), Ct));
        site.Clock.Advance(TimeSpan.FromSeconds(2));
        var renamed = await ReadAsync(site, "/categories/technology.atom?archive=2");
        Assert.Equal($"{site.Url}/categories/tech.atom?archive=2", Link(renamed, "self"));
    }

    [Theory]
    [InlineData("archive=0", HttpStatusCode.BadRequest)]
    [InlineData("archive=-1", HttpStatusCode.BadRequest)]
    [InlineData("archive=01", HttpStatusCode.BadRequest)]
    [InlineData("archive=2-", HttpStatusCode.BadRequest)]
    [InlineData("archive=1-0", HttpStatusCode.BadRequest)]
    [InlineData("archive=9999999999999999999999", HttpStatusCode.BadRequest)]
    [InlineData("archive=next", HttpStatusCode.BadRequest)]
    [InlineData("archive=5", HttpStatusCode.NotFound)]
    [InlineData("archive=6", HttpStatusCode.NotFound)]
    [InlineData("archive=2147483647", HttpStatusCode.NotFound)]
    [InlineData("archive=5-200", HttpStatusCode.NotFound)]
    [InlineData("archive=5-9223372036854775807", HttpStatusCode.NotFound)]
    [InlineData("archive=2-150", HttpStatusCode.NotFound)]
    [InlineData("archive=5-201", HttpStatusCode.OK)]
    public async Task Pages_that_nobody_was_led_to_are_refused(string query, HttpStatusCode status)
    {
        await using var site = await PublishSite.StartAsync();
        await SeedAsync(site);
        using var response = await site.SendAsync("/all.atom?" + query);
        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.OK) return;
        var said = await response.Content.ReadAsStringAsync(Ct);
        Assert.Matches("[a-z ]{10,}", said);
        Assert.Matches("[一-龥]{4,}", said);
        using var search = await site.SendAsync("/search.atom?q=entry&archive=1");
        Assert.Equal(HttpStatusCode.NotFound, search.StatusCode);
    }

    [Fact]
    public async Task Everything_since_a_date_is_walked_by_its_own_archive()
    {
        await using var site = await PublishSite.StartAsync();
        var source = await site.AddSourceAsync(await site.AddCategoryAsync());
        await site.AddEntriesAsync(source, TimeSpan.FromDays(2000), Titles("old", 120));
        await site.AddEntriesAsync(source, TimeSpan.FromDays(300), Titles("year", 120));
        await site.AddEntriesAsync(source, TimeSpan.FromDays(2000), Titles("older", 20));
        await site.AddEntriesAsync(source, Titles("now", 20));
        await site.NoteAsync();
        var client = new HistoryClient(site.Client, "/categories/technology.atom?since=2025");
        await client.PollAsync();
        Assert.Equal(140, client.Entries.Count);
        Assert.All(client.Entries.Values, entry => Assert.DoesNotContain("old", entry.Title, StringComparison.Ordinal));
        Assert.InRange(client.Fetched, 3, 4);
    }

    [Fact]
    public async Task What_is_taken_down_is_told_of_in_the_archive_when_the_feed_itself_no_longer_does()
    {
        await using var site = await PublishSite.StartAsync();
        var source = await SeedAsync(site);
        var client = new HistoryClient(site.Client, "/all.atom");
        await client.PollAsync();
        await site.TakeDownAsync(source, "entry 3");
        await site.NoteAsync();
        site.Clock.Advance(TimeSpan.FromDays(60));
        XNamespace at = "http://purl.org/atompub/tombstones/1.0";
        var feed = await ReadAsync(site, "/all.atom");
        Assert.Empty(feed.Elements(at + "deleted-entry"));
        await client.PollAsync();
        Assert.Equal(229, client.Entries.Count);
        Assert.DoesNotContain(client.Entries.Values, entry => entry.Title == "entry 3");

        // JSON Feed tells of it too; RSS has no word for it.
        var json = new HistoryClient(site.Client, "/all.json");
        await json.PollAsync();
        Assert.Equal(229, json.Entries.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?content=summary")]
    [InlineData("?content=none")]
    [InlineData("?n=7")]
    [InlineData("?since=2026-09-01")]
    [InlineData("?archive=2")]
    [InlineData("?archive=5-232")]
    [InlineData("?archive=1&content=summary")]
    [InlineData("?archive=1&content=none&since=2020")]
    [InlineData("?n=500&content=summary&stories=1")]
    public async Task All_of_them_pass_the_validator(string query)
    {
        await using var site = await PublishSite.StartAsync();
        var source = await SeedAsync(site);
        using var atomBefore = await site.SendAsync("/categories/technology.atom" + query);
        using var rssBefore = await site.SendAsync("/categories/technology.rss" + query);
        await site.ChangeEntryAsync(source, "entry 9", "changed");
        await site.TakeDownAsync(source, "entry 8");
        await site.NoteAsync();
        foreach (var topic in new[] { "/all", "/categories/technology", "/sources/1" })
            foreach (var format in new[] { "atom", "rss" })
            {
                using var whole = await site.SendAsync($"{topic}.{format}{query}");
                Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
                AssertValid(site, await whole.Content.ReadAsByteArrayAsync(Ct));
            }

        foreach (var (format, before) in new[] { ("atom", atomBefore), ("rss", rssBefore) })
        {
            using var delta = await site.SendAsync($"/categories/technology.{format}{query}", null, ("A-IM", "feed"), ("If-None-Match", before.Headers.ETag?.ToString() ?? "\"none\""));
            if (!query.Contains("archive", StringComparison.Ordinal) && !query.Contains("stories", StringComparison.Ordinal)) Assert.Equal(HttpStatusCode.IMUsed, delta.StatusCode);
            if (delta.StatusCode != HttpStatusCode.NotModified) AssertValid(site, await delta.Content.ReadAsByteArrayAsync(Ct));
        }

        using var jsonFeed = System.Text.Json.JsonDocument.Parse(await site.Client.GetByteArrayAsync(new Uri($"/categories/technology.json{query}", UriKind.Relative), Ct));
        var root = jsonFeed.RootElement;
        Assert.Equal("https://jsonfeed.org/version/1.1", root.GetProperty("version").GetString());
        Assert.All(root.GetProperty("items").EnumerateArray(), item => Assert.True(item.GetProperty("id").GetString()!.Length > 0 && item.GetProperty("content_html").GetString()!.Length > 0));
        if (root.TryGetProperty("next_url", out var next)) Assert.NotEqual(root.GetProperty("feed_url").GetString(), next.GetString());
    }

    // RFC 6721 is no namespace that the validator knows: unavoidable, and nothing else is found.
    private static void AssertValid(PublishSite site, byte[] document) =>
        Assert.All(FeedValidator.Validate(document, site.Clock.GetUtcNow()), finding => Assert.Equal(("UnknownNamespace", "http://purl.org/atompub/tombstones/1.0"), (finding.Rule, finding.Where)));

    /// <summary>A category with one source and 230 entries, every seventh with a date of long ago, noted.</summary>
    private static async Task<long> SeedAsync(PublishSite site)
    {
        var source = await site.AddSourceAsync(await site.AddCategoryAsync());
        await site.AddEntriesAsync(source, Titles("entry", 200));
        await site.AddEntriesAsync(source, TimeSpan.FromDays(400), Titles("backfilled", 30));
        await site.NoteAsync();
        return source;
    }

    private static string[] Titles(string word, int count) => [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{word} {i}"))];

    private static async Task<Dictionary<string, string>> AllAsync(PublishSite site, Category category)
    {
        var entries = site.Services.GetRequiredService<IEntryStore>();
        var links = site.Services.GetRequiredService<Core.Publishing.SiteLinks>();
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        PageKey? before = null;
        while (await entries.ListAsync(new EntryQuery { Topic = Topic.Category(category.Id), Limit = EntryQuery.MaxLimit, Before = before }, Ct) is { Count: > 0 } page)
        {
            foreach (var entry in page) all.Add(links.EntryId(entry.Id), entry.Entry.Title);
            before = new PageKey(page[^1].SortAt, page[^1].Id);
        }

        return all;
    }

    private static async Task<XElement> ReadAsync(PublishSite site, string address) =>
        XDocument.Load(await site.Client.GetStreamAsync(new Uri(address, UriKind.RelativeOrAbsolute), Ct)).Root!;

    private static IEnumerable<string> Ids(XElement feed) => feed.Elements(Atom + "entry").Select(entry => (string)entry.Element(Atom + "id")!);

    private static string? Link(XElement feed, string relation) =>
        (string?)feed.Elements(Atom + "link").SingleOrDefault(link => (string?)link.Attribute("rel") == relation)?.Attribute("href");
}
