using System.Text;

namespace Aggregator.Core.Extracting;

/// <summary>Joins the pages of an article on several.</summary>
public static class ArticlePages
{
    /// <summary>
    /// One article of its pages in their order, at most <see cref="ExtractionLimits.MaxPages"/> of them and
    /// <see cref="ExtractionLimits.MaxContentLength"/> characters; what does not fit is left out and noted. The facts are the
    /// first page's; what a page repeats of an earlier one (a summary, a caption) comes once.
    /// </summary>
    /// <param name="pages">The extractions; the first is the article's first page.</param>
    /// <exception cref="ArgumentException">There is no page.</exception>
    public static ExtractedArticle Join(IReadOnlyList<ExtractedArticle> pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        if (pages.Count == 0) throw new ArgumentException("There is no page to join.", nameof(pages));
        var first = pages[0];
        if (pages.Count == 1) return first;
        var content = new StringBuilder(first.Content);
        var text = new StringBuilder(first.Text);
        var known = new HashSet<string>(Blocks(first.Content), StringComparer.Ordinal);
        var images = new List<string>(first.Images);
        var credits = new List<ArticleCredit>(first.Credits);
        var authors = new List<string>(first.Authors);
        var notes = new List<string>(first.Notes);
        var joined = 1;
        foreach (var page in pages.Skip(1).Take(ExtractionLimits.MaxPages - 1))
        {
            var fresh = Fresh(page.Content, known);
            if (content.Length + fresh.Content.Length > ExtractionLimits.MaxContentLength) break;
            content.Append(fresh.Content);
            if (fresh.Text.Length > 0) text.Append('\n').Append(fresh.Text);
            images.AddRange(page.Images.Where(image => !images.Contains(image)).Take(ExtractionLimits.MaxImages - images.Count));
            credits.AddRange(page.Credits.Where(credit => !credits.Contains(credit)).Take(ExtractionLimits.MaxCredits - credits.Count));
            authors.AddRange(page.Authors.Where(author => !authors.Contains(author)).Take(ExtractionLimits.MaxAuthors - authors.Count));
            joined++;
        }

        if (joined < pages.Count) notes.Add($"The article has {pages.Count} pages, of which the first {joined} are kept.");
        return first with
        {
            Content = content.ToString(),
            Text = text.ToString(),
            Images = images,
            Credits = credits,
            Authors = authors,
            NextPageUrl = pages[joined - 1].NextPageUrl,
            Notes = notes,
        };
    }

    private static IEnumerable<string> Blocks(string content) =>
        ArticleBody.Fragment(content) is { } body ? PageLines.Read(body).Where(static line => line.Text.Length >= 12).Select(static line => Headline.Key(line.Text)) : [];

    private static (string Content, string Text) Fresh(string content, HashSet<string> known)
    {
        if (ArticleBody.Fragment(content) is not { } body) return ("", "");
        foreach (var line in PageLines.Read(body))
        {
            if (line.Text.Length < 12 || known.Add(Headline.Key(line.Text))) continue;
            if (line.Block != body && PageLines.Collapse(line.Block.TextContent) == line.Text) line.Block.Remove();
        }

        return (body.InnerHtml, PlainLines(body));
    }

    /// <summary>A body as plain text, one line a block.</summary>
    internal static string PlainLines(AngleSharp.Dom.IElement body) => string.Join('\n', PageLines.Read(body).Select(static line => line.Text));
}
