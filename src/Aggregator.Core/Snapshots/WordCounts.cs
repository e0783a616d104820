using System.Runtime.InteropServices;

namespace Aggregator.Core.Snapshots;

/// <summary>How often each word stands in a paragraph: enough to say whether two paragraphs are one that was rewritten.</summary>
internal sealed class WordCounts
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _total;

    internal static WordCounts Of(ContentBlock block)
    {
        var words = new WordCounts();
        foreach (var token in DiffTokens.Instance.Chunk(block.Text))
        {
            if (!char.IsLetterOrDigit(token[0]) && !char.IsSurrogate(token[0])) continue;
            CollectionsMarshal.GetValueRefOrAddDefault(words._counts, token, out _)++;
            words._total++;
        }

        return words;
    }

    /// <summary>Dice's coefficient: 0 for nothing in common, 1 for the same words.</summary>
    internal double LikenessTo(WordCounts other)
    {
        if (_total + other._total == 0) return 1;
        var common = 0;
        foreach (var (word, count) in _counts)
            if (other._counts.TryGetValue(word, out var others)) common += Math.Min(count, others);
        return 2.0 * common / (_total + other._total);
    }
}
