using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Snapshots;

namespace Aggregator.Storage.Captures;

/// <summary>The captures of pages in the store.</summary>
internal sealed class CaptureStore(Database database) : ICaptureStore
{
    // The pages of a paused source wait with it, and those of a deleted one until it is brought back; a host that asked us to stay away
    // (Retry-After) is left alone.
    private const string Due = """
        due_at <= @now and (lease_until is null or lease_until <= @now)
        and coalesce((select closed_until from host where host.name = capture.host), 0) <= @now
        and (select state from source where source.id = capture.source_id) not in (2, 4)
        """;

    internal const string CountDue = "select count(*) from capture where " + Due;

    // Materialized: PostgreSQL may otherwise run the inner select once more for each row and claim more than the limit.
    internal const string ClaimDue = $$"""
        with due as materialized (
            select entry_id from capture
            where {{Due}}
            order by due_at limit @limit {skip locked}
        )
        update capture set lease_owner = @owner, lease_until = @until
        where entry_id in (select entry_id from due)
        returning entry_id
        """;

    private const string Claimed = """
        select capture.entry_id, capture.source_id, entry.url, capture.host, capture.due_at, capture.attempts, capture.captured_at,
               entry.title, entry.sort_at, capture.etag, capture.last_modified
        from capture join entry on entry.id = capture.entry_id
        where capture.entry_id {any @ids}
        """;

    private const string LockEntry = "select id from entry where id = @id {locked}";

    // What the feed ordered while the page was looked at goes before what the look found.
    private const string Finish = """
        update capture
        set state = @state, outcome = @outcome, reason = @reason, attempts = @attempts, looked_at = @at,
            due_at = case when due_at = @claimed_due_at then @due_at else due_at end,
            captured_at = case when @is_page = 1 then @at else captured_at end,
            etag = case when @is_page = 1 then @etag else etag end,
            last_modified = case when @is_page = 1 then @last_modified else last_modified end,
            lease_owner = null, lease_until = null
        where entry_id = @id and lease_owner = @owner
        """;

    private const string Defer = """
        update capture
        set lease_owner = null, lease_until = null, due_at = case when due_at is null then null else @due_at end
        where entry_id = @id and lease_owner = @owner
        """;

    private const string ReleaseAll = "update capture set lease_owner = null, lease_until = null where lease_owner is not null";

    private const string Counts = """
        select source_id, sum(case when state = 1 then 1 else 0 end) as waiting, count(captured_at) as captured,
               sum(case when state in (3, 4) then 1 else 0 end) as failed
        from capture where source_id {any @ids} group by source_id
        """;

    private const string Reasons = """
        select source_id, reason, looked_at
        from (select source_id, reason, looked_at, row_number() over (partition by source_id order by looked_at desc, entry_id desc) as place
              from capture where source_id {any @ids} and reason is not null) as told
        where place = 1
        """;

    /// <inheritdoc />
    public Task<int> CountDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.FindAsync<int>(CountDue, new { now = now.ToUnixTimeMilliseconds() }), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<DueCapture>> ClaimDueAsync(
        string owner, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var claim = new
        {
            owner = StorableText.Of(owner),
            now = now.ToUnixTimeMilliseconds(),
            until = until.ToUnixTimeMilliseconds(),
            limit,
        };
        return database.WriteAsync<IReadOnlyList<DueCapture>>(
            async session =>
            {
                var ids = await session.ListAsync<long>(ClaimDue, claim);
                if (ids.Count == 0) return [];
                var rows = await session.ListAsync<CaptureRow>(Claimed, new { ids = database.List(ids) });
                return [.. rows.OrderBy(row => row.DueAt).ThenByDescending(row => row.EntryId).Select(row => row.ToDueCapture())];
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<CaptureSaved> SaveAsync(CaptureWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (write.Page is { } page && page.EntryId != write.Claimed.EntryId) throw new ArgumentException("The page is another entry's.", nameof(write));

        // All that needs no database is done before the gate.
        var snapshot = write.Page is null ? null : SnapshotStore.RowOf(write.Page);
        return database.WriteAsync(session => SaveAsync(session, write, snapshot), cancellationToken);
    }

    /// <inheritdoc />
    public Task DeferAsync(IReadOnlyCollection<(long EntryId, DateTimeOffset DueAt)> captures, string owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(captures);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        var rows = captures.OrderBy(capture => capture.EntryId)
            .Select(capture => new { id = capture.EntryId, due_at = capture.DueAt.ToUnixTimeMilliseconds(), owner = StorableText.Of(owner) }).ToList();
        return database.WriteAsync(
            async session =>
            {
                foreach (var row in rows) await session.ExecuteAsync(Defer, row);
                return rows.Count;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> ReleaseAllAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.ExecuteAsync(ReleaseAll), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<long, CaptureHealth>> HealthAsync(IReadOnlyCollection<long> sourceIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sourceIds);
        return database.ReadAsync(session => HealthAsync(session, sourceIds), cancellationToken);
    }

    internal static async Task<IReadOnlyDictionary<long, CaptureHealth>> HealthAsync(StoreSession session, IReadOnlyCollection<long> sourceIds)
    {
        var ids = session.Database.List(sourceIds);
        var counts = await session.ListAsync<CountRow>(Counts, new { ids });
        if (counts.Count == 0) return new Dictionary<long, CaptureHealth>();
        var reasons = (await session.ListAsync<ReasonRow>(Reasons, new { ids })).ToDictionary(row => row.SourceId);
        return counts.ToDictionary(row => row.SourceId, row => reasons.TryGetValue(row.SourceId, out var last)
            ? new CaptureHealth(row.Waiting, row.Captured, row.Failed, last.Reason, UnixTime.FromMilliseconds(last.LookedAt))
            : new CaptureHealth(row.Waiting, row.Captured, row.Failed, null, null));
    }

    private static async Task<CaptureSaved> SaveAsync(StoreSession session, CaptureWrite write, NewSnapshotRow? snapshot)
    {
        var id = write.Claimed.EntryId;
        // The entry before its capture, in the order in which a take-down deletes them.
        if (snapshot is not null && await session.FindAsync<long?>(LockEntry, new { id }) is null) return CaptureSaved.EntryGone;
        var finished = await session.ExecuteAsync(Finish, new
        {
            id,
            owner = StorableText.Of(write.LeaseOwner),
            state = (int)write.State,
            outcome = (int)write.Outcome,
            reason = StorableText.Of(write.Reason),
            attempts = write.Attempts,
            at = write.At.ToUnixTimeMilliseconds(),
            claimed_due_at = write.Claimed.DueAt.ToUnixTimeMilliseconds(),
            due_at = UnixTime.ToMilliseconds(write.DueAt),
            is_page = snapshot is null ? 0 : 1,
            etag = StorableText.Of(write.ETag),
            last_modified = StorableText.Of(write.LastModified),
        });
        if (finished == 0) return CaptureSaved.LeaseLost;
        if (snapshot is null) return CaptureSaved.Noted;
        return await SnapshotStore.AddPageAsync(session, id, write.At, snapshot) switch
        {
            PageAddition.Added => CaptureSaved.Added,
            PageAddition.Unchanged => CaptureSaved.Unchanged,
            _ => CaptureSaved.EntryGone,
        };
    }

    private sealed record CountRow
    {
        public required long SourceId { get; init; }
        public required long Waiting { get; init; }
        public required long Captured { get; init; }
        public required long Failed { get; init; }
    }

    private sealed record ReasonRow
    {
        public required long SourceId { get; init; }
        public required string Reason { get; init; }
        public required long LookedAt { get; init; }
    }
}
