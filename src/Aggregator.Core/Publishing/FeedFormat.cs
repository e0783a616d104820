namespace Aggregator.Core.Publishing;

/// <summary>A form in which a topic is published.</summary>
public enum FeedFormat
{
    /// <summary>Atom 1.0 (RFC 4287).</summary>
    Atom,

    /// <summary>RSS 2.0 with the usual namespaces.</summary>
    Rss,

    /// <summary>JSON Feed 1.1.</summary>
    Json,

    /// <summary>OPML 2.0: the topic's public sources, not its entries.</summary>
    Opml,
}
