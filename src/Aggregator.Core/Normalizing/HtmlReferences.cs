using System.Text;
using Aggregator.Core.Parsing;
using AngleSharp.Html;

namespace Aggregator.Core.Normalizing;

/// <summary>
/// Character references of HTML (§13.2.5.72), all 2,231 of them: the framework's own decoder knows 253, and
/// <c>javascript&amp;colon;</c> is not among them.
/// </summary>
internal static class HtmlReferences
{
    /// <summary>The longest name with its semicolon: <c>CounterClockwiseContourIntegral;</c>.</summary>
    private const int MaxNameLength = 32;

    /// <summary>The text with its references decoded once; what is no reference stays.</summary>
    internal static string Decode(string text)
    {
        var at = text.IndexOf('&', StringComparison.Ordinal);
        if (at < 0) return text;
        var decoded = new StringBuilder(text.Length);
        var start = 0;
        while (at >= 0)
        {
            decoded.Append(text, start, at - start);
            start = at + Length(text.AsSpan(at), decoded);
            at = text.IndexOf('&', start);
        }

        return decoded.Append(text, start, text.Length - start).ToString();
    }

    /// <summary>Appends what the reference at the start stands for; returns its length, at least the <c>&amp;</c> itself.</summary>
    private static int Length(ReadOnlySpan<char> text, StringBuilder decoded)
    {
        var end = 1;
        if (text.Length > 2 && text[1] == '#')
        {
            var isHex = text[2] is 'x' or 'X';
            end = isHex ? 3 : 2;
            var digits = end;
            while (end < text.Length && (isHex ? char.IsAsciiHexDigit(text[end]) : char.IsAsciiDigit(text[end]))) end++;
            if (end > digits)
            {
                // What no document may hold becomes nothing.
                if (XmlEntities.Number(text[2..end]) is { Text: { } character }) decoded.Append(character);
                return end < text.Length && text[end] == ';' ? end + 1 : end;
            }

            decoded.Append('&');
            return 1;
        }

        while (end < text.Length && end <= MaxNameLength && char.IsAsciiLetterOrDigit(text[end])) end++;
        if (end > 1 && end < text.Length && text[end] == ';' && HtmlEntityProvider.Resolver.GetSymbol(text[1..(end + 1)].ToString()) is { } symbol)
        {
            decoded.Append(symbol);
            return end + 1;
        }

        // A hundred old names do without the semicolon, but not before more letters: "&copy=1" is a parameter.
        if (end > 2 && end <= 7 && !(end < text.Length && text[end] == '=') && HtmlEntityProvider.Resolver.GetSymbol(text[1..end].ToString()) is { } old)
        {
            decoded.Append(old);
            return end;
        }

        decoded.Append('&');
        return 1;
    }
}
