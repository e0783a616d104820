using System.Runtime.InteropServices;
using System.Text;

namespace Aggregator.Core.Searching;

/// <summary>
/// The terms of the index. A word is a term; a run of a script without spaces gives each of its characters, each pair and each triple of
/// neighbours. What is no text of the document (its title's and authors' terms once more, its source, categories and language) stands
/// apart by a private-use character in front, which no folded text contains.
/// </summary>
/// <remarks>
/// Four characters and more are found by their triples, and a document may have all of these without having them in a row: only where a
/// pair that two triples share stands in it more than once, once with another character before it and once with another behind it. Such
/// pairs are terms too ("forks"), so that the index itself says which few documents have to be read to be sure.
/// </remarks>
internal static class SearchTerms
{
    /// <summary>The longest word that is a term as it is, in UTF-16 code units; of longer ones the beginning is.</summary>
    public const int MaxWordLength = 64;

    /// <summary>How many characters of runs a text gives terms of: some hundred thousand terms, so that a batch of such texts fits into memory.</summary>
    public const int MaxRunCharacters = 40_000;

    /// <summary>The term that every document has.</summary>
    public const string Every = "\uE000";

    private const char TitleMark = '\uE001';
    private const char AuthorMark = '\uE002';
    private const char FilterMark = '\uE003';
    private const char ForkBeforeMark = '\uE004';
    private const char ForkBehindMark = '\uE005';

    /// <summary>What stands beside the first and the last character of a run.</summary>
    private const int Edge = -1;

    /// <summary>The term of a source's documents.</summary>
    public static string Source(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{FilterMark}s{id}");

    /// <summary>The term of a category's documents.</summary>
    public static string Category(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{FilterMark}c{id}");

    /// <summary>The term of the documents of a month, in UTC.</summary>
    public static string Month(DateTimeOffset time) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{FilterMark}m{time.UtcDateTime:yyyyMM}");

    /// <summary>The term of a language's documents: of its primary subtag.</summary>
    public static string Language(string tag)
    {
        var letters = tag.TakeWhile(char.IsAsciiLetterOrDigit).Take(8).ToArray();
        return FilterMark + "l" + new string(letters).ToLowerInvariant();
    }

    /// <summary>Whether a term tells only where a document is from, or that it is one.</summary>
    public static bool IsFilter(string term) => term[0] is '\uE000' or FilterMark;

    /// <summary>Adds the terms of a folded text; a term may come more than once.</summary>
    public static void Add(ITerms terms, string folded, SearchField field = SearchField.Text)
    {
        // Written one over the other, behind room for a fork's mark, so that none of the hundreds of a text needs a string.
        Span<char> room = stackalloc char[2 + MaxWordLength];
        var mark = MarkOf(field);
        mark.CopyTo(room[1..]);
        var begin = 1 + mark.Length;
        var left = MaxRunCharacters;
        Dictionary<long, Neighbours>? pairs = null; // Most texts without runs never need it.
        foreach (var (start, end, kind) in Stretches(folded))
        {
            if (kind == LetterKind.Word)
            {
                var word = folded.AsSpan(start, WordEnd(folded, start, end) - start);
                word.CopyTo(room[begin..]);
                terms.Add(room[1..(begin + word.Length)]);
                continue;
            }

            var before = Edge;
            for (int i = start, second; i < end && left > 0; i = second, left--)
            {
                second = i + Step(folded, i);
                var third = second == end ? end : second + Step(folded, second);
                var last = third == end ? end : third + Step(folded, third);
                folded.AsSpan(i, last - i).CopyTo(room[begin..]);
                terms.Add(room[1..(begin + second - i)]);
                if (second == end) break;
                var pairEnd = begin + third - i;
                terms.Add(room[1..pairEnd]);
                if (last != third) terms.Add(room[1..(begin + last - i)]);

                var first = char.ConvertToUtf32(folded, i);
                var behind = third < end ? char.ConvertToUtf32(folded, third) : Edge;
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(pairs ??= [], ((long)first << 32) | (uint)char.ConvertToUtf32(folded, second), out var isKnown);
                if (!isKnown)
                {
                    known = new Neighbours(before, behind);
                }
                else
                {
                    room[0] = ForkBeforeMark;
                    if (known.Before != before) terms.Add(room[..pairEnd]);
                    room[0] = ForkBehindMark;
                    if (known.Behind != behind) terms.Add(room[..pairEnd]);
                }

                before = first;
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

    /// <summary>What a document with this folded unit has, and whether that is enough.</summary>
    public static NeededTerms Needed(string unit, SearchField field)
    {
        var mark = MarkOf(field);
        var terms = new List<string>();
        var inner = new List<string>();
        var isExact = true;
        var stretches = 0;
        foreach (var (start, end, kind) in Stretches(unit))
        {
            if (++stretches > 1) isExact = false;
            if (kind == LetterKind.Word)
            {
                if (end - start > MaxWordLength) isExact = false;
                terms.Add(mark + unit[start..WordEnd(unit, start, end)]);
                continue;
            }

            var second = start + Step(unit, start);
            var third = second < end ? second + Step(unit, second) : end;
            if (third == end)
            {
                terms.Add(mark + unit[start..end]);
                continue;
            }

            for (var i = start; third < end; i = second, second = third, third += Step(unit, third))
            {
                if (i > start) inner.Add(mark + unit[i..third]);
                terms.Add(mark + unit[i..(third + Step(unit, third))]);
            }
        }

        return new NeededTerms(
            [.. terms.Distinct(StringComparer.Ordinal)],
            isExact,
            [.. inner.Distinct(StringComparer.Ordinal).Select(pair => ForkBeforeMark + pair)],
            [.. inner.Distinct(StringComparer.Ordinal).Select(pair => ForkBehindMark + pair)]);
    }

    private static string MarkOf(SearchField field) => field switch
    {
        SearchField.Title => TitleMark.ToString(),
        SearchField.Author => AuthorMark.ToString(),
        _ => "",
    };

    private static int WordEnd(string text, int start, int end) =>
        end - start <= MaxWordLength ? end : start + (char.IsHighSurrogate(text[start + MaxWordLength - 1]) ? MaxWordLength - 1 : MaxWordLength);

    private static int Step(string text, int at) => char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Neighbours(int Before, int Behind);

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
