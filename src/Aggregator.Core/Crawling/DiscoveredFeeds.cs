using Aggregator.Core.Fetching;
using Aggregator.Core.Model;

namespace Aggregator.Core.Crawling;

/// <summary>What a search for the feeds of a site found.</summary>
/// <param name="Candidates">The feeds, the page's own order, at most <see cref="FeedDiscovery.MostCandidates"/>.</param>
/// <param name="Failure">Why the site could not be asked, in words for an admin; null when it could, whether or not it has feeds.</param>
public sealed record DiscoveredFeeds(IReadOnlyList<FeedCandidate> Candidates, FetchFailure? Failure = null)
{
    /// <summary>The site was asked, and has none that we can find.</summary>
    public static readonly DiscoveredFeeds None = new([]);
}
