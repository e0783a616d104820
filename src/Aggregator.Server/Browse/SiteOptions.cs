namespace Aggregator.Server.Browse;

/// <summary>The section <c>Site</c> of the configuration: who runs the site and what it says of itself, in both languages.</summary>
public sealed class SiteOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Site";

    /// <summary>The longest configured text, in characters.</summary>
    public const int MaxTextLength = 2_000;

    /// <summary>The site's name, in the header and in every page's title. Not empty.</summary>
    public LocalizedText Title { get; set; } = new() { Zh = "新闻快照", En = "News Snapshots" };

    /// <summary>The notice under every article; empty for our own wording, which says that it was collected automatically from the feed and not modified.</summary>
    public LocalizedText Notice { get; set; } = new();

    /// <summary>Where to ask for corrections and take-downs: an e-mail address, an http(s) address, or plain words; empty for none.</summary>
    public LocalizedText Contact { get; set; } = new();

    /// <summary>Who runs the site, in the footer; empty to leave it out.</summary>
    public LocalizedText Operator { get; set; } = new();

    /// <summary>The zone in which times are shown, an IANA name (<c>Asia/Shanghai</c>, <c>UTC</c>).</summary>
    public LocalizedText TimeZone { get; set; } = new() { Zh = "Asia/Shanghai", En = "UTC" };

    /// <summary>How much memory rendered pages may take, in bytes, at least 1 MiB; the least recently used leave first. An eighth more is for places inside lists.</summary>
    public long PageCacheBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Whether search engines may list article pages. Off unless set: they are copies, and searchers belong on the original, which
    /// is named as canonical. Snapshots of the past and comparisons are never listed.
    /// </summary>
    public bool IndexArticles { get; set; }
}
