using System.Collections.Concurrent;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Search;

/// <summary>
/// Keeps in memory what searches need of the documents that they find (<see cref="SegmentPlaces"/>), for a search looks at up to a thousand. It
/// follows what changes by <c>search_change</c>: every search sees what was committed before it began, whichever process did it.
/// </summary>
internal sealed class SearchPlaces(Database database, TimeProvider timeProvider) : IDisposable
{
    /// <summary>How many entries one statement asks for.</summary>
    private const int EntriesAtOnce = 1_000;

    /// <summary>With one entry in so many in a segment it is read as a range of numbers, what lies between passed over.</summary>
    private const int DenseOneIn = 4;

    /// <summary>When more entries changed than so many, what is known of all is read anew instead.</summary>
    private const int MaxNoted = 50_000;

    /// <summary>How long changes are kept. Who has not followed them for half of that begins anew.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(2);

    /// <summary>How often they are followed at the least, in milliseconds, so that no search has much to catch up with.</summary>
    private const long BetweenLooks = 10_000;

    private static readonly TimeSpan BetweenPrunings = TimeSpan.FromHours(1);

    private const string Columns = "entry_id, generation, sort_at, source_id, wishes";

    private const string InRange = $"select {Columns} from search_place where entry_id between @first and @last";

    private const string ById = $"select {Columns} from search_place where entry_id {"{any @ids}"}";

    // In one statement, so that both are of one moment. A row without an entry says that there is none.
    private const string Changes = """
        select settled.below, search_change.number, search_change.entry_id
        from (select {settled search_change} as below) as settled left join search_change on search_change.number >= @from
        """;

    private const string Settled = "select {settled search_change}";

    // Those to come are of another cluster that the database was brought from.
    private const string Prune = "delete from search_change where changed_at < @before or number >= {coming search_change}";

    private readonly ConcurrentDictionary<long, SegmentPlaces> _known = new();
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly SemaphoreSlim _loading = new(1, 1);
    private HashSet<(long Number, long EntryId)> _noted = []; // of those that are read again because an older one may still come
    private long _followedBelow = long.MaxValue; // what changes have lower numbers is noted
    private long _followedAt; // in Unix milliseconds
    private long _prunedAt;
    private long _begun;
    private long _done;

    /// <summary>Notes what changed since the last time.</summary>
    public async Task FollowAsync(StoreSession session)
    {
        var begun = Interlocked.Read(ref _begun);
        await _changing.WaitAsync(session.CancellationToken);
        try
        {
            if (_done > begun) return; // Somebody began to follow after this one came.
            var mine = Interlocked.Increment(ref _begun);
            var now = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
            if (now < _followedAt || now - _followedAt >= Kept.TotalMilliseconds / 2 || !await CatchUpAsync(session))
            {
                _known.Clear();
                _noted = [];
                Volatile.Write(ref _followedBelow, await session.FindAsync<long>(Settled));
            }

            Volatile.Write(ref _followedAt, now);
            _done = mine;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>What is known of the documents of a segment of entries; read when nothing is.</summary>
    /// <param name="session">One that has followed (<see cref="FollowAsync"/>).</param>
    /// <param name="segment">Which.</param>
    public async ValueTask<SegmentPlaces> OfAsync(StoreSession session, SearchSegment segment)
    {
        if (_known.TryGetValue(segment.Id, out var known)) return known;
        await _loading.WaitAsync(session.CancellationToken);
        try
        {
            if (_known.TryGetValue(segment.Id, out known)) return known;
            var from = Volatile.Read(ref _followedBelow);
            known = new SegmentPlaces(segment);
            foreach (var ids in segment.Numbers.Chunk(EntriesAtOnce)) await ReadAsync(session, ids, place => known.Note(place));

            // Others followed meanwhile, what changes who knows when: of this segment it has yet to be noted.
            await _changing.WaitAsync(session.CancellationToken);
            try
            {
                await NoteAsync(session, EntriesOf(await session.ListAsync<ChangeRow>(Changes, new { from })), [known]);
                _known[segment.Id] = known;
            }
            finally
            {
                _changing.Release();
            }

            return known;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Whether nobody has followed for a while.</summary>
    public bool IsBehind => timeProvider.GetUtcNow().ToUnixTimeMilliseconds() - Volatile.Read(ref _followedAt) is < 0 or >= BetweenLooks;

    /// <summary>Follows what changed, and reads what is not known yet.</summary>
    /// <param name="session">Where.</param>
    /// <param name="segments">All segments of entries.</param>
    public async Task LoadAsync(StoreSession session, IReadOnlyCollection<SearchSegment> segments)
    {
        await FollowAsync(session);
        Keep(segments);
        foreach (var segment in segments) await OfAsync(session, segment);
    }

    /// <summary>Forgets segments that were merged into others.</summary>
    /// <param name="segments">All that there are.</param>
    public void Keep(IReadOnlyCollection<SearchSegment> segments)
    {
        if (_known.IsEmpty || segments.Count == 0) return;
        var there = segments.Select(static segment => segment.Id).ToHashSet();

        // One that is newer than all of these was found by somebody who looked later.
        var newest = there.Max();
        foreach (var id in _known.Keys)
            if (id < newest && !there.Contains(id))
                _known.TryRemove(id, out _);
    }

    /// <summary>Removes changes that everybody has noted or will not ask for.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        if (now >= _prunedAt && now - _prunedAt < BetweenPrunings.TotalMilliseconds) return;
        await database.WriteAsync(session => session.ExecuteAsync(Prune, new { before = now - (long)Kept.TotalMilliseconds }), cancellationToken);
        _prunedAt = now;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _changing.Dispose();
        _loading.Dispose();
    }

    /// <summary>Notes what changed; false when that cannot be known, or all is sooner read anew.</summary>
    private async Task<bool> CatchUpAsync(StoreSession session)
    {
        var rows = await session.ListAsync<ChangeRow>(Changes, new { from = _followedBelow });
        var below = rows[0].Below;
        if (below < _followedBelow) return false; // Another database, or one that lost its end.

        // While an old transaction runs, what others changed since it began is read each time.
        var unseen = EntriesOf(rows.Where(row => !_noted.Contains((row.Number ?? 0, row.EntryId ?? 0))));
        if (unseen.Length > MaxNoted) return false;
        await NoteAsync(session, unseen, [.. _known.Values]);
        _noted = [.. rows.Where(row => row.Number >= below).Select(row => (row.Number!.Value, row.EntryId!.Value))];
        Volatile.Write(ref _followedBelow, below);
        return true;
    }

    private static long[] EntriesOf(IEnumerable<ChangeRow> rows) => [.. rows.Where(row => row.EntryId is not null).Select(row => row.EntryId!.Value).Distinct().Order()];

    private async Task NoteAsync(StoreSession session, long[] changed, SegmentPlaces[] segments)
    {
        foreach (var ids in changed.Chunk(EntriesAtOnce))
        {
            var gone = ids.ToHashSet();
            await ReadAsync(session, ids, place =>
            {
                if (gone.Remove(place.EntryId)) foreach (var segment in segments) segment.Note(place);
            });
            foreach (var id in gone) foreach (var segment in segments) segment.Forget(id);
        }
    }

    /// <summary>Reads the places of entries, and of others between them where that takes less.</summary>
    /// <param name="session">Where.</param>
    /// <param name="ids">Which, ascending.</param>
    /// <param name="note">Is told each.</param>
    private async Task ReadAsync(StoreSession session, long[] ids, Action<SearchPlace> note)
    {
        await using var reader = ids[^1] - ids[0] < (long)ids.Length * DenseOneIn
            ? await session.ReadAsync(InRange, new { first = ids[0], last = ids[^1] })
            : await session.ReadAsync(ById, new { ids = database.List(ids) });
        while (await reader.ReadAsync(session.CancellationToken))
            note(new SearchPlace(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt32(4)));
    }

    private sealed record ChangeRow
    {
        public required long Below { get; init; }
        public long? Number { get; init; }
        public long? EntryId { get; init; }
    }
}
