namespace Aggregator.Testing;

/// <summary>One source of a <see cref="LoopbackUpstream"/>.</summary>
public sealed record LoopbackUpstreamSource
{
    /// <summary>Its number, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its feed's address.</summary>
    public required Uri Url { get; init; }

    /// <summary>Its feed's title, unique.</summary>
    public required string Title { get; init; }

    /// <summary>The slug of its category: <c>category-1</c> and so on.</summary>
    public required string Category { get; init; }

    /// <summary>Its language: <c>zh-CN</c> or <c>en</c>.</summary>
    public required string Language { get; init; }

    /// <summary>Its format.</summary>
    public required LoopbackUpstreamFormat Format { get; init; }

    /// <summary>Whether it sends an <c>ETag</c> and answers <c>If-None-Match</c> (RFC 9110 §13.1.2).</summary>
    public required bool SendsETag { get; init; }

    /// <summary>Whether it sends <c>Last-Modified</c> and answers <c>If-Modified-Since</c> (RFC 9110 §13.1.3).</summary>
    public required bool SendsLastModified { get; init; }

    /// <summary>Whether it can answer 304 at all.</summary>
    public bool HasValidators => SendsETag || SendsLastModified;
}
