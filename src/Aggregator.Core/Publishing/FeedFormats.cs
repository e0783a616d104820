namespace Aggregator.Core.Publishing;

/// <summary>How the formats are called in addresses and in headers.</summary>
public static class FeedFormats
{
    /// <summary>The formats that hold entries, in the order in which links name them.</summary>
    public static IReadOnlyList<FeedFormat> OfEntries { get; } = [FeedFormat.Atom, FeedFormat.Rss, FeedFormat.Json];

    /// <summary>The ending of the format's addresses, without the dot.</summary>
    public static string Extension(this FeedFormat format) => format switch
    {
        FeedFormat.Atom => "atom",
        FeedFormat.Rss => "rss",
        FeedFormat.Json => "json",
        FeedFormat.Opml => "opml",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format that we publish."),
    };

    /// <summary>The format's media type, without parameters: as registered or, for RSS and OPML, as everybody uses it.</summary>
    public static string MediaType(this FeedFormat format) => format switch
    {
        FeedFormat.Atom => "application/atom+xml",
        FeedFormat.Rss => "application/rss+xml",
        FeedFormat.Json => "application/feed+json",
        FeedFormat.Opml => "text/x-opml",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format that we publish."),
    };

    /// <summary>The format with that ending, exactly as written in addresses, or null.</summary>
    public static FeedFormat? FromExtension(ReadOnlySpan<char> extension) => extension switch
    {
        "atom" => FeedFormat.Atom,
        "rss" => FeedFormat.Rss,
        "json" => FeedFormat.Json,
        "opml" => FeedFormat.Opml,
        _ => null,
    };
}
