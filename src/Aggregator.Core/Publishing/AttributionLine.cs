using System.Globalization;

namespace Aggregator.Core.Publishing;

/// <summary>
/// The visible line that says where an entry is from and when we took it. It is the first paragraph of the content and never
/// part of the title, where it would get into searches and lists.
/// </summary>
internal static class AttributionLine
{
    /// <summary>The line as an HTML paragraph in a language: Chinese for any <c>zh</c>, else English. The time is in UTC, to the minute.</summary>
    public static string Html(PublishedItem item, FeedWords words)
    {
        var name = FeedText.ToHtml(item.Source.Title);
        var credit = item.Source.SiteUrl ?? item.Url;
        var source = credit is null ? name : $"<a href=\"{FeedText.ToHtml(credit)}\">{name}</a>";
        var taken = item.CapturedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        var time = $"<a href=\"{FeedText.ToHtml(item.ArticleUrl)}\"><time datetime=\"{FeedDates.Rfc3339(item.CapturedAt)}\">{taken}</time></a>";
        return $"<p>{words.Source}{source} · {words.SnapshotTaken} {time}</p>\n";
    }
}
