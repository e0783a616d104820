using System.Globalization;

namespace Aggregator.Server.Publish;

/// <summary>The section <c>Publish</c> of the configuration.</summary>
public sealed class PublishOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Publish";

    /// <summary>How many of a topic's newest entries a feed holds: 1 to 500.</summary>
    public int EntriesPerFeed { get; set; } = 50;

    /// <summary>How much memory rendered feeds may take, in bytes, at least 1 MiB; the least recently used leave first.</summary>
    public long CacheBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>How long a reader or a shared cache may take a feed for fresh (<c>max-age</c>): 0 to one day.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a reader or a shared cache may take a page of an archive for fresh: 0 to 30 days. Which entries a page holds stays as it
    /// is, but what is taken down may stay visible in caches for as long.
    /// </summary>
    public TimeSpan ArchiveMaxAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How much longer it may show what it has while it asks again (<c>stale-while-revalidate</c>, RFC 5861): 0 to 30 days.</summary>
    public TimeSpan StaleWhileRevalidate { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// For how long a feed that was rendered before is shown while the store does not answer, by us and by caches (<c>stale-if-error</c>,
    /// RFC 5861): 0 to 30 days. What is taken down meanwhile stays visible for as long.
    /// </summary>
    public TimeSpan StaleIfError { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The title of the feed of everything.</summary>
    public string Title { get; set; } = "Aggregator";

    /// <summary>The language (BCP 47) of the feed of everything, and of a source's feed when the source has none.</summary>
    public string Language { get; set; } = "zh";

    /// <summary>Whether the feed of everything and the feeds of sources show the attribution line; a category says so itself.</summary>
    public bool ShowAttribution { get; set; } = true;

    /// <summary>The value of <c>Cache-Control</c> that these make (RFC 9111, RFC 5861).</summary>
    internal string ToCacheControl(TimeSpan maxAge) => string.Create(
        CultureInfo.InvariantCulture,
        $"public, max-age={(long)maxAge.TotalSeconds}, stale-while-revalidate={(long)StaleWhileRevalidate.TotalSeconds}, stale-if-error={(long)StaleIfError.TotalSeconds}");
}
