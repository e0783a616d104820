namespace Aggregator.Storage.Search;

/// <summary>Makes one segment of several, or of one what is left of it.</summary>
internal static class SegmentMerge
{
    /// <summary>Merges; null when blocks are gone, because others have merged them.</summary>
    /// <param name="segments">What is merged.</param>
    /// <param name="isCurrent">Which of their documents (number and generation) stay.</param>
    /// <param name="bring">Brings the next blocks of a segment, from the one of that place on; none when they are gone.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<SegmentDraft?> RunAsync(
        IReadOnlyList<SearchSegment> segments, Func<long, long, bool> isCurrent, Func<SearchSegment, int, Task<List<byte[]>>> bring, CancellationToken cancellationToken)
    {
        var documents = new List<(long Number, long Generation, int Segment, int Ordinal)>();
        for (var i = 0; i < segments.Count; i++)
            for (var ordinal = 0; ordinal < segments[i].Documents; ordinal++)
                if (isCurrent(segments[i].Numbers[ordinal], segments[i].GenerationOf(ordinal)))
                    documents.Add((segments[i].Numbers[ordinal], segments[i].GenerationOf(ordinal), i, ordinal));
        documents.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        var ordinals = segments.Select(segment => Enumerable.Repeat(-1, segment.Documents).ToArray()).ToList();
        for (var i = 0; i < documents.Count; i++) ordinals[documents[i].Segment][documents[i].Ordinal] = i;

        var writer = new SegmentWriter(documents.Count);
        var cursors = segments.Select((segment, i) => new SegmentCursor(segment, ordinals[i])).ToList();
        var behind = new List<SegmentCursor>(cursors);
        var merged = new int[documents.Count];
        while (true)
        {
            foreach (var cursor in behind)
            {
                cancellationToken.ThrowIfCancellationRequested();
                while (!cursor.Read() && !cursor.IsAtEnd)
                {
                    var blocks = await bring(cursor.Segment, cursor.BlocksRead);
                    if (blocks.Count == 0) return null;
                    cursor.Bring(blocks);
                }
            }

            cursors.RemoveAll(static cursor => cursor.IsAtEnd);
            if (cursors.Count == 0) break;
            Write(writer, cursors, behind, merged);
        }

        var (written, directory) = writer.End();
        return new SegmentDraft(documents.Count, SearchSegment.Pack(documents.ConvertAll(document => (document.Number, document.Generation))), directory, written);
    }

    // Writes the lowest term of all; those that stood at it are behind then.
    private static void Write(SegmentWriter writer, List<SegmentCursor> cursors, List<SegmentCursor> behind, int[] merged)
    {
        behind.Clear();
        foreach (var cursor in cursors)
        {
            var order = behind.Count == 0 ? -1 : cursor.Term.SequenceCompareTo(behind[0].Term);
            if (order < 0) behind.Clear();
            if (order <= 0) behind.Add(cursor);
        }

        var count = 0;
        var isSorted = true;
        foreach (var cursor in behind)
        {
            var start = count;
            count = cursor.AddTo(merged, count);
            if (start > 0 && count > start && merged[start] < merged[start - 1]) isSorted = false;
        }

        if (!isSorted) Array.Sort(merged, 0, count);
        if (count > 0) writer.Add(behind[0].Term, merged.AsSpan(0, count));
    }
}
