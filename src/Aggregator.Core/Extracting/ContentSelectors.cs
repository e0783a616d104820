using Aggregator.Core.Normalizing;
using AngleSharp.Css.Parser;

namespace Aggregator.Core.Extracting;

/// <summary>
/// What an admin knows better than our rules about the pages of a source: CSS selectors of the elements that make the body,
/// and of those that are no part of it. Immutable.
/// </summary>
public sealed class ContentSelectors
{
    private ContentSelectors(IReadOnlyList<string> keep, IReadOnlyList<string> remove)
    {
        Keep = keep;
        Remove = remove;
    }

    /// <summary>Nothing is kept or removed: our rules decide.</summary>
    public static ContentSelectors None { get; } = new([], []);

    /// <summary>The elements that make the body, in the order of the page; none means that our rules find it.</summary>
    public IReadOnlyList<string> Keep { get; }

    /// <summary>The elements that are taken away before anything else is done.</summary>
    public IReadOnlyList<string> Remove { get; }

    /// <summary>Checks selectors as an admin wrote them; blank ones are left out.</summary>
    /// <param name="keep">At most <see cref="ExtractionLimits.MaxSelectors"/> selectors.</param>
    /// <param name="remove">The same number.</param>
    /// <param name="error">What is wrong and how to put it right, in one sentence; null when nothing is.</param>
    /// <returns>The selectors, or null when there is an error.</returns>
    public static ContentSelectors? Create(IEnumerable<string> keep, IEnumerable<string> remove, out string? error)
    {
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentNullException.ThrowIfNull(remove);
        var kept = Checked(keep, "keep", out error);
        if (kept is null) return null;
        var removed = Checked(remove, "remove", out error);
        return removed is null ? null : kept.Count + removed.Count == 0 ? None : new ContentSelectors(kept, removed);
    }

    private static List<string>? Checked(IEnumerable<string> selectors, string what, out string? error)
    {
        List<string> valid = [];
        var parser = new CssSelectorParser();
        foreach (var written in selectors)
        {
            var selector = written.Trim();
            if (selector.Length == 0) continue;
            if (selector.Length > ExtractionLimits.MaxSelectorLength)
            {
                error = $"The selector to {what} that begins with '{TextCut.To(selector, 40)}' is longer than {ExtractionLimits.MaxSelectorLength} characters; split it into several.";
                return null;
            }

            if (valid.Count == ExtractionLimits.MaxSelectors)
            {
                error = $"There are more than {ExtractionLimits.MaxSelectors} selectors to {what}; join some with a comma.";
                return null;
            }

            if (selector.EndsWith(':') || parser.ParseSelector(selector) is not { Text.Length: > 0 })
            {
                error = $"'{selector}' is no CSS selector; write one such as 'div.article-body' or '#content p.note'.";
                return null;
            }

            valid.Add(selector);
        }

        error = null;
        return valid;
    }
}
