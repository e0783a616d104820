using Aggregator.Core.Model;
using Aggregator.Core.WebSub;
using Xunit;

namespace Aggregator.Core.Tests.WebSub;

public sealed class HubLifecycleTests
{
    private const string Topic = "https://news.example/t";
    private static readonly DateTimeOffset Now = new(2026, 9, 5, 10, 0, 0, TimeSpan.Zero);
    private static readonly HubLifecycle Lifecycle = new(new WebSubOptions { MaxMisses = 3 });

    [Fact]
    public void Makes_callbacks_and_secrets_that_nobody_can_guess_and_a_hub_can_take()
    {
        var one = HubSubscription.New(1, "https://hub.example/", Topic, Now);
        var other = HubSubscription.New(1, "https://hub.example/", Topic, Now);
        Assert.Equal(32, one.Token.Length);
        Assert.InRange(one.Secret.Length, 32, 199);
        Assert.NotEqual(one.Token, other.Token);
        Assert.NotEqual(one.Secret, other.Secret);
        Assert.Equal((HubSubscriptionState.Wanted, Now), (one.State, one.NextAttemptAt));
    }

    [Theory]
    [InlineData(HubSubscriptionState.Wanted, "subscribe", false)]
    [InlineData(HubSubscriptionState.Requested, "subscribe", true)]
    [InlineData(HubSubscriptionState.Active, "subscribe", true)]
    [InlineData(HubSubscriptionState.Distrusted, "subscribe", true)]
    [InlineData(HubSubscriptionState.Denied, "subscribe", false)]
    [InlineData(HubSubscriptionState.Leaving, "subscribe", false)]
    [InlineData(HubSubscriptionState.Active, "unsubscribe", false)]
    [InlineData(HubSubscriptionState.Requested, "unsubscribe", false)]
    [InlineData(HubSubscriptionState.Leaving, "unsubscribe", true)]
    [InlineData(HubSubscriptionState.Active, "denied", true)]
    [InlineData(HubSubscriptionState.Active, "publish", false)]
    [InlineData(HubSubscriptionState.Active, null, false)]
    public void Agrees_to_what_we_asked_for_and_to_nothing_else(HubSubscriptionState state, string? mode, bool agrees)
    {
        var subscription = Active() with { State = state };
        Assert.Equal(agrees, HubLifecycle.Agrees(subscription, mode, Topic));
        Assert.False(HubLifecycle.Agrees(subscription, mode, Topic + "/"));
        Assert.False(HubLifecycle.Agrees(subscription, mode, null));
    }

    [Theory]
    [InlineData(0L, 1)]
    [InlineData(60L, 60)]
    [InlineData(864_000L, 864_000)]
    [InlineData(long.MaxValue, 30 * 86_400)]
    [InlineData(null, 10 * 86_400)]
    public void Takes_the_lease_that_the_hub_gives_within_bounds(long? given, int taken) =>
        Assert.Equal(Now.AddSeconds(taken), Lifecycle.Verified(Active(), given, Now).LeaseUntil);

    [Fact]
    public void Renews_well_before_the_lease_ends_and_not_all_the_time()
    {
        Assert.Equal(Now.AddDays(8), Lifecycle.Verified(Active(), 864_000, Now).NextAttemptAt);
        Assert.Equal(Now.AddMinutes(5), Lifecycle.Verified(Active(), 10, Now).NextAttemptAt);
    }

    [Fact]
    public void Keeps_callback_and_secret_over_a_renewal_and_stays_active_meanwhile()
    {
        var before = Active();
        var renewing = HubLifecycle.Requesting(before, "https://us.example", Now);
        Assert.Equal(
            (before.Token, before.Secret, HubSubscriptionState.Active, before.LeaseUntil), (renewing.Token, renewing.Secret, renewing.State, renewing.LeaseUntil));
        Assert.Equal(Now, renewing.RequestedAt);
    }

    [Theory]
    [InlineData(HubSubscriptionState.Denied, "https://us.example")]
    [InlineData(HubSubscriptionState.Distrusted, "https://us.example")]
    [InlineData(HubSubscriptionState.Active, "https://moved.example")]
    public void Starts_over_with_another_callback_and_another_secret(HubSubscriptionState state, string callbackBase)
    {
        var before = Active() with { State = state, Misses = 3 };
        var asking = HubLifecycle.Requesting(before, callbackBase, Now);
        Assert.NotEqual(before.Token, asking.Token);
        Assert.NotEqual(before.Secret, asking.Secret);
        Assert.Equal((HubSubscriptionState.Requested, 0, null, callbackBase), (asking.State, asking.Misses, asking.LeaseUntil, asking.CallbackBase));
    }

    [Fact]
    public void Waits_longer_after_every_refusal_up_to_a_day()
    {
        var subscription = HubSubscription.New(1, "https://hub.example/", Topic, Now);
        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            subscription = HubLifecycle.Refused(HubLifecycle.Requesting(subscription, "https://us.example", Now), "no\r\nway", Now)!;
            waits.Add((subscription.NextAttemptAt - Now).TotalMinutes);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440], waits);
        Assert.Equal((HubSubscriptionState.Wanted, "no  way"), (subscription.State, subscription.Failure));
    }

    [Fact]
    public void Asks_again_when_a_hub_accepted_and_never_verified()
    {
        var asked = HubLifecycle.Requesting(HubSubscription.New(1, "https://hub.example/", Topic, Now), "https://us.example", Now);
        Assert.Equal(Now + HubLifecycle.VerificationTime, asked.NextAttemptAt);
        var again = HubLifecycle.Requesting(asked, "https://us.example", asked.NextAttemptAt);
        Assert.Equal((HubSubscriptionState.Requested, 2, asked.Token), (again.State, again.Attempts, again.Token));
        Assert.Contains("never verified", again.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_a_denial_in_words_and_tries_again_after_a_long_while()
    {
        var denied = HubLifecycle.Denied(Active(), "over quota" + new string('x', 1000), Now)!;
        Assert.Equal((HubSubscriptionState.Denied, null, Now + HubLifecycle.Probation), (denied.State, denied.LeaseUntil, denied.NextAttemptAt));
        Assert.StartsWith("The hub denied the subscription: over quota", denied.Failure, StringComparison.Ordinal);
        Assert.InRange(denied.Failure!.Length, 1, 301);
    }

    [Fact]
    public void Goes_after_a_few_tries_when_a_hub_does_not_let_us()
    {
        var leaving = Active() with { State = HubSubscriptionState.Leaving, IsAnnounced = false };
        for (var i = 1; i < HubLifecycle.MostLeaveAttempts; i++)
        {
            leaving = HubLifecycle.Requesting(leaving, "https://us.example", Now);
            leaving = Assert.IsType<HubSubscription>(HubLifecycle.Refused(leaving, "down", Now));
            Assert.Equal(HubSubscriptionState.Leaving, leaving.State);
        }

        Assert.Null(HubLifecycle.Refused(HubLifecycle.Requesting(leaving, "https://us.example", Now), "down", Now));
    }

    [Fact]
    public void Wants_back_what_the_source_still_names_under_another_callback()
    {
        var leaving = Active() with { State = HubSubscriptionState.Leaving, Id = 7, Revision = 4 };
        var wanted = HubLifecycle.Left(leaving, Now)!;
        Assert.Equal((7, 4, HubSubscriptionState.Wanted, null), (wanted.Id, wanted.Revision, wanted.State, wanted.LeaseUntil));
        Assert.NotEqual(leaving.Token, wanted.Token);
        Assert.Null(HubLifecycle.Left(leaving with { IsAnnounced = false }, Now));
        Assert.Null(HubLifecycle.Left(leaving with { SourceId = null }, Now));
    }

    [Fact]
    public void Stops_relying_on_a_hub_after_as_many_polls_in_a_row_as_are_allowed()
    {
        var subscription = Active();
        for (var i = 0; i < 2; i++)
        {
            subscription = Lifecycle.Polled(subscription, missed: true, Now.AddHours(-1), Now);
            Assert.Equal((HubSubscriptionState.Active, i + 1), (subscription.State, subscription.Misses));
        }

        subscription = Lifecycle.Polled(subscription, missed: true, Now.AddHours(-1), Now);
        Assert.Equal((HubSubscriptionState.Distrusted, Now + HubLifecycle.Probation), (subscription.State, subscription.NextAttemptAt));
        Assert.Contains("3 polls", subscription.Failure, StringComparison.Ordinal);

        // Verified again by the hub, it is still not relied upon; after its probation it starts over.
        Assert.Equal(HubSubscriptionState.Distrusted, Lifecycle.Verified(subscription, 864_000, Now).State);
    }

    [Fact]
    public void Clears_a_hubs_name_when_a_poll_found_nothing_beyond_what_was_pushed()
    {
        var missedTwice = Active() with { Misses = 2 };
        Assert.Equal(0, Lifecycle.Polled(missedTwice with { LastPushAt = Now.AddMinutes(-10) }, missed: false, Now.AddHours(-1), Now).Misses);

        // A silent source says nothing.
        Assert.Equal(2, Lifecycle.Polled(missedTwice with { LastPushAt = Now.AddHours(-2) }, missed: false, Now.AddHours(-1), Now).Misses);
    }

    [Fact]
    public void Blames_no_hub_for_what_it_could_not_have_pushed_or_did_announce()
    {
        var subscription = Active();
        Assert.Same(subscription, Lifecycle.Polled(subscription, missed: true, subscription.VerifiedAt!.Value.AddMinutes(-1), Now));
        var pinged = subscription with { LastPingAt = Now.AddMinutes(-1) };
        Assert.Same(pinged, Lifecycle.Polled(pinged, missed: true, Now.AddHours(-1), Now));
        var leaving = subscription with { State = HubSubscriptionState.Leaving };
        Assert.Same(leaving, Lifecycle.Polled(leaving, missed: true, Now.AddHours(-1), Now));
    }

    [Theory]
    [InlineData("https://hub.example/", "https://news.example/t", true)]
    [InlineData("https://hub.example/", "http://news.example/t", true)]
    [InlineData("http://hub.example/", "http://news.example/t", true)]
    [InlineData("http://hub.example/", "https://news.example/t", false)]
    public void Gives_no_hub_a_secret_that_a_listener_could_forge_more_with_than_the_feed(string hub, string topic, bool shares) =>
        Assert.Equal(shares, HubClient.SharesSecret(HubSubscription.New(1, hub, topic, Now)));

    [Theory]
    [InlineData("auto", "https://us.example/", true)]
    [InlineData("auto", "http://us.example/", false)]
    [InlineData("on", "http://127.0.0.1:5080/", true)]
    [InlineData("OFF", "https://us.example/", false)]
    public void Subscribes_where_hubs_can_reach_us_safely_or_it_was_asked_for(string enabled, string publicUrl, bool active) =>
        Assert.Equal(active, new WebSubOptions { Enabled = enabled }.IsActive(new Uri(publicUrl)));

    [Fact]
    public void Names_the_setting_that_cannot_be_used()
    {
        Assert.Null(new WebSubOptions().Problem());
        Assert.Contains("WebSub:Enabled", new WebSubOptions { Enabled = "maybe" }.Problem(), StringComparison.Ordinal);
        Assert.Contains("WebSub:LeaseTime", new WebSubOptions { LeaseTime = TimeSpan.FromDays(31) }.Problem(), StringComparison.Ordinal);
        Assert.Contains("WebSub:MaxPushBytes", new WebSubOptions { MaxPushBytes = 0 }.Problem(), StringComparison.Ordinal);
        Assert.Contains("WebSub:MaxMisses", new WebSubOptions { MaxMisses = 0 }.Problem(), StringComparison.Ordinal);
        Assert.Contains("WebSub:RequestsPerMinute", new WebSubOptions { RequestsPerMinute = 0 }.Problem(), StringComparison.Ordinal);
    }

    private static HubSubscription Active() => HubSubscription.New(1, "https://hub.example/", Topic, Now.AddDays(-8)) with
    {
        State = HubSubscriptionState.Active,
        CallbackBase = "https://us.example",
        VerifiedAt = Now.AddDays(-8),
        RequestedAt = Now.AddDays(-8),
        LeaseUntil = Now.AddDays(2),
    };
}
