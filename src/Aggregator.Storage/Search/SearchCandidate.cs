using System.Runtime.InteropServices;

namespace Aggregator.Storage.Search;

/// <summary>A document that the index found.</summary>
/// <param name="Number">The entry's or the snapshot's number.</param>
/// <param name="Generation">With which segment it came into the index: when it came again later, this is out of date.</param>
/// <param name="IsDoubtful">Whether it has to be read to know that it fits, although the index is exact for this search.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SearchCandidate(long Number, long Generation, bool IsDoubtful);
