using Aggregator.Core.Model;

namespace Aggregator.Core.Fetching;

/// <summary>Asks the site of a failing source where its feeds are now. What it finds is a proposal; nobody is moved by it.</summary>
/// <param name="fetcher">Fetches the page, past the same guard as everything.</param>
/// <param name="options">The gap that is kept to the failed request.</param>
/// <param name="time">The clock.</param>
public sealed class FeedDiscovery(IFeedFetcher fetcher, FetchingOptions options, TimeProvider time)
{
    /// <summary>The feeds that a site's page names, without the source's own address; empty when there is no page.</summary>
    /// <param name="source">The source, whose turn at its host still is.</param>
    /// <param name="cancellationToken">Ends the waiting and the request.</param>
    public async Task<IReadOnlyList<ProposedFeed>> LookAsync(Source source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (PageOf(source) is not { } page) return [];
        await Task.Delay(options.PerHostGap, time, cancellationToken).ConfigureAwait(false);
        var fetched = await fetcher.FetchAsync(new FetchRequest(page.AbsoluteUri), cancellationToken).ConfigureAwait(false) as FetchResult.Fetched;
        if (fetched is not { Document: { FinalUrl: { } address } document }) return [];
        return [.. FeedLinks.Of(document.Body, document.ContentType, address).Where(feed => feed.Url != source.Url)];
    }

    // Only the site's page on the source's own host: its turn is what the crawl has.
    private static Uri? PageOf(Source source)
    {
        if (source.IsCatalogueDocument || !Uri.TryCreate(source.Url, UriKind.Absolute, out var url)) return null;
        return Uri.TryCreate(source.Feed.SiteUrl, UriKind.Absolute, out var site) && site.Authority == url.Authority && site.UserInfo.Length == 0 && site != url
            ? site
            : new Uri(url.GetLeftPart(UriPartial.Scheme) + url.Authority + "/");
    }
}
