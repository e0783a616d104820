using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Sources;

public abstract class SourceAdminStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private ISourceAdminStore Admin => Get<ISourceAdminStore>();

    [Theory]
    [InlineData(SourceOrder.Title)]
    [InlineData(SourceOrder.NextFetch)]
    [InlineData(SourceOrder.LastSuccess)]
    [InlineData(SourceOrder.Failures)]
    [InlineData(SourceOrder.Newest)]
    public async Task Pages_meet_every_source_once_in_every_order(SourceOrder order)
    {
        var failed = new List<long>();
        for (var number = 0; number < 23; number++)
        {
            var id = await AddSourceAsync($"https://example.org/{number}");
            if (number % 3 == 0) continue;
            failed.Add(id);
            Assert.True(await SaveAsync(id, Now.AddMinutes(number % 5), write => write with
            {
                Source = write.Source with
                {
                    Feed = new FeedFacts { Title = $"来源 {number % 4}" },
                    FailureCount = number % 3,
                    LastFailure = new FetchFailure(FetchFailureKind.TimedOut, "It took too long.", Now),
                    NextFetchAt = Now.AddHours(number % 2),
                },
            }));
        }

        var met = new List<ListedSource>();
        for (SourceKey? after = null; ;)
        {
            var page = await Admin.ListAsync(new SourceQuery { Order = order, Limit = 5, After = after }, Now, Ct);
            met.AddRange(page);
            if (page.Count < 5) break;
            after = SourceKey.Parse(page[^1].Key.ToString());
        }

        Assert.Equal(met.Count, met.Select(listed => listed.Source.Id).Distinct().Count());
        Assert.Equal(order == SourceOrder.Failures ? failed.Count : 23, met.Count);
        var sorted = order switch
        {
            SourceOrder.Title => met.OrderBy(listed => listed.Source.Feed.Title ?? listed.Source.Url, StringComparer.Ordinal).ThenBy(listed => listed.Source.Id),
            SourceOrder.NextFetch => met.OrderBy(listed => listed.Source.NextFetchAt).ThenBy(listed => listed.Source.Id),
            SourceOrder.LastSuccess => met.OrderBy(listed => listed.Source.LastSuccessAt ?? DateTimeOffset.MinValue).ThenBy(listed => listed.Source.Id),
            SourceOrder.Failures => met.OrderByDescending(listed => listed.Source.FailureCount).ThenByDescending(listed => listed.Source.Id),
            _ => met.OrderByDescending(listed => listed.Source.Id),
        };
        Assert.Equal(sorted.Select(listed => listed.Source.Id), met.Select(listed => listed.Source.Id));
    }

    [Fact]
    public async Task Filters_find_what_they_say()
    {
        var category = await AddCategoryAsync();
        var fine = await AddSourceAsync("https://fine.example.org/50%_off", category);
        var failing = await AddSourceAsync("https://failing.example.org/");
        var silent = await AddSourceAsync("https://silent.example.org/");
        var slow = await AddSourceAsync("https://slow.example.org/");
        var paused = await AddSourceAsync("https://paused.example.org/");
        var deleted = await AddSourceAsync("https://deleted.example.org/");
        var later = Now.AddDays(40);
        foreach (var id in (long[])[fine, slow])
            await SaveAsync(id, later, write => write with { Source = write.Source with { LastChangeAt = later, LastFetchDuration = TimeSpan.FromSeconds(id == slow ? 7 : 1) } });
        await SaveAsync(failing, later, write => write with { Source = write.Source with { FailureCount = 2, LastChangeAt = later, LastFailure = new FetchFailure(FetchFailureKind.ServerError, "500", later, 500) } });
        await SaveAsync(silent, later, write => write with { Source = write.Source with { LastChangeAt = Now } });
        await Admin.SetStateAsync([paused], SourceState.Paused, Now, Ct);
        await Admin.DeleteAsync([deleted], later, Ct);

        await IsAsync([fine, failing, silent, slow, paused], new SourceFilter());
        await IsAsync([paused], new SourceFilter { State = SourceState.Paused });
        await IsAsync([deleted], new SourceFilter { State = SourceState.Deleted });
        await IsAsync([failing], new SourceFilter { Health = SourceHealth.Failing });
        await IsAsync([silent], new SourceFilter { Health = SourceHealth.Silent });
        await IsAsync([slow], new SourceFilter { Health = SourceHealth.Slow });
        await IsAsync([fine], new SourceFilter { CategoryId = category });
        await IsAsync([fine], new SourceFilter { Text = "50%_OFF" });
        await IsAsync([], new SourceFilter { Text = "50%_o_f" });
        await IsAsync([], new SourceFilter { Text = "'; drop table source; --" });
        await IsAsync([], new SourceFilter { CategoryId = category, Health = SourceHealth.Failing, Text = "fine", State = SourceState.Active });

        async Task IsAsync(long[] expected, SourceFilter filter)
        {
            foreach (var order in Enum.GetValues<SourceOrder>())
            {
                if (order is SourceOrder.Failures or SourceOrder.NextFetch) continue; // These say more than the filter.
                Assert.Equal(expected.Order(), (await Admin.ListAsync(new SourceQuery { Filter = filter, Order = order }, later, Ct)).Select(listed => listed.Source.Id).Order());
            }

            Assert.Equal(expected.Length, await Admin.CountAsync(filter, later, Ct));
            Assert.Equal(expected.Order(), await Admin.ListIdsAsync(filter, 0, 100, later, Ct));
        }
    }

    [Fact]
    public async Task A_text_is_found_anywhere_in_titles_and_addresses_however_they_change()
    {
        var lamp = await AddSourceAsync("https://example.org/Lamps/one.xml");
        var quay = await AddSourceAsync("https://quay.example.org/\"two\"_100%.xml");
        await SaveAsync(lamp, Now, write => write with { Source = write.Source with { Feed = write.Source.Feed with { Title = "港口的四盏灯 Four \"LAMPS\"" } } });

        foreach (var text in new[] { "灯", "四盏", "港口的四盏灯", "灯 four", "\"lamps\"", "LAMPS/ONE", "mps", "s\"", "e.xml" }) await IsAsync(text, lamp);
        foreach (var text in new[] { "quay", "\"two\"", "_100%", "0%" }) await IsAsync(text, quay);
        foreach (var text in new[] { "example.org", "le", "m" }) await IsAsync(text, lamp, quay);
        foreach (var text in new[] { "四灯", "lamps four", "one.xml港", "two* ", "lamps OR quay", "title:lamps", "%", "  盏口" }) await IsAsync(text, text == "%" ? [quay] : []);

        await Admin.EditAsync(lamp, new SourceEdit { Url = "https://example.org/moved", Title = "Quiet 夜" }, Now, Ct);
        await IsAsync("lamps");
        await IsAsync("港口");
        await IsAsync("iet 夜", lamp);
        await IsAsync("/moved", lamp);

        async Task IsAsync(string text, params long[] expected)
        {
            Assert.Equal(expected, await Admin.ListIdsAsync(new SourceFilter { Text = text }, 0, 10, Now, Ct));
            Assert.Equal(expected.Length, await Admin.CountAsync(new SourceFilter { Text = text }, Now, Ct));
        }
    }

    [Fact]
    public async Task A_page_takes_three_statements_however_many_sources_it_has()
    {
        var category = await AddCategoryAsync();
        for (var number = 0; number < 60; number++) await AddSourceAsync($"https://example.org/{number}", category);
        var before = Database.StatementCount;
        Assert.Equal(50, (await Admin.ListAsync(new SourceQuery { Limit = 50 }, Now, Ct)).Count);
        Assert.Equal(3, Database.StatementCount - before);
    }

    [Fact]
    public async Task A_source_remembers_its_last_fifty_fetches_and_counts_its_days()
    {
        var id = await AddSourceAsync();
        for (var number = 0; number < 53; number++)
        {
            var at = Now.AddHours(number);
            Assert.True(await SaveAsync(id, at, write => write with
            {
                Added = [AnEntry($"{number}")],
                Fetch = new FetchRecord
                {
                    At = at,
                    Kind = number == 52 ? FetchRecordKind.Failed : FetchRecordKind.Read,
                    Duration = TimeSpan.FromMilliseconds(number),
                    Status = 200,
                    Bytes = 1000 + number,
                    Redirects = 1,
                    Failure = number == 52 ? new FetchFailure(FetchFailureKind.Truncated, "It ends in the middle.", at, 200) : null,
                },
            }));
        }

        var detail = (await Admin.FindAsync(id, Now.AddHours(52), Ct))!;
        Assert.Equal(FetchRecord.Kept, detail.Fetches.Count);
        Assert.Equal(Enumerable.Range(0, 50).Select(back => Now.AddHours(52 - back)), detail.Fetches.Select(fetch => fetch.At));
        Assert.Equal(
            new FetchRecord
            {
                At = Now.AddHours(52),
                Kind = FetchRecordKind.Failed,
                Duration = TimeSpan.FromMilliseconds(52),
                Status = 200,
                Bytes = 1052,
                Redirects = 1,
                Added = 1,
                Failure = new FetchFailure(FetchFailureKind.Truncated, "It ends in the middle.", Now.AddHours(52), 200),
            },
            detail.Fetches[0]);
        Assert.Equal(53, detail.EntryCount);
        Assert.Equal([16, 24, 13], detail.Days.TakeLast(3).Select(day => day.Added));
        Assert.Equal(31, detail.Days.Count);
        Assert.Equal(new DateOnly(2026, 3, 3), detail.Days[^1].Day);
        Assert.Equal(new SourceTotals(0, 0, 13), await Admin.TotalsAsync(Now.AddHours(52), Ct));
    }

    [Fact]
    public async Task A_refresh_that_lost_its_lease_leaves_no_trace_in_the_log()
    {
        var id = await AddSourceAsync();
        Assert.False(await SaveAsync(id, Now, write => write with { LeaseOwner = "another", Fetch = new FetchRecord { At = Now, Kind = FetchRecordKind.Read } }));
        Assert.Empty((await Admin.FindAsync(id, Now, Ct))!.Fetches);
    }

    [Fact]
    public async Task A_deleted_source_is_out_of_everything_at_once_and_comes_back_as_it_was()
    {
        var category = await AddCategoryAsync();
        var other = await AddSourceAsync("https://other.example.org/", category);
        var id = await AddSourceAsync(categories: category);
        var entry = (await RefreshAsync(id, Now, AnEntry("a", Now)))["a"];
        await RefreshAsync(other, Now, AnEntry("b", Now));
        var versions = await VersionsAsync();
        var claimed = await Sources.ClaimAsync(id, "worker", Now, Now.AddMinutes(5), Ct);

        Assert.Equal(1, await Admin.DeleteAsync([id], Now.AddMinutes(1), Ct));
        Assert.Equal(0, await Admin.DeleteAsync([id], Now.AddMinutes(2), Ct));
        Assert.Null(await Sources.FindAsync(id, Ct));
        Assert.Empty(await Sources.FindManyAsync([id], Ct));
        Assert.Null(await Entries.FindAsync(entry, Ct));
        Assert.Empty(await Get<ISnapshotStore>().FindEntriesByUrlAsync("https://example.org/a", Ct));
        Assert.Equal(EntryHiding.SourceDeleted, await Admin.FindHidingAsync(entry, Ct));
        foreach (var topic in (Topic[])[Topic.Everything, Topic.Category(category), Topic.Source(id)])
            Assert.DoesNotContain(await Entries.ListAsync(new EntryQuery { Topic = topic }, Ct), stored => stored.SourceId == id);
        Assert.Equal([other], (await Sources.ListAsync(0, 10, Ct)).Select(listing => listing.Source.Id));
        Assert.Equal(1, await CountAsync(Sources.ReadAllAsync(category, Ct)));
        Assert.Null(await Sources.ClaimAsync(id, "me", Now.AddHours(1), Now.AddHours(2), Ct));
        Assert.DoesNotContain(await Sources.ClaimDueAsync("me", Now.AddDays(1), Now.AddDays(2), 10, Ct), source => source.Id == id);
        Assert.False(await Sources.SetStateAsync(id, SourceState.Active, Now, Ct));
        Assert.Equal(0, await Admin.SetStateAsync([id], SourceState.Active, Now, Ct));
        // A refresh that was under way writes nothing into it.
        Assert.False(await Refreshes.SaveAsync(new RefreshWrite { Source = claimed!, LeaseOwner = "worker", At = Now.AddMinutes(3), Added = [AnEntry("c")] }, Ct));
        Assert.All((await VersionsAsync()).Zip(versions), pair => Assert.True(pair.First > pair.Second));

        var detail = await Admin.FindAsync(id, Now, Ct);
        Assert.Equal((SourceState.Deleted, Now.AddMinutes(1)), (detail!.Source.State, detail.Source.DeletedAt!.Value));
        Assert.Equal(1, await Admin.RestoreAsync([id, other], Now.AddDays(1), Ct));
        Assert.Equal(SourceState.Active, (await Sources.FindAsync(id, Ct))!.State);
        Assert.NotNull(await Entries.FindAsync(entry, Ct));
        Assert.Null(await Admin.FindHidingAsync(entry, Ct));
        Assert.Equal(2, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(category) }, Ct)).Count);

        async Task<List<long>> VersionsAsync()
        {
            var numbers = new List<long>();
            foreach (var topic in (Topic[])[Topic.Everything, Topic.Category(category), Topic.Source(id)])
                numbers.Add((await Entries.VersionAsync(topic, Ct)).Number);
            return numbers;
        }
    }

    [Fact]
    public async Task A_paused_source_comes_back_paused_and_adding_a_deleted_one_brings_it_back()
    {
        var paused = await AddSourceAsync("https://paused.example.org/");
        await Admin.SetStateAsync([paused], SourceState.Paused, Now, Ct);
        await Admin.DeleteAsync([paused], Now, Ct);
        await Admin.RestoreAsync([paused], Now, Ct);
        Assert.Equal(SourceState.Paused, (await Sources.FindAsync(paused, Ct))!.State);

        var deleted = await AddSourceAsync("https://deleted.example.org/");
        await Admin.DeleteAsync([deleted], Now, Ct);
        Assert.True((await Admin.FindByAddressAsync(["https://deleted.example.org/", "https://nowhere.example.org/"], Ct)).Single().IsDeleted);
        Assert.Equal(new AddedSource(deleted, true), await Sources.AddAsync(new NewSource { Url = "https://deleted.example.org/" }, Now, Ct));
        Assert.Equal(new AddedSource(deleted, false), await Sources.AddAsync(new NewSource { Url = "https://deleted.example.org/" }, Now, Ct));
    }

    [Fact]
    public async Task A_purge_forgets_the_texts_of_what_was_deleted_long_ago_and_keeps_the_hashes()
    {
        var id = await AddSourceAsync();
        var ids = await RefreshAsync(id, Now, AnEntry("a"), AnEntry("b"), AnEntry("c"));
        var kept = await AddSourceAsync("https://kept.example.org/");
        await RefreshAsync(kept, Now, AnEntry("k"));
        await Admin.DeleteAsync([id], Now, Ct);

        Assert.Equal(0, await Admin.PurgeAsync(Now, 2, Ct));
        Assert.Equal(2, await Admin.PurgeAsync(Now.AddDays(7), 2, Ct));
        Assert.Equal(2, await Admin.PurgeAsync(Now.AddDays(7), 2, Ct)); // The last entry and the source.
        Assert.Equal(0, await Admin.PurgeAsync(Now.AddDays(7), 2, Ct));

        Assert.Null(await Admin.FindAsync(id, Now, Ct));
        var snapshot = Assert.Single(await Get<ISnapshotStore>().ListAsync(ids["a"], 0, Ct));
        Assert.Null(await Get<ISnapshotStore>().ReadBytesAsync(snapshot.Id, Ct));
        Assert.Equal([kept], (await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything }, Ct)).Select(entry => entry.SourceId));
    }

    [Fact]
    public async Task Moving_sources_takes_their_entries_along_and_leaves_others_alone()
    {
        var (from, to) = (await AddCategoryAsync("from"), await AddCategoryAsync("to"));
        var (moved, stays) = (await AddSourceAsync("https://moved.example.org/", from), await AddSourceAsync("https://stays.example.org/", from));
        await RefreshAsync(moved, Now, AnEntry("a", Now));
        await RefreshAsync(stays, Now, AnEntry("b", Now));

        Assert.Equal(1, await Admin.SetCategoriesAsync([moved], [to], Now, Ct));
        Assert.Equal(0, await Admin.SetCategoriesAsync([moved], [to, to], Now, Ct));
        Assert.Equal([moved], (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(to) }, Ct)).Select(entry => entry.SourceId));
        Assert.Equal([stays], (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(from) }, Ct)).Select(entry => entry.SourceId));
        await Assert.ThrowsAsync<ArgumentException>(() => Admin.SetCategoriesAsync([moved], [999], Now, Ct));
        Assert.Equal([to], (await Admin.FindAsync(moved, Now, Ct))!.Categories.Select(category => category.Id));
    }

    [Fact]
    public async Task Places_say_state_and_categories_of_sources_also_of_deleted_ones()
    {
        var (last, first) = (await AddCategoryAsync("last", position: 2), await AddCategoryAsync("first", position: 1));
        var (both, paused, deleted) = (await AddSourceAsync("https://both.example.org/", last, first), await AddSourceAsync("https://paused.example.org/"), await AddSourceAsync("https://deleted.example.org/", last));
        await Admin.SetStateAsync([paused], SourceState.Paused, Now, Ct);
        await Admin.DeleteAsync([deleted], Now, Ct);

        Assert.Equal(
            [(both, SourceState.Active, "first last"), (paused, SourceState.Paused, ""), (deleted, SourceState.Deleted, "last")],
            (await Admin.ListPlacesAsync([deleted, 4711, paused, both], Ct)).Select(place => (place.Id, place.State, string.Join(' ', place.Categories))));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Admin.ListPlacesAsync([.. Enumerable.Range(1, ISourceAdminStore.MaxChanged + 1).Select(id => (long)id)], Ct));
    }

    [Fact]
    public async Task An_edit_stores_every_setting_and_another_address_starts_over()
    {
        var category = await AddCategoryAsync();
        var other = await AddSourceAsync("https://other.example.org/");
        var id = await AddSourceAsync();
        await SaveAsync(id, Now, write => write with
        {
            Source = write.Source with
            {
                Validators = new Validators { ETag = "\"1\"", ParserVersion = 3 },
                FailureCount = 4,
                LastFailure = new FetchFailure(FetchFailureKind.NotFound, "404", Now, 404),
                State = SourceState.Gone,
                FetchState = new FetchState { MovedTo = "https://new.example.org/", MovedSeen = 2 },
            },
        });
        var edit = new SourceEdit
        {
            Url = "https://example.org/feed",
            Title = "A title",
            DefaultZone = "Asia/Shanghai",
            DefaultLanguage = "zh-CN",
            MinInterval = TimeSpan.FromMinutes(10),
            MaxInterval = TimeSpan.FromHours(2),
            FetchSettings = new FetchSettings { UserName = "u", Password = "p", Headers = [new RequestHeader("X-Key", "k")], Charset = "gb18030" },
            CategoryIds = [category],
        };
        Assert.Equal(SourceEditOutcome.Done, await Admin.EditAsync(id, edit, Now, Ct));
        var detail = (await Admin.FindAsync(id, Now, Ct))!;
        Assert.Equivalent(edit with { State = SourceState.Gone, Capture = CapturePolicy.Off }, SourceEdit.Of(detail.Source, detail.Categories), strict: true);
        Assert.Equal((4, "\"1\"", 0), (detail.Source.FailureCount, detail.Source.Validators.ETag, detail.Source.Validators.ParserVersion));

        Assert.Equal(SourceEditOutcome.AddressTaken, await Admin.EditAsync(id, edit with { Url = "https://other.example.org/" }, Now, Ct));
        Assert.Equal(SourceEditOutcome.NoSuchCategory, await Admin.EditAsync(id, edit with { CategoryIds = [77] }, Now, Ct));
        Assert.Equal(SourceEditOutcome.NotFound, await Admin.EditAsync(999, edit, Now, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Admin.EditAsync(id, edit with { MinInterval = TimeSpan.FromDays(1) }, Now, Ct));
        Assert.Equal("https://example.org/feed", (await Sources.FindAsync(id, Ct))!.Url);

        Assert.Equal(SourceEditOutcome.Done, await Admin.EditAsync(id, edit with { Url = "https://new.example.org/" }, Now.AddHours(1), Ct));
        var moved = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal(
            (SourceState.Active, 0, null, null, FetchState.Nothing, Now.AddHours(1)),
            (moved.State, moved.FailureCount, moved.LastFailure, moved.Validators.ETag, moved.FetchState, moved.NextFetchAt));
        Assert.Equal(other, (await Sources.AddAsync(new NewSource { Url = "https://other.example.org/" }, Now, Ct)).Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("x-1")]
    [InlineData("99999999999999999999-")]
    public void A_key_that_we_did_not_write_is_none(string? text) => Assert.Null(SourceKey.Parse(text));

    [Fact]
    public async Task A_key_of_another_order_is_a_place_and_no_error()
    {
        await AddSourceAsync();
        foreach (var order in Enum.GetValues<SourceOrder>())
            await Admin.ListAsync(new SourceQuery { Order = order, After = SourceKey.Parse("1-not-a-number") }, Now, Ct);
    }

    private static async Task<int> CountAsync(IAsyncEnumerable<SourceListing> listings)
    {
        var count = 0;
        await foreach (var _ in listings) count++;
        return count;
    }
}

public sealed class SqliteSourceAdminStoreTests() : SourceAdminStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlSourceAdminStoreTests() : SourceAdminStoreTests(StoreProvider.PostgreSql);
