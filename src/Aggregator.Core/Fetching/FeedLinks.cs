using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Aggregator.Core.Fetching;

/// <summary>Finds the feeds that a web page names in its head (<c>link rel=alternate</c>), or at least links to.</summary>
internal static class FeedLinks
{
    /// <summary>The most feeds of a page that are proposed.</summary>
    public const int Most = 10;

    /// <summary>How much of a page is looked at, in bytes: heads stand at the beginning.</summary>
    public const int LookedAt = 512 * 1024;

    /// <summary>The longest title of a feed, in characters.</summary>
    public const int LongestTitle = 200;

    /// <summary>The types of feeds besides RSS and Atom, which <see cref="FeedLinkTag"/> knows.</summary>
    private static readonly HashSet<string> MoreTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/rdf+xml", "application/feed+json", "application/json", "text/xml", "application/xml",
    };

    private static readonly string[] FeedEndings = ["/feed", "/rss", "/atom", ".rss", ".atom", ".rdf", "rss.xml", "atom.xml", "feed.xml", "feed.json", "feeds/posts/default"];

    /// <summary>The feeds that a page names, in its order, each once.</summary>
    /// <param name="page">The page's bytes.</param>
    /// <param name="contentType">Its <c>Content-Type</c>, or null.</param>
    /// <param name="address">Where it was fetched from.</param>
    public static IReadOnlyList<FeedCandidate> Of(ReadOnlyMemory<byte> page, string? contentType, Uri address)
    {
        using var document = Open(page, contentType, ref address);
        var found = new List<FeedCandidate>();
        foreach (var link in document.QuerySelectorAll("link[rel~=alternate i][href]"))
        {
            var type = link.GetAttribute("type")?.Split(';')[0].Trim();
            if (type is null) continue;
            var href = link.GetAttribute("href")!;
            if ((FeedLinkTag.UrlOf(type, href) ?? (MoreTypes.Contains(type) ? href : null)) is not { } url) continue;
            Add(found, address, url, link.GetAttribute("title"), type.ToLowerInvariant(), FeedCandidateOrigin.Link);
            if (found.Count == Most) break;
        }

        return found;
    }

    /// <summary>The links of a page whose addresses look like those of feeds, in its order, each once: for pages that name none.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static IReadOnlyList<FeedCandidate> LookingLikeFeeds(ReadOnlyMemory<byte> page, string? contentType, Uri address)
    {
        using var document = Open(page, contentType, ref address);
        var found = new List<FeedCandidate>();
        foreach (var link in document.QuerySelectorAll("a[href]"))
        {
            var path = link.GetAttribute("href")!.Split('?', '#')[0].TrimEnd('/', ' ');
            if (!Array.Exists(FeedEndings, ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))) continue;
            Add(found, address, link.GetAttribute("href"), link.TextContent, null, FeedCandidateOrigin.Anchor);
            if (found.Count == Most) break;
        }

        return found;
    }

    private static IHtmlDocument Open(ReadOnlyMemory<byte> page, string? contentType, ref Uri address)
    {
        var decoded = TextDecoder.Decode(page[..Math.Min(page.Length, LookedAt)], contentType);
        var document = new HtmlParser().ParseDocument(decoded.Text ?? System.Text.Encoding.UTF8.GetString(decoded.Utf8.Span));
        if (document.QuerySelector("base[href]")?.GetAttribute("href") is { } href && Uri.TryCreate(address, href, out var given)) address = given;
        return document;
    }

    private static void Add(List<FeedCandidate> found, Uri address, string? href, string? title, string? type, FeedCandidateOrigin origin)
    {
        if (!Uri.TryCreate(address, href, out var url) || !Urls.IsHttp(url)) return;
        // A name and a password that stand in a stranger's page are not ours to send.
        var shown = Urls.WithoutCredentials(url).AbsoluteUri;
        if (shown.Length > FeedLinkTag.LongestUrl || found.Exists(feed => feed.Url == shown)) return;
        title = title?.Trim();
        found.Add(new FeedCandidate(shown, string.IsNullOrEmpty(title) ? null : TextCut.To(title, LongestTitle), type, origin));
    }
}
