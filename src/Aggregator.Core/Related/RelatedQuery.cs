namespace Aggregator.Core.Related;

/// <summary>
/// What the index is asked for an article: its heaviest terms, as many as together stand in few enough articles, and where those are few,
/// pairs of more frequent ones. That bounds what one look-up reads, however many articles there are.
/// </summary>
/// <param name="Rare">Terms of which one is enough.</param>
/// <param name="Pairs">Terms of which both have to be there; at most <see cref="MaxPairs"/>.</param>
internal sealed record RelatedQuery(IReadOnlyList<int> Rare, IReadOnlyList<(int One, int Other)> Pairs)
{
    /// <summary>In how many articles the terms that are asked for may stand together: the most postings that one look-up reads.</summary>
    public const int MaxPostings = 500;

    /// <summary>The most terms of which one is enough.</summary>
    public const int MaxRare = 64;

    /// <summary>The most pairs.</summary>
    public const int MaxPairs = 6;

    /// <summary>With fewer rare terms than that, pairs are asked for too.</summary>
    private const int EnoughRare = 8;

    /// <summary>The most frequent term that stands in a pair: both its lists are read through.</summary>
    private const int MaxPairedPostings = 20_000;

    /// <summary>Whether there is nothing to ask for.</summary>
    public bool IsEmpty => Rare.Count == 0 && Pairs.Count == 0;

    /// <summary>The question for an article with these terms.</summary>
    public static RelatedQuery Of(IReadOnlyDictionary<int, float> weights, TermFrequencies frequencies)
    {
        // One occurrence is the article's own. The heaviest first: what it says more than once and few others say.
        var known = weights.Where(term => frequencies.Of(term.Key) > 1)
            .OrderByDescending(term => term.Value).ThenBy(term => term.Key).Select(term => term.Key).ToList();
        var rare = new List<int>();
        var postings = 0;
        foreach (var term in known)
        {
            if (rare.Count == MaxRare) break;
            if (postings + frequencies.Of(term) > MaxPostings) continue;
            postings += frequencies.Of(term);
            rare.Add(term);
        }

        var pairs = new List<(int, int)>();
        if (rare.Count < EnoughRare)
        {
            var next = known.Where(term => !rare.Contains(term) && frequencies.Of(term) <= MaxPairedPostings).Take(4).ToList();
            for (var i = 0; i < next.Count; i++)
                for (var j = i + 1; j < next.Count && pairs.Count < MaxPairs; j++)
                    pairs.Add((next[i], next[j]));
        }

        return new RelatedQuery(rare, pairs);
    }
}
