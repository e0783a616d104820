using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using SmartReader;

namespace Aggregator.Core.Extracting;

/// <summary>Finds the element that holds the article: SmartReader's judgement, ours where that finds nothing.</summary>
internal static class ArticleBody
{
    /// <summary>What SmartReader says of a page.</summary>
    /// <param name="Body">The body in a document of its own, or null when there is none.</param>
    /// <param name="Article">Its other findings, or null when it failed.</param>
    internal readonly record struct Found(IElement? Body, Article? Article);

    /// <param name="document">The page; it is not changed.</param>
    /// <param name="url">Its address.</param>
    /// <param name="selectors">What the admin keeps.</param>
    /// <param name="isOrdinary">What <see cref="IsOrdinary"/> says of the page.</param>
    /// <param name="notes">What went wrong.</param>
    internal static Found Find(IHtmlDocument document, Uri url, ContentSelectors selectors, bool isOrdinary, List<string> notes)
    {
        Article? article = null;
        try
        {
            if (!isOrdinary) notes.Add("The page has too many elements side by side, or too much text too deep, for SmartReader, so that simpler rules chose the body.");
            else article = new Reader(url.AbsoluteUri, (IHtmlDocument)document.Clone(deep: true)).GetArticle();
            foreach (var error in article?.Errors ?? []) notes.Add($"SmartReader: {error.Message}");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A library that meets a page it cannot read is no reason to have no article.
            notes.Add($"SmartReader cannot read the page ({exception.Message}), so that simpler rules chose the body.");
        }

        if (selectors.Keep.Count > 0) return new Found(Kept(document, selectors), article);
        if (article?.Content is { Length: > 0 } content && Fragment(content) is { } body && body.TextContent.AsSpan().Trim().Length >= 8) return new Found(body, article);
        return new Found(Densest(document), article);
    }

    /// <summary>
    /// Whether the page is within what SmartReader's steps, of which some look at all siblings of each node and some at all text
    /// of each ancestor, do in a second or two.
    /// </summary>
    internal static bool IsOrdinary(IHtmlDocument document)
    {
        long siblings = 0, text = 0;
        var open = new Stack<(INode Node, int Depth)>();
        open.Push((document, 0));
        while (open.TryPop(out var next))
        {
            var (node, depth) = next;
            if (node is IText characters) text += (long)characters.Data.Length * depth;
            var children = node.ChildNodes;
            siblings += (long)children.Length * children.Length;
            if (siblings > ExtractionLimits.MaxSiblingPairs || text > ExtractionLimits.MaxTextDepth) return false;
            foreach (var child in children) open.Push((child, depth + 1));
        }

        return true;
    }

    /// <summary>Markup as the body of a document of its own.</summary>
    internal static IElement? Fragment(string html) => new HtmlParser().ParseDocument("<body>" + html).Body;

    private static IElement? Kept(IHtmlDocument document, ContentSelectors selectors)
    {
        List<IElement> kept = [];
        foreach (var element in document.QuerySelectorAll(string.Join(", ", selectors.Keep)))
            if (!kept.Exists(outer => outer.Contains(element)))
                kept.Add(element);
        return kept.Count == 0 ? null : Fragment(string.Concat(kept.Select(static element => element.OuterHtml)));
    }

    /// <summary>The element whose paragraphs hold most of the page's sentences.</summary>
    private static IElement? Densest(IHtmlDocument document)
    {
        if (document.Body is not { } root) return null;
        var scores = new Dictionary<IElement, int>();
        foreach (var line in PageLines.Read(root))
        {
            if (line.Text.Length < 20 || line.LinkLength * 3 > line.Text.Length) continue;
            var punctuation = line.Text.Count(static c => c is '，' or '。' or '、' or ',' or '.' or '；' or '！' or '？');
            if (punctuation == 0) continue;
            var score = line.Text.Length + punctuation * 10;
            scores[line.Block] = scores.GetValueOrDefault(line.Block) + score;
            if (line.Block.ParentElement is { } parent) scores[parent] = scores.GetValueOrDefault(parent) + score;
        }

        if (scores.Count == 0) return null;
        return Fragment(scores.MaxBy(static pair => pair.Value).Key.OuterHtml);
    }
}
