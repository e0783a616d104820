using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>
/// Our subscriptions at hubs. Every change also brings <see cref="Source.HubLeaseUntil"/> up to date in its own transaction.
/// </summary>
public interface IHubSubscriptionStore
{
    /// <summary>
    /// Notes which hub and topic a source names now (<see cref="Source.HubUrl"/>, <see cref="Source.HubTopic"/>). Another hub's
    /// subscription is left, or forgotten when that hub never agreed to it.
    /// </summary>
    /// <param name="sourceId">The source.</param>
    /// <param name="wanted">The subscription to add unless there is one for its hub and topic; null when the source names none.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task AnnounceAsync(long sourceId, HubSubscription? wanted, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The subscription with that callback token, or null.</summary>
    Task<HubSubscription?> FindByTokenAsync(string token, CancellationToken cancellationToken);

    /// <summary>A source's subscriptions: the one it names now, and others that are being left.</summary>
    Task<IReadOnlyList<HubSubscription>> FindBySourceAsync(long sourceId, CancellationToken cancellationToken);

    /// <summary>
    /// Claims up to <paramref name="limit"/> subscriptions that something is to be done about, longest due first, by moving their
    /// next attempt to <paramref name="until"/>. Those whose source is not active or gone are turned to <see cref="HubSubscriptionState.Leaving"/>
    /// first, and those whose callback has another base than <paramref name="callbackBase"/> are due.
    /// </summary>
    Task<IReadOnlyList<HubSubscription>> ClaimDueAsync(
        string callbackBase, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken);

    /// <summary>Writes a subscription; false, and nothing written, when it was changed or deleted since it was read.</summary>
    Task<bool> SaveAsync(HubSubscription subscription, CancellationToken cancellationToken);

    /// <summary>Deletes a subscription; false when it was changed or deleted since it was read.</summary>
    Task<bool> DeleteAsync(HubSubscription subscription, CancellationToken cancellationToken);

    /// <summary>
    /// For a program that takes no pushes any more: no hub is relied upon, and each subscription is to be asked for anew, with
    /// another callback, should that change. Returns how many there were.
    /// </summary>
    Task<int> StandDownAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
