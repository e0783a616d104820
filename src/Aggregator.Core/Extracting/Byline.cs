using AngleSharp.Dom;
using SmartReader;

namespace Aggregator.Core.Extracting;

/// <summary>The byline of a page in a language of words, as it is shown.</summary>
internal static class Byline
{
    internal static string? Find(IDocument document, PageMetadata metadata, Article? article)
    {
        if (metadata.LinkedData.Authors.Count > 0) return string.Join(", ", metadata.LinkedData.Authors);
        // Of several creators the last stands for all, as readers of Dublin Core have it.
        if (Shown(metadata["author", "parsely-author", "sailthru.author", "byl"] ?? (metadata.All("dc.creator") is [.., var creator] ? creator : null)) is { } declared) return declared;
        if (Shown(article?.Byline) is { } byline) return byline;
        foreach (var element in document.QuerySelectorAll("[rel~=author], [itemprop~=author], [class*=byline i], [class~=author]").Take(10))
            if (Shown(element.QuerySelector("[itemprop~=name]")?.TextContent ?? element.TextContent) is { } shown)
                return shown;
        return Shown(metadata["article:author"]) ?? Shown(article?.Author);
    }

    /// <summary>The person that microdata name as the author, or null.</summary>
    internal static string? Marked(IDocument document) =>
        document.QuerySelector("[itemprop~=author] [itemprop~=name]") is { } name ? Shown(name.GetAttribute("content") ?? name.TextContent) : null;

    /// <summary>The people of a byline.</summary>
    internal static IReadOnlyList<string> Authors(PageMetadata metadata, string? byline)
    {
        if (byline is null) return [];
        if (metadata.LinkedData.Authors.Count > 0) return metadata.LinkedData.Authors;
        var creators = metadata.All("dc.creator");
        return creators.Contains(byline) ? [.. creators.Select(Shown).OfType<string>().Distinct(StringComparer.Ordinal).Take(ExtractionLimits.MaxAuthors)] : PersonNames.FromByline(byline);
    }

    private static string? Shown(string? text)
    {
        if (text is null) return null;
        text = PageLines.Collapse(text);
        return text.Length is < 2 or > ExtractionLimits.MaxNameLength || text.Contains("://", StringComparison.Ordinal) || text.Contains('@', StringComparison.Ordinal) ? null : text;
    }
}
