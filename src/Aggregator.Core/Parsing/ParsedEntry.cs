using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

/// <summary>One item as its document said it, before normalising.</summary>
public sealed record ParsedEntry
{
    /// <summary>Its guid or id as it stood.</summary>
    public string? Id { get; init; }

    /// <summary>Its title.</summary>
    public ParsedText? Title { get; init; }

    /// <summary>The page it is about, absolute when a base was known.</summary>
    public string? Link { get; init; }

    /// <summary>The publisher's page behind a redirecting link (<c>feedburner:origLink</c>), when it says so.</summary>
    public string? OriginalLink { get; init; }

    /// <summary>The page of its comments.</summary>
    public string? CommentsUrl { get; init; }

    /// <summary>The feed of its comments (<c>wfw:commentRss</c>, <c>rel="replies"</c>).</summary>
    public string? CommentsFeedUrl { get; init; }

    /// <summary>How many comments it has (<c>slash:comments</c>, <c>thr:total</c>).</summary>
    public int? CommentCount { get; init; }

    /// <summary>The id of the entry that it answers (RFC 4685 §3).</summary>
    public string? InReplyTo { get; init; }

    /// <summary>Its licence.</summary>
    public string? LicenseUrl { get; init; }

    /// <summary>What it asks of those who would republish it.</summary>
    public PublisherWishes Wishes { get; init; }

    /// <summary>The place it is about.</summary>
    public ParsedLocation? Location { get; init; }

    /// <summary>What it is as an episode of a podcast; null when it is none.</summary>
    public ParsedPodcast? Podcast { get; init; }

    /// <summary>When it says it was published. Impossible dates are null.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When it says it was changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Its authors and then its contributors.</summary>
    public IReadOnlyList<Person> Authors { get; init; } = [];

    /// <summary>Its summary or description.</summary>
    public ParsedText? Summary { get; init; }

    /// <summary>Its full text.</summary>
    public ParsedText? Content { get; init; }

    /// <summary>What relative links in its texts are relative to (<c>xml:base</c>), absolute, or null.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The files that it encloses (RSS <c>enclosure</c>, Atom <c>rel="enclosure"</c>, JSON attachments).</summary>
    public IReadOnlyList<Enclosure> Enclosures { get; init; } = [];

    /// <summary>Its Media RSS contents, of which some may be enclosures too.</summary>
    public IReadOnlyList<Enclosure> Media { get; init; } = [];

    /// <summary>Its categories or tags.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Its language (<c>xml:lang</c>, <c>dc:language</c>, JSON <c>language</c>).</summary>
    public string? Language { get; init; }

    /// <summary>Its image or thumbnail.</summary>
    public string? ImageUrl { get; init; }

    /// <summary>Its rights line.</summary>
    public ParsedText? Rights { get; init; }

    /// <summary>The feed it says it comes from (RSS <c>source</c>, <c>atom:source</c>).</summary>
    public ClaimedSource? ClaimedSource { get; init; }
}
