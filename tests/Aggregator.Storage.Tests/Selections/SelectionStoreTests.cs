using System.Security.Cryptography;
using Aggregator.Core.Model;
using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Xunit;

namespace Aggregator.Storage.Tests.Selections;

public abstract class SelectionStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private static readonly byte[] Token = SHA256.HashData("one"u8);
    private static readonly byte[] OtherToken = SHA256.HashData("two"u8);

    private ISelectionStore Selections => Get<ISelectionStore>();

    [Fact]
    public async Task Keeps_what_is_followed_in_order_and_each_once()
    {
        var (news, source) = (await AddCategoryAsync(), await AddSourceAsync());
        var made = await Selections.AddAsync(Token, Now, Ct);
        Assert.Empty(made.Topics);

        Topic[] wanted = [Topic.Source(source), Topic.Search("q=港口"), Topic.Category(news)];
        Assert.Equal(wanted, (await Selections.FollowAsync(made.Id, wanted, 10, Ct)).Followed);
        Assert.Equal(wanted, (await Selections.FollowAsync(made.Id, wanted, 10, Ct)).Followed);
        var found = await Selections.FindAsync(Token, Ct);
        Assert.Equal(wanted, found!.Topics);
        Assert.Equal([news], found.CategoryIds);
        Assert.Equal([source], found.SourceIds);
        Assert.Null(await Selections.FindAsync(OtherToken, Ct));

        await Selections.UnfollowAsync(made.Id, [Topic.Source(source), Topic.Category(999)], Ct);
        Assert.Equal([Topic.Search("q=港口"), Topic.Category(news)], (await Selections.FindAsync(Token, Ct))!.Topics);
    }

    [Fact]
    public async Task Passes_over_what_is_not_there_and_goes_with_what_is_deleted()
    {
        var (news, source) = (await AddCategoryAsync(), await AddSourceAsync());
        var selection = await Selections.AddAsync(Token, Now, Ct);
        Assert.Equal(
            [Topic.Category(news), Topic.Source(source)],
            (await Selections.FollowAsync(selection.Id, [Topic.Category(news), Topic.Category(77), Topic.Source(source), Topic.Source(77)], 10, Ct)).Followed);
        Assert.Empty((await Selections.FollowAsync(404, [Topic.Category(news)], 10, Ct)).Followed);

        await SetStateAsync(source, 4);
        Assert.Equal([Topic.Category(news)], (await Selections.FindAsync(Token, Ct))!.Topics);
        Assert.Empty((await Selections.FollowAsync((await Selections.AddAsync(OtherToken, Now, Ct)).Id, [Topic.Source(source)], 10, Ct)).Followed);
        await SetStateAsync(source, 1);
        Assert.Equal(2, (await Selections.FindAsync(Token, Ct))!.Topics.Count);

        await Database.WriteAsync(session => session.ExecuteAsync("delete from category where id = @news", new { news }), Ct);
        Assert.Equal([Topic.Source(source)], (await Selections.FindAsync(Token, Ct))!.Topics);
    }

    [Fact]
    public async Task There_is_room_for_so_much_and_for_fewer_searches()
    {
        var selection = await Selections.AddAsync(Token, Now, Ct);
        var searches = Enumerable.Range(0, ISelectionStore.MaxSearches + 3).Select(number => Topic.Search($"q={number}")).ToList();
        var sources = new List<Topic>();
        for (var number = 0; number < 4; number++) sources.Add(Topic.Source(await AddSourceAsync($"https://example.org/{number}")));

        Assert.Equal(ISelectionStore.MaxSearches, (await Selections.FollowAsync(selection.Id, searches, 12, Ct)).Followed.Count);
        Assert.Equal(sources.Take(2), (await Selections.FollowAsync(selection.Id, sources, 12, Ct)).Followed);
        Assert.Equal(12, (await Selections.FindAsync(Token, Ct))!.Topics.Count);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Selections.FollowAsync(selection.Id, [Topic.Everything], 12, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Selections.FollowAsync(selection.Id, [Topic.Search(new string('q', ISelectionStore.MaxQueryLength + 1))], 12, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Selections.FollowAsync(selection.Id, sources, ISelectionStore.MaxTopics + 1, Ct));
    }

    [Fact]
    public async Task It_is_full_when_something_that_is_there_found_no_room()
    {
        var (news, source) = (await AddCategoryAsync(), await AddSourceAsync());
        var selection = await Selections.AddAsync(Token, Now, Ct);
        Assert.False(await IsFullAsync(1, Topic.Source(77), Topic.Category(77), Topic.Category(news)));
        Assert.False(await IsFullAsync(1, Topic.Category(news), Topic.Source(77), Topic.Category(77)));
        Assert.True(await IsFullAsync(1, Topic.Category(news), Topic.Source(source)));
        Assert.True(await IsFullAsync(1, Topic.Search("q=1")));
        Assert.False(await IsFullAsync(2, Topic.Source(source)));
        Assert.True(await IsFullAsync(50, [.. Enumerable.Range(0, ISelectionStore.MaxSearches + 1).Select(number => Topic.Search($"q={number}"))]));
        Assert.False((await Selections.FollowAsync(404, [Topic.Category(news)], 1, Ct)).IsFull);

        async Task<bool> IsFullAsync(int max, params Topic[] topics) => (await Selections.FollowAsync(selection.Id, topics, max, Ct)).IsFull;
    }

    [Fact]
    public async Task A_source_of_which_nothing_may_be_shown_is_not_there_until_something_may()
    {
        var (shown, hidden) = (await AddSourceAsync("https://example.org/shown"), await AddSourceAsync("https://example.org/hidden"));
        var selection = await Selections.AddAsync(Token, Now, Ct);
        await Selections.FollowAsync(selection.Id, [Topic.Source(shown), Topic.Source(hidden)], 10, Ct);
        var before = (await Selections.FindAsync(Token, Ct))!;

        await SetLevelAsync(hidden, RepublishLevel.Nothing);
        var without = (await Selections.FindAsync(Token, Ct))!;
        Assert.Equal([Topic.Source(shown)], without.Topics);
        Assert.NotEqual(before.Revision, without.Revision);
        var following = await Selections.FollowAsync((await Selections.AddAsync(OtherToken, Now, Ct)).Id, [Topic.Source(shown), Topic.Source(hidden)], 1, Ct);
        Assert.Equal([Topic.Source(shown)], following.Followed);
        Assert.False(following.IsFull);

        await SetLevelAsync(hidden, RepublishLevel.Title);
        Assert.Equal(before.Topics, (await Selections.FindAsync(Token, Ct))!.Topics);
    }

    [Fact]
    public async Task Two_windows_of_one_visitor_do_not_fill_the_same_room()
    {
        var selection = await Selections.AddAsync(Token, Now, Ct);
        var sources = new List<Topic>();
        for (var number = 0; number < 12; number++) sources.Add(Topic.Source(await AddSourceAsync($"https://example.org/{number}")));
        await Task.WhenAll(sources.Chunk(3).Select(some => Selections.FollowAsync(selection.Id, some, 5, Ct)));
        Assert.Equal(5, (await Selections.FindAsync(Token, Ct))!.Topics.Count);
    }

    [Fact]
    public async Task No_state_of_what_is_followed_has_the_revision_of_another()
    {
        var selection = await Selections.AddAsync(Token, Now, Ct);
        var (one, two) = (Topic.Source(await AddSourceAsync("https://example.org/1")), Topic.Source(await AddSourceAsync("https://example.org/2")));
        var revisions = new List<string> { await RevisionAsync() };
        foreach (var change in new Func<Task>[]
        {
            () => Selections.FollowAsync(selection.Id, [one], 9, Ct), () => Selections.FollowAsync(selection.Id, [two], 9, Ct), () => Selections.UnfollowAsync(selection.Id, [one], Ct),
            () => Selections.FollowAsync(selection.Id, [one], 9, Ct), () => Selections.UnfollowAsync(selection.Id, [two], Ct), () => Selections.FollowAsync(selection.Id, [two], 9, Ct),
            () => Selections.FollowAsync(selection.Id, [Topic.Search("q=last")], 9, Ct),
            // The same number of topics, and the same last one.
            () => SetLevelAsync(((Topic.OfSource)one).SourceId, RepublishLevel.Nothing),
            async () =>
            {
                await SetLevelAsync(((Topic.OfSource)two).SourceId, RepublishLevel.Nothing);
                await SetLevelAsync(((Topic.OfSource)one).SourceId, RepublishLevel.Full);
            },
        })
        {
            await change();
            revisions.Add(await RevisionAsync());
        }

        Assert.Equal(revisions.Count, revisions.Distinct().Count());

        async Task<string> RevisionAsync() => (await Selections.FindAsync(Token, Ct))!.Revision;
    }

    [Fact]
    public async Task Of_the_last_use_the_day_is_kept_and_no_more_and_of_a_visit_the_half_hour()
    {
        var at = Now.AddHours(3).AddMinutes(47).AddSeconds(11);
        var selection = await Selections.AddAsync(Token, at, Ct);
        Assert.Equal(Now.AddHours(-8), selection.UsedAt);
        Assert.Equal(Now.AddHours(3).AddMinutes(30), selection.Visit.At);

        var visit = selection.Visit.Begin(at.AddDays(1)).Show(at.AddHours(5), at.AddDays(1));
        await Selections.UseAsync(selection.Id, at.AddDays(1), visit, Ct);
        var found = await Selections.FindAsync(Token, Ct);
        Assert.Equal(visit, found!.Visit);
        Assert.Equal(Now.AddDays(1).AddHours(-8), found.UsedAt);
        Assert.Equal(selection.Visit.NewestAt, found.Visit.SeenAt);
    }

    [Fact]
    public async Task Is_forgotten_at_once_by_its_token_and_after_a_time_by_itself()
    {
        var source = await AddSourceAsync();
        foreach (var (token, days) in new[] { (Token, 0), (OtherToken, 10), (SHA256.HashData("three"u8), 20) })
            await Selections.FollowAsync((await Selections.AddAsync(token, Now.AddDays(days), Ct)).Id, [Topic.Source(source)], 10, Ct);

        Assert.Equal(1, await Selections.ForgetUnusedAsync(Now.AddDays(15), 1, Ct));
        Assert.Null(await Selections.FindAsync(Token, Ct));
        Assert.NotNull(await Selections.FindAsync(OtherToken, Ct));
        Assert.Equal(1, await Selections.ForgetUnusedAsync(Now.AddDays(15), 100, Ct));
        Assert.Equal(0, await Selections.ForgetUnusedAsync(Now.AddDays(15), 100, Ct));

        Assert.True(await Selections.ForgetAsync(SHA256.HashData("three"u8), Ct));
        Assert.False(await Selections.ForgetAsync(SHA256.HashData("three"u8), Ct));
        Assert.Equal(0, await Database.ReadAsync(session => session.FindAsync<long>("select (select count(*) from selection) + (select count(*) from selection_topic)"), Ct));
    }

    [Fact]
    public async Task The_merged_list_is_what_sorting_everything_would_give_at_every_place()
    {
        var (news, sport) = (await AddCategoryAsync("news"), await AddCategoryAsync("sport"));
        var sources = new List<long>();
        for (var number = 0; number < 20; number++)
            sources.Add(await AddSourceAsync($"https://example.org/{number}", number % 3 == 0 ? [news] : number % 3 == 1 ? [news, sport] : []));
        foreach (var (number, source) in sources.Index())
            await RefreshAsync(source, Now, [.. Enumerable.Range(0, 6).Select(entry => AnEntry($"{number}-{entry}", Now.AddMinutes(-(((entry * 37) + (number * 11)) % 60))))]);

        // Seventeen sources are more than one statement asks for; some of them stand in the category too.
        var selection = await FollowingAsync([Topic.Category(sport), .. sources.Skip(2).Take(17).Select(Topic.Source)]);
        var all = await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 500 }, Ct);
        var found = all.Where(entry => entry.SourceId == sources[0]).Select(entry => new PageKey(entry.SortAt, entry.Id)).ToList();
        var listed = (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(sport), Limit = 500 }, Ct)).Select(entry => entry.Id).ToHashSet();
        var expected = all.Where(entry => listed.Contains(entry.Id) || sources.IndexOf(entry.SourceId) is 0 or (>= 2 and < 19))
            .OrderByDescending(entry => entry.SortAt).ThenByDescending(entry => entry.Id).Select(entry => entry.Id).ToList();
        Assert.Equal(6 * 20, expected.Count);

        var query = new SelectionQuery { Selection = selection, Found = [.. found, .. found], Limit = 7 };
        var down = new List<long>();
        for (PageKey? before = null; ;)
        {
            var page = await Selections.ListAsync(query with { Before = before }, Ct);
            down.AddRange(page.Select(entry => entry.Id));
            if (page.Count < 7) break;
            before = new PageKey(page[^1].SortAt, page[^1].Id);
        }

        Assert.Equal(expected, down);
        var last = all.Single(entry => entry.Id == expected[^1]);
        var up = new List<long> { last.Id };
        for (var after = new PageKey(last.SortAt, last.Id); ;)
        {
            var page = await Selections.ListAsync(query with { After = after }, Ct);
            up.InsertRange(0, page.Select(entry => entry.Id));
            if (page.Count < 7) break;
            after = new PageKey(page[0].SortAt, page[0].Id);
        }

        Assert.Equal(expected, up);

        var before30 = Database.StatementCount;
        await Selections.ListAsync(query with { Limit = 31 }, Ct);
        Assert.Equal(5, Database.StatementCount - before30);
    }

    [Fact]
    public async Task Leaves_out_what_was_deleted_or_taken_down_wherever_it_was_found()
    {
        var (kept, gone) = (await AddSourceAsync("https://example.org/kept"), await AddSourceAsync("https://example.org/gone"));
        var ids = await RefreshAsync(kept, Now, AnEntry("a", Now), AnEntry("b", Now.AddMinutes(-1)));
        var lost = await RefreshAsync(gone, Now, AnEntry("c", Now));
        var news = await AddCategoryAsync();
        await Database.WriteAsync(session => session.ExecuteAsync("insert into category_entry (category_id, sort_at, entry_id) select @news, sort_at, id from entry", new { news }), Ct);
        var selection = await FollowingAsync([Topic.Category(news), Topic.Source(kept), Topic.Source(gone)]);
        var query = new SelectionQuery
        {
            Selection = selection,
            Found = [new PageKey(Now, lost["c"]), new PageKey(Now, ids["a"]), new PageKey(Now.AddMinutes(-1), ids["b"]), new PageKey(Now, 9999)],
        };
        Assert.Equal(["c", "a", "b"], await KeysAsync(query));

        await SetStateAsync(gone, 4);
        Assert.Equal(["a", "b"], await KeysAsync(query));
        var takedowns = Get<ITakedownStore>();
        var number = Assert.IsType<TakedownFiling.Received>(await takedowns.FileAsync(new NewTakedownRequest(ids["a"], TakedownReason.Privacy, "x", null), Now, Ct)).RequestId;
        await takedowns.ApproveAsync(number, false, null, "ann", TimeSpan.FromDays(1), Now, Ct);
        Assert.Equal(["b"], await KeysAsync(query));
        Assert.Null((await Selections.ListAsync(query, Ct)).Single().Entry.Content);
    }

    [Fact]
    public async Task A_story_stands_once_and_its_leader_must_be_followed_too()
    {
        var (one, two, elsewhere) = (await AddSourceAsync("https://example.org/1"), await AddSourceAsync("https://example.org/2"), await AddSourceAsync("https://example.org/3"));
        var ids = new List<long>();
        foreach (var (source, key) in new[] { (one, "a"), (two, "b"), (elsewhere, "c") }) ids.Add((await RefreshAsync(source, Now, AnEntry(key, Now.AddMinutes(-ids.Count))))[key]);
        await Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("insert into story (id, changed_at) values (1, 0)");
                foreach (var (place, id) in new[] { ids[2], ids[1], ids[0] }.Index())
                    await session.ExecuteAsync("insert into story_entry (entry_id, story_id, place) values (@id, 1, @place)", new { id, place });
                return 0;
            },
            Ct);
        var query = new SelectionQuery { Selection = await FollowingAsync([Topic.Source(one), Topic.Source(two)]), OncePerStory = true };

        Assert.Equal(["b"], await KeysAsync(query));
        Assert.Equal(["a", "b"], await KeysAsync(query with { OncePerStory = false }));
        Assert.Equal(["b"], await KeysAsync(query with { Found = [new PageKey(Now, ids[0])] }));
    }

    [Fact]
    public async Task Its_version_grows_with_every_change_of_what_is_followed_and_of_nothing_else()
    {
        var news = await AddCategoryAsync();
        var (listed, own, other) = (await AddSourceAsync("https://example.org/1", news), await AddSourceAsync("https://example.org/2"), await AddSourceAsync("https://example.org/3"));
        var selection = await FollowingAsync([Topic.Category(news), Topic.Source(own)]);
        var versions = new List<long> { await VersionAsync() };
        foreach (var source in (long[])[listed, own, other])
        {
            await RefreshAsync(source, Now, AnEntry("a", Now));
            versions.Add(await VersionAsync());
        }

        Assert.True(versions[0] < versions[1] && versions[1] < versions[2] && versions[2] == versions[3], string.Join(' ', versions));

        async Task<long> VersionAsync() => (await Selections.VersionAsync(selection, Ct)).Number;
    }

    [Fact]
    public async Task Searches_tell_the_places_of_what_they_find_newest_first()
    {
        var ids = await RefreshAsync(await AddSourceAsync(), Now, [.. Enumerable.Range(0, 40).Select(number => AnEntry($"k{number}", Now.AddMinutes(-number)) with { Title = number % 2 == 0 ? "港口 harbour" : "其他" })]);
        var search = Get<ISearchStore>();
        while (await search.IndexAsync(ISearchStore.MaxBatch, Now, Ct) > 0)
        {
        }

        var places = await search.FindPlacesAsync([new SearchRequest { Query = SearchQuery.Parse("港口"), Limit = 1 }], Ct);
        Assert.Equal(Enumerable.Range(0, 20).Select(number => new PageKey(Now.AddMinutes(-2 * number), ids[$"k{2 * number}"])), places.OrderByDescending(place => place.SortAt));
        Assert.Empty(await search.FindPlacesAsync([new SearchRequest { Query = SearchQuery.Parse("") }], Ct));
    }

    [Fact]
    public async Task A_list_has_bounds()
    {
        var query = new SelectionQuery { Selection = await FollowingAsync([]) };
        Assert.Empty(await Selections.ListAsync(query, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Selections.ListAsync(query with { Limit = 0 }, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Selections.ListAsync(query with { Limit = SelectionQuery.MaxLimit + 1 }, Ct));
        var place = new PageKey(Now, 1);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Selections.ListAsync(query with { Before = place, After = place }, Ct));
    }

    private async Task<Selection> FollowingAsync(IReadOnlyList<Topic> topics)
    {
        await Selections.FollowAsync((await Selections.AddAsync(Token, Now, Ct)).Id, topics, ISelectionStore.MaxTopics, Ct);
        var selection = await Selections.FindAsync(Token, Ct);
        Assert.Equal(topics, selection!.Topics);
        return selection;
    }

    private async Task<IReadOnlyList<string>> KeysAsync(SelectionQuery query) => [.. (await Selections.ListAsync(query, Ct)).Select(entry => entry.Entry.Key)];

    private Task SetStateAsync(long source, int state) => Database.WriteAsync(session => session.ExecuteAsync("update source set state = @state where id = @source", new { source, state }), Ct);
}

public sealed class SqliteSelectionStoreTests() : SelectionStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlSelectionStoreTests() : SelectionStoreTests(StoreProvider.PostgreSql);
