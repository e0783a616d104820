using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Storage.Tests.Archives;

public abstract class ArchiveStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private IArchiveStore Archives => Get<IArchiveStore>();

    [Fact]
    public async Task Fills_pages_in_the_order_of_arrival_whatever_the_dates_say()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        Topic[] topics = [Topic.Everything, Topic.Category(category), Topic.Source(source)];
        Assert.Equal(ArchivePlace.None, await Archives.PlaceAsync(topics[1], Ct));
        Assert.Equal(0, await Archives.NoteAsync(IArchiveStore.MaxBatch, Ct));

        var first = await AddAsync(source, Now, 120, "a");
        await NoteAllAsync();
        var old = await AddAsync(source, Now.AddMinutes(1), 30, "b", publishedAt: Now.AddYears(-9));
        await NoteAllAsync();

        foreach (var topic in topics)
        {
            var place = await Archives.PlaceAsync(topic, Ct);
            Assert.Equal((150, 3, 150), (place.Position, place.LastPage, place.LastNumber));
            Assert.Equal(first.Take(50), await PageAsync(topic, 1));
            Assert.Equal(first.Skip(50).Take(50), await PageAsync(topic, 2));
            Assert.Equal([.. first.Skip(100), .. old], await PageAsync(topic, 3));
            Assert.Equal(new ArchivePage(4, 150, null, 150), await Archives.FindPageAsync(topic, 4, Ct));
            Assert.Null(await Archives.FindPageAsync(topic, 5, Ct));
            Assert.Null(await Archives.FindPageAsync(topic, 0, Ct));
            Assert.Equal((3, 2, 1, null), (await BeforeAsync(topic, 150), await BeforeAsync(topic, 100), await BeforeAsync(topic, 50), await BeforeAsync(topic, 0)));
        }

        Assert.Equal(ArchivePlace.None, await Archives.PlaceAsync(Topic.Search("q=a"), Ct));
        Assert.Null(await Archives.FindPageAsync(Topic.Search("q=a"), 1, Ct));
        Assert.Empty(await Archives.ChangesAsync(Topic.Search("q=a"), 0, 9, null, false, false, 9, Ct));
    }

    [Fact]
    public async Task A_page_keeps_its_entries_when_they_change_and_tells_of_the_last_change_behind()
    {
        var source = await AddSourceAsync();
        var topic = Topic.Source(source);
        var ids = await AddAsync(source, Now, 60, "a");
        await NoteAllAsync();
        var before = await PageAsync(topic, 1);

        foreach (var minute in new[] { 1, 2 })
        {
            await SaveAsync(source, Now.AddMinutes(minute), write => write with
            {
                Changed = [(ids[3], AnEntry("a3") with { Title = "Again", ContentHash = new byte[] { (byte)minute } })],
            });
            await NoteAllAsync();
        }

        Assert.Equal(before, await PageAsync(topic, 1));
        var place = await Archives.PlaceAsync(topic, Ct);
        Assert.Equal((62, 1, 50), (place.Position, place.LastPage, place.LastNumber));
        Assert.Equal([.. ids.Skip(50), ids[3]], await ChangesAsync(topic, 50, 62));
        Assert.Equal([(62L, ids[3])], (await Archives.ChangesAsync(topic, 60, 62, null, false, false, 9, Ct)).Select(change => (change.Number, change.EntryId)));

        // Within one range an entry is told of once.
        Assert.Equal(ids, (await ChangesAsync(topic, 0, 62)));
    }

    [Fact]
    public async Task What_is_taken_down_leaves_its_page_and_is_told_of_behind_until_it_is_undone()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        var ids = await AddAsync(source, Now, 55, "a");
        await NoteAllAsync();
        var request = await TakeDownAsync(ids[7]);
        await NoteAllAsync();

        foreach (var topic in new[] { Topic.Everything, Topic.Category(category), Topic.Source(source) })
        {
            Assert.Equal(ids.Take(50).Where(id => id != ids[7]), await PageAsync(topic, 1));
            Assert.Equal([(56L, ids[7], true)], (await Archives.ChangesAsync(topic, 55, 56, null, false, false, 9, Ct)).Select(change => (change.Number, change.EntryId, change.IsGone)));
        }

        var tombstone = Assert.Single(await Get<ITakedownStore>().FindTombstonesAsync([ids[7], ids[8]], Ct));
        Assert.Equal(ids[7], tombstone.EntryId);

        Assert.Equal(TakedownOutcome.Done, await Get<ITakedownStore>().UndoAsync(request, Now.AddHours(1), Ct));
        await NoteAllAsync();
        Assert.Equal([(57L, ids[7], false)], (await Archives.ChangesAsync(Topic.Category(category), 55, 99, null, false, false, 9, Ct)).Select(change => (change.Number, change.EntryId, change.IsGone)));
    }

    [Fact]
    public async Task What_is_moved_to_another_category_arrives_there_and_leaves_here()
    {
        var (here, there) = (await AddCategoryAsync("here"), await AddCategoryAsync("there", 1));
        var source = await AddSourceAsync("https://example.org/a", here);
        var ids = await AddAsync(source, Now, 3, "a");
        await NoteAllAsync();
        await MoveAsync(ids[1], here, there);
        await NoteAllAsync();

        Assert.Equal([ids[0], ids[2]], await ChangesAsync(Topic.Category(here), 0, 99));
        Assert.Equal([ids[1]], await ChangesAsync(Topic.Category(there), 0, 99));
        Assert.Equal(ids, await ChangesAsync(Topic.Everything, 0, 99));
        Assert.Equal(3, (await Archives.PlaceAsync(Topic.Everything, Ct)).Position);

        // Back again it is news to whoever follows.
        await MoveAsync(ids[1], there, here);
        await NoteAllAsync();
        var position = (await Archives.PlaceAsync(Topic.Category(here), Ct)).Position;
        Assert.Equal([ids[1]], await ChangesAsync(Topic.Category(here), position - 1, position));
        Assert.Equal(ids, (await ChangesAsync(Topic.Category(here), 0, 99)).Order());
    }

    [Fact]
    public async Task What_retention_deletes_takes_its_pages_out_of_the_chain_and_changes_no_other()
    {
        var source = await AddSourceAsync();
        var topic = Topic.Source(source);
        var ids = await AddAsync(source, Now, 170, "a");
        await NoteAllAsync();
        var last = await PageAsync(topic, 3);
        await Database.WriteAsync(session => session.ExecuteAsync("delete from entry where id {any @ids}", new { ids = Database.List([.. ids.Take(100)]) }), Ct);

        Assert.Empty(await PageAsync(topic, 1));
        Assert.Equal(last, await PageAsync(topic, 3));
        Assert.Equal((3, null), (await BeforeAsync(topic, 150), await BeforeAsync(topic, 100)));

        await Database.WriteAsync(session => session.ExecuteAsync("delete from source where id = @source", new { source }), Ct);
        Assert.Equal(ArchivePlace.None, await Archives.PlaceAsync(topic, Ct));
    }

    [Fact]
    public async Task Pages_since_a_date_are_found_by_what_they_hold()
    {
        var source = await AddSourceAsync();
        var topic = Topic.Source(source);
        await AddAsync(source, Now, 50, "a", publishedAt: Now.AddYears(-4));
        await AddAsync(source, Now.AddMinutes(1), 50, "b", publishedAt: Now.AddYears(-1));
        await AddAsync(source, Now.AddMinutes(2), 50, "c", publishedAt: Now.AddYears(-4));
        await NoteAllAsync();

        Assert.Equal(2, await Archives.FindPageBeforeAsync(topic, 150, Now.AddYears(-2), Ct));
        Assert.Equal(2, await Archives.FindPageBeforeAsync(topic, 100, Now.AddYears(-2), Ct));
        Assert.Null(await Archives.FindPageBeforeAsync(topic, 50, Now.AddYears(-2), Ct));
        Assert.Equal(50, (await Archives.ChangesAsync(topic, 0, 150, Now.AddYears(-2), false, false, 500, Ct)).Count);
    }

    [Fact]
    public async Task Sources_that_are_deleted_for_now_show_nothing_and_come_back_as_they_were()
    {
        var source = await AddSourceAsync();
        var ids = await AddAsync(source, Now, 50, "a");
        await NoteAllAsync();
        await Database.WriteAsync(session => session.ExecuteAsync("update source set state = 4"), Ct);
        Assert.Empty(await PageAsync(Topic.Everything, 1));
        Assert.Null(await BeforeAsync(Topic.Everything, 50));
        await Database.WriteAsync(session => session.ExecuteAsync("update source set state = 1"), Ct);
        Assert.Equal(ids, await PageAsync(Topic.Everything, 1));
    }

    [Fact]
    public async Task Numbers_never_appear_behind_a_reader_while_many_write_and_several_nodes_number()
    {
        await using var other = Compose();
        var sources = new List<long>();
        for (var i = 0; i < 4; i++) sources.Add(await AddSourceAsync(string.Create(CultureInfo.InvariantCulture, $"https://example.org/{i}")));
        var writing = Task.WhenAll(sources.Select(source => Task.Run(
            async () =>
            {
                for (var round = 0; round < 12; round++)
                    await AddAsync(source, Now.AddMinutes(round), 10, string.Create(CultureInfo.InvariantCulture, $"{source}-{round}-"));
            },
            Ct)));

        var seen = new List<long>();
        var position = 0L;
        async Task LookAsync()
        {
            await Task.WhenAll(Archives.NoteAsync(37, Ct), other.GetRequiredService<IArchiveStore>().NoteAsync(37, Ct));
            var next = (await Archives.PlaceAsync(Topic.Everything, Ct)).Position;
            seen.AddRange(await ChangesAsync(Topic.Everything, position, next));
            position = next;
        }

        while (!writing.IsCompleted) await LookAsync();
        await writing;
        do await LookAsync();
        while (await Archives.NoteAsync(37, Ct) > 0);
        await LookAsync();

        Assert.Equal(480, seen.Count);
        Assert.Equal(480, seen.Distinct().Count());
        var pages = new List<long>();
        for (int? page = await BeforeAsync(Topic.Everything, position); page is { } number; page = await BeforeAsync(Topic.Everything, (await Archives.FindPageAsync(Topic.Everything, number, Ct))!.After))
            pages.AddRange(await PageAsync(Topic.Everything, number));
        var place = await Archives.PlaceAsync(Topic.Everything, Ct);
        pages.AddRange(await ChangesAsync(Topic.Everything, place.LastNumber, place.Position));
        Assert.Equal(seen.Order(), pages.Order());
    }

    [Fact]
    public async Task Another_level_of_a_source_is_a_change_of_all_its_entries_a_batch_at_a_time_over_a_crash()
    {
        var category = await AddCategoryAsync();
        var (source, other) = (await AddSourceAsync("https://example.org/a", category), await AddSourceAsync("https://example.org/b", category));
        Topic[] topics = [Topic.Everything, Topic.Category(category), Topic.Source(source)];
        var ids = await AddAsync(source, Now, 25, "a");
        await AddAsync(other, Now, 3, "b");
        await NoteAllAsync();
        Assert.Equal(28, (await Archives.PlaceAsync(topics[0], Ct)).Position);

        await SetLevelAsync(source, RepublishLevel.Summary);
        Assert.Equal(10, await Archives.NoteAsync(10, Ct));
        Assert.Equal(10, (await ChangesAsync(topics[1], 28, 99)).Count);
        await using (var next = Compose())
        {
            Assert.Equal(10, await next.GetRequiredService<IArchiveStore>().NoteAsync(10, Ct));
            Assert.Equal(5, await next.GetRequiredService<IArchiveStore>().NoteAsync(10, Ct));
            Assert.Equal(0, await next.GetRequiredService<IArchiveStore>().NoteAsync(10, Ct));
        }

        foreach (var topic in topics) Assert.Equal(ids, (await ChangesAsync(topic, 28, 99)).Order());
        Assert.Equal(53, (await Archives.PlaceAsync(topics[1], Ct)).Position);

        // Whoever changes his mind in between has all of them told again, as they are then.
        await SetLevelAsync(source, RepublishLevel.Title);
        await Archives.NoteAsync(20, Ct);
        await SetLevelAsync(source, RepublishLevel.Nothing);
        await NoteAllAsync();
        foreach (var topic in topics)
        {
            Assert.Empty(await ChangesAsync(topic, 53, 999));
            Assert.Equal(ids.Select(id => (id, true)), (await WithdrawnAsync(topic, 53)).OrderBy(change => change.EntryId));
        }

        Assert.DoesNotContain(await WithdrawnAsync(Topic.Source(other), 0), change => change.IsWithdrawn);
        await SetLevelAsync(source, null);
        var position = (await Archives.PlaceAsync(topics[0], Ct)).Position;
        await NoteAllAsync();
        foreach (var topic in topics) Assert.Equal(ids.Select(id => (id, false)), (await WithdrawnAsync(topic, position)).OrderBy(change => change.EntryId));
    }

    [Fact]
    public async Task So_is_a_categorys_default_and_what_a_publisher_asks_for()
    {
        var category = await Categories.AddAsync(new Category { Id = 0, Slug = "news", Title = "News", Language = "en" }, Ct);
        var (source, own) = (await AddSourceAsync("https://example.org/a", category.Id), await AddSourceAsync("https://example.org/b", category.Id));
        await SetLevelAsync(own, RepublishLevel.Full);
        var ids = await AddAsync(source, Now, 2, "a");
        await AddAsync(own, Now, 2, "b");
        await NoteAllAsync();
        var topic = Topic.Category(category.Id);

        await ToldAsync(ids, () => Categories.UpdateAsync(category with { Republish = RepublishLevel.Title }, Now, Ct));
        await ToldAsync(ids, () => Categories.UpdateAsync(category, Now, Ct));
        await ToldAsync([], () => Categories.UpdateAsync(category with { Republish = RepublishLevel.Full }, Now, Ct));
        await ToldAsync(ids, () => SaveAsync(source, Now.AddHours(1), write => write with { Source = write.Source with { Feed = new FeedFacts { Wishes = PublisherWishes.NotArchived } } }));
        await ToldAsync([ids[1]], () => SaveAsync(source, Now.AddHours(2), write => write with
        {
            Source = write.Source with { Feed = new FeedFacts { Wishes = PublisherWishes.NotArchived } },
            RightsChanged = [(ids[1], AnEntry("a1") with { Wishes = PublisherWishes.Blocked })],
        }));
        Assert.Equal([(ids[1], true)], (await WithdrawnAsync(topic, 0)).Where(change => change.IsWithdrawn));

        async Task ToldAsync(IEnumerable<long> expected, Func<Task> change)
        {
            var before = (await Archives.PlaceAsync(topic, Ct)).Position;
            await change();
            await NoteAllAsync();
            Assert.Equal(expected, (await WithdrawnAsync(topic, before)).Select(told => told.EntryId).Order());
        }
    }

    [Fact]
    public async Task What_came_hidden_or_came_and_went_since_is_told_to_nobody()
    {
        var source = await AddSourceAsync();
        await SetLevelAsync(source, RepublishLevel.Nothing);
        await AddAsync(source, Now, 3, "a");
        await NoteAllAsync();
        Assert.Empty(await WithdrawnAsync(Topic.Everything, 0));
    }

    private async Task<IReadOnlyList<(long EntryId, bool IsWithdrawn)>> WithdrawnAsync(Topic topic, long after) =>
        [.. (await Archives.ChangesAsync(topic, after, long.MaxValue, null, false, withWithdrawn: true, IArchiveStore.MaxChanges, Ct)).Select(change => (change.EntryId, change.IsWithdrawn))];

    private async Task NoteAllAsync()
    {
        while (await Archives.NoteAsync(IArchiveStore.MaxBatch, Ct) > 0)
        {
        }
    }

    private async Task<IReadOnlyList<long>> AddAsync(long source, DateTimeOffset at, int count, string prefix, DateTimeOffset? publishedAt = null)
    {
        var added = Enumerable.Range(0, count).Select(i => AnEntry(string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}"), publishedAt)).Reverse().ToArray();
        return [.. (await RefreshAsync(source, at, added)).Values.Order()];
    }

    private async Task<long> TakeDownAsync(long entryId)
    {
        var takedowns = Get<ITakedownStore>();
        var filed = Assert.IsType<TakedownFiling.Received>(await takedowns.FileAsync(new NewTakedownRequest(entryId, TakedownReason.Other, null, null), Now, Ct));
        Assert.Equal(TakedownOutcome.Done, await takedowns.ApproveAsync(filed.RequestId, false, null, "ann", TimeSpan.FromDays(7), Now.AddMinutes(5), Ct));
        return filed.RequestId;
    }

    private Task MoveAsync(long entryId, long from, long to) => Database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync("insert into category_entry (category_id, sort_at, entry_id) select @to, sort_at, id from entry where id = @entry_id", new { to, entry_id = entryId });
            return await session.ExecuteAsync("delete from category_entry where category_id = @from and entry_id = @entry_id", new { from, entry_id = entryId });
        },
        Ct);

    private async Task<IReadOnlyList<long>> PageAsync(Topic topic, int number)
    {
        var page = await Archives.FindPageAsync(topic, number, Ct);
        return await ChangesAsync(topic, page!.After, page.Until!.Value);
    }

    private Task<int?> BeforeAsync(Topic topic, long number) => Archives.FindPageBeforeAsync(topic, number, null, Ct);

    private async Task<IReadOnlyList<long>> ChangesAsync(Topic topic, long after, long until) =>
        [.. (await Archives.ChangesAsync(topic, after, until, null, false, false, IArchiveStore.MaxChanges, Ct)).Where(change => !change.IsGone).Select(change => change.EntryId)];
}

public sealed class SqliteArchiveStoreTests() : ArchiveStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlArchiveStoreTests() : ArchiveStoreTests(StoreProvider.PostgreSql);
