using System.Text;

namespace Aggregator.Core.Extracting;

/// <summary>The headline of a page, and the line that shows it.</summary>
/// <param name="Text">The headline; empty when there is none.</param>
/// <param name="Line">The index of its line, or -1.</param>
internal readonly record struct Headline(string Text, int Line)
{
    private static readonly char[] Separators = ['_', '|', '｜', '丨'];

    private static readonly string[] WideSeparators = [" - ", "--", "——", " – ", " — ", "－", " · ", "-"];

    /// <summary>The headline of a page in a language that sets its site's name behind it in a dozen ways: what is shown wins over what is declared.</summary>
    internal static Headline Find(PageMetadata metadata, IReadOnlyList<PageLine> lines, string fallback)
    {
        var title = Key(metadata.Title);
        string?[] declared = [metadata.LinkedData.Headline, metadata["og:title", "twitter:title"], metadata["ArticleTitle", "headline"]];

        // Among headings that the title element holds the longest: shorter ones are sections.
        PageLine? best = null;
        foreach (var line in lines)
            if (line.HeadingLevel is > 0 and < 6 && Key(line.Text) is { Length: >= 4 } key && title.Contains(key, StringComparison.Ordinal) && (best is null || key.Length > Key(best.Text).Length))
                best = line;
        if (best is not null && IsEnough(best)) return new Headline(best.Text, best.Index);

        // og:title is cut at the first unescaped quote; the heading is not.
        foreach (var one in declared)
            if (one is not null && Key(one) is { Length: >= 4 } key)
                foreach (var line in lines)
                    if (line.HeadingLevel is > 0 and < 6 && Key(line.Text) is var shown && (shown.StartsWith(key, StringComparison.Ordinal) || (shown.Length >= 8 && key.Contains(shown, StringComparison.Ordinal))))
                    {
                        // A badge inside the heading: 原创.
                        var isBadged = shown.Length > key.Length && title.StartsWith(key, StringComparison.Ordinal) && !title.Contains(shown, StringComparison.Ordinal);
                        return new Headline(isBadged ? one : line.Text, line.Index);
                    }

        best = null;
        foreach (var line in lines)
            if (!line.IsLinks && Key(line.Text) is { Length: >= 8 } key && title.Contains(key, StringComparison.Ordinal) && (best is null || key.Length > Key(best.Text).Length))
                best = line;
        if (best is not null && IsEnough(best)) return new Headline(best.Text, best.Index);

        foreach (var one in declared)
            if (one is not null && Key(one) is { Length: >= 4 } key)
                foreach (var line in lines)
                    if (Key(line.Text) == key)
                        return new Headline(line.Text, line.Index);

        // A title that names the section only: the headline stands above the line with the date.
        var dated = lines.FirstOrDefault(static line => PublicationDate.IsDateLine(line));
        if (dated is not null)
            for (var i = dated.Index - 1; i >= Math.Max(0, dated.Index - 3); i--)
                if (Key(lines[i].Text).Length is >= 8 and <= 80 && !lines[i].IsLinks && lines[i].Text.AsSpan().IndexOfAny(">＞»") < 0 && !lines[i].Text.Contains("首页", StringComparison.Ordinal))
                    return new Headline(lines[i].Text, i);

        var stripped = WithoutSite(declared.FirstOrDefault(static one => one is not null) ?? metadata.Title);
        if (stripped.Length > 0) return new Headline(stripped, LineOf(stripped, lines));
        var first = lines.FirstOrDefault(static line => line.HeadingLevel == 1);
        return first is not null ? new Headline(first.Text, first.Index) : new Headline(fallback, -1);

        // A section's or a site's name is a small part of the title.
        bool IsEnough(PageLine line) => Key(line.Text).Length * 2 >= Key(WithoutSite(metadata.Title)).Length;
    }

    /// <summary>The line that shows a headline that was found otherwise, or -1.</summary>
    internal static int LineOf(string title, IReadOnlyList<PageLine> lines)
    {
        var key = Key(title);
        if (key.Length == 0) return -1;
        foreach (var line in lines)
            if (line.HeadingLevel > 0 && Key(line.Text) == key)
                return line.Index;
        foreach (var line in lines)
            if (line.HeadingLevel is > 0 and < 4 && Key(line.Text) is { Length: >= 8 } shown && (key.Contains(shown, StringComparison.Ordinal) || shown.Contains(key, StringComparison.Ordinal)))
                return line.Index;
        foreach (var line in lines)
            if (Key(line.Text) == key)
                return line.Index;
        return -1;
    }

    /// <summary>A title without what publishers set behind it: _财经_腾讯网, --文化--人民网, - 山西省人民政府门户网站.</summary>
    internal static string WithoutSite(string title)
    {
        var cut = title.IndexOfAny(Separators);
        // 棱镜|数据业大整顿: what is short before the mark is a column.
        if (cut >= 6) return title[..cut].Trim();
        if (cut > 0 && title.IndexOfAny(Separators, cut + 1) is > 0 and var second) return title[..second].Trim();
        foreach (var separator in WideSeparators)
        {
            var at = title.LastIndexOf(separator, StringComparison.Ordinal);
            if (separator == "-" && at >= 0 && title.Length - at > 14) continue;
            while (at > 0 && title.LastIndexOf(separator, at - 1, StringComparison.Ordinal) is >= 8 and var earlier) at = earlier;
            if (at >= 6) return title[..at].Trim();
        }

        return title.Trim();
    }

    /// <summary>What is compared: no white space, no quotes, lower case.</summary>
    internal static string Key(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (var c in text)
            if (!char.IsWhiteSpace(c) && c is not ('"' or '\'' or '“' or '”' or '‘' or '’' or '＂' or '\u200B' or '\uFEFF'))
                key.Append(char.ToLowerInvariant(c));
        return key.ToString();
    }
}
