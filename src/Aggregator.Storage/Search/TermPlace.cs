using System.Runtime.InteropServices;

namespace Aggregator.Storage.Search;

/// <summary>That a document has a short term.</summary>
/// <param name="Term">The term as <see cref="DocumentTerms.NumberOf"/> has it.</param>
/// <param name="Ordinal">Which document.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TermPlace(ulong Term, int Ordinal)
{
    /// <summary>
    /// Puts them in the order of their terms, those of one term staying as they are: byte by byte and not by comparing them, for a batch has
    /// hundreds of thousands.
    /// </summary>
    /// <param name="places">What is ordered; overwritten.</param>
    /// <param name="room">As much room again.</param>
    /// <returns>One of the two.</returns>
    public static ReadOnlySpan<TermPlace> Sort(Span<TermPlace> places, Span<TermPlace> room)
    {
        Span<int> next = stackalloc int[byte.MaxValue + 1];
        for (var shift = 0; shift < 64; shift += 8)
        {
            next.Clear();
            foreach (var place in places) next[(byte)(place.Term >> shift)]++;
            if (places.Length == 0 || next[(byte)(places[0].Term >> shift)] == places.Length) continue;
            var before = 0;
            foreach (ref var start in next) (start, before) = (before, before + start);
            foreach (var place in places) room[next[(byte)(place.Term >> shift)]++] = place;
            var sorted = room;
            room = places;
            places = sorted;
        }

        return places;
    }
}
