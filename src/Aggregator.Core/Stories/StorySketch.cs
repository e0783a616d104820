using System.Runtime.InteropServices;

namespace Aggregator.Core.Stories;

/// <summary>
/// The few hashes by which texts find each other: of all shingles of a text (four words, or five characters: four bigrams in a row) those with
/// the lowest hashes. Two texts of which a part J is common share about that part of them (a bottom-k sketch; Broder 1997).
/// </summary>
public static class StorySketch
{
    /// <summary>How many hashes a text has.</summary>
    public const int Size = 16;

    /// <summary>How many more are computed, to take the place of those that too many texts share.</summary>
    public const int Spare = 8;

    /// <summary>How heavy a shingle is: a word weighs three, a character two.</summary>
    private const int ShingleWeight = 10;

    /// <summary>The lowest hashes of a text, lowest first: at most <see cref="Size"/> + <see cref="Spare"/>, fewer for a short one, none for an empty one.</summary>
    public static IReadOnlyList<long> Of(StoryText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Words.Length > 0 ? text.Words : text.Title;
        if (words.Length == 0) return [];
        Span<ulong> lowest = stackalloc ulong[Size + Spare];
        var count = 0;
        var any = 0UL;
        for (var i = 0; i < words.Length; i++)
        {
            var hash = 0x9E3779B97F4A7C15UL;
            var weight = 0;
            for (var j = i; j < words.Length && weight < ShingleWeight; j++)
            {
                hash = (hash ^ words[j].Hash) * 0x100000001B3;
                weight += words[j].Is(StoryWordKind.Character) ? 2 : 3;
            }

            hash = StoryWords.Mix(hash);
            any = i == 0 ? hash : any;
            if (weight < ShingleWeight) break;
            if (count < lowest.Length || hash < lowest[^1]) count = Insert(lowest, count, hash);
        }

        if (count == 0) count = Insert(lowest, 0, any); // A text shorter than a shingle is one.
        return MemoryMarshal.Cast<ulong, long>(lowest[..count]).ToArray();
    }

    // Few of the shingles behind the first come here.
    private static int Insert(Span<ulong> lowest, int count, ulong hash)
    {
        var at = lowest[..count].BinarySearch(hash);
        if (at >= 0) return count;
        var rest = lowest[~at..Math.Min(count, lowest.Length - 1)];
        rest.CopyTo(lowest[(~at + 1)..]);
        lowest[~at] = hash;
        return Math.Min(count + 1, lowest.Length);
    }

    /// <summary>How many hashes two texts have to share before they are compared.</summary>
    /// <param name="size">How many hashes the one that has fewer has.</param>
    public static int Needed(int size) => size >= 10 ? 2 : 1;
}
