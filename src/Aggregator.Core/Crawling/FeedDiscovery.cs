using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Crawling;

/// <summary>
/// Finds the feeds of a site from one of its pages, past the same guard and the same gates of hosts as everything. What it
/// finds is a proposal; nobody is moved by it.
/// </summary>
/// <param name="fetcher">Fetches the page.</param>
/// <param name="gate">Keeps us polite to its host.</param>
/// <param name="time">The clock.</param>
public sealed class FeedDiscovery(IFeedFetcher fetcher, HostGate gate, TimeProvider time)
{
    /// <summary>The most feeds that one search names.</summary>
    public const int MostCandidates = FeedLinks.Most;

    /// <summary>The most time that one search takes, the waits of the hosts' gaps included.</summary>
    public static readonly TimeSpan LongestSearch = TimeSpan.FromSeconds(60);

    /// <summary>The most time that a look at a failing source's site takes: it is part of that source's lease.</summary>
    internal static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(15);

    /// <summary>Where feeds of the usual programs stand, the most usual first. Each is one request, so they are few.</summary>
    private static readonly string[] CommonPaths = ["/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/rss", "/index.xml"];

    /// <summary>
    /// The feeds that a page leads to: the page itself when it is a feed; else what it names (<c>link rel=alternate</c>); else
    /// its links that look like feeds; else the first feed at one of a few usual addresses of its host. Only the first two cost
    /// one request; of the last, each address that is tried costs another, one after the other with the host's gap.
    /// </summary>
    /// <param name="page">The site's page, http or https.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<DiscoveredFeeds> FindAsync(Uri page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        using var search = new CancellationTokenSource(LongestSearch, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, search.Token);
        try
        {
            return await SearchAsync(page, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (search.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new DiscoveredFeeds([], new FetchFailure(FetchFailureKind.TimedOut,
                $"The search took longer than {LongestSearch.TotalSeconds:0} seconds: the site is slow, or asked us to stay away for a while. Try again later, or give the feed's own address.", time.GetUtcNow()));
        }
    }

    /// <summary>The feeds that the site of a failing source names, without the source's own address; empty when there is no page.</summary>
    /// <param name="source">The source.</param>
    /// <param name="turn">The turn of its fetch, which is used up; null for one of its own.</param>
    /// <param name="cancellationToken">Ends the waiting and the request.</param>
    public async Task<IReadOnlyList<ProposedFeed>> LookAsync(Source source, HostTurn? turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (PageOf(source) is not { } page) return [];
        using var look = new CancellationTokenSource(LongestLook, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, look.Token);
        FetchResult.Fetched? fetched = null;
        try
        {
            fetched = await AskAsync(page, turn, both.Token).ConfigureAwait(false) as FetchResult.Fetched;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Too slow to be of use now. The source has a failure of its own, and an admin may search at leisure.
        }

        if (fetched is not { Document: { FinalUrl: { } address } document }) return [];
        return [.. FeedLinks.Of(document.Body, document.ContentType, address).Where(feed => feed.Url != source.Url).Select(feed => new ProposedFeed(feed.Url, feed.Title))];
    }

    private async Task<DiscoveredFeeds> SearchAsync(Uri page, CancellationToken cancellationToken)
    {
        var root = page;
        switch (await AskAsync(page, null, cancellationToken).ConfigureAwait(false))
        {
            case FetchResult.Fetched { Document: { FinalUrl: { } address } document }:
                if (Read(document, FeedCandidateOrigin.Page, cancellationToken) is { } itself) return new DiscoveredFeeds([itself]);
                var named = FeedLinks.Of(document.Body, document.ContentType, address);
                if (named.Count == 0) named = FeedLinks.LookingLikeFeeds(document.Body, document.ContentType, address);
                if (named.Count > 0) return new DiscoveredFeeds(named);
                root = address;
                break;
            // The host is there, only this page is not: the usual addresses may be.
            case FetchResult.Gone or FetchResult.Failed { Failure.Kind: FetchFailureKind.NotFound }:
                break;
            case FetchResult.Failed { Failure: var failure }:
                return new DiscoveredFeeds([], failure);
            case FetchResult.Postponed { Until: var until }:
                return new DiscoveredFeeds([], FetchFailure.OfBusyHost(until, time.GetUtcNow()));
        }

        foreach (var path in CommonPaths)
        {
            switch (await AskAsync(new Uri(root, path), null, cancellationToken).ConfigureAwait(false))
            {
                case FetchResult.Fetched { Document: var document }:
                    if (Read(document, FeedCandidateOrigin.CommonPath, cancellationToken) is { } feed) return new DiscoveredFeeds([feed]);
                    break;
                case FetchResult.Gone or FetchResult.Failed { Failure.Kind: FetchFailureKind.NotFound or FetchFailureKind.AccessDenied or FetchFailureKind.RedirectLoop }:
                    break;
                case FetchResult.Failed { Failure: var failure }:
                    // It is tired of us, or no longer there: the rest of the list would not be polite.
                    return new DiscoveredFeeds([], failure);
                case FetchResult.Postponed { Until: var until }:
                    return new DiscoveredFeeds([], FetchFailure.OfBusyHost(until, time.GetUtcNow()));
            }
        }

        return DiscoveredFeeds.None;
    }

    private async Task<FetchResult> AskAsync(Uri url, HostTurn? turn, CancellationToken cancellationToken)
    {
        var own = turn is null ? gate.TurnAtNone() : null;
        turn ??= own!;
        try
        {
            if (await turn.MoveToAsync(url, cancellationToken).ConfigureAwait(false) is { } later) return new FetchResult.Postponed(later);
            return await fetcher.FetchAsync(new FetchRequest(url.AbsoluteUri) { Turn = turn }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            own?.Leave();
        }
    }

    private FeedCandidate? Read(FetchedDocument document, FeedCandidateOrigin origin, CancellationToken cancellationToken)
    {
        var context = new ParseContext { BaseUrl = document.FinalUrl, ContentType = document.ContentType, FetchedAt = time.GetUtcNow() };
        if (FeedParser.Parse(document.Body, context, cancellationToken) is not ParseResult.Parsed { Feed: var feed }) return null;
        var title = PlainText.From(feed.Title, FeedLinks.LongestTitle);
        var type = feed.Format switch
        {
            ['j', ..] => "application/feed+json",
            ['a', 't', ..] => "application/atom+xml",
            _ => "application/rss+xml",
        };
        return new FeedCandidate(document.FinalUrl!.AbsoluteUri, title.Length > 0 ? title : null, type, origin);
    }

    // Only the site's page on the source's own host: somebody else's site is no answer to where this feed went.
    private static Uri? PageOf(Source source)
    {
        if (source.IsCatalogueDocument || !Uri.TryCreate(source.Url, UriKind.Absolute, out var url)) return null;
        return Uri.TryCreate(source.Feed.SiteUrl, UriKind.Absolute, out var site) && site.Authority == url.Authority && site.UserInfo.Length == 0 && site != url
            ? site
            : new Uri(url.GetLeftPart(UriPartial.Scheme) + url.Authority + "/");
    }
}
