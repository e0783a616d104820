using System.Globalization;
using System.Runtime.InteropServices;

namespace Aggregator.Core.Publishing;

/// <summary>Which of a topic's entries a feed holds, and how much of each: what the query of its address says, beside <c>stories</c>. The default is the feed without a query.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FeedView
{
    private const string Day = "yyyy-MM-dd";
    private const string Second = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>How many of the newest entries (<c>n</c>), or as many as the site says. It plays no part in archives, whose pages are what they are.</summary>
    public int? Count { get; init; }

    /// <summary>How much of each entry (<c>content</c>).</summary>
    public FeedContent Content { get; init; }

    /// <summary>Only entries whose place in time is not before this moment, in UTC and whole seconds (<c>since</c>).</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>A page of the topic's archive instead of its newest entries (<c>archive</c>).</summary>
    public ArchiveAddress? Archive { get; init; }

    /// <summary>
    /// The query of the feed's address, with its question mark, or nothing: the one spelling of it, so that caches keep one copy.
    /// </summary>
    /// <param name="oncePerStory">Whether the feed shows each story once (<c>stories=1</c>).</param>
    public string ToQuery(bool oncePerStory)
    {
        if (this == default) return oncePerStory ? "?stories=1" : "";
        var parts = new List<string>(5);
        if (oncePerStory) parts.Add("stories=1");
        if (Count is { } count) parts.Add("n=" + count.ToString(CultureInfo.InvariantCulture));
        if (Content is FeedContent.Summary) parts.Add("content=summary");
        else if (Content is FeedContent.None) parts.Add("content=none");
        if (Since is { } since)
            parts.Add("since=" + since.UtcDateTime.ToString(since.UtcDateTime.TimeOfDay == TimeSpan.Zero ? Day : Second, CultureInfo.InvariantCulture));
        if (Archive is { } archive) parts.Add("archive=" + archive);
        return "?" + string.Join('&', parts);
    }

    /// <summary>The address of a page of the same archive.</summary>
    public FeedView At(ArchiveAddress archive) => this with { Count = null, Archive = archive };

    /// <summary>The document that is being subscribed to, of which this is a page (<c>current</c>).</summary>
    public FeedView Current => this with { Archive = null };
}
