namespace Aggregator.Core.Parsing;

/// <summary>What is known about a document besides its bytes.</summary>
public sealed record ParseContext
{
    /// <summary>The address that the document was finally fetched from, for relative links; null when unknown.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The <c>Content-Type</c> header as it came, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>When it was fetched: what "3 hours ago" is relative to.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>The zone of dates that name none (see <see cref="Model.Source.DefaultZone"/>); null means UTC.</summary>
    public string? DefaultZone { get; init; }

    /// <summary>Our own name in robots directives.</summary>
    public string ProductToken { get; init; } = "Aggregator";

    /// <summary>The encoding to use whatever the document says (a WHATWG label), or null.</summary>
    public string? CharsetOverride { get; init; }
}
