using System.Runtime.InteropServices;

namespace Aggregator.Storage.Search;

/// <summary>A document that the index found.</summary>
/// <param name="Number">The entry's or the snapshot's number.</param>
/// <param name="Match">Where it was found.</param>
/// <param name="Ordinal">Which of its documents it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SearchCandidate(long Number, SegmentMatch Match, int Ordinal)
{
    /// <summary>With which segment it came into the index: when it came again later, this is out of date.</summary>
    public long Generation => Match.Segment.GenerationOf(Ordinal);

    /// <summary>Whether it has to be read to know that it fits, although the index is exact for this search.</summary>
    public bool IsDoubtful => Match.IsDoubtful(Ordinal);
}
