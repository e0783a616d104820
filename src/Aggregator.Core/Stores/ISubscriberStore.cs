using Aggregator.Core.Hub;
using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>
/// The subscriptions of others at our hub, and what is to be done for them. Changes have positions: numbers that grow in the order in
/// which the changes became visible, on every node. A subscription knows the last one that was delivered to it, so that deliveries need
/// no rows of their own, and whoever was away gets everything since in few documents.
/// </summary>
public interface ISubscriberStore
{
    /// <summary>The most subscriptions that a page lists.</summary>
    const int MaxListed = 200;

    /// <summary>The longest reason that is kept, in characters.</summary>
    const int MaxReason = 300;

    /// <summary>Keeps a request until it is verified; it replaces an older one for the same topic and callback. A renewal passes every limit.</summary>
    Task<IntentOutcome> AskAsync(Intent intent, HubOptions limits, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps a request to end a subscription until it is verified. False when there is no such subscription.</summary>
    Task<bool> AskToLeaveAsync(string topicUrl, string callback, string host, string? client, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Claims requests until <paramref name="until"/>; a crash makes them due again then.</summary>
    Task<IReadOnlyList<Intent>> ClaimIntentsAsync(string owner, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken);

    /// <summary>The callback agreed: subscribes, renews or ends, and forgets the request. False when a newer request has taken its place.</summary>
    Task<bool> ConfirmAsync(Intent intent, string owner, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets a request that is done with; the subscription stays as it was.</summary>
    Task DropAsync(Intent intent, string owner, CancellationToken cancellationToken);

    /// <summary>Gives the changes since the last look their positions, and has the subscriptions that they concern due. How many there were.</summary>
    Task<int> CollectAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Claims subscriptions that are behind until <paramref name="until"/>, longest due first; none is ever claimed by two owners at once.
    /// </summary>
    /// <param name="owner">Who claims.</param>
    /// <param name="now">The moment.</param>
    /// <param name="until">When what was claimed is due again.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="retries">Whether those whose last delivery failed, or those others.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<IReadOnlyList<DueDelivery>> ClaimDueAsync(
        string owner, DateTimeOffset now, DateTimeOffset until, int limit, bool retries, CancellationToken cancellationToken);

    /// <summary>What changed in a topic between two positions. Of a search every change is given: what it finds is for the search to say.</summary>
    Task<TopicChanges> ChangesAsync(Topic topic, long position, long target, int limit, CancellationToken cancellationToken);

    /// <summary>Notes deliveries that were taken, or that had nothing to send, in one transaction. Claims of others are left alone.</summary>
    Task DeliveredAsync(
        IReadOnlyCollection<(DueDelivery Delivery, long Position, bool WasSent)> deliveries, string owner, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Notes deliveries that failed, with what follows.</summary>
    Task FailedAsync(IReadOnlyCollection<DeliveryFailure> failures, string owner, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives claims back that were not begun.</summary>
    Task GiveBackAsync(string owner, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends every claim: for a start that knows itself to be the only process on the store. How many there were.</summary>
    Task<int> ReleaseAllAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends subscriptions whose lease is over, and forgets what nobody needs any more. Whether anything is left to do here.</summary>
    Task<bool> SweepAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends a subscription and has its callback told so, with a reason (§5.2). What it was, or null when there is none.</summary>
    Task<SubscriberState?> EndAsync(long id, string reason, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends all subscriptions to a topic, as <see cref="EndAsync"/> does.</summary>
    Task<int> EndTopicAsync(long topicId, string reason, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes a failing subscription due now and closes its callback's circuit. What it was, or null when there is none.</summary>
    Task<SubscriberState?> RetryAsync(long id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The subscriptions, newest first.</summary>
    Task<IReadOnlyList<SubscriberState>> ListAsync(long? before, bool failingOnly, int limit, CancellationToken cancellationToken);

    /// <summary>Their totals.</summary>
    Task<SubscriberTotals> CountAsync(CancellationToken cancellationToken);
}
