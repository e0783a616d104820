using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;

namespace Aggregator.Core.WebSub;

/// <summary>
/// What becomes of a subscription when something happens to it. Pure: each member takes a subscription and gives the one after.
/// </summary>
/// <param name="options">When to stop relying on a hub.</param>
public sealed class HubLifecycle(WebSubOptions options)
{
    /// <summary>A longer lease is taken for this: a hub that forgets us is noticed within it.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromDays(30);

    /// <summary>A hub has this long to verify what it accepted; then it is asked again.</summary>
    public static readonly TimeSpan VerificationTime = TimeSpan.FromHours(1);

    /// <summary>A hub that denied us, or missed too much, is tried anew after this.</summary>
    public static readonly TimeSpan Probation = TimeSpan.FromDays(7);

    /// <summary>An entry is missed when the hub had this long to push it before a poll found it.</summary>
    public static readonly TimeSpan PushTime = TimeSpan.FromMinutes(10);

    /// <summary>How often a hub is asked to let us go before we just go.</summary>
    public const int MostLeaveAttempts = 3;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromDays(1);

    /// <summary>Renewals are at least this far apart, however short the leases are that a hub gives.</summary>
    private static readonly TimeSpan ShortestRenewal = TimeSpan.FromMinutes(5);

    /// <summary>The longest reason of a hub that is kept, in characters.</summary>
    private const int MaxReason = 300;

    /// <summary>Whether the next request is one to end it.</summary>
    public static bool IsLeaving(HubSubscription subscription) => Checked(subscription).State == HubSubscriptionState.Leaving;

    /// <summary>
    /// Before a hub is asked: written first, for a hub may verify before it answers. A subscription that starts over gets a new
    /// callback and a new secret; a renewal keeps both, for another callback would be another subscription, and every push would
    /// come twice until the older one ends.
    /// </summary>
    public static HubSubscription Requesting(HubSubscription subscription, string callbackBase, DateTimeOffset now)
    {
        var startsOver = Checked(subscription).State is HubSubscriptionState.Denied or HubSubscriptionState.Distrusted
            || (subscription.State != HubSubscriptionState.Leaving && subscription.CallbackBase is { } before && before != callbackBase);
        return subscription with
        {
            Token = startsOver ? HubSubscription.NewToken() : subscription.Token,
            Secret = startsOver ? HubSubscription.NewSecret() : subscription.Secret,
            CallbackBase = IsLeaving(subscription) ? subscription.CallbackBase ?? callbackBase : callbackBase,
            State = subscription.State switch
            {
                HubSubscriptionState.Active when !startsOver => HubSubscriptionState.Active,
                HubSubscriptionState.Leaving => HubSubscriptionState.Leaving,
                _ => HubSubscriptionState.Requested,
            },
            LeaseUntil = startsOver ? null : subscription.LeaseUntil,
            Misses = startsOver ? 0 : subscription.Misses,
            RequestedAt = now,
            Attempts = subscription.Attempts + 1,
            Failure = subscription.State == HubSubscriptionState.Requested ? "The hub took the last request and never verified it." : subscription.Failure,
            NextAttemptAt = now + Longer(VerificationTime, Retry(subscription.Attempts)),
        };
    }

    /// <summary>The hub did not take the request. Null when there is nothing left to do but to forget it.</summary>
    public static HubSubscription? Refused(HubSubscription subscription, string reason, DateTimeOffset now)
    {
        if (IsLeaving(subscription) && subscription.Attempts >= MostLeaveAttempts) return Left(subscription, now);
        return subscription with
        {
            State = subscription.State == HubSubscriptionState.Requested ? HubSubscriptionState.Wanted : subscription.State,
            NextAttemptAt = now + Retry(Math.Max(0, subscription.Attempts - 1)),
            Failure = Bounded(reason),
        };
    }

    /// <summary>Whether we asked for this: the verification of an intent that is ours (§5.3.1).</summary>
    public static bool Agrees(HubSubscription subscription, string? mode, string? topic) =>
        topic == Checked(subscription).TopicUrl && mode switch
        {
            // A hub may confirm again at any time that a subscription is still wanted (§5).
            "subscribe" => subscription.State is HubSubscriptionState.Requested or HubSubscriptionState.Active or HubSubscriptionState.Distrusted,
            "unsubscribe" => subscription.State == HubSubscriptionState.Leaving,
            "denied" => true,
            _ => false,
        };

    /// <summary>The hub verified a subscription.</summary>
    /// <param name="subscription">It.</param>
    /// <param name="leaseSeconds">The lease that the hub gives, or null when it does not say.</param>
    /// <param name="now">The moment.</param>
    public HubSubscription Verified(HubSubscription subscription, long? leaseSeconds, DateTimeOffset now)
    {
        var lease = leaseSeconds is { } seconds
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 1, (long)LongestLease.TotalSeconds))
            : options.LeaseTime;
        var isDistrusted = Checked(subscription).State == HubSubscriptionState.Distrusted;
        return subscription with
        {
            State = isDistrusted ? HubSubscriptionState.Distrusted : HubSubscriptionState.Active,
            LeaseUntil = now + lease,
            VerifiedAt = now,
            Attempts = 0,
            // A fifth of the lease is left for a hub that is down when we renew.
            NextAttemptAt = isDistrusted ? subscription.NextAttemptAt : now + Longer(lease * 0.8, ShortestRenewal),
            Failure = isDistrusted ? subscription.Failure : null,
        };
    }

    /// <summary>The hub denies us, now or after it had agreed (§5.2).</summary>
    public static HubSubscription? Denied(HubSubscription subscription, string? reason, DateTimeOffset now) =>
        IsLeaving(subscription)
            ? Left(subscription, now)
            : subscription with
            {
                State = HubSubscriptionState.Denied,
                LeaseUntil = null,
                NextAttemptAt = now + Probation,
                Failure = string.IsNullOrWhiteSpace(reason) ? "The hub denied the subscription." : Bounded($"The hub denied the subscription: {reason}"),
            };

    /// <summary>
    /// The hub let us go. What the source still names is wanted again, with another callback, as soon as the source is active;
    /// null when it is to be forgotten.
    /// </summary>
    public static HubSubscription? Left(HubSubscription subscription, DateTimeOffset now) =>
        Checked(subscription) is { SourceId: { } source, IsAnnounced: true }
            ? HubSubscription.New(source, subscription.HubUrl, subscription.TopicUrl, now) with { Id = subscription.Id, Revision = subscription.Revision }
            : null;

    /// <summary>
    /// A poll came through. One that found what the hub had not pushed counts against it; one that found nothing more than was
    /// pushed clears its name; one of a silent source says nothing.
    /// </summary>
    /// <param name="subscription">It.</param>
    /// <param name="missed">Whether the poll found an entry that the hub had <see cref="PushTime"/> to push.</param>
    /// <param name="previousPoll">When the poll before succeeded: what it showed is nobody's miss.</param>
    /// <param name="now">The moment.</param>
    public HubSubscription Polled(HubSubscription subscription, bool missed, DateTimeOffset previousPoll, DateTimeOffset now)
    {
        if (Checked(subscription).State != HubSubscriptionState.Active) return subscription;
        if (!missed) return subscription.Misses > 0 && subscription.LastPushAt > previousPoll ? subscription with { Misses = 0 } : subscription;

        // What appeared before it was verified, or was the reason of a ping, was not missed.
        if (!(subscription.VerifiedAt <= previousPoll) || subscription.LastPingAt > previousPoll) return subscription;
        var misses = subscription.Misses + 1;
        return misses < options.MaxMisses
            ? subscription with { Misses = misses }
            : subscription with
            {
                Misses = misses,
                State = HubSubscriptionState.Distrusted,
                NextAttemptAt = now + Probation,
                Failure = $"The hub is not relied upon: {misses} polls in a row found entries that it had not pushed (WebSub:MaxMisses).",
            };
    }

    private static HubSubscription Checked(HubSubscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return subscription;
    }

    private static TimeSpan Retry(int attemptsBefore)
    {
        var wait = FirstRetry * Math.Pow(2, Math.Min(attemptsBefore, 16));
        return wait < LongestRetry ? wait : LongestRetry;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static string Bounded(string text)
    {
        var line = new string([.. text.Select(character => char.IsControl(character) ? ' ' : character)]).Trim();
        return TextCut.WithEllipsis(line, MaxReason);
    }
}
