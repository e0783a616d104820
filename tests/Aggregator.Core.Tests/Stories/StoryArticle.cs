using System.Net;

namespace Aggregator.Core.Tests.Stories;

/// <summary>An article of the labelled set.</summary>
public sealed record StoryArticle(string Title, IReadOnlyList<string> Paragraphs, string Origin)
{
    /// <summary>Whether it is written without spaces.</summary>
    public bool IsUnspaced => Paragraphs.Sum(paragraph => paragraph.Count(c => c is >= '\u3040' and <= '\u9FFF')) * 3 > Length;

    /// <summary>Its length in UTF-16 code units.</summary>
    public int Length => Paragraphs.Sum(paragraph => paragraph.Length);

    /// <summary>Its body as a feed would have it.</summary>
    public string Html => string.Concat(Paragraphs.Select(paragraph => $"<p>{WebUtility.HtmlEncode(paragraph)}</p>\n"));
}
