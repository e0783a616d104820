using System.Globalization;

namespace Aggregator.Core.Normalizing;

/// <summary>Finds the picture that stands for an article in its sanitised markup: the first that is no tracking pixel.</summary>
internal static class LeadImage
{
    /// <summary>Pictures with a declared side up to this many pixels are ornaments.</summary>
    private const int MinSide = 32;

    internal static string? Find(string html)
    {
        for (var at = html.IndexOf("<img ", StringComparison.Ordinal); at >= 0; at = html.IndexOf("<img ", at + 5, StringComparison.Ordinal))
        {
            var end = html.IndexOf('>', at);
            if (end < 0) return null;
            var tag = html.AsSpan(at, end - at);
            if (Attribute(tag, " src=\"") is not { } source || !source.StartsWith("http", StringComparison.Ordinal)) continue;
            if (Side(tag, " width=\"") is <= MinSide || Side(tag, " height=\"") is <= MinSide) continue;
            return UrlCleaner.Clean(HtmlReferences.Decode(source));
        }

        return null;
    }

    private static int? Side(ReadOnlySpan<char> tag, string name) =>
        int.TryParse(Attribute(tag, name)?.Replace("px", "", StringComparison.Ordinal), NumberStyles.Integer, CultureInfo.InvariantCulture, out var side) ? side : null;

    private static string? Attribute(ReadOnlySpan<char> tag, string name)
    {
        var at = tag.IndexOf(name);
        if (at < 0) return null;
        var value = tag[(at + name.Length)..];
        var end = value.IndexOf('"');
        return end < 0 ? null : value[..end].ToString();
    }
}
