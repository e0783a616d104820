using System.Globalization;
using System.Text;
using System.Xml;
using AngleSharp.Html;

namespace Aggregator.Core.Parsing;

/// <summary>What entities stand for: the document's own (its internal subset, bounded), else HTML's.</summary>
internal sealed class XmlEntities
{
    // Asked for directly: whether somebody has registered the provider of code pages by now depends on what ran before.
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private Dictionary<string, string>? _declared;
    private int _expanded;

    /// <summary>Whether the document's entities have expanded as far as they may.</summary>
    internal bool IsExhausted => _expanded > ParserLimits.MaxEntityExpansion;

    /// <summary>The text that an entity stands for, or null when nobody knows it or too much has been expanded.</summary>
    internal string? Resolve(string name)
    {
        if (_declared?.TryGetValue(name, out var value) == true)
        {
            var text = new StringBuilder();
            if (IsExhausted || !Expand(value, text, 0)) return null;
            return text.ToString();
        }

        return HtmlEntityProvider.Resolver.GetSymbol(name + ";");
    }

    /// <summary>
    /// A character reference without its <c>&amp;#</c>: the text, or no text for what XML forbids; null when it is no number.
    /// 128–159 are windows-1252, as every browser reads them.
    /// </summary>
    internal static (string? Text, bool IsMended)? Number(ReadOnlySpan<char> digits)
    {
        uint code;
        if (digits[0] is 'x' or 'X')
        {
            if (digits.Length < 2 || !uint.TryParse(digits[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code)) return digits.Length > 1 && digits[1..].ContainsAnyExceptInRange('0', 'f') ? null : (null, true);
        }
        else if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out code))
        {
            return digits.ContainsAnyExceptInRange('0', '9') ? null : (null, true);
        }

        if (code is >= 0x80 and <= 0x9F) return (Windows1252.GetString([(byte)code]), true);
        if (!Rune.IsValid(code)) return (null, true);
        var text = new Rune(code).ToString();
        return text.Length == 1 && !XmlConvert.IsXmlChar(text[0]) ? (null, true) : (text, false);
    }

    /// <summary>Passes over a DOCTYPE and keeps the general entities of its internal subset; returns where it ends.</summary>
    internal int ReadDoctype(string input, int position)
    {
        var at = position + 9;
        var quote = '\0';
        for (; at < input.Length; at++)
        {
            var c = input[at];
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                else if (c == '<') quote = '\0'; // a forgotten quote
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '>')
            {
                return at + 1;
            }
            else if (c == '[')
            {
                at = ReadSubset(input, at + 1) - 1;
            }
        }

        return input.Length;
    }

    private int ReadSubset(string input, int at)
    {
        while (at < input.Length)
        {
            var c = input[at];
            if (c == ']') return at + 1;
            if (c != '<')
            {
                at++;
                continue;
            }

            if (string.CompareOrdinal(input, at, "<!--", 0, 4) == 0)
            {
                var comment = input.IndexOf("-->", at, StringComparison.Ordinal);
                at = comment < 0 ? input.Length : comment + 3;
                continue;
            }

            var end = EndOfDeclaration(input, at);
            if (end > at + 8 && string.CompareOrdinal(input, at, "<!ENTITY", 0, 8) == 0) Declare(input.AsSpan(at + 8, end - at - 8));
            at = end + 1;
        }

        return input.Length;
    }

    private static int EndOfDeclaration(string input, int at)
    {
        var quote = '\0';
        for (; at < input.Length; at++)
        {
            var c = input[at];
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '>')
            {
                return at;
            }
        }

        return input.Length - 1;
    }

    private void Declare(ReadOnlySpan<char> declaration)
    {
        declaration = declaration.TrimStart();
        // Parameter entities and files elsewhere are not read.
        if (declaration.Length == 0 || declaration[0] == '%') return;
        var nameEnd = declaration.IndexOfAny(" \t\r\n");
        if (nameEnd <= 0) return;
        var name = declaration[..nameEnd].ToString();
        declaration = declaration[nameEnd..].TrimStart();
        if (declaration.Length < 2 || declaration[0] is not ('"' or '\'')) return;
        var end = declaration[1..].IndexOf(declaration[0]);
        if (end is < 0 or > ParserLimits.MaxEntityLength) return;
        _declared ??= new Dictionary<string, string>(StringComparer.Ordinal);
        if (_declared.Count < ParserLimits.MaxEntityDeclarations) _declared.TryAdd(name, declaration.Slice(1, end).ToString());
    }

    private bool Expand(string value, StringBuilder text, int depth)
    {
        if (depth > ParserLimits.MaxEntityDepth) return false;
        for (var i = 0; i < value.Length;)
        {
            if (IsExhausted) return false;
            // References count too: two hundred of an entity to itself are no text and 200⁸ steps.
            _expanded++;
            var end = value[i] == '&' ? value.IndexOf(';', i) : -1;
            if (end < 0)
            {
                text.Append(value[i++]);
                continue;
            }

            var name = value[(i + 1)..end];
            i = end + 1;
            if (name.Length > 1 && name[0] == '#')
            {
                if (Number(name.AsSpan(1)) is { Text: { } character }) text.Append(character);
                _expanded++;
            }
            else if (_declared!.TryGetValue(name, out var inner))
            {
                if (!Expand(inner, text, depth + 1)) return false;
            }
            else if (HtmlEntityProvider.Resolver.GetSymbol(name + ";") is { } symbol)
            {
                text.Append(symbol);
                _expanded++;
            }
        }

        return true;
    }
}
