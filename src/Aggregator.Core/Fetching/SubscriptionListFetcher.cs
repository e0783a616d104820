using Aggregator.Core.Model;

namespace Aggregator.Core.Fetching;

/// <summary>Fetches a subscription list that an admin names by its address, past the same guard and within the same bounds as any feed.</summary>
/// <param name="fetcher">Fetches over HTTP; it refuses every other scheme, private addresses, and bodies over its limit, packed ones included.</param>
public sealed class SubscriptionListFetcher(HttpFeedFetcher fetcher)
{
    /// <summary>The list's bytes, or why there are none.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<(ReadOnlyMemory<byte> Body, FetchFailure? Failure)> FetchAsync(string url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        return await fetcher.FetchAsync(new FetchRequest(url), cancellationToken).ConfigureAwait(false) switch
        {
            FetchResult.Fetched fetched => (fetched.Document.Body, null),
            FetchResult.Failed failed => (default, failed.Failure),
            FetchResult.Gone gone => (default, gone.Failure),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no answer to a request without validators."),
        };
    }
}
