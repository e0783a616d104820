using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Aggregator.Storage.Search;

/// <summary>A segment that is not in the store yet.</summary>
/// <param name="Documents">How many documents it has.</param>
/// <param name="Numbers">What <see cref="SearchSegment.Pack"/> made of them.</param>
/// <param name="Directory">The first term of each block.</param>
/// <param name="Blocks">The blocks.</param>
internal sealed record SegmentDraft(int Documents, byte[] Numbers, byte[] Directory, IReadOnlyList<byte[]> Blocks)
{
    /// <summary>How long the blocks are.</summary>
    public long Bytes => Blocks.Sum(block => (long)block.Length);

    /// <summary>A segment of new documents, each with another number.</summary>
    public static SegmentDraft Of(IReadOnlyCollection<SearchIndexRow> rows)
    {
        var ordered = rows.OrderBy(row => row.Id).ToList();
        var writer = new SegmentWriter(ordered.Count);
        var words = Words(ordered);
        var length = ordered.Sum(row => row.Terms.Short.Count);
        var (places, room) = (ArrayPool<TermPlace>.Shared.Rent(length), ArrayPool<TermPlace>.Shared.Rent(length));
        try
        {
            var at = 0;
            for (var i = 0; i < ordered.Count; i++)
                foreach (var term in ordered[i].Terms.Short)
                    places[at++] = new TermPlace(term, i);
            Write(writer, TermPlace.Sort(places.AsSpan(0, length), room.AsSpan(0, length)), words, new int[ordered.Count]);
        }
        finally
        {
            ArrayPool<TermPlace>.Shared.Return(places);
            ArrayPool<TermPlace>.Shared.Return(room);
        }

        var (blocks, directory) = writer.End();
        return new SegmentDraft(ordered.Count, SearchSegment.Pack(ordered.ConvertAll(row => (row.Id, 0L))), directory, blocks);
    }

    private static (byte[] Term, ulong Beginning, List<int> Ordinals)[] Words(List<SearchIndexRow> ordered)
    {
        var lists = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < ordered.Count; i++)
        {
            foreach (var word in ordered[i].Terms.Long)
            {
                if (!lists.TryGetValue(word, out var list)) lists.Add(word, list = []);
                list.Add(i);
            }
        }

        var words = lists.Select(pair => (Term: Encoding.UTF8.GetBytes(pair.Key), DocumentTerms.NumberOf(pair.Key), pair.Value)).ToArray();
        Array.Sort(words, static (a, b) => a.Term.AsSpan().SequenceCompareTo(b.Term));
        return words;
    }

    private static void Write(SegmentWriter writer, ReadOnlySpan<TermPlace> places, (byte[] Term, ulong Beginning, List<int> Ordinals)[] words, int[] ordinals)
    {
        Span<byte> term = stackalloc byte[DocumentTerms.MaxShortBytes];
        var next = 0;
        for (var i = 0; i < places.Length;)
        {
            // A longer term stands behind the one that it begins with.
            var number = places[i].Term;
            for (; next < words.Length && words[next].Beginning < number; next++) writer.Add(words[next].Term, CollectionsMarshal.AsSpan(words[next].Ordinals));
            var count = 0;
            for (; i < places.Length && places[i].Term == number; i++)
                if (count == 0 || ordinals[count - 1] != places[i].Ordinal)
                    ordinals[count++] = places[i].Ordinal;
            writer.Add(term[..DocumentTerms.Write(number, term)], ordinals.AsSpan(0, count));
        }

        for (; next < words.Length; next++) writer.Add(words[next].Term, CollectionsMarshal.AsSpan(words[next].Ordinals));
    }
}
