using System.Text;
using Aggregator.Core.Searching;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Search;

/// <summary>
/// What a search finds in the index, the highest numbers first. Segments are asked when their turn comes, so that a search for what many
/// documents have reads only where the newest ones stand.
/// </summary>
/// <param name="session">Where it reads.</param>
/// <param name="index">The index.</param>
/// <param name="places">What is known of entries; null for the index of earlier versions, of which that has to be asked.</param>
/// <param name="plan">What is looked for.</param>
/// <param name="from">From when on, in Unix milliseconds; only where places are known.</param>
/// <param name="to">Until when.</param>
internal sealed class SearchHits(StoreSession session, SearchIndex index, SearchPlaces? places, SearchPlan plan, long from, long to)
{
    /// <summary>With how many documents segments are asked together at first; it grows, so that a rare term takes few statements.</summary>
    private const int FirstDocuments = SearchSegment.MaxDocuments;

    /// <summary>How many groups of terms are looked up together at the most. The first few mostly leave nothing to the others.</summary>
    private const int GroupsAtOnce = 16;

    private const int FirstGroups = 2;

    /// <summary>How many blocks one statement reads.</summary>
    private const int BlocksAtOnce = 256;

    /// <summary>How often a search begins anew because segments were merged while it read them.</summary>
    private const int MaxRestarts = 20;

    private readonly List<byte[][]> _all = [.. InOrder(plan.All).Select(Encode)];
    private readonly List<SegmentMatch> _matches = [];

    // Sets of documents are made here, one after the other: a search has some forty of 16 KB.
    private ulong[] _one = [];
    private ulong[] _other = [];
    private Stack<SearchSegment>? _unasked;
    private long _documentsAtOnce;
    private long _below = long.MaxValue;
    private int _restarts;

    /// <summary>The next ones, at most <paramref name="limit"/>; fewer are the last.</summary>
    public async Task<List<SearchCandidate>> NextAsync(int limit)
    {
        var found = new List<SearchCandidate>();
        while (found.Count < limit)
        {
            if (_unasked is null) await BeginAsync();
            var first = _matches.MaxBy(static match => match.Highest);
            var unasked = _unasked!.TryPeek(out var next) ? next.Highest : long.MinValue;
            if (next is not null && (first is null || unasked >= first.Highest))
            {
                if (!await AskAsync()) _unasked = null;
                continue;
            }

            if (first is null) break;
            var others = _matches.Where(match => match != first).Select(static match => match.Highest).Append(unasked).Max();
            do found.Add(first.Take());
            while (found.Count < limit && first.Highest > others);
            _below = found[^1].Number;
            if (first.Highest == long.MinValue) _matches.Remove(first);
        }

        return found;
    }

    private async Task BeginAsync()
    {
        if (_restarts++ == MaxRestarts) throw new InvalidOperationException("Blocks of the search index are missing.");
        _matches.Clear();

        // In this order: of what comes in anew meanwhile both the old and the new may be found. Only where another search follows between the two it
        // is missed, once.
        if (places is not null) await places.FollowAsync(session);
        var segments = await index.SegmentsAsync(session, ofVersions: places is null);
        places?.Keep(segments);
        _unasked = new Stack<SearchSegment>(segments.OrderBy(static segment => segment.Highest));
        _documentsAtOnce = FirstDocuments;
    }

    /// <summary>Asks the next segments; false when they are gone.</summary>
    private async Task<bool> AskAsync()
    {
        session.CancellationToken.ThrowIfCancellationRequested();
        var asked = new List<SegmentMatch>();
        for (long documents = 0; documents < _documentsAtOnce && _unasked!.TryPop(out var segment);)
        {
            if (!await MayFitAsync(segment)) continue;
            documents += segment.Documents;
            asked.Add(new SegmentMatch(segment));
        }

        _documentsAtOnce *= 4;

        for (int start = 0, count = FirstGroups; start < _all.Count && asked.Count > 0; start += count, count = GroupsAtOnce)
        {
            var groups = _all.Skip(start).Take(count).ToList();
            if (await ReadAsync(asked, groups) is not { } blocks) return false;
            foreach (var match in asked)
                for (var i = 0; i < groups.Count && match.HasAny; i++)
                    match.Keep(DocumentsWith(groups[i], match.Segment, blocks, ref _one));
            asked.RemoveAll(static match => !match.HasAny);
        }

        foreach (var some in plan.None.Chunk(GroupsAtOnce))
        {
            List<byte[][]> groups = [.. some.Select(term => Encode([term]))];
            if (await ReadAsync(asked, groups) is not { } blocks) return false;
            foreach (var match in asked)
                foreach (var group in groups)
                    match.Exclude(DocumentsWith(group, match.Segment, blocks, ref _one));
        }

        if (places is not null)
        {
            foreach (var match in asked) match.KeepPlaced(await places.OfAsync(session, match.Segment), from, to);
            asked.RemoveAll(static match => !match.HasAny);
        }

        foreach (var (before, behind) in plan.Forks.Select(static fork => (Encode(fork.Before), Encode(fork.Behind))))
        {
            if (await ReadAsync(asked, [before, behind]) is not { } blocks) return false;
            foreach (var match in asked) match.Doubt(DocumentsWith(before, match.Segment, blocks, ref _one), DocumentsWith(behind, match.Segment, blocks, ref _other));
        }

        foreach (var match in asked) match.GoBelow(_below);
        _matches.AddRange(asked.Where(static match => match.Highest > long.MinValue));
        return true;
    }

    /// <summary>Whether a segment has documents of the time that is asked for.</summary>
    private async ValueTask<bool> MayFitAsync(SearchSegment segment)
    {
        if (places is null || (from == long.MinValue && to == long.MaxValue)) return true;
        var known = await places.OfAsync(session, segment);
        return known.Latest >= from && known.Earliest < to;
    }

    /// <summary>The blocks that have the terms of these groups, if any has; null when they are gone.</summary>
    private async Task<Dictionary<long, byte[]>?> ReadAsync(List<SegmentMatch> matches, List<byte[][]> groups)
    {
        var wanted = new SortedSet<long>();
        foreach (var match in matches)
            foreach (var group in groups)
                foreach (var term in group)
                    if (match.Segment.BlockWith(term) is { } block)
                        wanted.Add(block);

        var read = new Dictionary<long, byte[]>(wanted.Count);
        foreach (var ids in wanted.Chunk(BlocksAtOnce))
        {
            await index.ReadBlocksAsync(session, ids, read);
            session.CancellationToken.ThrowIfCancellationRequested();
        }

        return read.Count == wanted.Count ? read : null;
    }

    /// <summary>The documents of a segment that have a term of a group: a bit for each, or nothing where none has.</summary>
    private static ReadOnlySpan<ulong> DocumentsWith(byte[][] group, SearchSegment segment, Dictionary<long, byte[]> blocks, ref ulong[] room)
    {
        if (room.Length < segment.Words) room = new ulong[segment.Words];
        var set = room.AsSpan(0, segment.Words);
        var isEmpty = true;
        foreach (var term in group)
        {
            if (segment.BlockWith(term) is not { } block) continue;
            var reader = new BlockReader(blocks[block]);
            if (!reader.Find(term)) continue;
            if (isEmpty) set.Clear();
            isEmpty = false;
            reader.AddTo(set, segment.Documents);
        }

        return isEmpty ? [] : set;
    }

    // What is longer is rarer, and what says where a document is from is not rare at all: mostly the first leaves nothing for the others to look up.
    private static IEnumerable<IReadOnlyList<string>> InOrder(IReadOnlyList<IReadOnlyList<string>> groups) =>
        groups.OrderByDescending(static group => group.Count == 1 && !SearchTerms.IsFilter(group[0]) ? Encoding.UTF8.GetByteCount(group[0]) : 0);

    private static byte[][] Encode(IReadOnlyList<string> terms) => [.. terms.Select(Encoding.UTF8.GetBytes)];
}
