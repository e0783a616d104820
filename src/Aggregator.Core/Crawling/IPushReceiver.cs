using Aggregator.Core.Fetching;
using Aggregator.Core.Model;

namespace Aggregator.Core.Crawling;

/// <summary>Takes documents that a hub pushed.</summary>
public interface IPushReceiver
{
    /// <summary>
    /// Stores the entries of a pushed document in a source that <paramref name="leaseOwner"/> has leased: parsed, normalised and
    /// compared as any other, but as a part of the feed. What it does not list has not left; what the feed says of itself, its
    /// schedule, its validators and the rule of its keys stay what polls found. When the document cannot be taken that way,
    /// the result is <see cref="RefreshOutcome.Failed"/>, nothing was written, and the lease stands.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; nothing was written and the lease stands.</exception>
    Task<RefreshOutcome> ReceiveAsync(Source source, string leaseOwner, FetchedDocument pushed, CancellationToken cancellationToken);
}
