using System.Collections.Concurrent;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Storage.Tests.Sources;

public abstract class SourceStoreTests(StoreProvider provider) : StoreTests(provider)
{
    [Fact]
    public async Task Lists_sources_for_visitors_with_entries_counted_only_so_far()
    {
        var category = await AddCategoryAsync();
        var (one, two, three, gone) = (await AddSourceAsync("https://example.org/1", category), await AddSourceAsync("https://example.org/2"), await AddSourceAsync("https://example.org/3", category), await AddSourceAsync("https://example.org/4", category));
        await RefreshAsync(one, Now, [.. Enumerable.Range(0, PublicSource.MaxCounted + 5).Select(i => AnEntry($"e{i}"))]);
        await RefreshAsync(two, Now, AnEntry("only"));
        await Get<ISourceAdminStore>().DeleteAsync([gone], Now, Ct);

        var all = await Sources.ListPublicAsync(categoryId: null, 0, 10, Ct);
        Assert.Equal([(one, PublicSource.MaxCounted + 1L), (two, 1L), (three, 0L)], all.Select(listed => (listed.Source.Id, listed.EntryCount)));
        Assert.Equal([two], (await Sources.ListPublicAsync(categoryId: null, one, 1, Ct)).Select(listed => listed.Source.Id));
        Assert.Equal([one, three], (await Sources.ListPublicAsync(category, 0, 10, Ct)).Select(listed => listed.Source.Id));
        Assert.Empty(await Sources.ListPublicAsync(category, three, 10, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Sources.ListPublicAsync(null, 0, 1001, Ct));
    }

    [Fact]
    public async Task Entries_that_nobody_may_see_are_not_counted_however_many_there_are()
    {
        var (many, few) = (await AddSourceAsync("https://example.org/1"), await AddSourceAsync("https://example.org/2"));
        await RefreshAsync(many, Now, [.. Enumerable.Range(0, 2 * PublicSource.MaxCounted).Select(i => Of(i, PublicSource.MaxCounted - 2))]);
        await RefreshAsync(few, Now, [.. Enumerable.Range(0, PublicSource.MaxCounted + 50).Select(i => Of(i, 40))]);
        Assert.Equal([PublicSource.MaxCounted + 1L, PublicSource.MaxCounted + 1L], await CountsAsync());

        await RefreshAsync(few, Now.AddHours(2), [.. Enumerable.Range(5_000, PublicSource.MaxCounted).Select(i => Of(i, 6_000))]);
        Assert.Equal([PublicSource.MaxCounted + 1L, PublicSource.MaxCounted + 1L], await CountsAsync());
        await Database.WriteAsync(session => session.ExecuteAsync("delete from entry where source_id = @few and wishes = 0 and id % 2 = 0", new { few }), Ct);
        Assert.Equal([PublicSource.MaxCounted + 1L, 505], await CountsAsync());

        static Entry Of(int number, int hidden) => AnEntry($"e{number}") with { Wishes = number < hidden ? PublisherWishes.Blocked : PublisherWishes.None };
        async Task<IEnumerable<long>> CountsAsync() => (await Sources.ListPublicAsync(categoryId: null, 0, 10, Ct)).Select(listed => listed.EntryCount);
    }

    [Fact]
    public async Task Adds_a_source_that_is_due_at_once()
    {
        var added = await Sources.AddAsync(
            new NewSource
            {
                Url = "https://example.org/国内.xml",
                Title = "国内 😀",
                SiteUrl = "https://example.org/",
                DefaultZone = "Asia/Shanghai",
                DefaultLanguage = "zh",
            },
            Now,
            Ct);

        Assert.True(added.IsNew);
        var source = await Sources.FindAsync(added.Id, Ct);
        Assert.Equal(
            new Source
            {
                Id = added.Id,
                Url = "https://example.org/国内.xml",
                Title = "国内 😀",
                State = SourceState.Active,
                DefaultZone = "Asia/Shanghai",
                DefaultLanguage = "zh",
                Feed = new FeedFacts { SiteUrl = "https://example.org/" },
                NextFetchAt = Now,
                CreatedAt = Now,
            },
            source);
        Assert.Equal(1, await Sources.CountDueAsync(Now, Ct));
    }

    [Fact]
    public async Task Finds_the_source_that_has_the_address_and_leaves_it_as_it_is()
    {
        var first = await Sources.AddAsync(new NewSource { Url = "https://example.org/a", Title = "first" }, Now, Ct);
        var second = await Sources.AddAsync(new NewSource { Url = "https://example.org/a", Title = "second" }, Now.AddDays(1), Ct);

        Assert.Equal(new AddedSource(first.Id, IsNew: false), second);
        var source = await Sources.FindAsync(first.Id, Ct);
        Assert.Equal(("first", Now), (source!.Title, source.CreatedAt));
    }

    [Fact]
    public async Task Refuses_an_address_that_no_index_could_hold()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Sources.AddAsync(new NewSource { Url = "https://example.org/" + new string('a', 2048) }, Now, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Sources.AddAsync(new NewSource { Url = "" }, Now, Ct));

        var longest = "https://example.org/" + new string('界', 676);
        var added = await Sources.AddAsync(new NewSource { Url = longest }, Now, Ct);
        Assert.Equal(longest, (await Sources.FindAsync(added.Id, Ct))!.Url);
    }

    [Fact]
    public async Task Stores_nothing_of_a_source_whose_category_does_not_exist()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => Sources.AddAsync(new NewSource { Url = "https://example.org/a", CategoryIds = [4711] }, Now, Ct));

        Assert.Empty(await Sources.ListAsync(0, 10, Ct));
    }

    [Fact]
    public async Task Remembers_what_an_admin_wants_of_a_sources_requests()
    {
        var id = await AddSourceAsync();
        var settings = new FetchSettings { UserAgent = "读者/1", Headers = [new RequestHeader("X-Key", "k")], PinnedCertificate = new string('a', 64) };
        Assert.True(await Sources.SetFetchSettingsAsync(id, settings, Ct));
        Assert.False(await Sources.SetFetchSettingsAsync(id + 1, settings, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Sources.SetFetchSettingsAsync(id, settings with { Proxy = "x" }, Ct));

        await RefreshAsync(id, Now, AnEntry("a"));
        var stored = (await Sources.FindAsync(id, Ct))!.FetchSettings!;
        Assert.Equal((settings.UserAgent, settings.PinnedCertificate), (stored.UserAgent, stored.PinnedCertificate));
        Assert.Equal(settings.Headers, stored.Headers);
        Assert.True(await Sources.SetFetchSettingsAsync(id, null, Ct));
        Assert.Null((await Sources.FindAsync(id, Ct))!.FetchSettings);
    }

    [Fact]
    public async Task Leaves_a_source_that_is_there_in_its_categories_and_puts_one_that_comes_back_into_those_that_are_named()
    {
        var news = await AddCategoryAsync("news");
        var tech = await AddCategoryAsync("tech");
        var source = await AddSourceAsync("https://example.org/a", news);
        await RefreshAsync(source, Now, AnEntry("one", Now.AddHours(-1)), AnEntry("two", Now.AddHours(-2)));
        var newsBefore = await Entries.VersionAsync(Topic.Category(news), Ct);

        var again = new NewSource { Url = "https://example.org/a", CategoryIds = [news, tech], Retention = new RetentionSettings(new RetentionRule(1)) };
        Assert.Equal(new AddedSource(source, IsNew: false), await Sources.AddAsync(again, Now.AddHours(1), Ct));
        Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(tech) }, Ct));
        Assert.Equal(newsBefore, await Entries.VersionAsync(Topic.Category(news), Ct));

        await Get<ISourceAdminStore>().DeleteAsync([source], Now.AddHours(2), Ct);
        Assert.Equal(new AddedSource(source, IsNew: true), await Sources.AddAsync(again, Now.AddHours(3), Ct));
        foreach (var category in new[] { news, tech })
            Assert.Equal(["one", "two"], (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(category) }, Ct)).Select(entry => entry.Entry.Key));
        Assert.Equal(Now.AddHours(3), (await Entries.VersionAsync(Topic.Category(tech), Ct)).ChangedAt);
        Assert.Equal(RetentionSettings.None, await Get<IRetentionStore>().FindRetentionAsync(Topic.Source(source), Ct));
    }

    [Fact]
    public async Task Claims_what_is_longest_due_first_and_only_what_is_due_and_active()
    {
        var latest = await AddSourceAsync("https://example.org/latest");
        var earliest = await AddSourceAsync("https://example.org/earliest");
        var middle = await AddSourceAsync("https://example.org/middle");
        var paused = await AddSourceAsync("https://example.org/paused");
        var later = await AddSourceAsync("https://example.org/later");
        await SaveAsync(latest, Now, write => write with { Source = write.Source with { NextFetchAt = Now.AddMinutes(30) } });
        await SaveAsync(earliest, Now, write => write with { Source = write.Source with { NextFetchAt = Now.AddMinutes(10) } });
        await SaveAsync(middle, Now, write => write with { Source = write.Source with { NextFetchAt = Now.AddMinutes(20) } });
        await SaveAsync(later, Now, write => write with { Source = write.Source with { NextFetchAt = Now.AddMinutes(31) } });
        await Sources.SetStateAsync(paused, SourceState.Paused, Now, Ct);

        var at = Now.AddMinutes(30);
        Assert.Equal(3, await Sources.CountDueAsync(at, Ct));
        var first = await Sources.ClaimDueAsync("one", at, at.AddMinutes(5), 2, Ct);
        var second = await Sources.ClaimDueAsync("two", at, at.AddMinutes(5), 2, Ct);

        Assert.Equal([earliest, middle], first.Select(source => source.Id));
        Assert.Equal([latest], second.Select(source => source.Id));
        Assert.All(first, source => Assert.Equal(("one", at.AddMinutes(5)), (source.LeaseOwner, source.LeaseUntil)));
        Assert.Equal(0, await Sources.CountDueAsync(at, Ct));
    }

    [Fact]
    public async Task Never_leases_a_source_to_two_of_many_that_claim_at_once()
    {
        const int SourceCount = 200;
        for (var i = 0; i < SourceCount; i++) await AddSourceAsync($"https://example.org/{i}");

        var claimed = new ConcurrentBag<(string Owner, long Id)>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 16), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Ct }, async (worker, ct) =>
        {
            var owner = $"worker {worker}";
            while (await Sources.ClaimDueAsync(owner, Now, Now.AddMinutes(5), 7, ct) is { Count: > 0 } batch)
            {
                Assert.InRange(batch.Count, 1, 7);
                foreach (var source in batch) claimed.Add((owner, source.Id));
            }
        });

        Assert.Equal(SourceCount, claimed.Select(claim => claim.Id).Distinct().Count());
        Assert.Equal(SourceCount, claimed.Count);
        foreach (var (owner, id) in claimed) Assert.Equal(owner, (await Sources.FindAsync(id, Ct))!.LeaseOwner);
    }

    [Fact]
    public async Task Lets_another_claim_a_source_whose_lease_has_run_out()
    {
        var id = await AddSourceAsync();
        Assert.Single(await Sources.ClaimDueAsync("first", Now, Now.AddMinutes(5), 10, Ct));

        Assert.Empty(await Sources.ClaimDueAsync("second", Now.AddMinutes(5).AddMilliseconds(-1), Now.AddMinutes(10), 10, Ct));
        Assert.Null(await Sources.ClaimAsync(id, "second", Now.AddMinutes(5).AddMilliseconds(-1), Now.AddMinutes(10), Ct));
        Assert.Single(await Sources.ClaimDueAsync("second", Now.AddMinutes(5), Now.AddMinutes(10), 10, Ct));
        Assert.Equal("second", (await Sources.FindAsync(id, Ct))!.LeaseOwner);
    }

    [Fact]
    public async Task Claims_one_source_due_or_not_and_in_whatever_state()
    {
        var id = await AddSourceAsync();
        await Sources.SetStateAsync(id, SourceState.Gone, Now, Ct);

        var claimed = await Sources.ClaimAsync(id, "me", Now.AddDays(-1), Now.AddMinutes(5), Ct);
        Assert.Equal(("me", SourceState.Gone), (claimed!.LeaseOwner, claimed.State));
        Assert.NotNull(await Sources.ClaimAsync(id, "me", Now, Now.AddMinutes(6), Ct));
        Assert.Null(await Sources.ClaimAsync(id, "other", Now, Now.AddMinutes(6), Ct));
        Assert.Null(await Sources.ClaimAsync(4711, "me", Now, Now.AddMinutes(6), Ct));
    }

    [Fact]
    public async Task Gives_back_its_own_leases_and_leaves_those_of_others()
    {
        var mine = await AddSourceAsync("https://example.org/mine");
        var theirs = await AddSourceAsync("https://example.org/theirs");
        await Sources.ClaimAsync(mine, "me", Now, Now.AddMinutes(5), Ct);
        await Sources.ClaimAsync(theirs, "they", Now, Now.AddMinutes(5), Ct);

        await Sources.ReleaseAsync([mine, theirs], "me", Ct);

        var due = await Sources.ClaimDueAsync("somebody", Now, Now.AddMinutes(5), 10, Ct);
        Assert.Equal([mine], due.Select(source => source.Id));
        Assert.Equal("they", (await Sources.FindAsync(theirs, Ct))!.LeaseOwner);
    }

    [Fact]
    public async Task Resumes_a_source_due_at_once_and_pauses_it_without_touching_its_schedule()
    {
        var id = await AddSourceAsync();
        await RefreshAsync(id, Now);

        Assert.True(await Sources.SetStateAsync(id, SourceState.Paused, Now.AddMinutes(1), Ct));
        var paused = await Sources.FindAsync(id, Ct);
        Assert.True(await Sources.SetStateAsync(id, SourceState.Active, Now.AddMinutes(2), Ct));
        var resumed = await Sources.FindAsync(id, Ct);

        Assert.Equal((SourceState.Paused, Now.AddHours(1)), (paused!.State, paused.NextFetchAt));
        Assert.Equal((SourceState.Active, Now.AddMinutes(2)), (resumed!.State, resumed.NextFetchAt));
        Assert.False(await Sources.SetStateAsync(4711, SourceState.Paused, Now, Ct));
    }

    [Fact]
    public async Task Finds_many_and_leaves_out_the_unknown()
    {
        var one = await AddSourceAsync("https://example.org/1");
        var two = await AddSourceAsync("https://example.org/2");
        await AddSourceAsync("https://example.org/3");

        Assert.Equal([one, two], (await Sources.FindManyAsync([two, 4711, one], Ct)).Select(source => source.Id).Order());
        Assert.Empty(await Sources.FindManyAsync([], Ct));
    }

    [Fact]
    public async Task Lists_pages_by_number_with_entries_counted_and_categories_in_order()
    {
        var second = await AddCategoryAsync("second", position: 2);
        var first = await AddCategoryAsync("first", position: 1);
        var a = await AddSourceAsync("https://example.org/a", second, first);
        var b = await AddSourceAsync("https://example.org/b");
        var c = await AddSourceAsync("https://example.org/c", second);
        await RefreshAsync(a, Now, AnEntry("one"), AnEntry("two"));

        var page = await Sources.ListAsync(0, 2, Ct);
        var rest = await Sources.ListAsync(page[^1].Source.Id, 2, Ct);

        Assert.Equal([(a, 2L), (b, 0L)], page.Select(listing => (listing.Source.Id, listing.EntryCount)));
        Assert.Equal(["first", "second"], page[0].Categories.Select(category => category.Slug));
        Assert.Empty(page[1].Categories);
        Assert.Equal([c], rest.Select(listing => listing.Source.Id));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Sources.ListAsync(0, 0, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Sources.ListAsync(0, 1001, Ct));
    }

    [Fact]
    public async Task Reads_all_sources_or_those_of_a_category_by_title()
    {
        var news = await AddCategoryAsync();
        await Sources.AddAsync(new NewSource { Url = "https://example.org/1", Title = "beta", CategoryIds = [news] }, Now, Ct);
        await Sources.AddAsync(new NewSource { Url = "https://example.org/2", Title = "Alpha" }, Now, Ct);
        await Sources.AddAsync(new NewSource { Url = "https://example.org/3", Title = "新闻", CategoryIds = [news] }, Now, Ct);
        var byFeed = await AddSourceAsync("https://example.org/4");
        await SaveAsync(byFeed, Now, write => write with { Source = write.Source with { Feed = new FeedFacts { Title = "Aleph" } } });

        Assert.Equal(["Aleph", "Alpha", "beta", "新闻"], await TitlesAsync(null));
        Assert.Equal(["beta", "新闻"], await TitlesAsync(news));
    }

    [Fact]
    public async Task Reads_all_over_many_pages_without_loss_or_doubling()
    {
        const int SourceCount = 1203;
        await Parallel.ForEachAsync(Enumerable.Range(0, SourceCount), Ct, async (i, ct) =>
            await Sources.AddAsync(new NewSource { Url = $"https://example.org/{i}", Title = $"same {i % 3}" }, Now, ct));

        var ids = new List<long>();
        await foreach (var listing in Sources.ReadAllAsync(null, Ct)) ids.Add(listing.Source.Id);

        Assert.Equal(SourceCount, ids.Distinct().Count());
        Assert.Equal(SourceCount, ids.Count);
    }

    [Fact]
    public async Task Claims_are_exclusive_over_processes_that_share_the_store()
    {
        await AddSourceAsync();
        await using var other = Compose();

        Assert.Single(await Sources.ClaimDueAsync("here", Now, Now.AddMinutes(5), 10, Ct));
        Assert.Empty(await other.GetRequiredService<ISourceStore>().ClaimDueAsync("there", Now, Now.AddMinutes(5), 10, Ct));
    }

    [Fact]
    public async Task Sets_a_sources_own_bounds_and_makes_it_due_within_the_longest()
    {
        var id = await AddSourceAsync();
        var claimed = (await Sources.ClaimAsync(id, "me", Now, Now.AddMinutes(5), Ct))!;
        await Refreshes.SaveAsync(new RefreshWrite { Source = claimed with { NextFetchAt = Now.AddDays(7) }, LeaseOwner = "me", At = Now }, Ct);

        Assert.True(await Sources.SetIntervalsAsync(id, TimeSpan.FromMinutes(10), TimeSpan.FromHours(2), Now, Ct));
        var source = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromHours(2), Now.AddHours(2)), (source.MinInterval, source.MaxInterval, source.NextFetchAt));

        Assert.True(await Sources.SetIntervalsAsync(id, null, null, Now, Ct));
        source = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal((null, null, Now.AddHours(2)), (source.MinInterval, source.MaxInterval, source.NextFetchAt));

        Assert.False(await Sources.SetIntervalsAsync(4711, null, null, Now, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Sources.SetIntervalsAsync(id, TimeSpan.FromHours(2), TimeSpan.FromHours(1), Now, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Sources.SetIntervalsAsync(id, TimeSpan.Zero, null, Now, Ct));
    }

    private async Task<List<string>> TitlesAsync(long? category)
    {
        var titles = new List<string>();
        await foreach (var listing in Sources.ReadAllAsync(category, Ct)) titles.Add(listing.Source.DisplayTitle);
        return titles;
    }
}

public sealed class SqliteSourceStoreTests() : SourceStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlSourceStoreTests() : SourceStoreTests(StoreProvider.PostgreSql);
