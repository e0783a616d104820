namespace Aggregator.Core.Extracting;

/// <summary>What an article's page says. Texts are plain and bounded; <see cref="Content"/> has passed our sanitiser.</summary>
public sealed record ExtractedArticle
{
    /// <summary>The headline as a reader sees it, without the site's name; empty when there is none.</summary>
    public required string Title { get; init; }

    /// <summary>When it was first published (UTC), or null. Chinese pages that name no zone mean UTC+8.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When it says it was last changed (UTC), or null.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>The name of the site that shows it, or null.</summary>
    public string? SiteName { get; init; }

    /// <summary>来源: the outlet or account that the site names as the origin of the text, or null.</summary>
    public string? Source { get; init; }

    /// <summary>Who wrote it: names without "by" or 记者.</summary>
    public required IReadOnlyList<string> Authors { get; init; }

    /// <summary>The byline as shown when it stands in words of its own, such as "By Ann Lee and Bo Chen"; else null.</summary>
    public string? Byline { get; init; }

    /// <summary>Editors, proof-readers, photographers and whoever else is named with a role.</summary>
    public required IReadOnlyList<ArticleCredit> Credits { get; init; }

    /// <summary>The body as sanitised HTML with absolute addresses.</summary>
    public required string Content { get; init; }

    /// <summary>The body as plain text, one line a paragraph.</summary>
    public required string Text { get; init; }

    /// <summary>The pictures of the body in their order, as absolute addresses.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The picture that stands for the article: the one that the page names, else the first of the body; or null.</summary>
    public string? LeadImageUrl { get; init; }

    /// <summary>The language (BCP 47), or null.</summary>
    public string? Language { get; init; }

    /// <summary>The address that relative ones were resolved against.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>
    /// The article's own address as the page declares it, when that is on the same site; else null. A claim to be a page of
    /// another site is <see cref="ClaimedOriginalUrl"/>, because anybody could write it.
    /// </summary>
    public string? CanonicalUrl { get; init; }

    /// <summary>The address on another site that the page declares as its original, or null. A hint for people, never an identity.</summary>
    public string? ClaimedOriginalUrl { get; init; }

    /// <summary>The next page of an article on several, on the same host; or null.</summary>
    public Uri? NextPageUrl { get; init; }

    /// <summary>What the publisher allows, from the page and its headers.</summary>
    public required RobotsDirectives Robots { get; init; }

    /// <summary>The encoding the page was read in, by its WHATWG name.</summary>
    public required string Encoding { get; init; }

    /// <summary>What was wrong with the page or guessed about it, one English sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
