using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Hubs;

public abstract class HubSubscriptionStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private const string Us = "https://us.example";

    private IHubSubscriptionStore Hubs => Get<IHubSubscriptionStore>();

    [Fact]
    public async Task Keeps_everything_of_a_subscription()
    {
        var id = await AddSourceAsync();
        var subscription = await AnnounceAsync(id) with
        {
            CallbackBase = Us,
            State = HubSubscriptionState.Active,
            LeaseUntil = Now.AddDays(10),
            RequestedAt = Now,
            VerifiedAt = Now.AddSeconds(1),
            LastPushAt = Now.AddSeconds(2),
            LastPingAt = Now.AddSeconds(3),
            NextAttemptAt = Now.AddDays(8),
            Attempts = 4,
            Misses = 5,
            BadSignatures = 6,
            Failure = "国内 😀",
        };
        Assert.True(await Hubs.SaveAsync(subscription, Ct));
        var kept = subscription with { Revision = subscription.Revision + 1 };
        Assert.Equal(kept, await Hubs.FindByTokenAsync(subscription.Token, Ct));
        Assert.Equal(kept, Assert.Single(await Hubs.FindBySourceAsync(id, Ct)));
        Assert.Null(await Hubs.FindByTokenAsync("another", Ct));
    }

    [Fact]
    public async Task Shows_the_hub_and_its_lease_on_the_source_while_it_is_relied_upon()
    {
        var id = await AddSourceAsync();
        var subscription = await AnnounceAsync(id);
        var source = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal(("https://hub.example/", "https://example.org/t", null), (source.HubUrl, source.HubTopic, source.HubLeaseUntil));

        subscription = await SaveAsync(subscription with { State = HubSubscriptionState.Active, LeaseUntil = Now.AddDays(10) });
        Assert.Equal(Now.AddDays(10), (await Sources.FindAsync(id, Ct))!.HubLeaseUntil);

        // A refresh writes the source and leaves what hubs promised.
        await RefreshAsync(id, Now, AnEntry("a"));
        Assert.Equal(Now.AddDays(10), (await Sources.FindAsync(id, Ct))!.HubLeaseUntil);

        subscription = await SaveAsync(subscription with { State = HubSubscriptionState.Distrusted });
        Assert.Null((await Sources.FindAsync(id, Ct))!.HubLeaseUntil);
        subscription = await SaveAsync(subscription with { State = HubSubscriptionState.Active });
        Assert.True(await Hubs.DeleteAsync(subscription, Ct));
        Assert.Null((await Sources.FindAsync(id, Ct))!.HubLeaseUntil);
    }

    [Fact]
    public async Task Lets_only_the_first_of_two_changes_win()
    {
        var subscription = await AnnounceAsync(await AddSourceAsync());
        Assert.True(await Hubs.SaveAsync(subscription with { Misses = 1 }, Ct));
        Assert.False(await Hubs.SaveAsync(subscription with { Misses = 2 }, Ct));
        Assert.False(await Hubs.DeleteAsync(subscription, Ct));
        Assert.Equal(1, (await Hubs.FindByTokenAsync(subscription.Token, Ct))!.Misses);
    }

    [Fact]
    public async Task Announces_once_what_is_named_again()
    {
        var id = await AddSourceAsync();
        var first = await AnnounceAsync(id);
        await Hubs.AnnounceAsync(id, Wanted(id), Now.AddHours(1), Ct);
        Assert.Equal(first.Token, Assert.Single(await Hubs.FindBySourceAsync(id, Ct)).Token);
    }

    [Theory]
    [InlineData(HubSubscriptionState.Wanted, false)]
    [InlineData(HubSubscriptionState.Denied, false)]
    [InlineData(HubSubscriptionState.Requested, true)]
    [InlineData(HubSubscriptionState.Active, true)]
    [InlineData(HubSubscriptionState.Distrusted, true)]
    public async Task Leaves_the_old_hub_when_the_source_names_another_and_forgets_one_that_never_agreed(HubSubscriptionState state, bool isLeft)
    {
        var id = await AddSourceAsync();
        var old = await SaveAsync(await AnnounceAsync(id) with { State = state, LeaseUntil = Now.AddDays(1) });
        await Hubs.AnnounceAsync(id, Wanted(id, "https://other.example/"), Now, Ct);
        var all = await Hubs.FindBySourceAsync(id, Ct);
        Assert.Equal(isLeft ? 2 : 1, all.Count);
        Assert.Equal((HubSubscriptionState.Wanted, "https://other.example/"), (all[^1].State, all[^1].HubUrl));
        if (isLeft) Assert.Equal((old.Token, HubSubscriptionState.Leaving, false), (all[0].Token, all[0].State, all[0].IsAnnounced));
        var source = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal(("https://other.example/", null), (source.HubUrl, source.HubLeaseUntil));
    }

    [Fact]
    public async Task Leaves_the_hub_when_the_source_names_none()
    {
        var id = await AddSourceAsync();
        await SaveAsync(await AnnounceAsync(id) with { State = HubSubscriptionState.Active, LeaseUntil = Now.AddDays(1) });
        await Hubs.AnnounceAsync(id, null, Now, Ct);
        Assert.Equal(HubSubscriptionState.Leaving, Assert.Single(await Hubs.FindBySourceAsync(id, Ct)).State);
        var source = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal((null, null, null), (source.HubUrl, source.HubTopic, source.HubLeaseUntil));

        // Named again before the hub let us go.
        await Hubs.AnnounceAsync(id, Wanted(id), Now, Ct);
        Assert.True(Assert.Single(await Hubs.FindBySourceAsync(id, Ct)).IsAnnounced);
    }

    [Fact]
    public async Task Claims_what_is_due_once_and_in_order()
    {
        for (var i = 0; i < 5; i++) await AnnounceAsync(await AddSourceAsync($"https://example.org/{i}"), Now.AddMinutes(i));
        Assert.Empty(await Hubs.ClaimDueAsync(Us, Now.AddSeconds(-1), Now, 10, Ct));

        var first = await Hubs.ClaimDueAsync(Us, Now.AddMinutes(3), Now.AddMinutes(30), 2, Ct);
        Assert.Equal([1L, 2L], first.Select(claimed => claimed.SourceId!.Value));
        Assert.Equal([3L, 4L], (await Hubs.ClaimDueAsync(Us, Now.AddMinutes(3), Now.AddMinutes(30), 10, Ct)).Select(claimed => claimed.SourceId!.Value));
        Assert.Empty(await Hubs.ClaimDueAsync(Us, Now.AddMinutes(3), Now.AddMinutes(30), 10, Ct));

        // What was claimed can be saved, and what a crash left undone is due again.
        Assert.True(await Hubs.SaveAsync(first[0] with { NextAttemptAt = Now.AddDays(1) }, Ct));
        Assert.Equal([2L, 3L, 4L, 5L], (await Hubs.ClaimDueAsync(Us, Now.AddMinutes(31), Now.AddMinutes(40), 10, Ct)).Select(claimed => claimed.SourceId!.Value));
    }

    [Fact]
    public async Task Divides_what_is_due_between_processes()
    {
        for (var i = 0; i < 40; i++) await AnnounceAsync(await AddSourceAsync($"https://example.org/{i}"));
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Hubs.ClaimDueAsync(Us, Now, Now.AddMinutes(5), 10, Ct), Ct)));
        var ids = claims.SelectMany(claim => claim).Select(claimed => claimed.Id).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        Assert.Equal(40, ids.Count);
    }

    [Fact]
    public async Task Leaves_the_hubs_of_sources_that_are_paused_or_removed_and_asks_none_for_them()
    {
        var paused = await AddSourceAsync("https://example.org/paused");
        var removed = await AddSourceAsync("https://example.org/removed");
        var idle = await AddSourceAsync("https://example.org/idle");
        var forgotten = await AddSourceAsync("https://example.org/forgotten");
        await SaveAsync(await AnnounceAsync(paused) with { State = HubSubscriptionState.Active, LeaseUntil = Now.AddDays(9), NextAttemptAt = Now.AddDays(8) });
        var gone = await SaveAsync(await AnnounceAsync(removed) with { State = HubSubscriptionState.Active, LeaseUntil = Now.AddDays(9), NextAttemptAt = Now.AddDays(8) });
        await AnnounceAsync(idle);
        await AnnounceAsync(forgotten);
        await Sources.SetStateAsync(paused, SourceState.Paused, Now, Ct);
        await Sources.SetStateAsync(idle, SourceState.Paused, Now, Ct);
        await Database.WriteAsync(session => session.ExecuteAsync("delete from source where id in (@removed, @forgotten)", new { removed, forgotten }), Ct);

        var due = await Hubs.ClaimDueAsync(Us, Now, Now.AddMinutes(5), 10, Ct);
        Assert.Equal([(paused, HubSubscriptionState.Leaving), ((long?)null, HubSubscriptionState.Leaving)], due.Select(claimed => (claimed.SourceId, claimed.State)));
        Assert.Equal(gone.Token, due[1].Token);
        Assert.Null((await Sources.FindAsync(paused, Ct))!.HubLeaseUntil);

        // Resumed, the one that was never asked is wanted.
        await Sources.SetStateAsync(idle, SourceState.Active, Now, Ct);
        Assert.Equal(idle, Assert.Single(await Hubs.ClaimDueAsync(Us, Now, Now.AddMinutes(5), 10, Ct)).SourceId);
    }

    [Fact]
    public async Task Finds_due_what_was_promised_to_another_address_of_ours()
    {
        var id = await AddSourceAsync();
        await SaveAsync(await AnnounceAsync(id) with { State = HubSubscriptionState.Active, CallbackBase = Us, LeaseUntil = Now.AddDays(9), NextAttemptAt = Now.AddDays(8) });
        Assert.Empty(await Hubs.ClaimDueAsync(Us, Now, Now.AddMinutes(5), 10, Ct));
        Assert.Equal(id, Assert.Single(await Hubs.ClaimDueAsync("https://moved.example", Now, Now.AddMinutes(5), 10, Ct)).SourceId);
        Assert.Empty(await Hubs.ClaimDueAsync("https://moved.example", Now, Now.AddMinutes(5), 10, Ct));
    }

    [Fact]
    public async Task Relies_on_no_hub_after_standing_down()
    {
        var active = await AddSourceAsync("https://example.org/1");
        var leaving = await AddSourceAsync("https://example.org/2");
        var wanted = await AddSourceAsync("https://example.org/3");
        var before = await SaveAsync(await AnnounceAsync(active) with { State = HubSubscriptionState.Active, LeaseUntil = Now.AddDays(9) });
        await SaveAsync(await AnnounceAsync(leaving) with { State = HubSubscriptionState.Leaving, IsAnnounced = false });
        await AnnounceAsync(wanted);

        Assert.Equal(2, await Hubs.StandDownAsync(Now, Ct));
        Assert.Equal(0, await Hubs.StandDownAsync(Now, Ct));
        Assert.Null(await Hubs.FindByTokenAsync(before.Token, Ct));
        Assert.Equal((HubSubscriptionState.Wanted, null), Assert.Single(await Hubs.FindBySourceAsync(active, Ct)) is var again ? (again.State, again.LeaseUntil) : default);
        Assert.Empty(await Hubs.FindBySourceAsync(leaving, Ct));
        Assert.Null((await Sources.FindAsync(active, Ct))!.HubLeaseUntil);
    }

    private static HubSubscription Wanted(long sourceId, string hub = "https://hub.example/", DateTimeOffset? now = null) =>
        HubSubscription.New(sourceId, hub, "https://example.org/t", now ?? Now);

    private async Task<HubSubscription> AnnounceAsync(long sourceId, DateTimeOffset? now = null)
    {
        await Hubs.AnnounceAsync(sourceId, Wanted(sourceId, now: now), now ?? Now, Ct);
        return Assert.Single(await Hubs.FindBySourceAsync(sourceId, Ct));
    }

    private async Task<HubSubscription> SaveAsync(HubSubscription subscription)
    {
        Assert.True(await Hubs.SaveAsync(subscription, Ct));
        return (await Hubs.FindByTokenAsync(subscription.Token, Ct))!;
    }
}

public sealed class SqliteHubSubscriptionStoreTests() : HubSubscriptionStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlHubSubscriptionStoreTests() : HubSubscriptionStoreTests(StoreProvider.PostgreSql);
