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

    /// <summary>The publisher says that nothing has changed: 304, or 200 with the very same bytes.</summary>
    /// <param name="Validators">What to ask with next time.</param>
    public sealed record NotModified(Validators Validators) : FetchResult;

    /// <summary>A document.</summary>
    /// <param name="Document">It.</param>
    public sealed record Fetched(FetchedDocument Document) : FetchResult;

    /// <summary>The publisher has retired the feed (410).</summary>
    /// <param name="Failure">That, in words.</param>
    public sealed record Gone(FetchFailure Failure) : FetchResult;

    /// <summary>It failed.</summary>
    /// <param name="Failure">Why.</param>
    public sealed record Failed(FetchFailure Failure) : FetchResult;
}
