namespace Aggregator.Core.Extracting;

/// <summary>What is known about a page besides its bytes.</summary>
public sealed record ExtractContext
{
    /// <summary>The address that the page was finally fetched from; null when unknown: then the one that it declares stands in.</summary>
    public Uri? Url { get; init; }

    /// <summary>The <c>Content-Type</c> header as it came, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>The <c>X-Robots-Tag</c> headers as they came, one string each.</summary>
    public IReadOnlyList<string> RobotsTags { get; init; } = [];

    /// <summary>Our product token, whose own robots directives count besides those for everybody.</summary>
    public string ProductToken { get; init; } = "Aggregator";

    /// <summary>What the source's admin keeps and removes.</summary>
    public ContentSelectors Selectors { get; init; } = ContentSelectors.None;

    /// <summary>When the page was fetched: what dates without a year are read against.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>The encoding to use whatever the page says (a WHATWG label), or null.</summary>
    public string? CharsetOverride { get; init; }
}
