using System.Numerics;

namespace Aggregator.Storage.Search;

/// <summary>What a search found in a segment: a bit for each of its documents.</summary>
internal sealed class SegmentMatch(SearchSegment segment)
{
    private readonly ulong[] _doubtful = new ulong[Words(segment)];
    private ulong[] _hits = Full(segment);
    private int _next = segment.Documents - 1;

    /// <summary>Where.</summary>
    public SearchSegment Segment { get; } = segment;

    /// <summary>Whether anything fits up to now.</summary>
    public bool HasAny { get; private set; } = true;

    /// <summary>The highest number that fits and was not taken yet; none when it is lower than all of them.</summary>
    public long Highest => _next < 0 ? long.MinValue : Segment.Numbers[_next];

    /// <summary>An empty set.</summary>
    public ulong[] NewSet() => new ulong[Words(Segment)];

    /// <summary>Keeps what is in a set too; null is the empty set.</summary>
    public void Keep(ulong[]? set)
    {
        ulong any = 0;
        if (set is null) _hits = NewSet();
        else for (var i = 0; i < _hits.Length; i++) any |= _hits[i] &= set[i];
        HasAny = any != 0;
    }

    /// <summary>Leaves out what is in a set.</summary>
    public void Exclude(ulong[]? set)
    {
        for (var i = 0; set is not null && i < _hits.Length; i++) _hits[i] &= ~set[i];
    }

    /// <summary>What is in both sets has to be read.</summary>
    public void Doubt(ulong[]? one, ulong[]? other)
    {
        for (var i = 0; one is not null && other is not null && i < _hits.Length; i++) _doubtful[i] |= one[i] & other[i];
    }

    /// <summary>Goes to the highest that fits and is lower than a number.</summary>
    public void GoBelow(long number)
    {
        _next = Segment.CountBelow(number);
        GoOn();
    }

    /// <summary>Takes the highest.</summary>
    public SearchCandidate Take()
    {
        var taken = new SearchCandidate(Highest, Segment.GenerationOf(_next), (_doubtful[_next >> 6] >> _next & 1) != 0);
        GoOn();
        return taken;
    }

    // To the next bit below the one where it stands.
    private void GoOn()
    {
        if (--_next < 0) return;
        var word = _next >> 6;
        var bits = _hits[word] & (ulong.MaxValue >> (63 - (_next & 63)));
        while (bits == 0 && --word >= 0) bits = _hits[word];
        _next = bits == 0 ? -1 : (word << 6) + BitOperations.Log2(bits);
    }

    private static int Words(SearchSegment segment) => (segment.Documents + 63) / 64;

    private static ulong[] Full(SearchSegment segment)
    {
        var set = new ulong[Words(segment)];
        Array.Fill(set, ulong.MaxValue);
        return set;
    }
}
