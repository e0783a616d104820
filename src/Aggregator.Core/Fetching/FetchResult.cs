using Aggregator.Core.Model;

namespace Aggregator.Core.Fetching;

/// <summary>What came of a fetch.</summary>
public abstract record FetchResult
{
    private FetchResult()
    {
    }

    /// <summary>How long the publisher asks us to wait before the next request (<c>Cache-Control</c>, <c>Expires</c>, <c>Retry-After</c>), or null.</summary>
    public TimeSpan? WaitAtLeast { get; init; }

    /// <summary>The redirects that were followed, in order.</summary>
    public IReadOnlyList<RedirectHop> Hops { get; init; } = [];

    /// <summary>
    /// The address to which the publisher has moved the feed for good: where the permanent redirects (301, 308) at the
    /// beginning of <see cref="Hops"/> lead; null when there are none, or when they lead from https to http.
    /// </summary>
    public Uri? MovedTo
    {
        get
        {
            var permanent = Hops.TakeWhile(hop => hop.IsPermanent).ToList();
            return permanent.Count == 0 || permanent.Exists(hop => hop.IsDowngrade) ? null : permanent[^1].To;
        }
    }

    /// <summary>The publisher says that nothing has changed: 304, or 200 with the very same bytes.</summary>
    /// <param name="Validators">What to ask with next time.</param>
    public sealed record NotModified(Validators Validators) : FetchResult
    {
        /// <summary>Whether the bytes came, and are those that were read before; of a 304 nothing says that there still is a feed.</summary>
        public bool IsSameBody { get; init; }
    }

    /// <summary>A document.</summary>
    /// <param name="Document">It.</param>
    public sealed record Fetched(FetchedDocument Document) : FetchResult;

    /// <summary>The publisher has retired the feed (410).</summary>
    /// <param name="Failure">That, in words.</param>
    public sealed record Gone(FetchFailure Failure) : FetchResult;

    /// <summary>The server redirects, and the request said not to follow.</summary>
    /// <param name="To">Where to, without fragment and credentials.</param>
    /// <param name="Status">The HTTP status: 301, 302, 303, 307 or 308.</param>
    public sealed record Redirected(Uri To, int Status) : FetchResult;

    /// <summary>A redirect led to a host whose turn did not come in time. Nothing is wrong with the source; it is asked again.</summary>
    /// <param name="Until">When to try again.</param>
    public sealed record Postponed(DateTimeOffset Until) : FetchResult;

    /// <summary>It failed.</summary>
    /// <param name="Failure">Why.</param>
    public sealed record Failed(FetchFailure Failure) : FetchResult;
}
