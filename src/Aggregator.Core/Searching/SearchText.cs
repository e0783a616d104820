using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;

namespace Aggregator.Core.Searching;

/// <summary>What of a document can be found, folded: the one text that the index is made from and that is read again to check.</summary>
internal sealed record SearchText
{
    /// <summary>How much of a body can be found, in UTF-16 code units of its plain text.</summary>
    public const int MaxBodyLength = 100_000;

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>The authors' names.</summary>
    public required string Authors { get; init; }

    /// <summary>Everything.</summary>
    public required string All { get; init; }

    /// <summary>The text of an entry, or of one of its versions.</summary>
    public static SearchText Of(string title, string? summary, string? content, IReadOnlyList<Person> authors, IReadOnlyList<string> tags)
    {
        var names = string.Join('\n', authors.Select(author => author.Name));
        var foldedTitle = FoldedText.Fold(title);
        return new SearchText
        {
            Title = foldedTitle,
            Authors = FoldedText.Fold(names),
            All = FoldedText.Fold(string.Join('\n', title, Body(summary, content), names, string.Join('\n', tags))),
        };
    }

    /// <summary>The text under the title, as excerpts show it: the body, or the summary where there is none. A summary that says something else stands before the body.</summary>
    public static string Body(string? summary, string? content, int maxLength = MaxBodyLength)
    {
        var body = content is null ? "" : PlainText.FromHtml(content, maxLength);
        if (string.IsNullOrWhiteSpace(summary)) return body;
        if (body.Length == 0) return summary;
        // Not only at its beginning: a caption may stand before what the summary repeats.
        return body.Contains(summary.TrimEnd('…', '.', ' '), StringComparison.Ordinal) ? body : summary + "\n" + body;
    }

    /// <summary>Adds the terms of its index row.</summary>
    public void AddTo(ITerms terms)
    {
        terms.Add(SearchTerms.Every);
        SearchTerms.Add(terms, All);
        SearchTerms.Add(terms, Title, SearchField.Title);
        SearchTerms.Add(terms, Authors, SearchField.Author);
    }
}
