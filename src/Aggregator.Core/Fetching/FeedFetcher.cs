using Aggregator.Core.Model;

namespace Aggregator.Core.Fetching;

/// <summary>Fetches every source, each by the scheme of its address.</summary>
/// <param name="http">For <c>http</c> and <c>https</c>; it refuses every other scheme.</param>
/// <param name="catalogue">For documents of the catalogue.</param>
public sealed class FeedFetcher(HttpFeedFetcher http, CatalogueDocumentFetcher catalogue) : IFeedFetcher
{
    /// <inheritdoc />
    public Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        IFeedFetcher fetcher = request.Url.StartsWith(Source.CatalogueScheme + ":", StringComparison.Ordinal) ? catalogue : http;
        return fetcher.FetchAsync(request, cancellationToken);
    }
}
