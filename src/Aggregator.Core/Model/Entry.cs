using Aggregator.Core.Normalizing;

namespace Aggregator.Core.Model;

/// <summary>
/// One item of any format after normalising: what we store and republish. Texts are bounded, addresses absolute http(s),
/// <see cref="Content"/> has passed our sanitiser, everything else is plain text.
/// </summary>
public sealed record Entry
{
    /// <summary>Its identity inside its source (see <see cref="IdentityRule"/>), at most 200 characters.</summary>
    public required string Key { get; init; }

    /// <summary>The publisher's own guid or id, as it stood.</summary>
    public string? Guid { get; init; }

    /// <summary>The publisher's page, where credit and clicks go.</summary>
    public string? Url { get; init; }

    /// <summary>The title as plain text; empty when the publisher gave none and none could be made.</summary>
    public required string Title { get; init; }

    /// <summary>A plain-text summary: the publisher's, else the beginning of the content.</summary>
    public string? Summary { get; init; }

    /// <summary>The body as sanitised HTML.</summary>
    public string? Content { get; init; }

    /// <summary>Its authors, in the publisher's order.</summary>
    public IReadOnlyList<Person> Authors { get; init; } = [];

    /// <summary>The publisher's categories or tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Its files, in the publisher's order.</summary>
    public IReadOnlyList<Enclosure> Enclosures { get; init; } = [];

    /// <summary>The address of its lead image.</summary>
    public string? ImageUrl { get; init; }

    /// <summary>Its language (BCP 47): declared, else detected, else the source's.</summary>
    public string? Language { get; init; }

    /// <summary>
    /// Which way it reads (HTML's <c>dir</c>): <c>rtl</c>, <c>ltr</c>, or <c>auto</c> when neither its letters nor its language tell.
    /// Computed at each call from the title, the summary and the language; not stored.
    /// </summary>
    public string Direction => ReadingDirection.Of(Language, Summary is null ? Title : Title + " " + Summary);

    /// <summary>When the publisher says it was published; null when it does not say or says nonsense.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When the publisher says it was changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The entry's own rights line.</summary>
    public string? Rights { get; init; }

    /// <summary>The address of its own licence (RFC 4946, Creative Commons), absolute http(s).</summary>
    public string? LicenseUrl { get; init; }

    /// <summary>What the publisher asks of those who would republish it.</summary>
    public PublisherWishes Wishes { get; init; }

    /// <summary>The source that the publisher claims to have it from (RSS <c>source</c>, <c>atom:source</c>). A claim, never our attribution.</summary>
    public ClaimedSource? ClaimedSource { get; init; }

    /// <summary>Its <see cref="Snapshots.VersionHash"/>: another hash under the same key is a change.</summary>
    public required ReadOnlyMemory<byte> ContentHash { get; init; }

    /// <summary>
    /// How long its body is to a reader, or its summary when it has none: words and characters of the text without markup. Counted
    /// at each call, in time that grows with the body; not stored.
    /// </summary>
    public TextLength CountText() =>
        TextLength.Of(Content is null ? Summary ?? "" : PlainText.FromHtml(Content, NormalizerLimits.MaxContentLength));
}
