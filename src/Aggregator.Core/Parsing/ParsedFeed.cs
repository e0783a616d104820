using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

/// <summary>What a document of any format said, before normalising: as it stood, wrong and unsafe as it may be.</summary>
public sealed record ParsedFeed
{
    /// <summary>The repair of a document whose relative addresses would make it many times as long: they stay relative, and lead nowhere.</summary>
    public const string RelativeAddresses = "relative addresses beyond the limit left out";

    /// <summary>What <see cref="Repairs"/> says of a document that ends in the middle.</summary>
    public const string Truncation = "truncated: what was complete is kept";

    /// <summary>The dialect: <c>rss0.91</c>, <c>rss1.0</c>, <c>rss2.0</c>, <c>atom0.3</c>, <c>atom1.0</c>, <c>json1.1</c>…</summary>
    public required string Format { get; init; }

    /// <summary>The encoding it was read in, by its WHATWG name.</summary>
    public required string Encoding { get; init; }

    /// <summary>What had to be mended to read it, each a short English phrase; empty when it was well-formed.</summary>
    public IReadOnlyList<string> Repairs { get; init; } = [];

    /// <summary>Whether it ends in the middle; then <see cref="Entries"/> holds what was complete.</summary>
    public bool IsTruncated => Repairs.Contains(Truncation, StringComparer.Ordinal);

    /// <summary>The feed's title.</summary>
    public ParsedText? Title { get; init; }

    /// <summary>The feed's description, subtitle or tagline.</summary>
    public ParsedText? Description { get; init; }

    /// <summary>The page it belongs to, absolute when a base was known.</summary>
    public string? SiteUrl { get; init; }

    /// <summary>The address it gives as its own.</summary>
    public string? SelfUrl { get; init; }

    /// <summary>Its <c>atom:id</c>.</summary>
    public string? Id { get; init; }

    /// <summary>The language it declares.</summary>
    public string? Language { get; init; }

    /// <summary>Its rights or copyright line.</summary>
    public ParsedText? Rights { get; init; }

    /// <summary>When it says it was updated.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Its image or logo.</summary>
    public string? ImageUrl { get; init; }

    /// <summary>Its own authors: they hold for entries without any.</summary>
    public IReadOnlyList<Person> Authors { get; init; } = [];

    /// <summary>WebSub hubs that it names.</summary>
    public IReadOnlyList<string> HubUrls { get; init; } = [];

    /// <summary>How long it may be cached by its own word, the longer of RSS <c>ttl</c> and <c>sy:updatePeriod</c>, or null.</summary>
    public TimeSpan? MinimumInterval { get; init; }

    /// <summary>Hours of the day (UTC, 0–23) in which it asks not to be polled.</summary>
    public IReadOnlyList<int> SkipHours { get; init; } = [];

    /// <summary>Days of the week (UTC) on which it asks not to be polled.</summary>
    public IReadOnlyList<DayOfWeek> SkipDays { get; init; } = [];

    /// <summary>Its entries in document order.</summary>
    public IReadOnlyList<ParsedEntry> Entries { get; init; } = [];

    /// <summary>Entries that the publisher has deleted (RFC 6721).</summary>
    public IReadOnlyList<ParsedTombstone> Tombstones { get; init; } = [];

    /// <summary>The next page of a paged feed (RFC 5005 §3).</summary>
    public string? NextUrl { get; init; }

    /// <summary>The archive document before this one (RFC 5005 §4).</summary>
    public string? PreviousArchiveUrl { get; init; }

    /// <summary>Whether the document holds every entry there is, so that others were removed (RFC 5005 §2).</summary>
    public bool IsComplete { get; init; }

    /// <summary>Whether the document is an archive that will not change (RFC 5005 §4).</summary>
    public bool IsArchive { get; init; }

    /// <summary>The address that it says it has moved to (<c>itunes:new-feed-url</c>).</summary>
    public string? NewFeedUrl { get; init; }

    /// <summary>The licence of its entries (Creative Commons, <c>rel="license"</c>).</summary>
    public string? LicenseUrl { get; init; }

    /// <summary>What it asks of those who would republish it.</summary>
    public PublisherWishes Wishes { get; init; }
}
