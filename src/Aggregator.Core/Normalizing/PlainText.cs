using System.Text;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Normalizing;

/// <summary>Makes plain text out of what publishers write into titles, names and summaries.</summary>
internal static class PlainText
{
    /// <summary>The text as a person would read it: tags gone, entities decoded, white space and controls collapsed.</summary>
    internal static string From(ParsedText? text, int maxLength)
    {
        if (text is null) return "";
        return text.Kind switch
        {
            ParsedTextKind.Plain => Collapse(text.Value, maxLength),
            ParsedTextKind.Html => FromHtml(text.Value, maxLength),
            _ => LooksLikeHtml(text.Value) ? FromHtml(text.Value, maxLength) : Collapse(text.Value, maxLength),
        };
    }

    /// <summary>Whether a text of which nobody said what it is holds markup: a tag or an entity that HTML knows.</summary>
    internal static bool LooksLikeHtml(ReadOnlySpan<char> text)
    {
        var lastEnd = text.LastIndexOf('>');
        for (var rest = text; rest.IndexOfAny('<', '&') is >= 0 and var at; rest = rest[(at + 1)..])
        {
            var after = rest[(at + 1)..];
            if (rest[at] == '<')
            {
                if (after.StartsWith("!--")) return true;
                if (after.Length > 0 && after[0] == '/') after = after[1..];
                var length = 0;
                while (length < after.Length && char.IsAsciiLetterOrDigit(after[length])) length++;
                if (length > 0 && length < after.Length && after[length] is '>' or ' ' or '/' or '\n' or '\t' or '\r' && HtmlNames.IsElement(after[..length]) && text.Length - after.Length < lastEnd) return true;
            }
            else
            {
                var end = after[..Math.Min(after.Length, 34)].IndexOf(';');
                if (end is > 1 and < 33 && HtmlReferences.Decode(rest.Slice(at, end + 2).ToString()) is { Length: <= 2 }) return true;
            }
        }

        return false;
    }

    /// <summary>Markup as text. Blocks and line breaks become spaces; scripts and styles are no text.</summary>
    internal static string FromHtml(string html, int maxLength)
    {
        if (!html.AsSpan().ContainsAny('<', '&')) return Collapse(html, maxLength);
        var text = new StringBuilder(Math.Min(html.Length, maxLength * 2));
        for (var i = 0; i < html.Length && text.Length < maxLength * 4;)
        {
            if (html[i] != '<' || i + 1 >= html.Length || !(char.IsAsciiLetter(html[i + 1]) || html[i + 1] is '/' or '!' or '?'))
            {
                var next = html.IndexOf('<', i + 1);
                if (next < 0) next = html.Length;
                text.Append(html, i, next - i);
                i = next;
                continue;
            }

            if (string.CompareOrdinal(html, i, "<!--", 0, 4) == 0)
            {
                var end = html.IndexOf("-->", i + 4, StringComparison.Ordinal);
                i = end < 0 ? html.Length : end + 3;
                continue;
            }

            if (Starts(html, i, "<script") || Starts(html, i, "<style"))
            {
                var end = html.IndexOf(Starts(html, i, "<script") ? "</script" : "</style", i, StringComparison.OrdinalIgnoreCase);
                if (end < 0) break;
                i = end;
            }

            var start = html[i + 1] == '/' ? i + 2 : i + 1;
            var nameEnd = start;
            while (nameEnd < html.Length && char.IsAsciiLetterOrDigit(html[nameEnd])) nameEnd++;
            if (!HtmlNames.IsInline(html.AsSpan(start, nameEnd - start))) text.Append(' ');
            var close = EndOfTag(html, i);
            i = close < 0 ? html.Length : close + 1;
        }

        return Collapse(HtmlReferences.Decode(text.ToString()), maxLength);
    }

    /// <summary>White space and controls collapsed to single spaces, invisible marks dropped, cut at the limit with an ellipsis.</summary>
    internal static string Collapse(string text, int maxLength)
    {
        var clean = true;
        var space = true;
        foreach (var c in text)
        {
            if (c == ' ')
            {
                if (space)
                {
                    clean = false;
                    break;
                }

                space = true;
            }
            else if (c < ' ' || c == 0x7F || (c >= 0x80 && IsSpecial(c)))
            {
                clean = false;
                break;
            }
            else
            {
                space = false;
            }
        }

        if (clean && !space && text.Length <= maxLength) return text;
        var collapsed = new StringBuilder(Math.Min(text.Length, maxLength + 1));
        var pending = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsWhiteSpace(c) || c is '\u200B')
            {
                pending = collapsed.Length > 0;
                continue;
            }

            if (char.IsControl(c) || c is '\uFEFF' or '\u00AD' or '\uFFFE' or '\uFFFF' || BidiMarks.IsOverride(c)) continue;
            if (char.IsSurrogate(c) && !(char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])))
            {
                continue;
            }

            if (collapsed.Length + 3 >= maxLength && text.Length - i > 2)
            {
                collapsed.Append('…');
                return BidiMarks.Balanced(collapsed.ToString());
            }

            if (pending) collapsed.Append(' ');
            pending = false;
            collapsed.Append(c);
            if (char.IsHighSurrogate(c)) collapsed.Append(text[++i]);
        }

        return BidiMarks.Balanced(collapsed.ToString());
    }

    /// <summary>The text without characters that no document may hold: C1 controls, halves of surrogate pairs, U+FFFE and U+FFFF.</summary>
    internal static string WithoutInvalid(string text)
    {
        var span = text.AsSpan();
        var isValid = span.IndexOfAnyInRange('\u0080', '\u009F') < 0 && span.IndexOfAny('\uFFFE', '\uFFFF', '\uFEFF') < 0;
        for (var i = span.IndexOfAnyInRange('\uD800', '\uDFFF'); isValid && i >= 0 && i < text.Length; i++)
            if (char.IsSurrogate(text[i]))
                isValid = char.IsHighSurrogate(text[i]) && ++i < text.Length && char.IsLowSurrogate(text[i]);
        if (isValid) return text;

        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is (>= '\u0080' and <= '\u009F') or '\uFFFE' or '\uFFFF' or '\uFEFF') continue;
            if (!char.IsSurrogate(c)) kept.Append(c);
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) kept.Append(c).Append(text[++i]);
        }

        return kept.ToString();
    }

    private static bool IsSpecial(char c) =>
        char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF' or '\u00AD' or '\u200B' or '\uFFFE' or '\uFFFF';

    private static bool Starts(string html, int at, string tag) =>
        string.Compare(html, at, tag, 0, tag.Length, StringComparison.OrdinalIgnoreCase) == 0
        && (at + tag.Length >= html.Length || !char.IsAsciiLetterOrDigit(html[at + tag.Length]));

    // A > inside quotes is no end; a quote that never ends is none.
    private static int EndOfTag(string html, int start)
    {
        var plain = html.IndexOf('>', start);
        var quote = '\0';
        for (var i = start; i < html.Length && i - start < 65_536; i++)
        {
            var c = html[i];
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
            }
            else if (c is '"' or '\'' && html[i - 1] is '=' or ' ')
            {
                quote = c;
            }
            else if (c == '>')
            {
                return i;
            }
        }

        return plain;
    }
}
