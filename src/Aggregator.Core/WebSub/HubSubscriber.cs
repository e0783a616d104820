using Aggregator.Core.Crawling;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.WebSub;

/// <summary>
/// The subscriber of WebSub (W3C Recommendation): asks hubs, answers their questions, and takes what they push. The truth of
/// every subscription is in the store, so that any process may ask and any other be pushed to.
/// </summary>
/// <param name="store">The subscriptions.</param>
/// <param name="sources">The sources and their leases.</param>
/// <param name="receiver">Takes pushed documents.</param>
/// <param name="hubs">Asks hubs.</param>
/// <param name="gate">Keeps us polite to hubs as to any host.</param>
/// <param name="lifecycle">What becomes of subscriptions.</param>
/// <param name="options">The bounds.</param>
/// <param name="fetching">How long a source's lease is.</param>
/// <param name="publicUrl">Our public address.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where changes of subscriptions are written.</param>
/// <param name="telemetry">Told of requests and pushes, or null.</param>
public sealed class HubSubscriber(
    IHubSubscriptionStore store, ISourceStore sources, IPushReceiver receiver, HubClient hubs, HostGate gate, HubLifecycle lifecycle,
    WebSubOptions options, FetchingOptions fetching, Uri publicUrl, TimeProvider time, ILogger<HubSubscriber> logger, AggregatorTelemetry? telemetry = null)
{
    /// <summary>The path of callbacks under our public address; the token follows.</summary>
    public const string CallbackPath = "/websub/";

    /// <summary>How many hubs are asked at once.</summary>
    private const int Width = 8;

    /// <summary>How many subscriptions are claimed at once.</summary>
    private const int Batch = 64;

    /// <summary>A claimed subscription that a crash left undone is due again after this.</summary>
    private static readonly TimeSpan ClaimTime = TimeSpan.FromMinutes(5);

    /// <summary>How long a request waits for its turn at a hub.</summary>
    private static readonly TimeSpan LongestTurn = ClaimTime / 2;

    /// <summary>How long a push waits for a source that is being refreshed just now.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a change is tried again that lost a race.</summary>
    private const int MostTries = 5;

    private readonly string _callbackBase = publicUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>Whether we subscribe at all; see <see cref="WebSubOptions.IsActive"/>.</summary>
    public bool IsActive { get; } = options.IsActive(publicUrl);

    /// <summary>Asks hubs for whatever is due: subscribe, renew, leave. Returns how many requests were sent.</summary>
    /// <param name="budget">When to claim no more.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<int> AskDueAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        if (!IsActive)
        {
            if (await store.StandDownAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false) is > 0 and var left)
                logger.LogInformation("Took back {Count} subscriptions at hubs, for WebSub is off (WebSub:Enabled, Aggregator:PublicUrl)", left);
            return 0;
        }

        var end = time.GetUtcNow() + budget;
        var asked = 0;
        while (time.GetUtcNow() is var now && now < end)
        {
            var due = await store.ClaimDueAsync(_callbackBase, now, now + ClaimTime, Batch, cancellationToken).ConfigureAwait(false);
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = Width, CancellationToken = cancellationToken },
                async (subscription, token) => await AskAsync(subscription, token).ConfigureAwait(false)).ConfigureAwait(false);
            asked += due.Count;
            if (due.Count < Batch) break;
        }

        return asked;
    }

    /// <summary>Answers a hub's question: what to echo; an empty text for a denial that was noted; null when we do not agree.</summary>
    public async Task<string?> VerifyAsync(string token, HubVerification verification, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(verification);
        if (!IsActive) return null;
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (await store.FindByTokenAsync(token, cancellationToken).ConfigureAwait(false) is not { } subscription
                || !HubLifecycle.Agrees(subscription, verification.Mode, verification.Topic)
                || (verification.Mode != "denied" && string.IsNullOrEmpty(verification.Challenge)))
                return null;

            var now = time.GetUtcNow();
            var after = verification.Mode switch
            {
                "subscribe" => lifecycle.Verified(subscription, verification.LeaseSeconds, now),
                "unsubscribe" => HubLifecycle.Left(subscription, now),
                _ => HubLifecycle.Denied(subscription, verification.Reason, now),
            };
            if (!await WriteAsync(subscription, after, cancellationToken).ConfigureAwait(false)) continue;
            logger.LogInformation("Hub {Hub} on source {SourceId}: {Mode}, lease until {LeaseUntil:u}",
                HostGate.HostOf(subscription.HubUrl), subscription.SourceId, verification.Mode, after?.LeaseUntil);
            return verification.Mode == "denied" ? "" : verification.Challenge;
        }

        return null;
    }

    /// <summary>Whether a callback is one of ours: who does not know any is not listened to.</summary>
    public async Task<bool> KnowsAsync(string token, CancellationToken cancellationToken) =>
        IsActive && await store.FindByTokenAsync(token, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>Takes a push. What comes without proof changes nothing.</summary>
    public async Task<PushReceipt> ReceiveAsync(string token, Push push, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(push);
        using var activity = AggregatorTelemetry.Activities.StartActivity("push");
        var receipt = await TakeAsync(token, push, cancellationToken).ConfigureAwait(false);
        activity?.SetTag("source.id", receipt.SourceId).SetTag("outcome", receipt.Outcome.ToString());
        telemetry?.Pushed(NameOf(receipt.Outcome), receipt.Added, receipt.Edited);
        return receipt;
    }

    private static string NameOf(PushOutcome outcome) => outcome switch
    {
        PushOutcome.Stored => "stored",
        PushOutcome.Unchanged => "unchanged",
        PushOutcome.RefreshNeeded => "refresh_needed",
        PushOutcome.BadSignature => "bad_signature",
        PushOutcome.NotSubscribed => "not_subscribed",
        _ => "unknown",
    };

    private async Task<PushReceipt> TakeAsync(string token, Push push, CancellationToken cancellationToken)
    {
        if (!IsActive || await store.FindByTokenAsync(token, cancellationToken).ConfigureAwait(false) is not { } subscription)
            return new PushReceipt(PushOutcome.Unknown);
        if (subscription is not { State: HubSubscriptionState.Active or HubSubscriptionState.Distrusted, SourceId: { } sourceId })
            return new PushReceipt(PushOutcome.NotSubscribed, subscription.SourceId);

        var sharesSecret = HubClient.SharesSecret(subscription);
        var verdict = HubSignature.Judge(push.Signature, subscription.Secret, push.Body.Span);
        if (sharesSecret && verdict is HubSignatureVerdict.Missing or HubSignatureVerdict.Wrong)
        {
            await ChangeAsync(token, current => current with { BadSignatures = current.BadSignatures + 1 }, cancellationToken).ConfigureAwait(false);
            logger.LogWarning("Ignored a push of {Bytes} bytes for source {SourceId}: its signature is {Verdict}", push.Body.Length, sourceId, verdict);
            return new PushReceipt(PushOutcome.BadSignature, sourceId);
        }

        var outcome = verdict == HubSignatureVerdict.Valid && !push.IsPacked && push.Body.Length > 0
            ? await StoreAsync(sourceId, subscription, push, cancellationToken).ConfigureAwait(false)
            : null;
        var now = time.GetUtcNow();
        await ChangeAsync(token, current => outcome is null ? current with { LastPingAt = now } : current with { LastPushAt = now }, cancellationToken)
            .ConfigureAwait(false);
        return outcome switch
        {
            null => new PushReceipt(PushOutcome.RefreshNeeded, sourceId),
            RefreshOutcome.Changed changed => new PushReceipt(PushOutcome.Stored, sourceId, changed.Added, changed.Edited),
            _ => new PushReceipt(PushOutcome.Unchanged, sourceId),
        };
    }

    private async Task AskAsync(HubSubscription claimed, CancellationToken cancellationToken)
    {
        var host = HostGate.HostOf(claimed.HubUrl);
        // One that asked to be left alone for longer is not waited for at all: a job waits here, and others need its worker.
        if (await gate.EnterBeforeAsync(host, time.GetUtcNow() + LongestTurn, cancellationToken).ConfigureAwait(false) is not null)
        {
            logger.LogInformation("Hub {Hub} is busy or asked us to wait; source {SourceId} gets its turn later", host, claimed.SourceId);
            return;
        }

        var asking = HubLifecycle.Requesting(claimed, _callbackBase, time.GetUtcNow());
        HubAnswer answer;
        var turn = gate.TurnAt(host);
        try
        {
            if (!await store.SaveAsync(asking, cancellationToken).ConfigureAwait(false)) return;
            answer = await hubs.AskAsync(asking, new Uri(asking.CallbackBase + CallbackPath + asking.Token), options.LeaseTime, turn, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Leave();
        }

        telemetry?.HubAsked(answer.IsAccepted);
        if (answer.IsAccepted) return;
        logger.LogInformation("Hub {Hub} on source {SourceId}: {Reason}", host, asking.SourceId, answer.Reason);
        // Unless the hub verified it all the same, meanwhile.
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (await store.FindByTokenAsync(asking.Token, cancellationToken).ConfigureAwait(false) is not { } current
                || current.RequestedAt?.ToUnixTimeMilliseconds() != asking.RequestedAt!.Value.ToUnixTimeMilliseconds()
                || current.VerifiedAt > asking.VerifiedAt
                || (asking.VerifiedAt is null && current.VerifiedAt is not null))
                return;
            if (await WriteAsync(current, HubLifecycle.Refused(current, answer.Reason!, time.GetUtcNow()), cancellationToken).ConfigureAwait(false)) return;
        }
    }

    /// <summary>Null when the content cannot be taken, and the publisher has to be asked.</summary>
    private async Task<RefreshOutcome?> StoreAsync(long sourceId, HubSubscription subscription, Push push, CancellationToken cancellationToken)
    {
        var owner = LeaseOwner.New();
        if (await ClaimAsync(sourceId, owner, cancellationToken).ConfigureAwait(false) is not { } source) return null;
        RefreshOutcome? outcome = null;
        try
        {
            if (source.State == SourceState.Active)
                outcome = await receiver.ReceiveAsync(source, owner, new FetchedDocument
                {
                    Body = push.Body,
                    ContentType = push.ContentType,
                    FinalUrl = new Uri(subscription.TopicUrl),
                    Validators = source.Validators,
                }, cancellationToken).ConfigureAwait(false);
            return outcome is RefreshOutcome.Changed or RefreshOutcome.Unchanged ? outcome : null;
        }
        finally
        {
            if (outcome is not (RefreshOutcome.Changed or RefreshOutcome.Unchanged))
                await sources.ReleaseAsync([sourceId], owner, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<Source?> ClaimAsync(long sourceId, string owner, CancellationToken cancellationToken)
    {
        var end = time.GetUtcNow() + LongestWait;
        while (true)
        {
            var now = time.GetUtcNow();
            if (await sources.ClaimAsync(sourceId, owner, now, now + Crawler.LeaseOf(fetching), cancellationToken).ConfigureAwait(false) is { } source) return source;
            if (now >= end) return null;
            await Task.Delay(BetweenTries, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ChangeAsync(string token, Func<HubSubscription, HubSubscription> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
            if (await store.FindByTokenAsync(token, cancellationToken).ConfigureAwait(false) is not { } current
                || await store.SaveAsync(change(current), cancellationToken).ConfigureAwait(false))
                return;
    }

    private Task<bool> WriteAsync(HubSubscription before, HubSubscription? after, CancellationToken cancellationToken) =>
        after is null ? store.DeleteAsync(before, cancellationToken) : store.SaveAsync(after, cancellationToken);
}

