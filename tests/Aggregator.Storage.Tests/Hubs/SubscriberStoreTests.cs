using Aggregator.Core.Hub;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Hubs;

public abstract class SubscriberStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private static readonly HubOptions Limits = new();

    private ISubscriberStore Hub => Get<ISubscriberStore>();

    [Fact]
    public async Task A_request_is_claimed_once_and_counts_again_when_its_claim_runs_out()
    {
        Assert.Equal(IntentOutcome.Taken, await Hub.AskAsync(Asked("a"), Limits, Now, Ct));
        var claimed = Assert.Single(await Hub.ClaimIntentsAsync("one", Now, Now.AddSeconds(40), 10, Ct));
        Assert.Equal(Asked("a") with { Id = claimed.Id }, claimed);
        Assert.Empty(await Hub.ClaimIntentsAsync("two", Now.AddSeconds(39), Now.AddSeconds(80), 10, Ct));
        Assert.Single(await Hub.ClaimIntentsAsync("two", Now.AddSeconds(40), Now.AddSeconds(80), 10, Ct));
        Assert.False(await Hub.ConfirmAsync(claimed, "one", Now, Ct));
        Assert.True(await Hub.ConfirmAsync(claimed, "two", Now, Ct));
        Assert.Equal(new SubscriberTotals(1, 0, 0, 0, null), await Hub.CountAsync(Ct));
    }

    [Fact]
    public async Task A_newer_request_takes_the_place_of_an_older_one()
    {
        await Hub.AskAsync(Asked("a"), Limits, Now, Ct);
        var older = Assert.Single(await Hub.ClaimIntentsAsync("one", Now, Now.AddSeconds(40), 10, Ct));
        await Hub.AskAsync(Asked("a") with { Secret = "new" }, Limits, Now, Ct);
        Assert.False(await Hub.ConfirmAsync(older, "one", Now, Ct));
        Assert.Equal(0, (await Hub.CountAsync(Ct)).Subscriptions);
        Assert.Equal("new", Assert.Single(await Hub.ClaimIntentsAsync("one", Now, Now.AddSeconds(40), 10, Ct)).Secret);
    }

    [Fact]
    public async Task Limits_count_what_is_asked_for_and_what_holds_and_a_renewal_passes_them()
    {
        var limits = new HubOptions { MaxPerClient = 2, MaxPerHost = 3 };
        await SubscribeAsync("a");
        Assert.Equal(IntentOutcome.Taken, await Hub.AskAsync(Asked("b"), limits, Now, Ct));
        Assert.Equal(IntentOutcome.ClientFull, await Hub.AskAsync(Asked("c"), limits, Now, Ct));
        Assert.Equal(IntentOutcome.Taken, await Hub.AskAsync(Asked("b"), limits, Now, Ct));
        Assert.Equal(IntentOutcome.Taken, await Hub.AskAsync(Asked("a"), limits, Now, Ct));
        Assert.Equal(IntentOutcome.HostFull, await Hub.AskAsync(Asked("c") with { Client = "2" }, limits, Now, Ct));
        var search = Asked("d") with { Client = "3", Host = "h2", Topic = new HubTopic("https://us.example/search.atom?q=x", Topic.Search("q=x"), FeedFormat.Atom) };
        Assert.Equal(IntentOutcome.HubFull, await Hub.AskAsync(search, new HubOptions { MaxSubscriptions = 3 }, Now, Ct));
        limits = new HubOptions { MaxSearches = 1 };
        Assert.Equal(IntentOutcome.Taken, await Hub.AskAsync(search, limits, Now, Ct));
        Assert.Equal(IntentOutcome.SearchesFull, await Hub.AskAsync(search with { Topic = new HubTopic("https://us.example/search.atom?q=y", Topic.Search("q=y"), FeedFormat.Atom) }, limits, Now, Ct));
    }

    [Fact]
    public async Task What_changed_after_the_subscription_is_due_to_those_whom_it_concerns_and_nothing_before()
    {
        var category = await AddCategoryAsync();
        var other = await AddCategoryAsync("sport");
        var source = await AddSourceAsync(categories: category);
        await RefreshAsync(source, Now, AnEntry("before"));
        await SubscribeAsync("category", Topic.Category(category));
        await SubscribeAsync("sport", Topic.Category(other));
        await SubscribeAsync("all", Topic.Everything);
        await SubscribeAsync("source", Topic.Source(source));
        Assert.Equal(0, await Hub.CollectAsync(Now, Ct));
        Assert.Empty(await ClaimAsync());

        var ids = await RefreshAsync(source, Now.AddMinutes(1), AnEntry("new"));
        Assert.Equal(1, await Hub.CollectAsync(Now, Ct));
        Assert.Equal(0, await Hub.CollectAsync(Now, Ct));
        var due = await ClaimAsync();
        Assert.Equal(["all", "category", "source"], due.Select(delivery => delivery.Callback.Split('/')[^1]).Order(StringComparer.Ordinal));
        foreach (var delivery in due)
        {
            var changes = await Hub.ChangesAsync(delivery.Topic.Topic, delivery.Position, delivery.Target, 10, Ct);
            Assert.Equal([ids["new"]], changes.EntryIds);
            Assert.Equal(delivery.Target, changes.Position);
        }
    }

    [Fact]
    public async Task A_change_during_a_delivery_is_due_after_it()
    {
        var source = await AddSourceAsync();
        await SubscribeAsync("a", Topic.Everything);
        await RefreshAsync(source, Now, AnEntry("one"));
        await Hub.CollectAsync(Now, Ct);
        var first = Assert.Single(await ClaimAsync());
        await RefreshAsync(source, Now.AddMinutes(1), AnEntry("two"));
        await Hub.CollectAsync(Now.AddMinutes(1), Ct);
        Assert.Empty(await ClaimAsync("other"));
        await Hub.DeliveredAsync([(first, first.Target, true)], "one", Now.AddMinutes(1), Ct);
        var second = Assert.Single(await ClaimAsync("other", Now.AddMinutes(1)));
        Assert.Equal(first.Target, second.Position);
        await Hub.DeliveredAsync([(second, second.Target, true)], "other", Now.AddMinutes(1), Ct);
        var state = Assert.Single(await Hub.ListAsync(null, false, 10, Ct));
        Assert.Equal((2L, null, null, Now.AddMinutes(1)), (state.Delivered, state.DueAt, state.BehindSince, state.LastDeliveryAt));
    }

    [Fact]
    public async Task Never_claims_one_twice_and_takes_no_word_of_who_lost_his_claim()
    {
        var source = await AddSourceAsync();
        for (var i = 0; i < 50; i++) await SubscribeAsync($"s{i}", Topic.Everything);
        await RefreshAsync(source, Now, AnEntry("one"));
        await Hub.CollectAsync(Now, Ct);
        var claims = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Hub.ClaimDueAsync($"owner {i}", Now, Now.AddSeconds(40), 20, retries: false, Ct)));
        var left = await Hub.ClaimDueAsync("last", Now, Now.AddSeconds(40), 50, retries: false, Ct);
        var ids = claims.SelectMany(claim => claim).Concat(left).Select(delivery => delivery.Id).ToList();
        Assert.Equal(50, ids.Count);
        Assert.Equal(50, ids.Distinct().Count());

        // A node that was away so long that its claims ran out.
        var again = await Hub.ClaimDueAsync("late", Now.AddSeconds(40), Now.AddSeconds(80), 50, retries: false, Ct);
        Assert.Equal(50, again.Count);
        await Hub.DeliveredAsync([.. again.Select(delivery => (delivery, delivery.Target, true))], "owner 1", Now, Ct);
        Assert.Equal(50, (await Hub.CountAsync(Ct)).Behind);
        await Hub.DeliveredAsync([.. again.Select(delivery => (delivery, delivery.Target, true))], "late", Now, Ct);
        Assert.Equal(0, (await Hub.CountAsync(Ct)).Behind);
    }

    [Fact]
    public async Task A_failure_waits_among_the_retries_and_an_open_circuit_holds_all_subscriptions_of_a_callback()
    {
        var source = await AddSourceAsync();
        await SubscribeAsync("a", Topic.Everything);
        await SubscribeAsync("a", Topic.Source(source));
        await RefreshAsync(source, Now, AnEntry("one"));
        await Hub.CollectAsync(Now, Ct);
        var due = await ClaimAsync();
        Assert.Equal(2, due.Count);
        await Hub.FailedAsync([new DeliveryFailure(due[0].Id, due[0].CallbackId, 500, "国内 " + new string('x', 500), Now.AddSeconds(10), Now.AddSeconds(60))], "one", Now, Ct);
        await Hub.GiveBackAsync("one", Now, Ct);
        Assert.Empty(await ClaimAsync());
        var failing = Assert.Single(await Hub.ListAsync(null, failingOnly: true, 10, Ct));
        Assert.Equal((1, Now.AddSeconds(10), Now.AddSeconds(60), 300), (failing.Attempts, failing.DueAt, failing.CircuitOpenUntil, failing.Failure!.Length));
        Assert.Single(await Hub.ClaimDueAsync("two", Now.AddSeconds(61), Now.AddSeconds(90), 10, retries: false, Ct));
        var retry = Assert.Single(await Hub.ClaimDueAsync("two", Now.AddSeconds(61), Now.AddSeconds(90), 10, retries: true, Ct));
        Assert.Equal((1, 1), (retry.Attempts, retry.CallbackFailures));
        await Hub.FailedAsync([new DeliveryFailure(retry.Id, retry.CallbackId, 410, "gone", null, null)], "two", Now, Ct);
        Assert.Equal(1, (await Hub.CountAsync(Ct)).Subscriptions);
    }

    [Fact]
    public async Task An_admin_retries_at_once_and_ends_with_a_word_to_the_callback()
    {
        var source = await AddSourceAsync();
        await SubscribeAsync("a", Topic.Everything);
        await RefreshAsync(source, Now, AnEntry("one"));
        await Hub.CollectAsync(Now, Ct);
        var due = Assert.Single(await ClaimAsync());
        await Hub.FailedAsync([new DeliveryFailure(due.Id, due.CallbackId, null, "no answer", Now.AddHours(1), Now.AddHours(1))], "one", Now, Ct);
        Assert.NotNull(await Hub.RetryAsync(due.Id, Now, Ct));
        Assert.Single(await Hub.ClaimDueAsync("two", Now, Now.AddSeconds(40), 10, retries: true, Ct));
        Assert.Equal(due.Callback, (await Hub.EndAsync(due.Id, "Enough.", Now, Ct))!.Callback);
        Assert.Null(await Hub.EndAsync(due.Id, "Enough.", Now, Ct));
        Assert.Null(await Hub.RetryAsync(due.Id, Now, Ct));
        var denial = Assert.Single(await Hub.ClaimIntentsAsync("one", Now, Now.AddSeconds(40), 10, Ct));
        Assert.Equal((HubMode.Denied, "Enough.", due.Callback), (denial.Mode, denial.Reason, denial.Callback));
        await Hub.DropAsync(denial, "one", Ct);
        Assert.False(await Hub.SweepAsync(Now, Ct));
    }

    [Fact]
    public async Task A_lease_that_is_over_ends_and_what_nobody_waits_for_is_forgotten()
    {
        var source = await AddSourceAsync();
        await SubscribeAsync("a", Topic.Everything, TimeSpan.FromHours(1));
        await SubscribeAsync("b", Topic.Everything, TimeSpan.FromDays(1));
        await RefreshAsync(source, Now, AnEntry("one"));
        await Hub.CollectAsync(Now, Ct);
        Assert.True(await Hub.SweepAsync(Now.AddHours(2), Ct));
        var left = Assert.Single(await ClaimAsync(now: Now.AddHours(2)));
        Assert.EndsWith("b", left.Callback, StringComparison.Ordinal);

        // Still needed by who is behind, whatever its age; afterwards not.
        Assert.Single((await Hub.ChangesAsync(Topic.Everything, left.Position, left.Target, 10, Ct)).EntryIds);
        await Hub.DeliveredAsync([(left, left.Target, true)], "one", Now.AddHours(2), Ct);
        await Hub.CollectAsync(Now.AddHours(3), Ct);
        await RefreshAsync(source, Now.AddHours(3), AnEntry("two"));
        await Hub.CollectAsync(Now.AddHours(3), Ct);
        await Hub.CollectAsync(Now.AddHours(4), Ct);
        await Hub.SweepAsync(Now.AddHours(4), Ct);
        Assert.Empty((await Hub.ChangesAsync(Topic.Everything, 0, left.Target, 10, Ct)).EntryIds);
        Assert.Single((await Hub.ChangesAsync(Topic.Everything, left.Target, left.Target + 10, 10, Ct)).EntryIds);
        Assert.False(await Hub.SweepAsync(Now.AddDays(2), Ct));
    }

    [Fact]
    public async Task A_subscription_is_asked_to_end_only_when_there_is_one()
    {
        Assert.False(await Hub.AskToLeaveAsync("https://us.example/all.atom", CallbackOf("a"), "reader.example", "1", Now, Ct));
        await SubscribeAsync("a", Topic.Everything);
        Assert.True(await Hub.AskToLeaveAsync(UrlOf(Topic.Everything), CallbackOf("a"), "reader.example", "1", Now, Ct));
        var leaving = Assert.Single(await Hub.ClaimIntentsAsync("one", Now, Now.AddSeconds(40), 10, Ct));
        Assert.Equal(HubMode.Unsubscribe, leaving.Mode);
        Assert.True(await Hub.ConfirmAsync(leaving, "one", Now, Ct));
        Assert.Equal(0, (await Hub.CountAsync(Ct)).Subscriptions);
    }

    [Fact]
    public async Task What_a_visitor_follows_is_due_by_its_categories_and_sources_and_its_address_is_not_to_be_read_in_the_store()
    {
        var (news, sport) = (await AddCategoryAsync(), await AddCategoryAsync("sport"));
        var (inNews, inSport, alone) = (await AddSourceAsync("https://example.org/1", news), await AddSourceAsync("https://example.org/2", sport), await AddSourceAsync("https://example.org/3"));
        var topic = await SelectAsync(new string('a', 32), Topic.Category(news), Topic.Source(alone));
        var other = await SelectAsync(new string('b', 32), Topic.Category(sport));
        await SubscribeAsync("a", topic);
        await SubscribeAsync("b", other);
        await SubscribeAsync("both", topic);

        var ids = await RefreshAsync(inNews, Now, AnEntry("news"));
        await RefreshAsync(inSport, Now, AnEntry("sport"));
        var more = await RefreshAsync(alone, Now, AnEntry("alone"));
        await Hub.CollectAsync(Now, Ct);
        var due = (await ClaimAsync()).ToDictionary(delivery => delivery.Callback[^1]);
        Assert.Equal(3, due.Count);
        Assert.Equal(topic, due['a'].Topic.Topic);
        Assert.Equal(UrlOf(topic), due['a'].Topic.Url);
        Assert.Equal([ids["news"], more["alone"]], (await Hub.ChangesAsync(topic, due['a'].Position, due['a'].Target, 10, Ct)).EntryIds);
        Assert.Single((await Hub.ChangesAsync(topic, due['a'].Position, due['a'].Target, 1, Ct)).EntryIds);

        Assert.True(await Hub.AskToLeaveAsync(UrlOf(topic), CallbackOf("both"), "reader.example", "1", Now, Ct));
        Assert.Equal(UrlOf(topic), Assert.Single(await Hub.ClaimIntentsAsync("one", Now, Now.AddSeconds(40), 10, Ct)).Topic.Url);
        Assert.All(await Hub.ListAsync(null, false, 10, Ct), state => Assert.True(state.IsSecret && state.TopicUrl.Contains('…', StringComparison.Ordinal)));
        Assert.Equal(0, await Database.ReadAsync(session => session.FindAsync<long>("select count(*) from hub_topic where url like '%' || @token || '%' or sealed_url like '%/' || @token || '%'", new { token = new string('a', 32) }), Ct));

        // Forgetting the selection leaves nothing of it, the subscriptions of others included.
        Assert.True(await Get<ISelectionStore>().ForgetAsync(((Topic.OfSelection)topic).TokenHash(), Ct));
        Assert.Equal(UrlOf(other).Replace(new string('b', 32), "…", StringComparison.Ordinal), Assert.Single(await Hub.ListAsync(null, false, 10, Ct)).TopicUrl);
        Assert.Equal(1, await Database.ReadAsync(session => session.FindAsync<long>("select count(*) from hub_topic"), Ct));
    }

    [Fact]
    public async Task What_a_visitor_follows_waits_for_the_index_when_a_search_is_among_it()
    {
        var news = await AddCategoryAsync();
        var source = await AddSourceAsync(categories: news);
        await SubscribeAsync("a", await SelectAsync(new string('a', 32), Topic.Category(news), Topic.Search("q=x")));
        await RefreshAsync(source, Now, AnEntry("news"));
        await Hub.CollectAsync(Now, Ct);
        Assert.Empty(await ClaimAsync());
        await Get<ISearchStore>().IndexAsync(100, Now, Ct);
        await Hub.CollectAsync(Now, Ct);
        Assert.Single(await ClaimAsync());
    }

    [Fact]
    public async Task A_topic_whose_key_is_lost_is_one_that_nobody_has()
    {
        var news = await AddCategoryAsync();
        var source = await AddSourceAsync(categories: news);
        await SubscribeAsync("a", await SelectAsync(new string('a', 32), Topic.Category(news)));
        await Database.WriteAsync(session => session.ExecuteAsync("update hub_topic set sealed_url = @lost", new { lost = ReversingSealer.Lost }), Ct);
        await RefreshAsync(source, Now, AnEntry("news"));
        await Hub.CollectAsync(Now, Ct);
        Assert.Equal(("", Topic.Selection("")), Assert.Single(await ClaimAsync()).Topic is var topic ? (topic.Url, topic.Topic) : default);
    }

    [Fact]
    public async Task Numbers_changes_in_the_order_in_which_they_become_visible_and_loses_none_among_many_writers()
    {
        await SubscribeAsync("a", Topic.Everything);
        var sources = new List<long>();
        for (var i = 0; i < 8; i++) sources.Add(await AddSourceAsync($"https://example.org/{i}"));
        using var done = new CancellationTokenSource();
        var looking = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested) await Hub.CollectAsync(Now, Ct);
        }, Ct);
        await Task.WhenAll(sources.Select(source => Task.Run(async () =>
        {
            for (var round = 0; round < 20; round++) await RefreshAsync(source, Now.AddMinutes(round * 10), AnEntry($"{source}-{round}"));
        }, Ct)));
        await done.CancelAsync();
        await looking;
        await Hub.CollectAsync(Now, Ct);
        var seen = new List<long>();
        long position = 0;
        var target = Assert.Single(await ClaimAsync()).Target;
        while (position < target)
        {
            var changes = await Hub.ChangesAsync(Topic.Everything, position, target, 7, Ct);
            seen.AddRange(changes.EntryIds);
            position = changes.Position;
        }

        Assert.Equal(160, seen.Count);
        Assert.Equal(160, seen.Distinct().Count());
        Assert.Equal(160, target);
    }

    [Fact]
    public async Task A_start_that_is_alone_gives_every_claim_back()
    {
        var source = await AddSourceAsync();
        await SubscribeAsync("a", Topic.Everything);
        await RefreshAsync(source, Now, AnEntry("one"));
        await Hub.CollectAsync(Now, Ct);
        Assert.Single(await ClaimAsync());
        Assert.Equal(1, await Hub.ReleaseAllAsync(Now, Ct));
        Assert.Single(await ClaimAsync("two"));
    }

    [Fact]
    public async Task A_commit_that_changes_a_topic_raises_the_signal_and_others_do_not()
    {
        var source = await AddSourceAsync();
        var next = Get<TopicSignal>().Next;
        await SubscribeAsync("a", Topic.Everything);
        Assert.False(next.IsCompleted);
        await RefreshAsync(source, Now, AnEntry("one"));
        Assert.True(next.IsCompleted);
    }

    private static string CallbackOf(string name) => "https://reader.example/" + name;

    private static string UrlOf(Topic topic) => "https://us.example/" + (topic is Topic.OfSelection selection ? $"subscriptions/{selection.Token}.json" : topic);

    private static Intent Asked(string name, Topic? topic = null) => new()
    {
        Mode = HubMode.Subscribe,
        Topic = new HubTopic(UrlOf(topic ?? Topic.Everything), topic ?? Topic.Everything, FeedFormat.Json),
        Callback = CallbackOf(name),
        Host = "reader.example",
        Secret = "秘密",
        Lease = TimeSpan.FromDays(10),
        Client = "1",
    };

    private async Task<Topic> SelectAsync(string token, params Topic[] followed)
    {
        var topic = Topic.Selection(token);
        var selection = await Get<ISelectionStore>().AddAsync(((Topic.OfSelection)topic).TokenHash(), Now, Ct);
        await Get<ISelectionStore>().FollowAsync(selection.Id, followed, followed.Length, Ct);
        return topic;
    }

    private async Task SubscribeAsync(string name, Topic? topic = null, TimeSpan? lease = null)
    {
        Assert.Equal(IntentOutcome.Taken, await Hub.AskAsync(Asked(name, topic) with { Lease = lease ?? TimeSpan.FromDays(10) }, Limits, Now, Ct));
        Assert.True(await Hub.ConfirmAsync(Assert.Single(await Hub.ClaimIntentsAsync("one", Now, Now.AddSeconds(40), 10, Ct)), "one", Now, Ct));
    }

    private Task<IReadOnlyList<DueDelivery>> ClaimAsync(string owner = "one", DateTimeOffset? now = null) =>
        Hub.ClaimDueAsync(owner, now ?? Now, (now ?? Now).AddSeconds(40), 100, retries: false, Ct);
}

public sealed class SqliteSubscriberStoreTests() : SubscriberStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlSubscriberStoreTests() : SubscriberStoreTests(StoreProvider.PostgreSql);
