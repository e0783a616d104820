using System.Text;

namespace Aggregator.Core.Searching;

/// <summary>
/// The terms of the index. A word is a term; a run of a script without spaces gives each of its characters and each pair of
/// neighbours. What is no text of the document (its title's and authors' terms once more, its source, categories and language) stands
/// apart by a private-use character in front, which no folded text contains.
/// </summary>
internal static class SearchTerms
{
    /// <summary>The longest word that is a term as it is, in UTF-16 code units; of longer ones the beginning is.</summary>
    public const int MaxWordLength = 64;

    /// <summary>The term that every document has.</summary>
    public const string Every = "\uE000";

    private const char TitleMark = '\uE001';
    private const char AuthorMark = '\uE002';
    private const char FilterMark = '\uE003';

    /// <summary>The term of a source's documents.</summary>
    public static string Source(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{FilterMark}s{id}");

    /// <summary>The term of a category's documents.</summary>
    public static string Category(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{FilterMark}c{id}");

    /// <summary>The term of a language's documents: of its primary subtag.</summary>
    public static string Language(string tag)
    {
        var letters = tag.TakeWhile(char.IsAsciiLetterOrDigit).Take(8).ToArray();
        return FilterMark + "l" + new string(letters).ToLowerInvariant();
    }

    /// <summary>Adds the terms of a folded text.</summary>
    public static void Add(HashSet<string> terms, string folded, SearchField field = SearchField.Text)
    {
        var mark = MarkOf(field);
        foreach (var (start, end, kind) in Stretches(folded))
        {
            if (kind == LetterKind.Word)
            {
                terms.Add(mark + Word(folded, start, end));
                continue;
            }

            for (int i = start, next; i < end; i = next)
            {
                next = i + Step(folded, i);
                terms.Add(mark + folded[i..next]);
                if (next < end) terms.Add(mark + folded[i..(next + Step(folded, next))]);
            }
        }
    }

    /// <summary>Where the words of a folded text stand, and the pairs of neighbours of its runs; a run of one character is a place by itself.</summary>
    public static IEnumerable<(int Start, int End)> Places(string folded)
    {
        foreach (var (start, end, kind) in Stretches(folded))
        {
            if (kind == LetterKind.Word)
            {
                yield return (start, Math.Min(end, start + MaxWordLength));
                continue;
            }

            var second = start + Step(folded, start);
            if (second == end) yield return (start, end);
            for (var i = start; second < end; i = second, second += Step(folded, second)) yield return (i, second + Step(folded, second));
        }
    }

    /// <summary>The terms that every document with this folded unit has, and whether whatever has them also has the unit.</summary>
    public static (IReadOnlyList<string> Terms, bool IsExact) Needed(string unit, SearchField field)
    {
        var mark = MarkOf(field);
        var terms = new List<string>();
        var isExact = true;
        var stretches = 0;
        foreach (var (start, end, kind) in Stretches(unit))
        {
            if (++stretches > 1) isExact = false;
            if (kind == LetterKind.Word)
            {
                if (end - start > MaxWordLength) isExact = false;
                terms.Add(mark + Word(unit, start, end));
                continue;
            }

            var second = start + Step(unit, start);
            if (second == end)
            {
                terms.Add(mark + unit[start..end]);
                continue;
            }

            for (var i = start; ; i = second)
            {
                second = i + Step(unit, i);
                if (second == end) break;
                terms.Add(mark + unit[i..(second + Step(unit, second))]);
                if (i > start) isExact = false;
            }
        }

        return ([.. terms.Distinct(StringComparer.Ordinal)], isExact);
    }

    private static string MarkOf(SearchField field) => field switch
    {
        SearchField.Title => TitleMark.ToString(),
        SearchField.Author => AuthorMark.ToString(),
        _ => "",
    };

    private static string Word(string text, int start, int end)
    {
        if (end - start > MaxWordLength) end = start + (char.IsHighSurrogate(text[start + MaxWordLength - 1]) ? MaxWordLength - 1 : MaxWordLength);
        return text[start..end];
    }

    private static int Step(string text, int at) => char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;

    private static IEnumerable<(int Start, int End, LetterKind Kind)> Stretches(string folded)
    {
        var start = 0;
        var kind = LetterKind.None;
        for (var i = 0; i < folded.Length; i += Step(folded, i))
        {
            var here = Rune.TryGetRuneAt(folded, i, out var rune) ? LetterKinds.Of(rune) : LetterKind.None;
            if (here == kind) continue;
            if (kind != LetterKind.None) yield return (start, i, kind);
            (start, kind) = (i, here);
        }

        if (kind != LetterKind.None) yield return (start, folded.Length, kind);
    }
}
