using Aggregator.Core.Fetching;
using Aggregator.Core.Model;

namespace Aggregator.Core.Crawling;

/// <summary>Fetches a subscription list that an admin names by its address, past the same guard, within the same bounds and in its host's turn as any feed.</summary>
/// <param name="fetcher">Fetches over HTTP; it refuses every other scheme, private addresses, and bodies over its limit, packed ones included.</param>
/// <param name="gate">Keeps us polite to its host.</param>
/// <param name="time">The clock.</param>
public sealed class SubscriptionListFetcher(HttpFeedFetcher fetcher, HostGate gate, TimeProvider time)
{
    /// <summary>The list's bytes, or why there are none.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<(ReadOnlyMemory<byte> Body, FetchFailure? Failure)> FetchAsync(string url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        var turn = gate.TurnAtNone();
        try
        {
            // What is no address has no host to wait for, and the fetcher says so.
            if (Uri.TryCreate(url, UriKind.Absolute, out var address) && await turn.MoveToAsync(address, cancellationToken).ConfigureAwait(false) is { } later)
                return (default, FetchFailure.OfBusyHost(later, time.GetUtcNow()));
            return await fetcher.FetchAsync(new FetchRequest(url) { Turn = turn }, cancellationToken).ConfigureAwait(false) switch
            {
                FetchResult.Fetched fetched => (fetched.Document.Body, null),
                FetchResult.Failed failed => (default, failed.Failure),
                FetchResult.Gone gone => (default, gone.Failure),
                FetchResult.Postponed postponed => (default, FetchFailure.OfBusyHost(postponed.Until, time.GetUtcNow())),
                var other => throw new InvalidOperationException($"{other.GetType().Name} is no answer to a request without validators."),
            };
        }
        finally
        {
            turn.Leave();
        }
    }
}
