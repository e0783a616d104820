using Aggregator.Core.Capturing;
using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Xunit;

namespace Aggregator.Storage.Tests.Captures;

public abstract class CaptureStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private static readonly CapturePolicy Always = new() { Mode = CaptureMode.Always, Keep = ["#content"], Remove = [".广告"], ShortBelow = 120 };

    private ICaptureStore Captures => Get<ICaptureStore>();

    private ISnapshotStore Snapshots => Get<ISnapshotStore>();

    [Fact]
    public async Task Keeps_what_an_admin_wants_of_a_source_also_over_refreshes()
    {
        var source = await AddSourceAsync();
        Assert.Equal(CapturePolicy.Off, (await Sources.FindAsync(source, Ct))!.Capture);
        Assert.True(await Sources.SetCaptureAsync(source, Always, Now, Ct));
        await RefreshAsync(source, Now, AnEntry("one"));
        Assert.Equal(Always, (await Sources.FindAsync(source, Ct))!.Capture);
        Assert.False(await Sources.SetCaptureAsync(source + 1, Always, Now, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Sources.SetCaptureAsync(source, Always with { Keep = ["<"] }, Now, Ct));
    }

    [Fact]
    public async Task Orders_a_look_in_the_transaction_that_stores_the_entry_and_none_with_a_lost_lease()
    {
        var source = await SourceAsync();
        var id = (await OrderAsync(source, Now, "one", "two"))["one"];
        Assert.Equal(2, await Captures.CountDueAsync(Now, Ct));
        Assert.Equal(0, await Captures.CountDueAsync(Now.AddSeconds(-1), Ct));

        var claimed = (await Sources.ClaimAsync(source, "test", Now, Now.AddMinutes(5), Ct))!;
        Assert.False(await Refreshes.SaveAsync(
            new RefreshWrite { Source = claimed, LeaseOwner = "somebody else", At = Now, Added = [AnEntry("three")], Captures = [Wanted("three")] }, Ct));
        Assert.Equal(2, await Captures.CountDueAsync(Now, Ct));

        var due = (await ClaimAsync(Now))[0];
        Assert.Equal(
            (id, source, "https://example.org/one", "example.org:443", Now, 0, "Title of one", Now.AddDays(-1)),
            (due.EntryId, due.SourceId, due.Url, due.Host, due.DueAt, due.Attempts, due.Title, due.AppearedAt));
        Assert.Null(due.CapturedAt);
    }

    [Fact]
    public async Task Leases_each_look_to_one_owner_until_the_lease_runs_out()
    {
        var source = await SourceAsync();
        await OrderAsync(source, Now, [.. Enumerable.Range(0, 30).Select(n => $"{n}")]);
        var owners = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => Task.Run(() => Captures.ClaimDueAsync($"owner {n}", Now, Now.AddMinutes(4), 10, Ct), Ct)));
        var all = owners.SelectMany(owner => owner).Select(due => due.EntryId).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        var rest = await ClaimAsync(Now, 100);
        Assert.Equal(30, all.Count + rest.Count);
        Assert.Empty(await ClaimAsync(Now.AddMinutes(3)));
        Assert.Equal(30, (await ClaimAsync(Now.AddMinutes(4), 100)).Count);
        Assert.Equal(30, await Captures.ReleaseAllAsync(Ct));
        Assert.Equal(30, await Captures.CountDueAsync(Now, Ct));
    }

    [Fact]
    public async Task Keeps_a_page_and_the_next_look_in_one_transaction()
    {
        var source = await SourceAsync();
        var id = (await OrderAsync(source, Now, "one"))["one"];
        var due = Assert.Single(await ClaimAsync(Now));
        Assert.Equal(CaptureSaved.Added, await Captures.SaveAsync(Captured(due, Now.AddSeconds(2), "<p>The whole text</p>"), Ct));

        var entry = (await Entries.FindAsync(id, Ct))!;
        Assert.Equal(("<p>The whole text</p>", 2, 2), (entry.Entry.Content, entry.Version, entry.BodyVersion));
        Assert.Equal(SnapshotKind.Page, (await Snapshots.FindAsync(id, 2, Ct))!.Kind);
        Assert.Empty(await ClaimAsync(Now.AddMinutes(59)));

        // The next look knows what to ask with; the same page again is no version.
        due = Assert.Single(await ClaimAsync(Now.AddHours(1)));
        Assert.Equal(("\"e\"", "yesterday", Now.AddSeconds(2)), (due.ETag, due.LastModified, due.CapturedAt!.Value));
        Assert.Equal(CaptureSaved.Unchanged, await Captures.SaveAsync(Captured(due, Now.AddHours(1), "<p>The whole\n text</p>") with { DueAt = null }, Ct));
        Assert.Equal(2, (await Entries.FindAsync(id, Ct))!.Version);
        Assert.Empty(await ClaimAsync(Now.AddYears(1)));
        Assert.Equal(new CaptureHealth(0, 1, 0, null, null), (await Captures.HealthAsync([source], Ct))[source]);
    }

    [Fact]
    public async Task Writes_nothing_of_a_look_whose_lease_was_lost()
    {
        var source = await SourceAsync();
        var id = (await OrderAsync(source, Now, "one"))["one"];
        var slow = Assert.Single(await ClaimAsync(Now));
        var other = Assert.Single(await Captures.ClaimDueAsync("other", Now.AddMinutes(10), Now.AddMinutes(14), 10, Ct));
        Assert.Equal(CaptureSaved.LeaseLost, await Captures.SaveAsync(Captured(slow, Now.AddMinutes(10), "<p>Late</p>"), Ct));
        Assert.Equal(1, (await Entries.FindAsync(id, Ct))!.Version);
        Assert.Equal(CaptureSaved.Added, await Captures.SaveAsync(Captured(other, Now.AddMinutes(11), "<p>Text</p>") with { LeaseOwner = "other" }, Ct));
        Assert.Equal(CaptureSaved.LeaseLost, await Captures.SaveAsync(Captured(other, Now.AddMinutes(11), "<p>Twice</p>") with { LeaseOwner = "other" }, Ct));
        Assert.Equal(2, (await Entries.FindAsync(id, Ct))!.Version);
    }

    [Fact]
    public async Task A_change_in_the_feed_orders_another_look_even_while_one_is_under_way()
    {
        var source = await SourceAsync();
        var id = (await OrderAsync(source, Now, "one"))["one"];
        var due = Assert.Single(await ClaimAsync(Now));
        var changed = AnEntry("one") with { Title = "Another", ContentHash = new byte[] { 9 } };
        await SaveAsync(source, Now.AddSeconds(1), write => write with { Changed = [(id, changed)], Captures = [Wanted("one")] });
        Assert.Equal(CaptureSaved.Added, await Captures.SaveAsync(Captured(due, Now.AddSeconds(2), "<p>Before the edit</p>"), Ct));
        var again = Assert.Single(await ClaimAsync(Now.AddSeconds(3)));
        Assert.Equal(Now.AddSeconds(1), again.DueAt);

        // What had been given up for good comes back too, with all its attempts.
        await Captures.SaveAsync(Failed(again, Now.AddSeconds(4)) with { State = CaptureState.GivenUp, Attempts = 0, DueAt = null }, Ct);
        Assert.Empty(await ClaimAsync(Now.AddYears(1)));
        await SaveAsync(source, Now.AddHours(1), write => write with { Changed = [(id, changed with { Title = "A third" })], Captures = [Wanted("one")] });
        Assert.Equal((0, Now.AddHours(1)), (await ClaimAsync(Now.AddHours(1))) is [var back] ? (back.Attempts, back.DueAt) : default);
    }

    [Fact]
    public async Task Counts_what_waits_and_what_failed_and_keeps_the_last_reason()
    {
        var source = await SourceAsync();
        await OrderAsync(source, Now, "one", "two", "three", "four");
        var due = await ClaimAsync(Now);
        await Captures.SaveAsync(Failed(due[0], Now.AddSeconds(1)), Ct);
        await Captures.SaveAsync(Failed(due[1], Now.AddSeconds(3)) with { State = CaptureState.Refused, Reason = "No robots here.", DueAt = null }, Ct);
        await Captures.SaveAsync(Captured(due[2], Now.AddSeconds(2), "<p>x</p>"), Ct);

        var health = (await Captures.HealthAsync([source, 999], Ct))[source];
        Assert.Equal(new CaptureHealth(2, 1, 1, "No robots here.", Now.AddSeconds(3)), health);
        Assert.Equal(health, Assert.Single(await Sources.ListAsync(0, 10, Ct)).Captures);
        Assert.Single(await Captures.HealthAsync([source, 999], Ct));
        var retry = Assert.Single(await ClaimAsync(Now.AddMinutes(5)), capture => capture.EntryId == due[0].EntryId);
        Assert.Equal(1, retry.Attempts);
    }

    [Fact]
    public async Task Leaves_closed_hosts_and_paused_and_deleted_sources_alone()
    {
        var source = await SourceAsync();
        await OrderAsync(source, Now, "one");
        await Get<IHostStore>().CloseAsync("example.org:443", Now.AddHours(1), Ct);
        Assert.Equal(0, await Captures.CountDueAsync(Now.AddMinutes(59), Ct));
        Assert.Empty(await ClaimAsync(Now.AddMinutes(59)));
        await Sources.SetStateAsync(source, SourceState.Paused, Now, Ct);
        Assert.Empty(await ClaimAsync(Now.AddHours(1)));
        await Sources.SetStateAsync(source, SourceState.Active, Now, Ct);
        await Get<ISourceAdminStore>().DeleteAsync([source], Now, Ct);
        Assert.Equal(0, await Captures.CountDueAsync(Now.AddHours(1), Ct));
        Assert.Empty(await ClaimAsync(Now.AddHours(1)));
        await Get<ISourceAdminStore>().RestoreAsync([source], Now, Ct);
        Assert.Single(await ClaimAsync(Now.AddHours(1)));
    }

    [Fact]
    public async Task Puts_looks_off_whose_hosts_are_busy_and_leaves_the_leases_of_others()
    {
        var source = await SourceAsync();
        await OrderAsync(source, Now, "one", "two");
        var due = await ClaimAsync(Now);
        await Captures.DeferAsync([(due[0].EntryId, Now.AddMinutes(2))], "me", Ct);
        await Captures.DeferAsync([(due[1].EntryId, Now.AddMinutes(2))], "somebody else", Ct);
        Assert.Empty(await ClaimAsync(Now.AddMinutes(1)));
        Assert.Equal(due[0].EntryId, Assert.Single(await ClaimAsync(Now.AddMinutes(2))).EntryId);
    }

    [Fact]
    public async Task Switched_on_looks_at_what_the_feed_holds_and_switched_off_at_nothing()
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, [.. Enumerable.Range(0, ISourceStore.MaxCaughtUp + 5).Select(n => AnEntry($"{n}", Now.AddHours(-n))), AnEntry("linkless") with { Url = null }]);
        await Sources.SetCaptureAsync(source, Always, Now.AddMinutes(1), Ct);
        var due = await ClaimAsync(Now.AddMinutes(1), 1000);
        Assert.Equal(ISourceStore.MaxCaughtUp, due.Count);
        Assert.Contains(due, capture => capture.EntryId == ids["0"] && capture.Host == "example.org:443");
        Assert.DoesNotContain(due, capture => capture.EntryId == ids["104"] || capture.EntryId == ids["linkless"]);

        await Captures.SaveAsync(Captured(due[0], Now.AddMinutes(1), "<p>x</p>"), Ct);
        await Sources.SetCaptureAsync(source, CapturePolicy.Off, Now.AddMinutes(2), Ct);
        Assert.Equal(CaptureSaved.LeaseLost, await Captures.SaveAsync(Captured(due[1], Now.AddMinutes(2), "<p>y</p>"), Ct));
        Assert.Empty(await ClaimAsync(Now.AddYears(1), 1000));
        Assert.Equal(new CaptureHealth(0, 1, 0, null, null), (await Captures.HealthAsync([source], Ct))[source]);
    }

    [Fact]
    public async Task A_capture_leaves_with_its_entry_and_what_was_taken_down_gets_no_page()
    {
        var source = await SourceAsync();
        var id = (await OrderAsync(source, Now, "one"))["one"];
        var due = Assert.Single(await ClaimAsync(Now));
        var takedowns = Get<ITakedownStore>();
        var filed = Assert.IsType<TakedownFiling.Received>(await takedowns.FileAsync(new NewTakedownRequest(id, TakedownReason.Privacy, null, null), Now, Ct));
        Assert.Equal(TakedownOutcome.Done, await takedowns.ApproveAsync(filed.RequestId, false, null, "admin", TimeSpan.Zero, Now, Ct));
        Assert.Equal(CaptureSaved.EntryGone, await Captures.SaveAsync(Captured(due, Now.AddSeconds(1), "<p>It names my child</p>"), Ct));
        Assert.Equal(1, await takedowns.PurgeAsync(Now.AddSeconds(2), Ct));
        Assert.Equal(0, await Database.ReadAsync(session => session.FindAsync<int>("select count(*) from capture"), Ct));
        Assert.Single(await Snapshots.ListAsync(id, 0, Ct));
    }

    [Fact]
    public async Task What_comes_back_from_a_take_down_is_looked_at_again()
    {
        var source = await SourceAsync();
        var id = (await OrderAsync(source, Now, "one"))["one"];
        await Captures.SaveAsync(Captured(Assert.Single(await ClaimAsync(Now)), Now.AddSeconds(1), "<p>Text</p>"), Ct);
        var takedowns = Get<ITakedownStore>();
        var filed = Assert.IsType<TakedownFiling.Received>(await takedowns.FileAsync(new NewTakedownRequest(id, TakedownReason.Privacy, null, null), Now, Ct));
        await takedowns.ApproveAsync(filed.RequestId, false, null, "admin", TimeSpan.FromDays(7), Now.AddSeconds(2), Ct);
        Assert.Empty(await ClaimAsync(Now.AddDays(1)));
        Assert.Equal(TakedownOutcome.Done, await takedowns.UndoAsync(filed.RequestId, Now.AddDays(1), Ct));
        Assert.Equal(Now.AddSeconds(1), Assert.Single(await ClaimAsync(Now.AddDays(1))).CapturedAt);
    }

    private async Task<long> SourceAsync()
    {
        var source = await AddSourceAsync();
        await Sources.SetCaptureAsync(source, Always, Now, Ct);
        return source;
    }

    private async Task<IReadOnlyDictionary<string, long>> OrderAsync(long source, DateTimeOffset at, params string[] keys)
    {
        Assert.True(await SaveAsync(source, at, write => write with { Added = [.. keys.Select(key => AnEntry(key, Now.AddDays(-1)))], Captures = [.. keys.Select(Wanted)] }));
        return (await Refreshes.FindKnownAsync(source, keys, [], Ct)).ToDictionary(entry => entry.Key, entry => entry.Id, StringComparer.Ordinal);
    }

    private Task<IReadOnlyList<DueCapture>> ClaimAsync(DateTimeOffset now, int limit = 10) => Captures.ClaimDueAsync("me", now, now.AddMinutes(4), limit, Ct);

    private static WantedCapture Wanted(string key) => new(key, "example.org:443");

    private static CaptureWrite Captured(DueCapture due, DateTimeOffset at, string content) => new()
    {
        Claimed = due,
        LeaseOwner = "me",
        At = at,
        State = CaptureState.Captured,
        Outcome = CaptureOutcome.Captured,
        DueAt = Now.AddHours(1),
        ETag = "\"e\"",
        LastModified = "yesterday",
        Page = new PageSnapshotWrite
        {
            EntryId = due.EntryId,
            Document = new SnapshotDocument { Kind = SnapshotKind.Page, CapturedAt = at, Title = "Title of the page", Content = content },
            Facts = new CaptureFacts(due.Url, 200),
        },
    };

    private static CaptureWrite Failed(DueCapture due, DateTimeOffset at) => new()
    {
        Claimed = due,
        LeaseOwner = "me",
        At = at,
        State = CaptureState.Waiting,
        Outcome = CaptureOutcome.Failed,
        Reason = "It failed.",
        Attempts = 1,
        DueAt = at.AddMinutes(1),
    };
}

public sealed class SqliteCaptureStoreTests() : CaptureStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlCaptureStoreTests() : CaptureStoreTests(StoreProvider.PostgreSql);
