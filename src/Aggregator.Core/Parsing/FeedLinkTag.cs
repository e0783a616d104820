using System.Net;
using CodeHollow.FeedReader;

namespace Aggregator.Core.Parsing;

/// <summary>
/// What CodeHollow.FeedReader makes of a link in a page: it knows RSS and Atom by their types. It is given one link at a time, found by an
/// HTML parser and written anew. Of a whole page its expression overlooks capitals, single quotes and <c>rel="alternate home"</c>, finds what is
/// commented out, and takes the square of the length (ten seconds for 96 KB of <c>&lt;link</c>). A tag of ours has one beginning and one end,
/// so that there is nothing to go back for, and no title: the library decodes a tag before it takes it apart, so that a quote in one would
/// begin another attribute.
/// </summary>
internal static class FeedLinkTag
{
    /// <summary>The longest address that is read, in characters.</summary>
    public const int LongestUrl = 2000;

    private const int LongestType = 100;

    /// <summary>The address of a <c>link rel=alternate</c> when it names a feed; null when it does not, or is too long.</summary>
    /// <param name="type">Its <c>type</c>.</param>
    /// <param name="href">Its <c>href</c>, as the page has it.</param>
    public static string? UrlOf(string type, string href)
    {
        if (type.Length > LongestType || href.Length > LongestUrl || type.Contains('"', StringComparison.Ordinal)) return null;
        var address = WebUtility.HtmlEncode(href.Replace("\"", "%22", StringComparison.Ordinal));
        var tag = $"<link rel=\"alternate\" type=\"{WebUtility.HtmlEncode(type)}\" href=\"{address}\">";
        return FeedReader.ParseFeedUrlsFromHtml(tag).FirstOrDefault() is { Url.Length: > 0 } link ? link.Url : null;
    }
}
