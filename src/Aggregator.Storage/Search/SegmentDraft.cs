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
        var lists = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < ordered.Count; i++)
        {
            foreach (var term in ordered[i].Terms)
            {
                if (!lists.TryGetValue(term, out var list)) lists.Add(term, list = []);
                list.Add(i);
            }
        }

        var terms = lists.Select(pair => (Term: Encoding.UTF8.GetBytes(pair.Key), pair.Value)).ToArray();
        Array.Sort(terms, static (a, b) => a.Term.AsSpan().SequenceCompareTo(b.Term));
        var writer = new SegmentWriter(ordered.Count);
        foreach (var (term, list) in terms) writer.Add(term, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list));
        var (blocks, directory) = writer.End();
        return new SegmentDraft(ordered.Count, SearchSegment.Pack(ordered.ConvertAll(row => (row.Id, 0L))), directory, blocks);
    }
}
