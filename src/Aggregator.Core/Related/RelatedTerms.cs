using System.Runtime.InteropServices;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Searching;

namespace Aggregator.Core.Related;

/// <summary>
/// The terms by which articles are related: words, and pairs of neighbours of scripts without spaces, of the title and the lead, as
/// numbers of 32 bits. Two words in a thousand million share a number; nothing that is shown depends on one term alone.
/// </summary>
internal static class RelatedTerms
{
    /// <summary>How much of a text is its lead, in UTF-16 code units.</summary>
    public const int LeadLength = 600;

    /// <summary>How often a term of the title counts: a headline says what the article is about.</summary>
    private const int TitleWeight = 2;

    /// <summary>How often each term occurs in the title and the lead of an article.</summary>
    /// <param name="title">The title, plain text.</param>
    /// <param name="body">The body, plain text; only its lead counts.</param>
    public static Dictionary<int, int> Of(string title, string body)
    {
        var counts = new Dictionary<int, int>();
        Add(counts, FoldedText.Fold(title), TitleWeight);
        Add(counts, FoldedText.Fold(TextCut.To(body, LeadLength)), 1);
        return counts;
    }

    /// <summary>The terms of a folded text with their places in it.</summary>
    public static IEnumerable<(int Term, int Start, int Length)> In(string folded)
    {
        foreach (var (start, end) in SearchTerms.Places(folded)) yield return (NumberOf(folded.AsSpan(start, end - start)), start, end - start);
    }

    private static void Add(Dictionary<int, int> counts, string folded, int weight)
    {
        foreach (var (term, _, _) in In(folded)) CollectionsMarshal.GetValueRefOrAddDefault(counts, term, out _) += weight;
    }

    // FNV-1a with the last mixing of MurmurHash3. It stands in the store: it never changes. Never zero, which no article has.
    private static int NumberOf(ReadOnlySpan<char> term)
    {
        var hash = 2166136261u;
        foreach (var c in term)
        {
            hash = (hash ^ (byte)c) * 16777619u;
            hash = (hash ^ (byte)(c >> 8)) * 16777619u;
        }

        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        hash ^= hash >> 16;
        return hash == 0 ? 1 : unchecked((int)hash);
    }
}
