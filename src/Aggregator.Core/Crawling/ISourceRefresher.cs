using Aggregator.Core.Model;

namespace Aggregator.Core.Crawling;

/// <summary>Refreshes one source: fetch, parse, normalise, store.</summary>
public interface ISourceRefresher
{
    /// <summary>Refreshes a source that <paramref name="leaseOwner"/> has leased. Its lease ends with it, unless it is <see cref="RefreshOutcome.Postponed"/>.</summary>
    /// <param name="source">The source.</param>
    /// <param name="leaseOwner">Who holds its lease.</param>
    /// <param name="turn">Its turn at its host, which redirects move along; null when nobody keeps order. The caller leaves it.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled; nothing was written and the lease stands.</exception>
    Task<RefreshOutcome> RefreshAsync(Source source, string leaseOwner, HostTurn? turn, CancellationToken cancellationToken);
}
