namespace Aggregator.Testing;

/// <summary>What a <see cref="LoopbackUpstream"/> was asked for feeds and what it answered, since the start or the last reset.</summary>
public sealed record LoopbackUpstreamStatistics
{
    /// <summary>Requests for feeds, with whatever answer.</summary>
    public required int Requests { get; init; }

    /// <summary>Of these, those that carried <c>If-None-Match</c> or <c>If-Modified-Since</c>.</summary>
    public required int ConditionalRequests { get; init; }

    /// <summary>Answers 200 with the whole document.</summary>
    public required int Documents { get; init; }

    /// <summary>Of these, those sent with gzip.</summary>
    public required int Compressed { get; init; }

    /// <summary>Answers 304.</summary>
    public required int NotModified { get; init; }

    /// <summary>Answers that a <see cref="LoopbackUpstreamFault"/> decided, slow ones included.</summary>
    public required int Faults { get; init; }

    /// <summary>The most requests that were under way at one moment.</summary>
    public required int MaxConcurrent { get; init; }
}
