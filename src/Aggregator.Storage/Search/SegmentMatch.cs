using System.Numerics;
using System.Runtime.InteropServices;

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

    /// <summary>Keeps what is in a set too; nothing is the empty set.</summary>
    public void Keep(ReadOnlySpan<ulong> set)
    {
        if (_hits is null) (_hits, HasAny) = (set.IsEmpty ? new ulong[Segment.Words] : set.ToArray(), !set.IsEmpty);
        else if (set.IsEmpty) HasAny = false;
        else HasAny = Intersect(_hits, set);
    }

    /// <summary>Leaves out what is in a set.</summary>
    public void Exclude(ReadOnlySpan<ulong> set)
    {
        for (var i = 0; i < set.Length; i++) _hits![i] &= ~set[i];
    }

    /// <summary>What is in both sets has to be read.</summary>
    public void Doubt(ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other)
    {
        if (one.IsEmpty || other.IsEmpty) return;
        _doubtful ??= new ulong[Segment.Words];
        for (var i = 0; i < one.Length; i++) _doubtful[i] |= one[i] & other[i];
    }

    /// <summary>Keeps what is there as it came in last, and has its place in time at a moment or later and before another.</summary>
    /// <param name="places">What is known of the documents of the segment.</param>
    /// <param name="from">From when on, in Unix milliseconds.</param>
    /// <param name="to">Until when.</param>
    public void KeepPlaced(SegmentPlaces places, long from, long to)
    {
        Places = places;
        HasAny = Intersect(_hits, places.Current) && ((places.Earliest >= from && places.Latest < to) || KeepTimes(places, from, to));
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

    private bool KeepTimes(SegmentPlaces places, long from, long to)
    {
        ulong any = 0;
        for (var i = 0; i < _hits!.Length; i++)
        {
            for (var rest = _hits[i]; rest != 0; rest &= rest - 1)
                if (places.SortAt((i << 6) + BitOperations.TrailingZeroCount(rest)) is var at && (at < from || at >= to))
                    _hits[i] &= ~(rest & (~rest + 1));
            any |= _hits[i];
        }

        return any != 0;
    }

    /// <summary>Keeps what both have; whether there is any.</summary>
    private static bool Intersect(Span<ulong> set, ReadOnlySpan<ulong> other)
    {
        var wide = MemoryMarshal.Cast<ulong, Vector<ulong>>(set);
        var others = MemoryMarshal.Cast<ulong, Vector<ulong>>(other);
        var any = Vector<ulong>.Zero;
        for (var i = 0; i < wide.Length; i++) any |= wide[i] &= others[i];
        var rest = 0UL;
        for (var i = wide.Length * Vector<ulong>.Count; i < set.Length; i++) rest |= set[i] &= other[i];
        return rest != 0 || any != Vector<ulong>.Zero;
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
