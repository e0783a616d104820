using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Aggregator.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.WebSub;

/// <summary>What refreshes tell of hubs: which one a document names, and whether it pushed what a poll found.</summary>
/// <param name="store">The subscriptions.</param>
/// <param name="lifecycle">What becomes of them.</param>
/// <param name="logger">Told of hubs that are not relied upon any more.</param>
public sealed class HubWatch(IHubSubscriptionStore store, HubLifecycle lifecycle, ILogger<HubWatch> logger)
{
    /// <summary>A whole document was stored.</summary>
    public Task ReadAsync(Source source, IReadOnlyList<string> linkHeaders, Uri? finalUrl, ParsedFeed feed, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var found = source.IsCatalogueDocument ? null : HubAnnouncement.Find(linkHeaders, finalUrl, feed);
        return (found?.HubUrl, found?.TopicUrl) == (source.HubUrl, source.HubTopic)
            ? Task.CompletedTask
            : store.AnnounceAsync(source.Id, found is null ? null : HubSubscription.New(source.Id, found.HubUrl, found.TopicUrl, at), at, cancellationToken);
    }

    /// <summary>A poll of the source came through.</summary>
    /// <param name="source">The source as it was before.</param>
    /// <param name="added">The entries that were new to us.</param>
    /// <param name="at">The moment of the poll.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task PolledAsync(Source source, IReadOnlyList<Entry> added, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(added);
        if (source.HubLeaseUntil is null || source.LastSuccessAt is not { } previous) return;
        var latest = at - HubLifecycle.PushTime;
        // An entry without a date may be as old as the poll before, and as young as this moment: the benefit is the hub's.
        var missed = added.Any(entry => entry.PublishedAt is { } published && published <= latest);
        foreach (var subscription in await store.FindBySourceAsync(source.Id, cancellationToken).ConfigureAwait(false))
        {
            var after = lifecycle.Polled(subscription, missed, previous, at);
            // Who loses the race has just heard from the hub; the next poll tells again.
            if (after == subscription || !await store.SaveAsync(after, cancellationToken).ConfigureAwait(false)) continue;
            if (after.State == HubSubscriptionState.Distrusted)
                logger.LogWarning("Source {SourceId}, hub {Hub}: {Reason}", source.Id, after.HubUrl, after.Failure);
        }
    }
}
