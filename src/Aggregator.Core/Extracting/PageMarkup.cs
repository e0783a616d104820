using System.Collections.Frozen;
using System.Text;

namespace Aggregator.Core.Extracting;

/// <summary>
/// One pass over a page before a tree is made of it, because trees are what hostile pages attack: tags without end are cut to
/// their names, nesting beyond that of browsers is flattened, and elements are counted.
/// </summary>
internal static class PageMarkup
{
    private static readonly FrozenSet<string> Uncounted = FrozenSet.ToFrozenSet(
        [
            // Void elements, and those whose end tags are left out by custom: neither nests by being many.
            "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
            "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "optgroup", "colgroup", "rt", "rp", "html", "head", "body",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> UncountedLookup = Uncounted.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] RawElements = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext"];

    /// <summary>The page within its bounds, or null when it has more than <see cref="ExtractionLimits.MaxElements"/> elements.</summary>
    internal static string? Bounded(string html)
    {
        StringBuilder? kept = null;
        var copied = 0;
        int elements = 0, depth = 0;
        for (var at = html.IndexOf('<', StringComparison.Ordinal); at >= 0 && at + 1 < html.Length;)
        {
            var next = html[at + 1];
            if (html.AsSpan(at).StartsWith("<!--"))
            {
                var end = html.IndexOf("-->", at + 4, StringComparison.Ordinal);
                at = end < 0 ? -1 : html.IndexOf('<', end + 3);
                continue;
            }

            var isEnd = next == '/';
            var nameStart = isEnd ? at + 2 : at + 1;
            if (nameStart >= html.Length || !char.IsAsciiLetter(html[nameStart]))
            {
                at = html.IndexOf('<', at + 1);
                continue;
            }

            var nameEnd = nameStart;
            while (nameEnd < html.Length && (char.IsAsciiLetterOrDigit(html[nameEnd]) || html[nameEnd] is '-' or ':')) nameEnd++;
            var name = html.AsSpan(nameStart, nameEnd - nameStart);
            var tagEnd = EndOfTag(html, nameEnd);
            var isCounted = !UncountedLookup.Contains(name);
            var isTooDeep = isCounted && (isEnd ? depth-- > ExtractionLimits.MaxDepth : ++depth > ExtractionLimits.MaxDepth);
            if (depth < 0) depth = 0;
            if (!isEnd && ++elements > ExtractionLimits.MaxElements) return null;
            if (isTooDeep || tagEnd - at > ExtractionLimits.MaxTagLength)
            {
                kept ??= new StringBuilder(html.Length);
                kept.Append(html, copied, at - copied);
                if (!isTooDeep) kept.Append('<').Append(isEnd ? "/" : "").Append(name).Append('>');
                copied = tagEnd;
            }

            at = tagEnd;
            if (!isEnd && RawEnd(html, name, tagEnd) is { } rawEnd) at = rawEnd;
            at = at >= html.Length ? -1 : html.IndexOf('<', at);
        }

        return kept is null ? html : kept.Append(html, copied, html.Length - copied).ToString();
    }

    /// <summary>Behind the &gt; of a tag; one inside quotes is no end.</summary>
    private static int EndOfTag(string html, int at)
    {
        while (at < html.Length)
        {
            var special = html.AsSpan(at).IndexOfAny('>', '"', '\'');
            if (special < 0) return html.Length;
            at += special;
            if (html[at] == '>') return at + 1;
            // A quote opens a value only behind an equals sign.
            var before = at - 1;
            while (before > 0 && char.IsWhiteSpace(html[before])) before--;
            if (html[before] != '=')
            {
                at++;
                continue;
            }

            var close = html.IndexOf(html[at], at + 1);
            if (close < 0) return html.Length;
            at = close + 1;
        }

        return html.Length;
    }

    private static int? RawEnd(string html, ReadOnlySpan<char> name, int from)
    {
        foreach (var raw in RawElements)
        {
            if (!name.Equals(raw, StringComparison.OrdinalIgnoreCase)) continue;
            var end = html.IndexOf("</" + raw, from, StringComparison.OrdinalIgnoreCase);
            return end < 0 ? html.Length : end;
        }

        return null;
    }
}
