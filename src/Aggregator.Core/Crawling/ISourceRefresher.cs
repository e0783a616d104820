using Aggregator.Core.Model;

namespace Aggregator.Core.Crawling;

/// <summary>Refreshes one source: fetch, parse, normalise, store.</summary>
public interface ISourceRefresher
{
    /// <summary>Refreshes a source that <paramref name="leaseOwner"/> has leased. Its lease ends with it.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; nothing was written and the lease stands.</exception>
    Task<RefreshOutcome> RefreshAsync(Source source, string leaseOwner, CancellationToken cancellationToken);
}
