using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Snapshots;

/// <summary>The versions of entries in the store.</summary>
internal sealed class SnapshotStore(Database database) : ISnapshotStore
{
    private const int MaxEntriesByUrl = 100;

    internal const string Listed = $"""
        select {SnapshotRow.Columns} from snapshot where entry_id = @entry_id and number > @after order by number limit @limit
        """;

    internal const string ListedLast = $"""
        select {SnapshotRow.Columns} from snapshot where entry_id = @entry_id order by number desc limit @limit
        """;

    internal const string ByNumber = $"select {SnapshotRow.Columns} from snapshot where entry_id = @entry_id and number = @number";

    internal const string BySecond = $"""
        select {SnapshotRow.Columns} from snapshot where entry_id = @entry_id and captured_at >= @second and captured_at < @second + 1000
        """;

    internal const string KeptBefore = $"""
        select {SnapshotRow.Columns} from snapshot
        where entry_id = @entry_id and captured_at < @next_second
              and exists (select 1 from snapshot_document where snapshot_document.snapshot_id = snapshot.id)
              and coalesce({EntryRights.IsWithheld}, 0) = 0
        order by captured_at desc limit 1
        """;

    internal const string KeptAfter = $"""
        select {SnapshotRow.Columns} from snapshot
        where entry_id = @entry_id and captured_at >= @next_second
              and exists (select 1 from snapshot_document where snapshot_document.snapshot_id = snapshot.id)
              and coalesce({EntryRights.IsWithheld}, 0) = 0
        order by captured_at limit 1
        """;

    internal const string DocumentOf = $"""
        select snapshot_document.document from snapshot_document join snapshot on snapshot.id = snapshot_document.snapshot_id
        where snapshot_document.snapshot_id = @snapshot_id and coalesce({EntryRights.IsWithheld}, 0) = 0
        """;

    internal const string EntriesByUrl = $"""
        select id from entry
        where url_hash = @url_hash and url = @url and {EntryRights.IsShown}
        order by id limit @limit
        """;

    private const string LockEntry = "select source_id from entry where id = @id {locked}";

    internal const string LastPage = """
        select content_hash from snapshot where entry_id = @id and kind = 2 order by number desc limit 1
        """;

    private const string SetPage = """
        update entry
        set version = version + 1, body_number = version + 1,
            captured_at = case when captured_at / 1000 >= @at / 1000 then (captured_at / 1000 + 1) * 1000 else @at end
        where id = @id
        returning version, captured_at
        """;

    /// <inheritdoc />
    public Task<IReadOnlyList<Snapshot>> ListAsync(long entryId, int afterNumber, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Snapshot>>(
            async session => (await session.ListAsync<SnapshotRow>(
                Listed, new { entry_id = entryId, after = afterNumber, limit = ISnapshotStore.MaxListed })).ConvertAll(row => row.ToSnapshot()),
            cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<Snapshot>> ListLastAsync(long entryId, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ISnapshotStore.MaxListed);
        return database.ReadAsync<IReadOnlyList<Snapshot>>(
            async session => (await session.ListAsync<SnapshotRow>(ListedLast, new { entry_id = entryId, limit })).ConvertAll(row => row.ToSnapshot()),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<Snapshot?> FindAsync(long entryId, int number, CancellationToken cancellationToken) =>
        FindAsync(ByNumber, new { entry_id = entryId, number }, cancellationToken);

    /// <inheritdoc />
    public Task<Snapshot?> FindAtAsync(long entryId, DateTimeOffset second, CancellationToken cancellationToken) =>
        FindAsync(BySecond, new { entry_id = entryId, second = second.ToUnixTimeSeconds() * 1000 }, cancellationToken);

    /// <inheritdoc />
    public async Task<Snapshot?> NearestAsync(long entryId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var asked = new { entry_id = entryId, next_second = (at.ToUnixTimeSeconds() + 1) * 1000 };
        return await FindAsync(KeptBefore, asked, cancellationToken) ?? await FindAsync(KeptAfter, asked, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ReadOnlyMemory<byte>?> ReadBytesAsync(long snapshotId, CancellationToken cancellationToken)
    {
        var packed = await database.ReadAsync(session => session.FindAsync<byte[]>(DocumentOf, new { snapshot_id = snapshotId }), cancellationToken);
        return packed is null ? (ReadOnlyMemory<byte>?)null : SnapshotPacking.Unpack(packed);
    }

    /// <inheritdoc />
    public async Task<SnapshotDocument?> ReadDocumentAsync(long snapshotId, CancellationToken cancellationToken) =>
        await ReadBytesAsync(snapshotId, cancellationToken) is { } bytes ? SnapshotDocument.Read(bytes.Span) : null;

    /// <inheritdoc />
    public Task<IReadOnlyList<long>> FindEntriesByUrlAsync(string url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        var stored = StorableText.Of(url);
        return database.ReadAsync<IReadOnlyList<long>>(
            async session => await session.ListAsync<long>(
                EntriesByUrl, new { url_hash = NewEntryRow.HashOf(stored), url = stored, limit = MaxEntriesByUrl }),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<PageAddition> AddPageAsync(PageSnapshotWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        var row = RowOf(write);
        return database.WriteAsync(session => AddPageAsync(session, write.EntryId, write.Document.CapturedAt, row), cancellationToken);
    }

    /// <summary>A page on its way in.</summary>
    /// <exception cref="ArgumentException">It is no page.</exception>
    internal static NewSnapshotRow RowOf(PageSnapshotWrite write) => write.Document.Kind == SnapshotKind.Page
        ? NewSnapshotRow.From(write.Document, VersionHash.Of(write.Document), write.Facts)
        : throw new ArgumentException("What a feed said comes in through a refresh.", nameof(write));

    internal static async Task<PageAddition> AddPageAsync(StoreSession session, long entryId, DateTimeOffset at, NewSnapshotRow row)
    {
        if (await session.FindAsync<long?>(LockEntry, new { id = entryId }) is not { } sourceId) return PageAddition.EntryGone;
        var before = await session.FindAsync<byte[]>(LastPage, new { id = entryId });
        if (before is not null && before.AsSpan().SequenceEqual(row.ContentHash)) return PageAddition.Unchanged;

        var place = await session.FindAsync<SnapshotPlace>(SetPage, new { id = entryId, at = at.ToUnixTimeMilliseconds() });
        var changes = before is null ? SnapshotChanges.None : VersionHash.Compare(before, row.ContentHash);
        await SnapshotInsert.AddAsync(session, entryId, place!, row with { Changes = changes });
        await TopicVersions.RaiseForSourceAsync(session, sourceId, await EntryRoutes.RoutedToAsync(session, [entryId]), at);
        return PageAddition.Added;
    }

    private Task<Snapshot?> FindAsync(string statement, object parameters, CancellationToken cancellationToken) =>
        database.ReadAsync(async session => (await session.FindAsync<SnapshotRow>(statement, parameters))?.ToSnapshot(), cancellationToken);
}
