namespace Aggregator.Testing;

/// <summary>The format of a source of <see cref="LoopbackUpstream"/>.</summary>
public enum LoopbackUpstreamFormat
{
    /// <summary>RSS 2.0 with <c>content:encoded</c> and <c>dc:creator</c>.</summary>
    Rss20,

    /// <summary>Atom 1.0 (RFC 4287).</summary>
    Atom10,

    /// <summary>RSS 1.0 (RDF) with <c>dc:date</c> and <c>content:encoded</c>.</summary>
    Rss10,

    /// <summary>JSON Feed 1.1.</summary>
    JsonFeed11,
}
