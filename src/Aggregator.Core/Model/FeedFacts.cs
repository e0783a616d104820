namespace Aggregator.Core.Model;

/// <summary>What a feed says of itself, as far as we republish it. Everything is plain text; nothing is trusted.</summary>
public sealed record FeedFacts
{
    /// <summary>The feed's title.</summary>
    public string? Title { get; init; }

    /// <summary>The feed's own description or subtitle.</summary>
    public string? Description { get; init; }

    /// <summary>The page that the feed belongs to, absolute http(s).</summary>
    public string? SiteUrl { get; init; }

    /// <summary>The feed's <c>atom:id</c>, where it has one.</summary>
    public string? Id { get; init; }

    /// <summary>The language that the feed declares (BCP 47).</summary>
    public string? Language { get; init; }

    /// <summary>The feed's rights or copyright line.</summary>
    public string? Rights { get; init; }

    /// <summary>The address of the licence of its entries (RFC 4946, Creative Commons), absolute http(s).</summary>
    public string? LicenseUrl { get; init; }

    /// <summary>What it asks of those who would republish it.</summary>
    public PublisherWishes Wishes { get; init; }

    /// <summary>The dialect it was read as: <c>rss2.0</c>, <c>atom1.0</c>, <c>json1.1</c>…</summary>
    public string? Format { get; init; }

    /// <summary>The feed's own <c>updated</c> or <c>lastBuildDate</c>.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}
