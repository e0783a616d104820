using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using AngleSharp.Html.Parser;

namespace Aggregator.Core.Fetching;

/// <summary>Finds the feeds that a web page names in its head (<c>link rel=alternate</c>).</summary>
internal static class FeedLinks
{
    /// <summary>The most feeds of a page that are proposed.</summary>
    public const int Most = 10;

    /// <summary>How much of a page is looked at, in bytes: heads stand at the beginning.</summary>
    public const int LookedAt = 512 * 1024;

    private const int LongestTitle = 200;
    private const int LongestUrl = 2000;

    private static readonly HashSet<string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/atom+xml", "application/rss+xml", "application/rdf+xml", "application/feed+json", "application/json", "text/xml", "application/xml",
    };

    /// <summary>The feeds that a page names, in its order, each once.</summary>
    /// <param name="page">The page's bytes.</param>
    /// <param name="contentType">Its <c>Content-Type</c>, or null.</param>
    /// <param name="address">Where it was fetched from.</param>
    public static IReadOnlyList<ProposedFeed> Of(ReadOnlyMemory<byte> page, string? contentType, Uri address)
    {
        var decoded = TextDecoder.Decode(page[..Math.Min(page.Length, LookedAt)], contentType);
        using var document = new HtmlParser().ParseDocument(decoded.Text ?? System.Text.Encoding.UTF8.GetString(decoded.Utf8.Span));
        var @base = document.QuerySelector("base[href]")?.GetAttribute("href") is { } href && Uri.TryCreate(address, href, out var given) ? given : address;
        var found = new List<ProposedFeed>();
        foreach (var link in document.QuerySelectorAll("link[rel~=alternate i][href]"))
        {
            var type = link.GetAttribute("type")?.Split(';')[0].Trim();
            if (type is null || !Types.Contains(type) || !Uri.TryCreate(@base, link.GetAttribute("href"), out var url)) continue;
            if (url.Scheme is not ("http" or "https") || url.AbsoluteUri.Length > LongestUrl || found.Exists(feed => feed.Url == url.AbsoluteUri)) continue;
            var title = link.GetAttribute("title")?.Trim();
            found.Add(new ProposedFeed(url.AbsoluteUri, string.IsNullOrEmpty(title) ? null : title.Length > LongestTitle ? title[..LongestTitle] : title));
            if (found.Count == Most) break;
        }

        return found;
    }
}
