using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html;

namespace Aggregator.Core.Tests.Parsing;

/// <summary>The corpus's rule of comparison, as its README states it.</summary>
internal static partial class CorpusText
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>The visible text of a raw value, without white space.</summary>
    internal static string Key(string? raw) => WhiteSpace().Replace(Readable(raw), "");

    /// <summary>The visible text of a raw value.</summary>
    internal static string Readable(string? raw)
    {
        if (raw is null) return "";
        var text = Letters(Controls().Replace(raw, ""));
        text = Comments().Replace(text, " ");
        text = Scripts().Replace(text, " ");
        text = Tags().Replace(text, " ");
        return Letters(Decode(text));
    }

    internal static string WithoutSpace(string? text) => WhiteSpace().Replace(text ?? "", "");

    /// <summary>For ids, names and categories: entities decoded, white space collapsed.</summary>
    internal static string Plain(string? text) => WhiteSpace().Replace(Decode(text ?? ""), " ").Trim();

    internal static string UrlKey(string? url)
    {
        if (string.IsNullOrEmpty(url)) return "";
        var text = WhiteSpace().Replace(Decode(url), "");
        if (SplitUrl().Match(text) is { Success: true } parts)
        {
            var scheme = parts.Groups[1].Value.ToLowerInvariant();
            var host = parts.Groups[2].Value.ToLowerInvariant();
            if (scheme == "http" && host.EndsWith(":80", StringComparison.Ordinal)) host = host[..^3];
            if (scheme == "https" && host.EndsWith(":443", StringComparison.Ordinal)) host = host[..^4];
            var path = parts.Groups[3].Value;
            if (path.Length == 0 || path[0] is '?' or '#') path = "/" + path;
            text = $"{scheme}://{host}{path}".TrimEnd('?', '#');
        }

        return Uri.UnescapeDataString(text);
    }

    private static string Letters(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u0080', '\u009F')) return text;
        var letters = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is >= '\u0080' and <= '\u009F') letters.Append(Windows1252.GetString([(byte)c]).Where(static letter => letter is not (>= '\u0080' and <= '\u009F')).ToArray());
            else letters.Append(c);
        }

        return letters.ToString();
    }

    /// <summary>HTML5's references, those without a semicolon included.</summary>
    private static string Decode(string text) => !text.Contains('&', StringComparison.Ordinal) ? text : Reference().Replace(text, static match =>
    {
        var name = match.Groups[1].Value;
        if (name[0] == '#') return WebUtility.HtmlDecode(match.Value.EndsWith(';') ? match.Value : match.Value + ";");
        if (HtmlEntityProvider.Resolver.GetSymbol(name + ";") is { } symbol && match.Value.EndsWith(';')) return symbol;
        for (var length = name.Length; length > 1; length--)
            if (HtmlEntityProvider.Resolver.GetSymbol(name[..length]) is { } prefix)
                return prefix + match.Value[(length + 1)..];
        return match.Value;
    });

    [GeneratedRegex(@"&(#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]{0,31});?")]
    private static partial Regex Reference();

    [GeneratedRegex("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")]
    private static partial Regex Controls();

    [GeneratedRegex(@"<!--.*?(?:-->|\z)", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"<(script|style)\b[^>]*>.*?(?:</\1\s*>|\z)", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Scripts();

    [GeneratedRegex("<[A-Za-z/!?][^<>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\s\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad]+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(.*)$", RegexOptions.Singleline)]
    private static partial Regex SplitUrl();
}
