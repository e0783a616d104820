using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Snapshots;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Search;

/// <summary>The page on which visitors search by words or by address, what browsers need to search here, and the page about this site.</summary>
internal static class SearchEndpoints
{
    private const int PageSize = 30;

    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Registers what searching needs; the index is kept by <see cref="SearchIndexing"/>, which a worker adds.</summary>
    public static IServiceCollection AddSearching(this IServiceCollection services)
    {
        services.AddOptions<SearchOptions>().BindConfiguration(SearchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<SearchLimit>();
        return services;
    }

    /// <summary>Maps <c>/search</c>, <c>/opensearch.xml</c> and <c>/about</c>.</summary>
    public static IEndpointRouteBuilder MapSearching(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/search", GetAndHead, SearchAsync);
        routes.MapMethods("/about", GetAndHead, (HttpContext context, Navigation navigation) => CachedPages.GetStaticAsync<AboutPage>(context, navigation, "/about", new AboutModel()));
        routes.MapMethods("/opensearch.xml", GetAndHead, (PageContext page, HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=86400";
            context.Response.Headers.Vary = "Accept-Language, Cookie";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return TypedResults.Bytes(
                OpenSearchDescription.Write(page.Links, page.SiteTitle, page.Text.SearchDescription(page.SiteTitle), page.Language.Tag), OpenSearchDescription.MediaType);
        });
        return routes;
    }

    private static async Task<IResult> SearchAsync(
        HttpContext context, SearchLimit limit, ISearchStore search, ICategoryStore categories, ISourceStore sources, IEntryStore entries, ISnapshotStore snapshots,
        SiteLinks links, PageContext page, IOptions<SiteOptions> site, CancellationToken cancellationToken)
    {
        var address = SearchAddress.Read(context.Request.Query);
        var all = await categories.ListAsync(cancellationToken);
        var typed = address.Typed.Trim();
        if (typed.Length == 0) return PageResult.Shared<SearchResultsPage>(new SearchModel(all, address), PageResult.ListSecurityPolicy);
        if (!limit.Admit(context)) return PageResult.Status(StatusCodes.Status429TooManyRequests, page.Text.SearchTooMany);
        if (OriginalsOf(typed) is { Count: > 0 } candidates)
        {
            var captured = await ByAddressAsync(candidates, entries, snapshots, cancellationToken);
            // Words with a dot and a stroke look like an address too.
            if (captured.Count > 0 || IsCertainlyAddress(typed)) return PageResult.Shared<SearchResultsPage>(new SearchModel(all, address)
            {
                Captured = await BrowseEndpoints.WithSourcesAsync(captured, sources, cancellationToken),
            }, PageResult.ListSecurityPolicy);
        }

        if (address.IsTooLong) return PageResult.Private<SearchResultsPage>(new SearchModel(all, address), StatusCodes.Status400BadRequest, PageResult.ListSecurityPolicy);
        var request = await address.ToRequestAsync(categories, SearchAddress.ZoneOf(site.Value), cancellationToken);
        var found = request is null
            ? SearchPage.Empty
            : await search.SearchAsync(request with { Limit = PageSize, After = SearchKey.Parse(context.Request.Query["after"]) }, cancellationToken);
        var named = (await sources.FindManyAsync([.. found.Hits.Select(hit => hit.Stored.SourceId).Distinct()], cancellationToken)).ToDictionary(source => source.Id);
        var topic = Topic.Search(address.Canonical);
        return PageResult.Shared<SearchResultsPage>(new SearchModel(all, address)
        {
            Found = found,
            Sources = named,
            Feeds = request is null || address.Query.IsEmpty ? null : FeedAddresses.Of(links, page.Text.SearchFeed(address.Query.Canonical), topic),
        }, PageResult.ListSecurityPolicy);
    }

    /// <summary>The addresses that may be meant when somebody looks for an original; none when it is words.</summary>
    private static IReadOnlyList<string> OriginalsOf(string typed)
    {
        if (typed.Any(char.IsWhiteSpace)) return [];
        var isAddress = IsCertainlyAddress(typed)
            || (typed.IndexOf('/', StringComparison.Ordinal) is > 3 and var slash && typed.AsSpan(0, slash).Contains('.') && !typed.AsSpan(0, slash).ContainsAny('"', ':'));
        return isAddress ? OriginalAddress.Candidates(typed) : [];
    }

    private static bool IsCertainlyAddress(string typed) =>
        typed.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || typed.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        || typed.StartsWith("www.", StringComparison.OrdinalIgnoreCase);

    private static async Task<IReadOnlyList<StoredEntry>> ByAddressAsync(
        IReadOnlyList<string> candidates, IEntryStore entries, ISnapshotStore snapshots, CancellationToken cancellationToken)
    {
        var captured = new List<StoredEntry>();
        foreach (var candidate in candidates)
            foreach (var id in (await snapshots.FindEntriesByUrlAsync(candidate, cancellationToken)).Take(PageSize - captured.Count))
                if (await entries.FindAsync(id, cancellationToken) is { } stored)
                    captured.Add(stored);
        return captured;
    }
}
