using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Entries;

public abstract class EntryStoreTests(StoreProvider provider) : StoreTests(provider)
{
    [Fact]
    public async Task Lists_a_topic_newest_first()
    {
        var (category, source, _) = await AFewEntriesAsync();

        Assert.Equal(["new", "middle", "old"], await KeysAsync(Topic.Category(category)));
        Assert.Equal(["new", "middle", "old"], await KeysAsync(Topic.Source(source)));
        Assert.Equal(["new", "elsewhere", "middle", "old"], await KeysAsync(Topic.Everything));
        Assert.Empty(await KeysAsync(Topic.Category(4711)));
        Assert.Empty(await KeysAsync(Topic.Source(4711)));
    }

    [Fact]
    public async Task Does_not_let_a_future_date_pin_an_entry_to_the_top()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, AnEntry("from 2099", Now.AddYears(73)));
        await RefreshAsync(source, Now.AddHours(1), AnEntry("later", Now.AddMinutes(59)));

        var listed = await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(source) }, Ct);

        Assert.Equal(["later", "from 2099"], listed.Select(entry => entry.Entry.Key));
        Assert.Equal((Now, Now.AddYears(73)), (listed[1].SortAt, listed[1].Entry.PublishedAt));
    }

    [Fact]
    public async Task Lists_undated_entries_in_the_order_of_their_document()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, AnEntry("first"), AnEntry("second"), AnEntry("third"));

        Assert.Equal(["first", "second", "third"], await KeysAsync(Topic.Source(source)));
    }

    [Fact]
    public async Task Narrows_a_topic_by_source_and_language_and_pages_in_it()
    {
        var category = await AddCategoryAsync();
        var (one, two, outside) = (await AddSourceAsync("https://example.org/1", category), await AddSourceAsync("https://example.org/2", category), await AddSourceAsync("https://example.org/3"));
        await RefreshAsync(one, Now, [.. Enumerable.Range(0, 12).Select(i => AnEntry($"one-{i}", Now.AddHours(-i)) with { Language = i % 3 == 0 ? "en-GB" : i % 3 == 1 ? "en" : "zh" })]);
        await RefreshAsync(two, Now, AnEntry("two-en", Now.AddHours(-2)) with { Language = "en" }, AnEntry("two-none", Now.AddHours(-3)) with { Language = null }, AnEntry("two-eng", Now.AddHours(-4)) with { Language = "eng" });
        await RefreshAsync(outside, Now, AnEntry("outside", Now) with { Language = "en" });

        foreach (var topic in (Topic[])[Topic.Category(category), Topic.Everything])
        {
            var english = new EntryQuery { Topic = topic, SourceId = one, Language = "en", Limit = 3 };
            var first = await Entries.ListAsync(english, Ct);
            Assert.Equal(["one-0", "one-1", "one-3"], first.Select(entry => entry.Entry.Key));
            var second = await Entries.ListAsync(english with { Before = PlaceOf(first[^1]) }, Ct);
            Assert.Equal(["one-4", "one-6", "one-7"], second.Select(entry => entry.Entry.Key));
            Assert.Equal(["one-0", "one-1", "one-3"], (await Entries.ListAsync(english with { After = PlaceOf(second[0]) }, Ct)).Select(entry => entry.Entry.Key));
            Assert.Null(await Entries.ReachAsync(english, Ct));
            Assert.Empty(await Entries.ListAsync(english with { SourceId = 4711 }, Ct));
        }

        Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(category), SourceId = outside }, Ct));
        Assert.Equal(["two-en"], (await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(two), Language = "en", WithContent = true }, Ct)).Select(entry => entry.Entry.Key));
        Assert.Equal(3, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(category), SourceId = two }, Ct)).Count);
    }

    [Fact]
    public async Task Looks_only_so_far_for_what_is_rare_and_tells_where_to_go_on()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        var start = Now.AddDays(-30);
        await RefreshAsync(source, Now, [AnEntry("rare", start.AddMinutes(-1)) with { Language = "sw" }, .. Enumerable.Range(0, EntryQuery.MaxScanned).Select(i => AnEntry($"e{i}", start.AddMinutes(i)) with { Language = "zh" })]);

        foreach (var topic in (Topic[])[Topic.Category(category), Topic.Source(source), Topic.Everything])
        {
            var query = new EntryQuery { Topic = topic, Language = "sw" };
            Assert.Empty(await Entries.ListAsync(query, Ct));
            var reached = await Entries.ReachAsync(query, Ct);
            Assert.Equal(start, reached!.SortAt);
            Assert.Equal("rare", Assert.Single(await Entries.ListAsync(query with { Before = reached }, Ct)).Entry.Key);
            Assert.Null(await Entries.ReachAsync(query with { Before = reached }, Ct));
        }
    }

    [Fact]
    public async Task Reads_the_headlines_of_many_categories_at_once()
    {
        var (first, second, empty) = (await AddCategoryAsync("first"), await AddCategoryAsync("second"), await AddCategoryAsync("empty"));
        await RefreshAsync(await AddSourceAsync("https://example.org/1", first), Now, [.. Enumerable.Range(0, 5).Select(i => AnEntry($"a{i}", Now.AddHours(-i)))]);
        await RefreshAsync(await AddSourceAsync("https://example.org/2", first, second), Now, AnEntry("b", Now.AddMinutes(-90)));
        var deleted = await AddSourceAsync("https://example.org/3", second);
        await RefreshAsync(deleted, Now, AnEntry("gone", Now));
        await Get<ISourceAdminStore>().DeleteAsync([deleted], Now, Ct);

        var newest = await Entries.ListNewestAsync([first, second, empty, 4711], 3, Ct);
        Assert.Equal(["a0", "a1", "b"], newest[first].Select(entry => entry.Entry.Key));
        Assert.Equal(["b"], newest[second].Select(entry => entry.Entry.Key));
        Assert.Equal(2, newest.Count);
        Assert.Empty(await Entries.ListNewestAsync([], 3, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Entries.ListNewestAsync([first, second], IEntryStore.MaxHeadlines, Ct));
    }

    [Fact]
    public async Task Tells_where_the_newest_entries_of_a_topic_come_from()
    {
        var category = await AddCategoryAsync();
        var (one, two) = (await AddSourceAsync("https://example.org/1", category), await AddSourceAsync("https://example.org/2", category));
        await RefreshAsync(one, Now, AnEntry("1") with { Language = "en" }, AnEntry("2") with { Language = "en" }, AnEntry("3") with { Language = null });
        await RefreshAsync(two, Now, AnEntry("4") with { Language = "zh-Hant" });

        Assert.Equal(new EntryOrigin(one, "en", 2), (await Entries.OriginsAsync(Topic.Category(category), Ct))[0]);
        Assert.Equal(3, (await Entries.OriginsAsync(Topic.Everything, Ct)).Count);
        Assert.Equal([new EntryOrigin(two, "zh-Hant", 1)], await Entries.OriginsAsync(Topic.Source(two), Ct));
        Assert.Empty(await Entries.OriginsAsync(Topic.Category(4711), Ct));
    }

    [Fact]
    public async Task Lists_numbers_in_ranges_for_lists_of_all_pages()
    {
        Assert.Equal(0, await Entries.LastIdAsync(Ct));
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, AnEntry("1"), AnEntry("2"), AnEntry("3"));
        var last = await Entries.LastIdAsync(Ct);
        Assert.Equal(ids.Values.Max(), last);
        Assert.Equal([.. ids.Values.Order().Select(id => new EntryAge(id, Now))], await Entries.ListRangeAsync(0, IEntryStore.MaxRange, Ct));
        Assert.Equal([last], (await Entries.ListRangeAsync(last - 1, 1, Ct)).Select(entry => entry.Id));
        Assert.Empty(await Entries.ListRangeAsync(last, IEntryStore.MaxRange, Ct));
        await Get<ISourceAdminStore>().DeleteAsync([source], Now, Ct);
        Assert.Empty(await Entries.ListRangeAsync(0, IEntryStore.MaxRange, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Entries.ListRangeAsync(0, IEntryStore.MaxRange + 1, Ct));
    }

    [Fact]
    public async Task Reads_bodies_only_when_asked()
    {
        var (category, source, _) = await AFewEntriesAsync();

        foreach (var topic in (Topic[])[Topic.Category(category), Topic.Source(source), Topic.Everything])
        {
            Assert.All(await Entries.ListAsync(new EntryQuery { Topic = topic }, Ct), entry => Assert.Null(entry.Entry.Content));
            Assert.All(
                await Entries.ListAsync(new EntryQuery { Topic = topic, WithContent = true }, Ct),
                entry => Assert.Equal($"<p>Content of {entry.Entry.Key}</p>", entry.Entry.Content));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(61)]
    public async Task Pages_both_ways_through_entries_of_one_instant_without_loss_or_doubling(int limit)
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        // Six instants of ten entries each, in an order that is neither that of their numbers nor that of their dates.
        await RefreshAsync(source, Now, [.. Enumerable.Range(0, 60).Select(i => AnEntry($"e{i}", Now.AddHours(-(i * 7 % 6))))]);

        foreach (var topic in (Topic[])[Topic.Category(category), Topic.Source(source), Topic.Everything])
        {
            var all = (await Entries.ListAsync(new EntryQuery { Topic = topic, Limit = 500 }, Ct)).Select(PlaceOf).ToList();
            Assert.Equal(60, all.Distinct().Count());
            Assert.Equal(all.OrderByDescending(place => place.SortAt).ThenByDescending(place => place.EntryId), all);

            Assert.Equal(all, await WalkAsync(topic, limit, (query, page) => query with { Before = PlaceOf(page[^1]) }, (walked, page) => walked.AddRange(page)));
            Assert.Equal(
                all,
                await WalkAsync(
                    topic,
                    limit,
                    (query, page) => query with { After = PlaceOf(page[0]) },
                    (walked, page) => walked.InsertRange(0, page),
                    new EntryQuery { Topic = topic, Limit = limit, After = new PageKey(Now.AddYears(-1), 0) }));

            // The page before a page, and again the one after it, is the one that we came from.
            var second = await Entries.ListAsync(new EntryQuery { Topic = topic, Limit = 5, Before = all[9] }, Ct);
            var back = await Entries.ListAsync(new EntryQuery { Topic = topic, Limit = 5, After = PlaceOf(second[0]) }, Ct);
            Assert.Equal(all[10..15], second.Select(PlaceOf));
            Assert.Equal(all[5..10], back.Select(PlaceOf));
        }
    }

    [Fact]
    public async Task Pages_through_ten_thousand_entries()
    {
        const int EntryCount = 10_000;
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        await RefreshAsync(source, Now, [.. Enumerable.Range(0, EntryCount).Select(i => AnEntry($"e{i}", Now.AddMinutes(-(i % 97))) with { Content = null })]);

        var walked = await WalkAsync(
            Topic.Category(category), 500, (query, page) => query with { Before = PlaceOf(page[^1]) }, (places, page) => places.AddRange(page));

        Assert.Equal(EntryCount, walked.Count);
        Assert.Equal(EntryCount, walked.Select(place => place.EntryId).Distinct().Count());
        Assert.Equal(walked.OrderByDescending(place => place.SortAt).ThenByDescending(place => place.EntryId), walked);
    }

    [Fact]
    public async Task Refuses_a_page_out_of_bounds()
    {
        var everything = new EntryQuery { Topic = Topic.Everything };
        var key = new PageKey(Now, 1);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Entries.ListAsync(everything with { Limit = 0 }, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Entries.ListAsync(everything with { Limit = 501 }, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Entries.ListAsync(everything with { Before = key, After = key }, Ct));
    }

    [Fact]
    public async Task Shows_a_refresh_whole_or_not_at_all()
    {
        var source = await AddSourceAsync();
        using var written = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++) await RefreshAsync(source, Now.AddMinutes(i), AnEntry($"{i}a"), AnEntry($"{i}b"), AnEntry($"{i}c"));
            await written.CancelAsync();
        }, Ct);

        var looks = 0;
        while (!written.IsCancellationRequested && !writing.IsFaulted)
        {
            var listed = await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 500, WithContent = true }, Ct);
            Assert.Equal(0, listed.Count % 3);
            Assert.All(listed, entry => Assert.NotNull(entry.Entry.Content));
            looks++;
            await Task.Yield();
        }

        await writing;
        Assert.True(looks > 0);
    }

    [Fact]
    public async Task Finds_one_entry_with_its_body_and_its_categories_in_the_order_of_lists()
    {
        var last = await AddCategoryAsync("last", position: 3);
        var b = await AddCategoryAsync("b", position: 1);
        var a = await AddCategoryAsync("a", position: 1);
        await AddCategoryAsync("without", position: 0);
        var source = await AddSourceAsync("https://example.org/a", last, b, a);
        var id = (await RefreshAsync(source, Now, AnEntry("one")))["one"];

        Assert.Equal("<p>Content of one</p>", (await Entries.FindAsync(id, Ct))!.Entry.Content);
        Assert.Equal(["a", "b", "last"], (await Entries.CategoriesOfAsync(id, Ct)).Select(category => category.Slug));
        Assert.Null(await Entries.FindAsync(id + 1, Ct));
        Assert.Empty(await Entries.CategoriesOfAsync(id + 1, Ct));
    }

    [Fact]
    public async Task Has_version_zero_of_a_topic_that_never_changed()
    {
        Assert.Equal(new TopicVersion(0, null), await Entries.VersionAsync(Topic.Everything, Ct));
        Assert.Equal(new TopicVersion(0, null), await Entries.VersionAsync(Topic.Category(1), Ct));
        Assert.Equal(new TopicVersion(0, null), await Entries.VersionAsync(Topic.Source(1), Ct));
    }

    [Fact]
    public async Task Deletes_expired_entries_that_left_their_source_and_no_others()
    {
        var category = await AddCategoryAsync();
        var untouched = await AddCategoryAsync("untouched");
        var source = await AddSourceAsync("https://example.org/a", category);
        var silent = await AddSourceAsync("https://example.org/b", untouched);
        var ids = await RefreshAsync(source, Now, AnEntry("left"), AnEntry("left, with date", Now.AddDays(-400)), AnEntry("held"));
        await RefreshAsync(silent, Now, AnEntry("of the last document there was"));
        await RefreshAsync(source, Now.AddDays(50), AnEntry("young"));
        await SaveAsync(source, Now.AddDays(60), write => write with { Seen = [ids["held"]] });
        var before = await VersionsAsync();

        var at = Now.AddDays(91);
        Assert.Equal(2, await ForgetAsync(Now.AddDays(1), at));
        Assert.Equal(0, await ForgetAsync(Now.AddDays(1), at));

        Assert.Equal(["young", "of the last document there was", "held"], await KeysAsync(Topic.Everything));
        Assert.Equal(["young", "held"], await KeysAsync(Topic.Category(category)));
        Assert.Null(await Entries.FindAsync(ids["left"], Ct));
        Assert.Empty(await Refreshes.FindKnownAsync(source, ["left"], ["https://example.org/left"], Ct));
        var after = await VersionsAsync();
        Assert.All(after[..3], (version, i) => Assert.Equal(new TopicVersion(before[i].Number + 1, at), version));
        Assert.Equal(before[3..], after[3..]);

        // The bodies went with them.
        Assert.Equal(3, await Database.ReadAsync(session => session.FindAsync<int>("select count(*) from snapshot_document"), Ct));

        async Task<TopicVersion[]> VersionsAsync()
        {
            var versions = new List<TopicVersion>();
            foreach (var topic in (Topic[])[Topic.Everything, Topic.Category(category), Topic.Source(source), Topic.Category(untouched), Topic.Source(silent)])
                versions.Add(await Entries.VersionAsync(topic, Ct));
            return [.. versions];
        }
    }

    [Fact]
    public async Task Keeps_an_entry_that_left_and_came_back()
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, AnEntry("unchanged"), AnEntry("changed"), AnEntry("left"));
        await RefreshAsync(source, Now.AddDays(10));
        await SaveAsync(source, Now.AddDays(20), write => write with
        {
            Seen = [ids["unchanged"]],
            Changed = [(ids["changed"], AnEntry("changed") with { Title = "again" })],
        });

        Assert.Equal(1, await ForgetAsync(Now.AddDays(15), Now.AddDays(20)));
        Assert.Equal(["unchanged", "changed"], await KeysAsync(Topic.Source(source)));
    }

    [Fact]
    public async Task Takes_an_entry_for_held_while_its_mark_need_not_be_renewed()
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, AnEntry("one"));
        var known = Assert.Single(await Refreshes.FindKnownAsync(source, ["one"], [], Ct));
        var almost = Now + RefreshWrite.SeenRenewal - TimeSpan.FromMilliseconds(1);
        Assert.False(known.IsSeenMarkOld(almost));
        Assert.True(known.IsSeenMarkOld(Now + RefreshWrite.SeenRenewal));

        // These documents hold it, but a refresh renews no mark that is so young.
        await RefreshAsync(source, almost);
        await SaveAsync(source, Now + RefreshWrite.SeenRenewal, write => write with { Seen = [ids["one"]] });

        Assert.Equal(0, await ForgetAsync(Now.AddYears(1), Now.AddYears(1).AddDays(1)));
    }

    [Fact]
    public async Task Deletes_no_more_than_a_batch_in_one_transaction()
    {
        var source = await AddSourceAsync();
        for (var day = 0; day < 5; day++) await RefreshAsync(source, Now.AddDays(day * 3), AnEntry($"{day}a"), AnEntry($"{day}b"));
        await RefreshAsync(source, Now.AddDays(40));

        var before = (await Entries.VersionAsync(Topic.Everything, Ct)).Number;
        Assert.Equal(8, await ForgetAsync(Now.AddDays(12), Now.AddDays(40), batch: 3));

        // One change for each transaction.
        Assert.Equal(before + 3, (await Entries.VersionAsync(Topic.Everything, Ct)).Number);
        Assert.Equal(["4a", "4b"], await KeysAsync(Topic.Source(source)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ForgetAsync(Now, Now.AddDays(1), batch: 0));
    }

    [Fact]
    public async Task Never_gives_the_number_of_a_deleted_entry_to_another()
    {
        var source = await AddSourceAsync();
        var id = (await RefreshAsync(source, Now, AnEntry("one")))["one"];
        await RefreshAsync(source, Now.AddDays(10));
        Assert.Equal(1, await ForgetAsync(Now.AddDays(9), Now.AddDays(10)));

        var next = (await RefreshAsync(source, Now.AddDays(11), AnEntry("two")))["two"];

        Assert.True(next > id);
    }

    private async Task<(long Category, long Source, long Other)> AFewEntriesAsync()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        var other = await AddSourceAsync("https://example.org/b");
        await RefreshAsync(source, Now, AnEntry("middle", Now.AddHours(-2)), AnEntry("old", Now.AddHours(-3)));
        await RefreshAsync(other, Now, AnEntry("elsewhere", Now.AddHours(-1)));
        await RefreshAsync(source, Now.AddMinutes(1), AnEntry("new"));
        return (category, source, other);
    }

    private async Task<IEnumerable<string>> KeysAsync(Topic topic) =>
        (await Entries.ListAsync(new EntryQuery { Topic = topic }, Ct)).Select(entry => entry.Entry.Key);

    private async Task<List<PageKey>> WalkAsync(
        Topic topic,
        int limit,
        Func<EntryQuery, IReadOnlyList<StoredEntry>, EntryQuery> next,
        Action<List<PageKey>, IEnumerable<PageKey>> collect,
        EntryQuery? start = null)
    {
        var walked = new List<PageKey>();
        var first = start ?? new EntryQuery { Topic = topic, Limit = limit };
        for (var query = first; await Entries.ListAsync(query, Ct) is { Count: > 0 } page; query = next(first with { Before = null, After = null }, page))
            collect(walked, page.Select(PlaceOf));
        return walked;
    }

    private static PageKey PlaceOf(StoredEntry entry) => new(entry.SortAt, entry.Id);
}

public sealed class SqliteEntryStoreTests() : EntryStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlEntryStoreTests() : EntryStoreTests(StoreProvider.PostgreSql);
