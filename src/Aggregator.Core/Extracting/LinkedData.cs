using System.Text.Json;
using AngleSharp.Dom;

namespace Aggregator.Core.Extracting;

/// <summary>What a page says about its article in JSON-LD: schema.org's articles, and Baidu's <c>pubDate</c> blocks.</summary>
internal sealed class LinkedData
{
    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 64 };

    internal string? Headline { get; private set; }

    internal string? Published { get; private set; }

    internal string? Modified { get; private set; }

    internal List<string> Authors { get; } = [];

    internal string? Publisher { get; private set; }

    internal string? Image { get; private set; }

    internal string? Language { get; private set; }

    internal static LinkedData Read(IDocument document, List<string> notes)
    {
        var data = new LinkedData();
        foreach (var script in document.QuerySelectorAll("script[type='application/ld+json' i]").Take(ExtractionLimits.MaxLinkedDataBlocks))
        {
            var text = script.TextContent.Trim();
            if (text.Length is 0 or > ExtractionLimits.MaxLinkedDataLength) continue;
            if (text.StartsWith("<![CDATA[", StringComparison.Ordinal)) text = text[9..].Replace("]]>", "", StringComparison.Ordinal);
            try
            {
                using var json = JsonDocument.Parse(Mended(text), Options);
                data.Visit(json.RootElement);
            }
            catch (JsonException exception)
            {
                notes.Add($"A block of linked data is no JSON: {exception.Message}");
            }
        }

        return data;
    }

    // Publishers paste summaries with their line breaks into the strings; a bare control character is nothing but white space.
    private static string Mended(string text) => text.AsSpan().ContainsAnyInRange('\0', '\u001F')
        ? string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = source[i] < ' ' ? ' ' : source[i];
        })
        : text;

    private void Visit(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Visit(item);
                return;
            case JsonValueKind.Object:
                if (IsArticle(element)) Take(element);
                else if (element.TryGetProperty("pubDate", out var date)) Published ??= Text(date);
                if (element.TryGetProperty("@graph", out var graph)) Visit(graph);
                if (element.TryGetProperty("mainEntity", out var main)) Visit(main);
                return;
        }
    }

    private static bool IsArticle(JsonElement element)
    {
        if (!element.TryGetProperty("@type", out var type)) return false;
        if (type.ValueKind == JsonValueKind.Array) return type.EnumerateArray().Any(static one => IsArticleType(Text(one)));
        return IsArticleType(Text(type));
    }

    private static bool IsArticleType(string? type) =>
        type is not null && (type.EndsWith("Article", StringComparison.Ordinal) || type.EndsWith("Posting", StringComparison.Ordinal) || type is "Report" or "Review" or "VideoObject");

    private void Take(JsonElement article)
    {
        Headline ??= Property(article, "headline");
        Published ??= Property(article, "datePublished") ?? Property(article, "dateCreated");
        Modified ??= Property(article, "dateModified");
        Language ??= Property(article, "inLanguage");
        if (article.TryGetProperty("publisher", out var publisher)) Publisher ??= Names(publisher).FirstOrDefault();
        if (article.TryGetProperty("image", out var image)) Image ??= Address(image);
        if (Authors.Count == 0 && article.TryGetProperty("author", out var author))
            foreach (var name in Names(author))
                if (Authors.Count < ExtractionLimits.MaxAuthors && !Authors.Contains(name))
                    Authors.Add(name);
    }

    private static string? Property(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0) value = value[0];
        if (value.ValueKind != JsonValueKind.String) return null;
        var text = PageLines.Collapse(value.GetString()!);
        return text.Length is 0 or > 1_000 ? null : text;
    }

    private static IEnumerable<string> Names(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when Text(value) is { Length: <= ExtractionLimits.MaxNameLength } name:
                yield return name;
                break;
            case JsonValueKind.Object when value.TryGetProperty("name", out var inner):
                foreach (var name in Names(inner)) yield return name;
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    foreach (var name in Names(item))
                        yield return name;
                break;
        }
    }

    private static string? Address(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Text(value),
        JsonValueKind.Array => value.GetArrayLength() > 0 ? Address(value[0]) : null,
        JsonValueKind.Object => Property(value, "url") ?? Property(value, "contentUrl"),
        _ => null,
    };
}
