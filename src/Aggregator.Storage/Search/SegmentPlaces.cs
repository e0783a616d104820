using System.Runtime.InteropServices;

namespace Aggregator.Storage.Search;

/// <summary>
/// What a search needs to know of each document of a segment of entries beside its terms, by ordinal: whether it is there as it came in last, and
/// the entry's place in time, source and wishes. Fourteen bytes a document. One thread changes it at a time; searches read meanwhile.
/// </summary>
internal sealed class SegmentPlaces(SearchSegment segment)
{
    private readonly ulong[] _current = new ulong[(segment.Documents + 63) / 64];
    private readonly long[] _sortAt = new long[segment.Documents];
    private readonly int[] _source = new int[segment.Documents]; // where in _sources
    private readonly byte[] _wishes = new byte[segment.Documents];
    private readonly List<long> _sources = []; // grows while it is loaded only: a document never comes back
    private readonly Dictionary<long, int> _sourceNumbers = [];

    /// <summary>Which segment.</summary>
    public SearchSegment Segment { get; } = segment;

    /// <summary>A bit for each document: whether it is there as it came in last.</summary>
    public ReadOnlySpan<ulong> Current => _current;

    /// <summary>The earliest place in time of a document, in Unix milliseconds.</summary>
    public long Earliest { get; private set; } = long.MaxValue;

    /// <summary>The latest.</summary>
    public long Latest { get; private set; } = long.MinValue;

    /// <summary>A document's place in time, in Unix milliseconds.</summary>
    public long SortAt(int ordinal) => _sortAt[ordinal];

    /// <summary>Which source it is from.</summary>
    public long SourceId(int ordinal) => _sources[_source[ordinal]];

    /// <summary>What its publisher asks for.</summary>
    public int Wishes(int ordinal) => _wishes[ordinal];

    /// <summary>Notes what holds of an entry now.</summary>
    public void Note(in SearchPlace place)
    {
        if (OrdinalOf(place.EntryId) is not { } ordinal) return;
        if (place.Generation != Segment.GenerationOf(ordinal))
        {
            Remove(ordinal);
            return;
        }

        ref var source = ref CollectionsMarshal.GetValueRefOrAddDefault(_sourceNumbers, place.SourceId, out var isKnown);
        if (!isKnown)
        {
            source = _sources.Count;
            _sources.Add(place.SourceId);
        }

        _sortAt[ordinal] = place.SortAt;
        _source[ordinal] = source;
        _wishes[ordinal] = checked((byte)place.Wishes);
        _current[ordinal >> 6] |= 1UL << ordinal;
        Earliest = Math.Min(Earliest, place.SortAt);
        Latest = Math.Max(Latest, place.SortAt);
    }

    /// <summary>Notes that an entry is in the index no more.</summary>
    public void Forget(long entryId)
    {
        if (OrdinalOf(entryId) is { } ordinal) Remove(ordinal);
    }

    private void Remove(int ordinal) => _current[ordinal >> 6] &= ~(1UL << ordinal);

    private int? OrdinalOf(long entryId)
    {
        var ordinal = Segment.CountBelow(entryId);
        return ordinal < Segment.Documents && Segment.NumberOf(ordinal) == entryId ? ordinal : null;
    }
}
