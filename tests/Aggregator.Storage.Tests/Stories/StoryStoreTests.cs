using System.Net;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Xunit;

namespace Aggregator.Storage.Tests.Stories;

public abstract class StoryStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private static readonly string[] Harbour =
    [
        "港口新城今起试运行数字孪生调度系统，集装箱平均候港时间有望缩短近三成，市交通局在启动仪式上作了介绍。",
        "据介绍，该系统接入了全港泊位的实时数据，能够模拟潮汐、风浪与作业效率之间的关系，技术人员为此采集了历年作业记录。",
        "码头工人王师傅告诉记者，过去每逢大雾天气，调度室的电话就响个不停，如今屏幕上的颜色一变，大家就知道该先卸哪一条船。",
        "专家认为，数字化调度只是第一步，真正的难题在于与铁路、公路的衔接，目前从码头到货运站的短驳运输仍靠人工派单。",
    ];

    private static readonly string[] Mill =
    [
        "The disused paper mill on the east bank of the river will reopen in spring as a public library with room for many books, the town council said.",
        "Engineers kept the great wheel and the brick chimney; the drying lofts became reading rooms with windows towards the water, and volunteers will run the cafe.",
    ];

    private IStoryStore Stories => Get<IStoryStore>();

    [Fact]
    public async Task Joins_reprints_and_lets_the_one_lead_that_the_others_name()
    {
        var category = await AddCategoryAsync();
        var (first, portal, third) = (await AddSourceAsync("https://one.example/feed", category), await NamedAsync("滨海日报", category), await AddSourceAsync("https://three.example/feed", category));
        var early = await StoreAsync(first, "early", Now, "重磅！港口有大动作", ["转自 滨海日报", .. Harbour[..3]]);
        var original = await StoreAsync(portal, "original", Now.AddMinutes(5), "港口新城试运行调度系统", Harbour);
        var late = await StoreAsync(third, "late", Now.AddHours(2), "候港时间缩短", [Harbour[0], Harbour[2], Harbour[1], "来源：滨海日报"]);
        var other = await StoreAsync(third, "other", Now.AddHours(3), "Old mill becomes a library", Mill);

        await CompareAllAsync();

        var stories = await Stories.OfEntriesAsync([early, original, late, other], Ct);
        Assert.Equal([early, original, late], stories.Keys.Order());
        var story = Assert.Single(stories.Values.DistinctBy(story => story.Id));
        Assert.Equal([original, early, late], story.Members.Select(member => member.EntryId));
        Assert.Equal(3, story.SourceCount);
        Assert.Equal(story.Members, (await Stories.FindAsync(story.Id, Ct))!.Members);
        Assert.Equal(["other", "original"], await KeysAsync(Topic.Category(category), once: true));
        Assert.Equal(["other", "late", "original", "early"], await KeysAsync(Topic.Category(category), once: false));
        Assert.Equal(["other", "original"], await KeysAsync(Topic.Everything, once: true));
        Assert.Equal(["other", "late"], await KeysAsync(Topic.Source(third), once: true));
    }

    [Fact]
    public async Task A_category_shows_a_story_even_when_its_leader_stands_elsewhere()
    {
        var (one, two) = (await AddCategoryAsync("one"), await AddCategoryAsync("two"));
        await StoreAsync(await AddSourceAsync("https://one.example/feed", one), "a", Now, "港口", Harbour);
        await StoreAsync(await AddSourceAsync("https://two.example/feed", two), "b", Now.AddHours(1), "港口", Harbour);

        await CompareAllAsync();

        Assert.Equal(["a"], await KeysAsync(Topic.Category(one), once: true));
        Assert.Equal(["b"], await KeysAsync(Topic.Category(two), once: true));
        Assert.Equal(["a"], await KeysAsync(Topic.Everything, once: true));
    }

    [Fact]
    public async Task Joining_raises_what_shows_it_and_an_entry_alone_raises_nothing()
    {
        var category = await AddCategoryAsync();
        await StoreAsync(await AddSourceAsync("https://one.example/feed", category), "a", Now, "港口", Harbour);
        var before = (await Entries.VersionAsync(Topic.Category(category), Ct)).Number;
        await CompareAllAsync();
        Assert.Equal(before, (await Entries.VersionAsync(Topic.Category(category), Ct)).Number);

        await StoreAsync(await AddSourceAsync("https://two.example/feed", category), "b", Now, "港口", Harbour);
        before = (await Entries.VersionAsync(Topic.Category(category), Ct)).Number;
        await CompareAllAsync();

        Assert.Equal(before + 1, (await Entries.VersionAsync(Topic.Category(category), Ct)).Number);
    }

    [Fact]
    public async Task The_same_address_is_the_same_story_whatever_was_said_of_it()
    {
        var (one, two, three) = (await AddSourceAsync("https://one.example/feed"), await AddSourceAsync("https://two.example/feed"), await AddSourceAsync("https://three.example/feed"));
        var a = await StoreAsync(one, "a", Now, "A", [Harbour[0]], "http://www.paper.example/2026/harbour/");
        var b = await StoreAsync(two, "b", Now, "B", ["A link worth reading."], "https://paper.example/2026/harbour");
        var front = await StoreAsync(two, "front", Now, "C", [Mill[0]], "https://paper.example/");
        var home = await StoreAsync(three, "home", Now, "D", [Mill[1]], "https://paper.example");
        foreach (var key in (string[])["p1", "p2", "p3", "p4"]) await StoreAsync(one, key, Now, "Photograph " + key, ["One of many: " + key], "https://paper.example/gallery");
        var gallery = await StoreAsync(three, "gallery", Now, "E", ["The whole gallery of the year."], "https://paper.example/gallery");

        await CompareAllAsync();

        Assert.Equal([a, b], (await Stories.OfEntriesAsync([a, b, front, home, gallery], Ct)).Keys.Order());
    }

    [Fact]
    public async Task Templates_and_what_is_more_than_thirty_days_apart_stay_apart()
    {
        static string[] Weather(int day, int high) => [$"气象台{day}日发布：今天白天多云，最高气温{high}度，夜间小雨，最低气温{high - 9}度，请市民出行注意防晒补水，早晚温差较大，注意及时增减衣物。"];
        var (one, two) = (await AddSourceAsync("https://one.example/feed"), await AddSourceAsync("https://two.example/feed"));
        var ids = new List<long>
        {
            await StoreAsync(one, "w1", Now, "天气预报", Weather(11, 24)),
            await StoreAsync(two, "w2", Now.AddDays(1), "天气预报", Weather(12, 26)),
            await StoreAsync(one, "old", Now, "港口", Harbour),
            await StoreAsync(two, "new", Now.AddDays(31), "港口", Harbour),
        };

        await CompareAllAsync();

        Assert.Empty(await Stories.OfEntriesAsync(ids, Ct));
    }

    [Fact]
    public async Task What_an_admin_parted_and_joined_stays_so_when_everything_is_compared_again()
    {
        var (one, two, three) = (await AddSourceAsync("https://one.example/feed"), await AddSourceAsync("https://two.example/feed"), await AddSourceAsync("https://three.example/feed"));
        var a = await StoreAsync(one, "a", Now, "港口", Harbour);
        var b = await StoreAsync(two, "b", Now, "港口", Harbour);
        var mill = await StoreAsync(three, "mill", Now, "Mill", Mill);
        await CompareAllAsync();
        Assert.Equal([a, b], (await Stories.OfEntriesAsync([a, b, mill], Ct)).Keys.Order());

        Assert.Equal(StoryDecisionOutcome.Done, await Stories.SplitAsync(b, "ann", Now, Ct));
        Assert.Equal(StoryDecisionOutcome.Unchanged, await Stories.SplitAsync(b, "ann", Now, Ct));
        Assert.Equal(StoryDecisionOutcome.Done, await Stories.JoinAsync(a, mill, "ann", Now, Ct));
        Assert.Equal(StoryDecisionOutcome.Unchanged, await Stories.JoinAsync(mill, a, "ann", Now, Ct));
        Assert.Equal(StoryDecisionOutcome.NotFound, await Stories.JoinAsync(mill, 999, "ann", Now, Ct));
        Assert.Equal(StoryDecisionOutcome.NotFound, await Stories.SplitAsync(999, "ann", Now, Ct));
        await AssertDecidedAsync();

        await CompareAllAsync();
        await AssertDecidedAsync();
        Assert.Equal(3, await Stories.RequeueAsync(Now.AddDays(-1), Ct));
        await CompareAllAsync();
        await AssertDecidedAsync();

        // The decision outlives what was made of it, and what was known of the texts.
        await Database.WriteAsync(session => session.ExecuteAsync("delete from story_entry"), Ct);
        await Database.WriteAsync(session => session.ExecuteAsync("delete from story_shingle"), Ct);
        await Stories.RequeueAsync(Now.AddDays(-1), Ct);
        await CompareAllAsync();
        await AssertDecidedAsync();

        // A third reprint joins one of the two, and never both.
        var c = await StoreAsync(three, "c", Now, "港口", Harbour);
        await CompareAllAsync();
        var stories = await Stories.OfEntriesAsync([a, b, mill, c], Ct);
        Assert.True(stories.ContainsKey(c));
        Assert.False(stories.TryGetValue(b, out var ofB) && ofB.Members.Any(member => member.EntryId == a));

        async Task AssertDecidedAsync() => Assert.Equal([a, mill], (await Stories.OfEntriesAsync([a, b, mill], Ct)).Keys.Order());
    }

    [Fact]
    public async Task What_was_joined_stays_joined_when_the_two_that_were_named_are_gone()
    {
        var (one, two) = (await AddSourceAsync("https://one.example/feed"), await AddSourceAsync("https://two.example/feed"));
        var (a, b) = (await StoreAsync(one, "a", Now, "港口", Harbour), await StoreAsync(two, "b", Now, "港口", Harbour));
        var (mill, grist) = (await StoreAsync(one, "mill", Now, "Mill", Mill), await StoreAsync(two, "grist", Now, "Mill", Mill));
        await CompareAllAsync();
        Assert.Equal(StoryDecisionOutcome.Done, await Stories.JoinAsync(a, mill, "ann", Now, Ct));

        await Database.WriteAsync(session => session.ExecuteAsync("delete from entry where id = @a or id = @mill", new { a, mill }), Ct);
        await CompareAllAsync();

        Assert.Equal([b, grist], (await Stories.OfEntriesAsync([b], Ct))[b].Members.Select(member => member.EntryId).Order());
    }

    [Fact]
    public async Task A_narrowed_list_has_a_story_once_too()
    {
        var (one, two, three) = (await AddSourceAsync("https://one.example/feed"), await AddSourceAsync("https://two.example/feed"), await AddSourceAsync("https://three.example/feed"));
        await StoreAsync(one, "a", Now, "港口", Harbour);
        await StoreAsync(two, "b", Now.AddHours(1), "港口", Harbour);
        await StoreAsync(three, "c", Now.AddHours(2), "港口", Harbour);
        await CompareAllAsync();
        await Database.WriteAsync(session => session.ExecuteAsync("update entry set language = case when key = 'a' then 'en' else 'zh-CN' end"), Ct);

        Assert.Equal(["b"], await NarrowedAsync(new EntryQuery { Topic = Topic.Everything, OncePerStory = true, Language = "zh" }));
        Assert.Equal(["a"], await NarrowedAsync(new EntryQuery { Topic = Topic.Everything, OncePerStory = true, Language = "en" }));
        Assert.Equal(["c"], await NarrowedAsync(new EntryQuery { Topic = Topic.Everything, OncePerStory = true, SourceId = three }));
        Assert.Equal(["c", "b"], await NarrowedAsync(new EntryQuery { Topic = Topic.Everything, Language = "zh" }));

        async Task<List<string>> NarrowedAsync(EntryQuery query) => [.. (await Entries.ListAsync(query, Ct)).Select(entry => entry.Entry.Key)];
    }

    [Fact]
    public async Task Stories_that_fewer_than_two_sources_may_show_take_no_place_in_the_list()
    {
        var (one, two) = (await AddSourceAsync("https://one.example/feed"), await AddSourceAsync("https://two.example/feed"));
        var (three, four) = (await AddSourceAsync("https://three.example/feed"), await AddSourceAsync("https://four.example/feed"));
        await StoreAsync(one, "a", Now, "港口", Harbour);
        var b = await StoreAsync(two, "b", Now, "港口", Harbour);
        await CompareAllAsync();
        await StoreAsync(three, "mill", Now.AddHours(1), "Mill", Mill);
        await StoreAsync(four, "grist", Now.AddHours(1), "Mill", Mill);
        await CompareAllAsync();
        await Database.WriteAsync(session => session.ExecuteAsync("update source set state = 4 where id = @four", new { four }), Ct);

        var listed = Assert.Single(await Stories.ListAsync(null, 1, Ct));

        Assert.Contains(listed.Story.Members, member => member.EntryId == b);
    }

    [Fact]
    public async Task An_entry_that_is_rewritten_leaves_its_story_and_the_number_goes_on_leading_there()
    {
        var (one, two, three) = (await AddSourceAsync("https://one.example/feed"), await AddSourceAsync("https://two.example/feed"), await AddSourceAsync("https://three.example/feed"));
        var a = await StoreAsync(one, "a", Now, "港口", Harbour);
        var b = await StoreAsync(two, "b", Now, "港口", Harbour);
        var c = await StoreAsync(three, "c", Now, "港口", Harbour);
        await CompareAllAsync();
        var story = (await Stories.OfEntriesAsync([a], Ct))[a];
        Assert.Equal([a, b, c], story.Members.Select(member => member.EntryId));

        var rewritten = AnEntry("a") with { Title = "Mill", Content = Html(Mill), ContentHash = new byte[] { 9 } };
        var known = Assert.Single(await Refreshes.FindKnownAsync(one, ["a"], [], Ct));
        Assert.True(await SaveAsync(one, Now.AddHours(2), write => write with { Changed = [(known.Id, rewritten)] }));
        await CompareAllAsync();

        Assert.Equal([b, c], (await Stories.FindAsync(story.Id, Ct))!.Members.Select(member => member.EntryId));
        var d = await StoreAsync(await AddSourceAsync("https://four.example/feed"), "d", Now, "港口", Harbour);
        await CompareAllAsync();
        Assert.Equal([b, c, d], (await Stories.FindAsync(story.Id, Ct))!.Members.Select(member => member.EntryId));
    }

    [Fact]
    public async Task Two_stories_that_a_third_text_shows_to_be_one_become_the_older_one()
    {
        string[] Sources(int at) => [$"https://{at}.example/feed"];
        var ids = new List<long>();
        string[][] texts = [[Harbour[0], Harbour[1]], [Harbour[0], Harbour[1]], [Harbour[2], Harbour[3]], [Harbour[2], Harbour[3]]];
        for (var i = 0; i < texts.Length; i++) ids.Add(await StoreAsync(await AddSourceAsync(Sources(i)[0]), "k" + i, Now.AddMinutes(i), "港口", texts[i]));
        await CompareAllAsync();
        var stories = await Stories.OfEntriesAsync(ids, Ct);
        var (older, newer) = (stories[ids[0]].Id, stories[ids[2]].Id);
        Assert.NotEqual(older, newer);

        Assert.Equal(StoryDecisionOutcome.Done, await Stories.JoinAsync(ids[3], ids[1], "ann", Now, Ct));

        Assert.Equal(Math.Min(older, newer), (await Stories.FindAsync(newer, Ct))!.Id);
        Assert.Equal(ids, (await Stories.FindAsync(older, Ct))!.Members.Select(member => member.EntryId));
        Assert.Equal([Math.Min(older, newer)], (await Stories.ListAsync(null, 10, Ct)).Select(item => item.Story.Id));
    }

    [Fact]
    public async Task Nothing_of_an_entry_is_left_when_it_is_taken_down_and_undoing_brings_it_back()
    {
        var (one, two) = (await AddSourceAsync("https://one.example/feed"), await AddSourceAsync("https://two.example/feed"));
        var a = await StoreAsync(one, "a", Now, "港口", ["转自 独家爆料社", .. Harbour]);
        var b = await StoreAsync(two, "b", Now, "港口", Harbour);
        await CompareAllAsync();
        var story = (await Stories.OfEntriesAsync([b], Ct))[b].Id;
        var takedowns = Get<ITakedownStore>();
        var number = Assert.IsType<TakedownFiling.Received>(await takedowns.FileAsync(new NewTakedownRequest(a, TakedownReason.Privacy, "x", null), Now, Ct)).RequestId;

        await takedowns.ApproveAsync(number, false, null, "ann", TimeSpan.FromDays(1), Now, Ct);
        Assert.Equal([b], (await Stories.FindAsync(story, Ct))!.Members.Select(member => member.EntryId));
        Assert.Empty(await Stories.OfEntriesAsync([a, b], Ct));
        Assert.Equal(0, await CountAsync(a));

        Assert.Equal(TakedownOutcome.Done, await takedowns.UndoAsync(number, Now, Ct));
        await CompareAllAsync();
        Assert.Equal([a, b], (await Stories.OfEntriesAsync([a, b], Ct)).Keys.Order());

        number = Assert.IsType<TakedownFiling.Received>(await takedowns.FileAsync(new NewTakedownRequest(a, TakedownReason.Privacy, "x", null), Now.AddMinutes(1), Ct)).RequestId;
        await takedowns.ApproveAsync(number, false, null, "ann", TimeSpan.Zero, Now, Ct);
        Assert.Equal(1, await takedowns.PurgeAsync(Now.AddMinutes(1), Ct));
        await CompareAllAsync();
        Assert.Equal(0, await CountAsync(a));

        Task<long> CountAsync(long id) => Database.ReadAsync(
            session => session.FindAsync<long>("select (select count(*) from story_shingle where entry_id = @id) + (select count(*) from story_entry where entry_id = @id)", new { id }), Ct);
    }

    [Fact]
    public async Task Forgets_by_what_old_entries_were_found_and_keeps_their_stories()
    {
        var (one, two) = (await AddSourceAsync("https://one.example/feed"), await AddSourceAsync("https://two.example/feed"));
        var a = await StoreAsync(one, "a", Now, "港口", Harbour);
        var b = await StoreAsync(two, "b", Now.AddDays(2), "港口", Harbour);
        await CompareAllAsync();

        Assert.Equal(0, await Stories.PruneAsync(Now, Ct));
        Assert.Equal(1, await Stories.PruneAsync(Now.AddDays(1), Ct));
        Assert.Equal([a, b], (await Stories.OfEntriesAsync([a, b], Ct)).Keys.Order());
    }

    [Fact]
    public async Task Entries_of_a_deleted_source_are_in_no_story_until_that_is_undone()
    {
        var (one, two) = (await AddSourceAsync("https://one.example/feed"), await AddSourceAsync("https://two.example/feed"));
        var a = await StoreAsync(one, "a", Now, "港口", Harbour);
        var b = await StoreAsync(two, "b", Now.AddMinutes(1), "港口", Harbour);
        await CompareAllAsync();
        var administration = Get<ISourceAdminStore>();

        await Database.WriteAsync(session => session.ExecuteAsync("update source set state = 4 where id = @one", new { one }), Ct);
        Assert.Empty(await Stories.OfEntriesAsync([a, b], Ct));
        Assert.Equal(["b"], await KeysAsync(Topic.Everything, once: true));

        await Database.WriteAsync(session => session.ExecuteAsync("update source set state = 1 where id = @one", new { one }), Ct);
        Assert.Equal(["a"], await KeysAsync(Topic.Everything, once: true));
        Assert.NotNull(administration);
    }

    [Fact]
    public async Task What_is_compared_while_nothing_of_a_source_may_be_shown_is_one_story_when_something_may()
    {
        var (one, two) = (await AddSourceAsync("https://one.example/feed"), await AddSourceAsync("https://two.example/feed"));
        await SetLevelAsync(one, RepublishLevel.Nothing);
        var a = await StoreAsync(one, "a", Now, "港口", Harbour);
        await CompareAllAsync();
        var b = await StoreAsync(two, "b", Now.AddMinutes(1), "港口", Harbour);
        await CompareAllAsync();
        Assert.Empty(await Stories.OfEntriesAsync([a, b], Ct));

        await SetLevelAsync(one, RepublishLevel.Title);
        Assert.Equal([a, b], (await Stories.OfEntriesAsync([a, b], Ct)).Keys.Order());
    }

    [Fact]
    public async Task A_hundred_reprints_are_one_story_and_a_list_asks_once()
    {
        var category = await AddCategoryAsync();
        for (var i = 0; i < 100; i++) await StoreAsync(await AddSourceAsync($"https://{i}.example/feed", category), "k" + i, Now.AddMinutes(i), "港口", Harbour);

        await CompareAllAsync();

        Assert.Equal(["k0"], await KeysAsync(Topic.Category(category), once: true));
        var before = Database.StatementCount;
        var entries = await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(category), OncePerStory = true }, Ct);
        var story = (await Stories.OfEntriesAsync([.. entries.Select(entry => entry.Id)], Ct)).Values.Single();
        Assert.Equal(100, story.SourceCount);
        Assert.Equal(3, Database.StatementCount - before);
    }

    private static string Html(IEnumerable<string> paragraphs) => string.Concat(paragraphs.Select(paragraph => $"<p>{WebUtility.HtmlEncode(paragraph)}</p>"));

    private async Task<long> StoreAsync(long source, string key, DateTimeOffset at, string title, string[] paragraphs, string? url = null) =>
        (await RefreshAsync(source, at, AnEntry(key) with { Guid = null, Url = url ?? $"https://{source}.example/{key}", Title = title, Summary = null, Content = Html(paragraphs) }))[key];

    private async Task<long> NamedAsync(string title, long category)
    {
        var id = await AddSourceAsync("https://named.example/feed", category);
        await Database.WriteAsync(session => session.ExecuteAsync("update source set title = @title where id = @id", new { title, id }), Ct);
        return id;
    }

    private async Task CompareAllAsync()
    {
        for (var i = 0; await Stories.CompareAsync(50, Now, Ct) > 0; i++) Assert.True(i < 50, "The queue does not empty.");
    }

    private async Task<List<string>> KeysAsync(Topic topic, bool once) =>
        [.. (await Entries.ListAsync(new EntryQuery { Topic = topic, OncePerStory = once }, Ct)).Select(entry => entry.Entry.Key)];
}

public sealed class SqliteStoryStoreTests() : StoryStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlStoryStoreTests() : StoryStoreTests(StoreProvider.PostgreSql);
