using System.Runtime.CompilerServices;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Snapshots;

/// <summary>The days' proofs in the store.</summary>
internal sealed class SealStore(Database database) : ISealStore
{
    // A page of leaves is 40 KB; one of texts seldom more than a few hundred, for all that it may be much more.
    private const int LeavesPage = 1024;
    private const int TextsPage = 32;
    private const int SealsPage = 256;

    private const string Columns = "day, first_id, last_id, count, root, previous_day, previous, sealed_at";

    private const string ByDay = $"select {Columns} from seal where day = @day";

    private const string Newest = $"select {Columns} from seal order by last_id desc limit 1";

    internal const string SealsAfter = $"select {Columns} from seal where last_id > @after order by last_id limit @limit";

    private const string EarliestUnsealed = "select min(captured_at) from snapshot where id > @last_id";

    private const string LastOfDay = "select max(id) from snapshot where id > @last_id and captured_at < @end";

    internal const string Leaves = "select id, sha256 from snapshot where id >= @first and id <= @last order by id limit @limit";

    // Another node may have sealed the day meanwhile: then its seal stands, and this one is not written.
    private const string Insert = $"""
        insert into seal ({Columns})
        select @Day, @FirstId, @LastId, @Count, @Root, @PreviousDay, @Previous, @SealedAt
        where not exists (select 1 from seal where last_id >= @FirstId or day >= @Day)
        """;

    // The join says twice where to begin: PostgreSQL would merge the two from their start, for every page again.
    internal const string Texts = """
        select snapshot.id, entry_id, number, kind, captured_at, title, published_at, changes, content_hash, sha256, removal, document
        from snapshot
        left join snapshot_document on snapshot_document.snapshot_id = snapshot.id and snapshot_document.snapshot_id > @after
        where snapshot.id > @after order by snapshot.id limit @limit
        """;

    internal const string Gaps = """
        select entry_id from snapshot where entry_id > @after
        group by entry_id having max(number) - min(number) + 1 <> count(*)
        order by entry_id limit @limit
        """;

    /// <inheritdoc />
    public async Task<Seal?> SealNextAsync(DateOnly today, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Only the bounds are found under the lock; what lies between them no longer moves.
        var bounds = await database.WriteAsync(session => FindBoundsAsync(session, today), cancellationToken);
        if (bounds is not { } found) return null;

        var root = new MerkleRoot();
        long? firstId = null;
        await foreach (var leaf in ReadLeavesAsync((found.Previous?.LastId ?? 0) + 1, found.LastId, cancellationToken))
        {
            firstId ??= leaf.SnapshotId;
            root.Add(leaf.Sha256.Span);
        }

        var seal = new Seal
        {
            Day = found.Day,
            FirstId = firstId!.Value,
            LastId = found.LastId,
            Count = root.Count,
            Root = root.Finish(),
            PreviousDay = found.Previous?.Day,
            Previous = found.Previous?.Hash() ?? [],
            SealedAt = UnixTime.FromMilliseconds(now.ToUnixTimeMilliseconds()),
        };
        var written = await database.WriteAloneAsync(session => session.ExecuteAsync(Insert, SealRow.From(seal)), cancellationToken);
        return written > 0 ? seal : await FindAsync(found.Day, cancellationToken);
    }

    /// <inheritdoc />
    public Task<Seal?> FindAsync(DateOnly day, CancellationToken cancellationToken) => database.ReadAsync(
        async session => (await session.FindAsync<SealRow>(ByDay, new { day = SnapshotRow.NumberOf(day) }))?.ToSeal(), cancellationToken);

    /// <inheritdoc />
    public Task<Seal?> LastAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(async session => (await session.FindAsync<SealRow>(Newest))?.ToSeal(), cancellationToken);

    /// <inheritdoc />
    public IAsyncEnumerable<Seal> ReadSealsAsync(CancellationToken cancellationToken) => PagesAsync(
        0L, SealsPage,
        async (session, after) => (await session.ListAsync<SealRow>(SealsAfter, new { after, limit = SealsPage })).ConvertAll(row => row.ToSeal()),
        seal => seal.LastId, cancellationToken);

    /// <inheritdoc />
    public IAsyncEnumerable<SealLeaf> ReadLeavesAsync(long firstId, long lastId, CancellationToken cancellationToken) => PagesAsync(
        firstId - 1, LeavesPage,
        async (session, after) => (await session.ListAsync<LeafRow>(Leaves, new { first = after + 1, last = lastId, limit = LeavesPage }))
            .ConvertAll(row => new SealLeaf(row.Id, row.Sha256)),
        leaf => leaf.SnapshotId, cancellationToken);

    /// <inheritdoc />
    public IAsyncEnumerable<KeptSnapshot> ReadSnapshotsAsync(CancellationToken cancellationToken) => PagesAsync(
        0L, TextsPage,
        async (session, after) => (await session.ListAsync<TextRow>(Texts, new { after, limit = TextsPage })).ConvertAll(row => row.ToKeptSnapshot()),
        kept => kept.Snapshot.Id, cancellationToken);

    /// <inheritdoc />
    public IAsyncEnumerable<long> ReadGapsAsync(CancellationToken cancellationToken) => PagesAsync(
        0L, LeavesPage, (session, after) => session.ListAsync<long>(Gaps, new { after, limit = LeavesPage }), id => id, cancellationToken);

    private async Task<(DateOnly Day, long LastId, Seal? Previous)?> FindBoundsAsync(StoreSession session, DateOnly today)
    {
        await database.SettleSnapshotsAsync(session);
        var previous = (await session.FindAsync<SealRow>(Newest))?.ToSeal();
        var lastId = previous?.LastId ?? 0;
        if (await session.FindAsync<long?>(EarliestUnsealed, new { last_id = lastId }) is not { } earliest) return null;

        // What was stored after its day had been sealed goes into the next one.
        var day = DateOnly.FromDateTime(UnixTime.FromMilliseconds(earliest).UtcDateTime);
        if (previous is not null && day <= previous.Day) day = previous.Day.AddDays(1);
        if (day >= today) return null;

        var end = new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var last = await session.FindAsync<long?>(LastOfDay, new { last_id = lastId, end });
        return (day, last!.Value, previous);
    }

    /// <summary>Reads page after page, so that neither a connection nor memory is held while somebody looks at one.</summary>
    private async IAsyncEnumerable<T> PagesAsync<T>(
        long after, int size, Func<StoreSession, long, Task<List<T>>> read, Func<T, long> place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<T> page;
        do
        {
            var start = after;
            page = await database.ReadAsync(session => read(session, start), cancellationToken);
            foreach (var item in page) yield return item;
            if (page.Count > 0) after = place(page[^1]);
        }
        while (page.Count == size);
    }

    private sealed record LeafRow
    {
        public required long Id { get; init; }
        public required byte[] Sha256 { get; init; }
    }
}
