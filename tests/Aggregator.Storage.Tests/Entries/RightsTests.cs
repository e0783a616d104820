using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Entries;

/// <summary>What the store gives to be shown, and when that changes.</summary>
public abstract class RightsTests(StoreProvider provider) : StoreTests(provider)
{
    private ISourceAdminStore Admin => Get<ISourceAdminStore>();

    private IEntryArchive Archive => Get<IEntryArchive>();

    private ISnapshotStore Snapshots => Get<ISnapshotStore>();

    [Fact]
    public async Task The_columns_level_is_the_rules()
    {
        RepublishLevel?[] settings = [null, .. Enum.GetValues<RepublishLevel>()];
        var categories = new Dictionary<RepublishLevel, long>();
        foreach (var level in Enum.GetValues<RepublishLevel>())
            categories[level] = (await Categories.AddAsync(new Category { Id = 0, Slug = level.Name(), Title = level.Name(), Language = "en", Republish = level }, Ct)).Id;
        var number = 0;
        foreach (var setting in settings)
            foreach (var standard in settings)
                foreach (var agrees in (bool[])[false, true])
                {
                    var source = (await Sources.AddAsync(new NewSource
                    {
                        Url = $"https://example.org/{number++}",
                        Republish = setting,
                        PublisherAgrees = agrees,
                        CategoryIds = standard is { } level ? [categories[level]] : [],
                    }, Now, Ct)).Id;
                    for (var wishes = 0; wishes < 8; wishes++)
                    {
                        await Database.WriteAsync(session => session.ExecuteAsync("update source set feed_wishes = @wishes where id = @source", new { wishes, source }), Ct);
                        var stored = await Database.ReadAsync(session => session.FindAsync<int>("select level from source where id = @source", new { source }), Ct);
                        var expected = RepublishRule.LevelOf(setting, standard, (PublisherWishes)wishes, agrees);
                        Assert.Equal(expected, (RepublishLevel)stored);
                        Assert.Equal(expected, (await Sources.FindAsync(source, Ct))!.Level);
                    }
                }
    }

    [Fact]
    public async Task Of_several_categories_the_strictest_default_counts_whatever_becomes_of_them()
    {
        var summary = await Categories.AddAsync(new Category { Id = 0, Slug = "summary", Title = "S", Language = "en", Republish = RepublishLevel.Summary }, Ct);
        var title = await Categories.AddAsync(new Category { Id = 0, Slug = "title", Title = "T", Language = "en", Republish = RepublishLevel.Title }, Ct);
        var none = await AddCategoryAsync("none");
        var id = await AddSourceAsync(categories: [summary.Id, title.Id, none]);
        Assert.Equal(RepublishLevel.Title, await LevelAsync(id));

        await RaisesAsync(id, () => Categories.UpdateAsync(title with { Republish = null }, Now, Ct));
        Assert.Equal(RepublishLevel.Summary, await LevelAsync(id));
        await RaisesAsync(id, () => Categories.UpdateAsync(title with { Republish = RepublishLevel.Nothing }, Now, Ct));
        Assert.Equal(RepublishLevel.Nothing, await LevelAsync(id));
        await RaisesAsync(id, () => Categories.DeleteAsync(title.Id, Now, Ct));
        Assert.Equal(RepublishLevel.Summary, await LevelAsync(id));
        await RaisesAsync(id, () => Admin.SetCategoriesAsync([id], [none], Now, Ct));
        Assert.Equal(RepublishLevel.Full, await LevelAsync(id));
        await RaisesAsync(id, () => Admin.SetCategoriesAsync([id], [summary.Id], Now, Ct));
        Assert.Equal(RepublishLevel.Summary, await LevelAsync(id));
        await RaisesAsync(id, async () => await Admin.EditAsync(id, SourceEdit.Of((await Sources.FindAsync(id, Ct))!, [summary]) with { Republish = RepublishLevel.Full }, Now, Ct));
        Assert.Equal(RepublishLevel.Full, await LevelAsync(id));
    }

    [Fact]
    public async Task A_level_holds_wherever_the_entry_is_read_and_changes_at_once()
    {
        var category = await AddCategoryAsync();
        var id = await AddSourceAsync(categories: category);
        var entry = (await RefreshAsync(id, Now, AnEntry("a", Now)))["a"];
        while (await Get<ISearchStore>().IndexAsync(10, Now, Ct) > 0)
        {
        }

        Assert.Equal("<p>Content of a</p>", (await Entries.FindAsync(entry, Ct))!.Entry.Content);
        Assert.Equal((1, 1), (await FoundAsync("Content"), await FoundAsync("Summary")));

        await SetAsync(id, RepublishLevel.Summary);
        var shown = (await Entries.FindAsync(entry, Ct))!;
        Assert.Equal((RepublishLevel.Summary, null, "Summary of a"), (shown.Level, shown.Entry.Content, shown.Entry.Summary));
        Assert.Equal((0, 1), (await FoundAsync("Content"), await FoundAsync("Summary")));
        var snapshot = (await Snapshots.ListLastAsync(entry, 1, Ct))[0];
        Assert.Equal((false, true, null), (snapshot.IsKept, snapshot.IsWithheld, snapshot.Removal));
        Assert.Null(await Snapshots.ReadBytesAsync(snapshot.Id, Ct));
        Assert.Null(await Snapshots.ReadDocumentAsync(snapshot.Id, Ct));
        Assert.Null(await Snapshots.NearestAsync(entry, Now, Ct));

        await SetAsync(id, RepublishLevel.Title);
        foreach (var topic in (Topic[])[Topic.Everything, Topic.Category(category), Topic.Source(id)])
        {
            var listed = Assert.Single(await Entries.ListAsync(new EntryQuery { Topic = topic, WithContent = true }, Ct));
            Assert.Equal((RepublishLevel.Title, null, null), (listed.Level, listed.Entry.Content, listed.Entry.Summary));
        }

        Assert.Equal((0, 0, 1), (await FoundAsync("Content"), await FoundAsync("Summary"), await FoundAsync("Title")));

        await SetAsync(id, RepublishLevel.Nothing);
        Assert.Null(await Entries.FindAsync(entry, Ct));
        Assert.Equal(EntryHiding.NotRepublished, await Admin.FindHidingAsync(entry, Ct));
        foreach (var topic in (Topic[])[Topic.Everything, Topic.Category(category), Topic.Source(id)])
        {
            Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = topic }, Ct));
            Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = topic, Language = "zh" }, Ct));
            Assert.Empty(await Entries.OriginsAsync(topic, Ct));
            var stored = Assert.Single(await Archive.ListAsync(new EntryQuery { Topic = topic, WithContent = true }, Ct));
            Assert.Equal("<p>Content of a</p>", stored.Entry.Content);
        }

        Assert.Empty((await Entries.ListNewestAsync([category], 4, Ct))[category]);
        Assert.Empty(await Entries.ListRangeAsync(0, 100, Ct));
        Assert.Empty(await Snapshots.FindEntriesByUrlAsync("https://example.org/a", Ct));
        Assert.Empty(await Sources.ListPublicAsync(null, 0, 10, Ct));
        Assert.Equal(0, await FoundAsync("Title"));
        Assert.NotNull(await Archive.FindAsync(entry, Ct));
        Assert.Single(await Sources.ListAsync(0, 10, Ct));

        await SetAsync(id, null);
        Assert.Equal("<p>Content of a</p>", (await Entries.FindAsync(entry, Ct))!.Entry.Content);
        Assert.NotNull(await Snapshots.ReadBytesAsync(snapshot.Id, Ct));
        Assert.Equal(1, await FoundAsync("Content"));
    }

    [Fact]
    public async Task What_a_feed_asks_for_is_obeyed_from_the_next_document_on()
    {
        var id = await AddSourceAsync();
        var entry = (await RefreshAsync(id, Now, AnEntry("a", Now)))["a"];
        await RaisesAsync(id, () => SaveAsync(id, Now.AddHours(1), write => write with
        {
            Source = write.Source with { Feed = new FeedFacts { Wishes = PublisherWishes.Denied, Rights = "(c)", LicenseUrl = "https://example.org/l" } },
        }));
        Assert.Null(await Entries.FindAsync(entry, Ct));
        var source = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal((PublisherWishes.Denied, "(c)", "https://example.org/l"), (source.Feed.Wishes, source.Feed.Rights, source.Feed.LicenseUrl));
        await RaisesAsync(id, () => SaveAsync(id, Now.AddHours(2), write => write with { Source = write.Source with { Feed = new FeedFacts() } }));
        Assert.NotNull(await Entries.FindAsync(entry, Ct));
    }

    [Fact]
    public async Task What_an_entry_asks_for_changes_without_a_version()
    {
        var id = await AddSourceAsync();
        var ids = await RefreshAsync(id, Now, AnEntry("a", Now), AnEntry("b", Now) with { Wishes = PublisherWishes.Blocked, LicenseUrl = "https://example.org/l" });
        Assert.Null(await Entries.FindAsync(ids["b"], Ct));
        Assert.Equal(("https://example.org/l", 1), ((await Archive.FindAsync(ids["b"], Ct))!.Entry.LicenseUrl, (await Sources.ListPublicAsync(null, 0, 10, Ct))[0].EntryCount));
        var known = (await Refreshes.FindKnownAsync(id, ["b"], [], Ct))[0];
        Assert.Equal((PublisherWishes.Blocked, "https://example.org/l", null), (known.Wishes, known.LicenseUrl, known.Rights));

        await RaisesAsync(id, () => SaveAsync(id, Now.AddHours(1), write => write with
        {
            RightsChanged = [(ids["a"], AnEntry("a") with { Wishes = PublisherWishes.NotArchived, Rights = "(c) a" }), (ids["b"], AnEntry("b"))],
        }));
        var (a, b) = ((await Entries.FindAsync(ids["a"], Ct))!, (await Entries.FindAsync(ids["b"], Ct))!);
        Assert.Equal((RepublishLevel.Summary, "(c) a", 1), (a.Level, a.Entry.Rights, a.Version));
        Assert.Equal((RepublishLevel.Full, null, 1), (b.Level, b.Entry.LicenseUrl, b.Version));

        var before = await Entries.VersionAsync(Topic.Source(id), Ct);
        await SaveAsync(id, Now.AddHours(2), write => write with { RightsChanged = [(ids["b"], AnEntry("b"))] });
        Assert.Equal(before, await Entries.VersionAsync(Topic.Source(id), Ct));
    }

    private async Task<int> FoundAsync(string words) =>
        (await Get<ISearchStore>().SearchAsync(new SearchRequest { Query = SearchQuery.Parse(words), Limit = 10, WithVersions = true }, Ct)).Hits.Count;

    private async Task<RepublishLevel> LevelAsync(long id) => (await Sources.FindAsync(id, Ct))!.Level;

    private Task SetAsync(long id, RepublishLevel? level) => RaisesAsync(id, () => SetLevelAsync(id, level));

    /// <summary>Does something that has to give a source, everything, and every category another version.</summary>
    private async Task RaisesAsync(long id, Func<Task> change)
    {
        List<Topic> topics = [Topic.Source(id), Topic.Everything, .. (await Categories.ListAsync(Ct)).Select(category => Topic.Category(category.Id))];
        var before = new Dictionary<Topic, long>();
        foreach (var topic in topics) before[topic] = (await Entries.VersionAsync(topic, Ct)).Number;
        await change();
        var left = (await Categories.ListAsync(Ct)).Select(category => category.Id).ToHashSet();
        foreach (var topic in topics)
        {
            if (topic is Topic.OfCategory category && !left.Contains(category.CategoryId)) continue;
            Assert.True((await Entries.VersionAsync(topic, Ct)).Number > before[topic], $"{topic} has no other version.");
        }
    }
}

public sealed class SqliteRightsTests() : RightsTests(StoreProvider.Sqlite);

public sealed class PostgreSqlRightsTests() : RightsTests(StoreProvider.PostgreSql);
