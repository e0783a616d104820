using System.Numerics;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Search;

/// <summary>
/// The index of what entries say now, and the one of what their earlier versions said: segments that never change. What comes in is a new
/// segment; several of about one size are merged into one, so that there are few. A document that came in again, or is gone, stays in its old
/// segment until that is merged: <c>search_place</c> and <c>search_version_place</c> say with which segment each came in last.
/// </summary>
internal sealed class SearchIndex(Database database, TimeProvider timeProvider)
{
    /// <summary>Of how many segments of about one size one is made.</summary>
    private const int MergedAtOnce = 8;

    /// <summary>About one size are those of which the largest is less than two to this power times the smallest.</summary>
    private const int BitsOfSize = 3;

    /// <summary>The longest blocks of one segment together, in bytes: they are written in one transaction.</summary>
    private const long MaxSegmentBytes = 48 * 1024 * 1024;

    /// <summary>How many blocks of a segment that is merged are in memory at once.</summary>
    private const int BlocksBrought = 32;

    /// <summary>For how many documents one statement asks whether they are current.</summary>
    private const int PlacesAtOnce = 1_000;

    /// <summary>How often the segments are read again because some were merged meanwhile.</summary>
    private const int MaxAttempts = 20;

    /// <summary>With one document in so many out of date a segment is written anew.</summary>
    private const int OutOfDateOneIn = 4;

    /// <summary>How long a merge waits for its turn: nobody waits for it, but a store that never rests needs it most.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How often that is looked for.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromHours(6);

    private const string Segments = "select id from search_segment where of_versions = @ofVersions";

    private const string SegmentsById = "select id, numbers, directory from search_segment where id {any @ids}";

    private const string SizesOfAll = "select id, of_versions, documents, bytes from search_segment order by id";

    private const string StillThere = "select id from search_segment where id {any @ids} order by id {locked}";

    private const string BlocksById = "select id, data from search_block where id {any @ids}";

    private const string BlocksOf = "select data from search_block where id between @from and @until order by id";

    private const string Insert = """
        insert into search_segment (of_versions, documents, bytes, numbers, directory) values (@ofVersions, @documents, @bytes, @numbers, @directory) returning id
        """;

    private const string InsertBlock = "insert into search_block (id, data) values (@id, @data)";

    private const string Delete = "delete from search_segment where id {any @ids}";

    private const string DeleteBlocks = "delete from search_block where id between @from and @until";

    private const string CurrentEntries = "select id, version from entry where id {any @ids} order by id {shared}";

    private const string CurrentVersions = "select snapshot_id as id, 0 as version from snapshot_document where snapshot_id {any @ids} order by snapshot_id {shared}";

    private const string PlaceEntries = """
        insert into search_place (entry_id, generation, sort_at, source_id, wishes)
        select id, @generation, sort_at, source_id, wishes from entry where id {any @ids}
        on conflict (entry_id) do update set generation = excluded.generation, sort_at = excluded.sort_at, source_id = excluded.source_id, wishes = excluded.wishes
        """;

    private const string PlaceVersions = """
        insert into search_version_place (snapshot_id, generation)
        select snapshot_id, @generation from snapshot_document where snapshot_id {any @ids}
        on conflict (snapshot_id) do update set generation = excluded.generation
        """;

    private const string PlacesOfEntries = "select entry_id as id, generation from search_place where entry_id {any @ids}";

    private const string PlacesOfVersions = "select snapshot_id as id, generation from search_version_place where snapshot_id {any @ids}";

    // They never change, so that they are known until they are merged.
    private readonly Dictionary<long, SearchSegment>[] _known = [[], []];
    private DateTimeOffset _looksAgainAt = timeProvider.GetUtcNow() + BetweenLooks;

    /// <summary>The segments that there are.</summary>
    public async Task<IReadOnlyCollection<SearchSegment>> SegmentsAsync(StoreSession session, bool ofVersions)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var before = Volatile.Read(ref _known[ofVersions ? 1 : 0]);
            var ids = await session.ListAsync<long>(Segments, new { ofVersions = ofVersions ? 1 : 0 });
            var missing = ids.FindAll(id => !before.ContainsKey(id));
            if (missing.Count == 0 && ids.Count == before.Count) return before.Values;
            var read = missing.Count == 0 ? [] : await session.ListAsync<SegmentRow>(SegmentsById, new { ids = database.List(missing) });
            if (read.Count < missing.Count) continue; // Merged between the two statements.
            var now = read.Select(row => new SearchSegment(row.Id, row.Numbers, row.Directory))
                .Concat(ids.Where(before.ContainsKey).Select(id => before[id])).ToDictionary(segment => segment.Id);
            Volatile.Write(ref _known[ofVersions ? 1 : 0], now);
            return now.Values;
        }

        throw new InvalidOperationException("The segments of the search index change faster than they can be read.");
    }

    /// <summary>Reads blocks by their numbers; fewer when their segments were merged.</summary>
    public async Task ReadBlocksAsync(StoreSession session, long[] ids, Dictionary<long, byte[]> blocks)
    {
        await using var reader = await session.ReadAsync(BlocksById, new { ids = database.List(ids) });
        while (await reader.ReadAsync(session.CancellationToken)) blocks.Add(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
    }

    /// <summary>Writes documents; those that changed since they were read are left out, for they wait again.</summary>
    /// <param name="session">A write transaction.</param>
    /// <param name="ofVersions">Into which index.</param>
    /// <param name="rows">The documents.</param>
    /// <param name="draft">The segment of them, made before others had to wait for it.</param>
    public async Task AddAsync(StoreSession session, bool ofVersions, IReadOnlyList<SearchIndexRow> rows, SegmentDraft draft)
    {
        if (rows.Count == 0) return;
        var versions = (await session.ListAsync<CurrentRow>(ofVersions ? CurrentVersions : CurrentEntries, new { ids = database.List([.. rows.Select(row => row.Id)]) }))
            .ToDictionary(row => row.Id, row => row.Version);
        var current = rows.Where(row => versions.TryGetValue(row.Id, out var version) && version == row.Version).ToList();
        if (current.Count == 0) return;
        if (current.Count < rows.Count) draft = SegmentDraft.Of(current);
        var generation = await InsertAsync(session, ofVersions, draft);
        await session.ExecuteAsync(ofVersions ? PlaceVersions : PlaceEntries, new { generation, ids = database.List([.. current.Select(row => row.Id)]) });
    }

    /// <summary>Merges once; how many documents were written anew, 0 when there was nothing to do.</summary>
    public async Task<int> MergeAsync(CancellationToken cancellationToken)
    {
        var sizes = await database.ReadAsync(session => session.ListAsync<SizeRow>(SizesOfAll), cancellationToken);
        if (Choose(sizes) is { } chosen) return await MergeAsync(chosen, outOfDate: 0, Patience, cancellationToken) ?? 0;
        if (timeProvider.GetUtcNow() < _looksAgainAt) return 0;
        _looksAgainAt = timeProvider.GetUtcNow() + BetweenLooks;
        var written = 0;
        foreach (var one in sizes) written += await MergeAsync([one], Math.Max(1, one.Documents / OutOfDateOneIn), Patience, cancellationToken) ?? 0;
        return written;
    }

    /// <summary>Writes segments anew that have documents which are gone or were others: nothing of those stays. Behind nobody: a take-down waits for it.</summary>
    public async Task RewriteAsync(CancellationToken cancellationToken)
    {
        bool isDone;
        do
        {
            isDone = true;
            foreach (var one in await database.ReadAsync(session => session.ListAsync<SizeRow>(SizesOfAll), cancellationToken))
                isDone &= await MergeAsync([one], outOfDate: 1, TimeSpan.Zero, cancellationToken) is not null;
        }
        while (!isDone);
    }

    /// <summary>Segments of about one size, when there are enough; null when all is well.</summary>
    private static List<SizeRow>? Choose(List<SizeRow> sizes)
    {
        foreach (var alike in sizes.GroupBy(size => (size.OfVersions, Size: BitOperations.Log2((uint)size.Documents) / BitsOfSize)).OrderBy(group => group.Key.Size))
        {
            if (alike.Count() < MergedAtOnce) continue;
            var chosen = new List<SizeRow>();
            foreach (var one in alike.OrderBy(size => size.Documents).Take(MergedAtOnce))
                if (chosen.Sum(size => (long)size.Documents) + one.Documents <= SearchSegment.MaxDocuments && chosen.Sum(size => size.Bytes) + one.Bytes <= MaxSegmentBytes)
                    chosen.Add(one);
            if (chosen.Count > 1) return chosen;
        }

        return null;
    }

    /// <summary>
    /// Merges these, when at least so many of their documents are out of date; how many documents were written, and null when others changed
    /// the segments meanwhile.
    /// </summary>
    private async Task<int?> MergeAsync(List<SizeRow> chosen, int outOfDate, TimeSpan patience, CancellationToken cancellationToken)
    {
        var ofVersions = chosen[0].OfVersions != 0;
        var ids = database.List([.. chosen.Select(one => one.Id)]);
        List<SearchSegment> segments = [];
        var isNeeded = true;
        var draft = await database.ReadAsync(
            async session =>
            {
                var rows = await session.ListAsync<SegmentRow>(SegmentsById, new { ids });
                if (rows.Count < chosen.Count) return null;
                segments = rows.ConvertAll(row => new SearchSegment(row.Id, row.Numbers, row.Directory));
                var current = await CurrentAsync(session, ofVersions, segments);
                isNeeded = segments.Sum(segment => segment.Documents) - current.Count >= outOfDate;
                return !isNeeded ? null : await SegmentMerge.RunAsync(segments, (number, generation) => current.Contains((number, generation)), BringAsync, cancellationToken);

                Task<List<byte[]>> BringAsync(SearchSegment segment, int from) => session.ListAsync<byte[]>(
                    BlocksOf, new { from = SearchSegment.BlockOf(segment.Id, from), until = SearchSegment.BlockOf(segment.Id, Math.Min(segment.Blocks, from + BlocksBrought) - 1) });
            },
            cancellationToken);
        if (!isNeeded) return 0;
        if (draft is null) return null;
        return await database.WriteBehindAsync(
            async session =>
            {
                if ((await session.ListAsync<long>(StillThere, new { ids })).Count < chosen.Count) return (int?)null;
                if (draft.Documents > 0) await InsertAsync(session, ofVersions, draft);
                foreach (var segment in segments)
                    await session.ExecuteAsync(DeleteBlocks, new { from = segment.FirstBlock, until = SearchSegment.BlockOf(segment.Id, segment.Blocks - 1) });
                await session.ExecuteAsync(Delete, new { ids });
                return draft.Documents;
            },
            TimeSpan.Zero, patience, cancellationToken);
    }

    /// <summary>Number and generation of those documents that are in the index as they came in last.</summary>
    private async Task<HashSet<(long Number, long Generation)>> CurrentAsync(StoreSession session, bool ofVersions, List<SearchSegment> segments)
    {
        var current = new HashSet<(long, long)>();
        foreach (var segment in segments)
        {
            foreach (var numbers in segment.Numbers.Chunk(PlacesAtOnce))
            {
                var generations = (await session.ListAsync<GenerationRow>(ofVersions ? PlacesOfVersions : PlacesOfEntries, new { ids = database.List(numbers) }))
                    .ToDictionary(row => row.Id, row => row.Generation);
                foreach (var number in numbers)
                    if (generations.TryGetValue(number, out var generation) && segment.GenerationOf(segment.CountBelow(number)) == generation)
                        current.Add((number, generation));
            }
        }

        return current;
    }

    private static async Task<long> InsertAsync(StoreSession session, bool ofVersions, SegmentDraft draft)
    {
        if (draft.Blocks.Count > SearchSegment.MaxBlocks) throw new InvalidOperationException("A segment of the search index has too many blocks.");
        var id = await session.FindAsync<long>(
            Insert, new { ofVersions = ofVersions ? 1 : 0, documents = draft.Documents, bytes = draft.Bytes, numbers = draft.Numbers, directory = draft.Directory });
        await session.ExecuteAsync(InsertBlock, draft.Blocks.Select((data, i) => new { id = SearchSegment.BlockOf(id, i), data }));
        return id;
    }

    private sealed record SegmentRow
    {
        public required long Id { get; init; }
        public required byte[] Numbers { get; init; }
        public required byte[] Directory { get; init; }
    }

    private sealed record SizeRow
    {
        public required long Id { get; init; }
        public required int OfVersions { get; init; }
        public required int Documents { get; init; }
        public required long Bytes { get; init; }
    }

    private sealed record CurrentRow
    {
        public required long Id { get; init; }
        public required int Version { get; init; }
    }

    private sealed record GenerationRow
    {
        public required long Id { get; init; }
        public required long Generation { get; init; }
    }
}
