using AngleSharp.Dom;

namespace Aggregator.Core.Extracting;

/// <summary>The <c>meta</c> and <c>link</c> elements of a page, and its linked data.</summary>
internal sealed class PageMetadata
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.OrdinalIgnoreCase);

    internal required LinkedData LinkedData { get; init; }

    internal required string Title { get; init; }

    internal required RobotsDirectives Robots { get; init; }

    /// <summary>The first value that one of the names has, in the order of the names.</summary>
    internal string? this[params ReadOnlySpan<string> names]
    {
        get
        {
            foreach (var name in names)
                if (_values.TryGetValue(name, out var values))
                    return values[0];
            return null;
        }
    }

    /// <summary>All values of one name, in the order of the page.</summary>
    internal IReadOnlyList<string> All(string name) => _values.GetValueOrDefault(name) ?? [];

    private static string Short(string title) => PageLines.Collapse(title[..Math.Min(title.Length, 4_096)]);

    internal static PageMetadata Read(IDocument document, string productToken, List<string> notes)
    {
        var robots = RobotsDirectives.None;
        var metadata = new List<(string Name, string Content)>();
        foreach (var meta in document.QuerySelectorAll("meta").Take(ExtractionLimits.MaxMetaElements))
        {
            if (meta.GetAttribute("content") is not { Length: > 0 and <= 4_096 } content) continue;
            robots = robots.With(RobotsDirectives.FromMeta(meta.GetAttribute("name"), content, productToken));
            content = PageLines.Collapse(content);
            if (content.Length == 0) continue;
            foreach (var attribute in (ReadOnlySpan<string>)["property", "name", "itemprop", "http-equiv"])
                if (meta.GetAttribute(attribute)?.Trim() is { Length: > 0 and <= 100 } name)
                    metadata.Add((name, content));
        }

        var read = new PageMetadata
        {
            LinkedData = LinkedData.Read(document, notes),
            // A title inside an svg is another one.
            Title = Short(document.QuerySelector("head > title")?.TextContent ?? document.QuerySelectorAll("title").FirstOrDefault(static title => title.Closest("svg") is null)?.TextContent ?? ""),
            Robots = robots,
        };
        foreach (var (name, content) in metadata)
        {
            if (!read._values.TryGetValue(name, out var values)) read._values[name] = values = [];
            values.Add(content);
        }

        return read;
    }
}
