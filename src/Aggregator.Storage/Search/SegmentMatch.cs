using System.Numerics;

namespace Aggregator.Storage.Search;

/// <summary>What a search found in a segment: a bit for each of its documents. At least one <see cref="Keep"/> comes before anything else.</summary>
internal sealed class SegmentMatch(SearchSegment segment)
{
    private ulong[]? _doubtful;
    private ulong[]? _hits; // null as long as nothing was asked: all of them
    private int _next = -1;

    /// <summary>Where.</summary>
    public SearchSegment Segment { get; } = segment;

    /// <summary>What is known of its documents, where that was asked for.</summary>
    public SegmentPlaces? Places { get; private set; }

    /// <summary>Whether anything fits up to now.</summary>
    public bool HasAny { get; private set; } = true;

    /// <summary>The highest number that fits and was not taken yet; none when it is lower than all of them.</summary>
    public long Highest => _next < 0 ? long.MinValue : Segment.NumberOf(_next);

    /// <summary>An empty set.</summary>
    public ulong[] NewSet() => new ulong[(Segment.Documents + 63) / 64];

    /// <summary>Keeps what is in a set too; null is the empty set. The set is ours from then on.</summary>
    public void Keep(ulong[]? set)
    {
        ulong any = 0;
        for (var i = 0; set is not null && i < set.Length; i++) any |= set[i] &= _hits?[i] ?? ulong.MaxValue;
        HasAny = any != 0;
        _hits = set ?? NewSet();
    }

    /// <summary>Leaves out what is in a set.</summary>
    public void Exclude(ulong[]? set)
    {
        for (var i = 0; set is not null && i < set.Length; i++) _hits![i] &= ~set[i];
    }

    /// <summary>What is in both sets has to be read.</summary>
    public void Doubt(ulong[]? one, ulong[]? other)
    {
        if (one is null || other is null) return;
        _doubtful ??= NewSet();
        for (var i = 0; i < one.Length; i++) _doubtful[i] |= one[i] & other[i];
    }

    /// <summary>Keeps what is there as it came in last, and has its place in time at a moment or later and before another.</summary>
    /// <param name="places">What is known of the documents of the segment.</param>
    /// <param name="from">From when on, in Unix milliseconds.</param>
    /// <param name="to">Until when.</param>
    public void KeepPlaced(SegmentPlaces places, long from, long to)
    {
        Places = places;
        ulong any = 0;
        for (var i = 0; i < _hits!.Length; i++) any |= _hits[i] &= places.Current[i];
        if (any != 0 && (places.Earliest < from || places.Latest >= to)) any = KeepTimes(places, from, to);
        HasAny = any != 0;
    }

    /// <summary>Whether a document was found by parts that it may have apart.</summary>
    public bool IsDoubtful(int ordinal) => _doubtful is not null && (_doubtful[ordinal >> 6] >> ordinal & 1) != 0;

    /// <summary>Goes to the highest that fits and is lower than a number.</summary>
    public void GoBelow(long number)
    {
        _next = Segment.CountBelow(number);
        GoOn();
    }

    /// <summary>Takes the highest.</summary>
    public SearchCandidate Take()
    {
        var taken = new SearchCandidate(Highest, this, _next);
        GoOn();
        return taken;
    }

    private ulong KeepTimes(SegmentPlaces places, long from, long to)
    {
        ulong any = 0;
        for (var i = 0; i < _hits!.Length; i++)
        {
            for (var rest = _hits[i]; rest != 0; rest &= rest - 1)
                if (places.SortAt((i << 6) + BitOperations.TrailingZeroCount(rest)) is var at && (at < from || at >= to))
                    _hits[i] &= ~(rest & (~rest + 1));
            any |= _hits[i];
        }

        return any;
    }

    // To the next bit below the one where it stands.
    private void GoOn()
    {
        if (--_next < 0) return;
        var word = _next >> 6;
        var bits = _hits![word] & (ulong.MaxValue >> (63 - (_next & 63)));
        while (bits == 0 && --word >= 0) bits = _hits[word];
        _next = bits == 0 ? -1 : (word << 6) + BitOperations.Log2(bits);
    }
}
