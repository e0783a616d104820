using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Aggregator.Core.Publishing;

/// <summary>Text as it may stand in a published document, whatever it holds.</summary>
public static partial class FeedText
{
    /// <summary>Invisible, and neither a letter nor a space: it keeps two characters from being read as one thing.</summary>
    private const char WordJoiner = '\u2060';

    /// <summary>
    /// The text without what XML 1.0 §2.2 forbids or discourages: control characters (C0 except tab and line ends, DEL, C1),
    /// halves of surrogate pairs, and the two non-characters at the end of the basic plane.
    /// </summary>
    public static string Legal(string text)
    {
        var first = IndexOfIllegal(text);
        if (first < 0) return text;

        var legal = new StringBuilder(text.Length).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                legal.Append(text[i]).Append(text[++i]);
            else if (IsLegal(text[i]))
                legal.Append(text[i]);
        }

        return legal.ToString();
    }

    /// <summary>Legal text on one line: runs of white space become one space, those at the ends go; null when nothing is left.</summary>
    public static string? Line(string? text)
    {
        if (text is null) return null;
        var line = WhiteSpace().Replace(Legal(text), " ").Trim();
        return line.Length > 0 ? line : null;
    }

    /// <summary>Whether plain text could be taken for HTML: something like a tag, a comment, or a character reference.</summary>
    public static bool LooksLikeMarkup(string text)
    {
        for (var i = 0; i < text.Length - 1; i++)
            if (MarkupBegins(text, i)) return true;
        return false;
    }

    /// <summary>
    /// Plain text that reads the same to those who take it for text and to those who take it for HTML: RSS 2.0 does not say
    /// which of the two a title is, and readers differ. A word joiner after <c>&lt;</c> and <c>&amp;</c>, only where markup would begin,
    /// keeps "&lt;script&gt;" visible and harmless in both. A name in Atom has no type either (RFC 4287 §3.2.1).
    /// </summary>
    public static string Unambiguous(string text)
    {
        if (!LooksLikeMarkup(text)) return text;
        var plain = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            plain.Append(text[i]);
            if (MarkupBegins(text, i)) plain.Append(WordJoiner);
        }

        return plain.ToString();
    }

    /// <summary>Plain text as HTML. Only what HTML needs is escaped: Chinese stays readable.</summary>
    public static string ToHtml(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal);

    /// <summary>At most so many user-perceived characters from the beginning, with an ellipsis where something was cut off.</summary>
    public static string Beginning(string text, int maxLength)
    {
        var end = 0;
        for (var count = 0; count < maxLength && end < text.Length; count++)
            end += StringInfo.GetNextTextElementLength(text, end);
        return end == text.Length ? text : text[..end].TrimEnd() + "…";
    }

    // "AT&T" and "a < b" are no markup; "&lt;", "&copy" (HTML needs no semicolon there) and "<b" are.
    private static bool MarkupBegins(string text, int i)
    {
        if (i + 1 >= text.Length) return false;
        if (text[i] == '<') return char.IsAsciiLetter(text[i + 1]) || text[i + 1] is '/' or '!' or '?';
        if (text[i] != '&') return false;
        if (text[i + 1] == '#') return true;

        var end = i + 1;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end])) end++;
        if (end == i + 1) return false;
        if (end < text.Length && text[end] == ';') return true;
        return WebUtility.HtmlDecode($"&{text.AsSpan((i + 1)..end)};")[0] != '&';
    }

    private static int IndexOfIllegal(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (!IsLegal(text[i])) return i;
        }

        return -1;
    }

    private static bool IsLegal(char c) =>
        c is '\t' or '\n' or '\r' or (>= ' ' and < '\u007f') or (>= '\u00a0' and < '\ud800') or (>= '\ue000' and <= '\ufffd');

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex WhiteSpace();
}
