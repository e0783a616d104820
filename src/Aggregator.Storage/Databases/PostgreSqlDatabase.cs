using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Aggregator.Core.Related;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Hubs;
using Aggregator.Storage.Related;
using Dapper;
using Npgsql;

namespace Aggregator.Storage.Databases;

/// <summary>The store in PostgreSQL, shared by as many processes as there are.</summary>
internal sealed class PostgreSqlDatabase(StoreConnectionString connectionString) : Database
{
    // Any number of our own; it only has to differ from other programs' in the same database.
    private const long AloneKey = 0x41_67_67_72_65_67_61_74;

    /// <summary>How often a transaction is tried that others' locks broke off.</summary>
    private const int WriteAttempts = 5;

    private const string LockOutOthers = "select pg_advisory_xact_lock(@key)";

    // One statement and one round trip for a whole document. "with ordinality" keeps the order of ids that of the rows.
    private const string InsertEntries = """
        with item as (
            select * from unnest(@Keys, @Guids, @Urls, @UrlHashes, @Titles, @Summaries, @Authors, @Tags, @Enclosures, @ImageUrls,
                                 @Languages, @PublishedAts, @UpdatedAts, @Rights, @Licenses, @Wishes, @ClaimedTitles, @ClaimedUrls, @ContentHashes,
                                 @SortAts, @Sha256s, @Documents)
                with ordinality
                as item (key, guid, url, url_hash, title, summary, authors, tags, enclosures, image_url,
                         language, published_at, updated_at, rights, license, wishes, claimed_title, claimed_url, content_hash,
                         sort_at, sha256, document, place)
        ), inserted as (
            insert into entry (source_id, key, guid, url, url_hash, title, summary, authors, tags, enclosures, image_url,
                               language, published_at, updated_at, rights, license, wishes, claimed_title, claimed_url, content_hash,
                               first_seen_at, captured_at, last_seen_at, version, body_number, sort_at)
            select @SourceId, key, guid, url, url_hash, title, summary, authors, tags, enclosures, image_url,
                   language, published_at, updated_at, rights, license, wishes, claimed_title, claimed_url, content_hash,
                   @At, @At, @At, 1, 1, sort_at
            from item order by place
            returning id, key, sort_at
        ), taken as (
            insert into snapshot (entry_id, number, kind, captured_at, title, published_at, changes, content_hash, sha256,
                                  final_url, status, etag, last_modified)
            select inserted.id, 1, 1, @At, item.title, item.published_at, 0, item.content_hash, item.sha256,
                   @FinalUrl, @Status, @Etag, @LastModified
            from inserted join item on item.key = inserted.key order by inserted.id
            returning id, entry_id
        ), kept as (
            insert into snapshot_document (snapshot_id, document)
            select taken.id, item.document
            from taken join inserted on inserted.id = taken.entry_id join item on item.key = inserted.key
        )
        insert into category_entry (category_id, sort_at, entry_id)
        select category_source.category_id, inserted.sort_at, inserted.id
        from inserted cross join category_source
        where category_source.source_id = @SourceId
        """;

    /// <summary>The largest table that is written anew to take a text out of its file, in bytes with its indexes.</summary>
    private const long MaxRewrittenBytes = 256 * 1024 * 1024;

    /// <summary>How long is waited for transactions that may still see what was deleted.</summary>
    private static readonly TimeSpan ErasePatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ErasePause = TimeSpan.FromMilliseconds(100);

    private const string NextTransaction = "select cast(cast(pg_snapshot_xmax(pg_current_snapshot()) as text) as bigint)";

    private const string OldestTransaction = "select cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint)";

    private const string SizeOf = "select pg_total_relation_size(cast(@table as regclass))";

    // Whoever asks after us would wait as long as we do.
    private const string NotForLong = "set lock_timeout = '5s'";

    private static readonly string[] Erased =
    [
        "tombstone", "takedown_request", "entry", "snapshot", "snapshot_document", "search_segment", "search_block", "related_vector", "related_article",
        "capture", "dropped_entry", "story_entry", "story_shingle",
    ];

    private const string RememberShingles = """
        insert into story_shingle (hash, entry_id)
        select item.hash, entry.id from unnest(@hashes, @ids) as item (hash, id) join entry on entry.id = item.id
        on conflict do nothing
        """;

    // Nobody changes the entry until this commits, so that an older text never follows a newer one.
    private const string Relate = """
        insert into related_vector (entry_id, hashes, terms)
        select entry.id, cast(string_to_array(item.hashes, ' ') as integer[]), item.terms
        from unnest(@ids, @versions, @hashes, @terms) as item (id, version, hashes, terms)
        join entry on entry.id = item.id and entry.version = item.version
        for share of entry
        on conflict (entry_id) do update set hashes = excluded.hashes, terms = excluded.terms
        """;

    // Materialised, for the planner would rather read the newest rows one by one: it does not know that the terms are rare. There is
    // no number 0, so a pair of it finds nothing.
    private const string FindRelated = """
        with hit as materialized (
            select entry_id, terms from related_vector
            where hashes && @rare or hashes @> @pair0 or hashes @> @pair1 or hashes @> @pair2 or hashes @> @pair3 or hashes @> @pair4 or hashes @> @pair5
        )
        select entry_id, terms from hit order by entry_id desc limit @limit
        """;

    private readonly WritesBehind _behind = new();
    private readonly NpgsqlDataSource _dataSource = NpgsqlDataSource.Create(connectionString.Value);

    /// <inheritdoc />
    public override StoreProvider Provider => StoreProvider.PostgreSql;

    /// <inheritdoc />
    public override bool HasOneWriter => false;

    /// <summary>
    /// How long a transaction may hold numbers of snapshots: whoever numbers changes in the order in which they become visible waits for lower
    /// ones no longer than <see cref="HubChanges.LongestTransaction"/>, which leaves the rest to the commit.
    /// </summary>
    public TimeSpan LongestNumbering { get; set; } = HubChanges.LongestTransaction - TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    protected override string SkipLocked => "for update skip locked";

    /// <inheritdoc />
    protected override string Locked => "for update";

    /// <inheritdoc />
    protected override string Shared => "for share";

    // The oldest transaction that still runs, for rows have the number of theirs.
    /// <inheritdoc />
    protected override string Settled => "pg_snapshot_xmin(pg_current_snapshot())::text::bigint";

    /// <inheritdoc />
    protected override string Coming => "pg_snapshot_xmax(pg_current_snapshot())::text::bigint";

    /// <inheritdoc />
    public override async Task<T> ReadAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        return await work(new StoreSession(this, connection, transaction: null, cancellationToken));
    }

    // Connections (08), resources (53), an operator's intervention (57), the system (58), its inside (XX); without an answer at all, no
    // connection.
    /// <inheritdoc />
    public override bool IsAway(Exception error) => error is PostgresException { SqlState: var state }
        ? state.Length == 5 && state[..2] is "08" or "53" or "57" or "58" or "XX"
        : error is NpgsqlException;

    /// <inheritdoc />
    public override Task<T> WriteAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        _behind.OtherWrites();
        return RetryAsync(work, cancellationToken);
    }

    /// <inheritdoc />
    public override void AnnounceWrite() => _behind.OtherWrites();

    /// <inheritdoc />
    public override Task<T> WriteBehindAsync<T>(Func<StoreSession, Task<T>> work, TimeSpan prepared, TimeSpan patience, CancellationToken cancellationToken) =>
        _behind.RunAsync(
            begins =>
            {
                begins();
                return RetryAsync(work, cancellationToken);
            },
            prepared, patience, cancellationToken);

    /// <inheritdoc />
    public override Task<T> WriteAloneAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken) =>
        WriteAsync(session => AloneAsync(session, work), cancellationToken);

    /// <inheritdoc />
    public override Task<T> WriteAloneBehindAsync<T>(Func<StoreSession, Task<T>> work, TimeSpan prepared, TimeSpan patience, CancellationToken cancellationToken) =>
        WriteBehindAsync(session => AloneAsync(session, work), prepared, patience, cancellationToken);

    /// <inheritdoc />
    public override Task SettleSnapshotsAsync(StoreSession session) => session.ExecuteAsync("lock table snapshot in share mode");

    // Whoever only reads the table takes the one lock that this one waits for.
    /// <inheritdoc />
    public override Task LockBlocksAsync(StoreSession session) => session.ExecuteAsync("lock table blocked in access exclusive mode");

    // Vacuum gives a row's room to the next ones, and until those come its text stands in the file. Only writing a table anew leaves
    // nothing, and that shuts everybody out meanwhile: seconds for what is not larger than the limit.
    /// <inheritdoc />
    public override async Task<bool> EraseAsync(CancellationToken cancellationToken)
    {
        // With details, for one says how many rows were carried over; they tell nothing of rows here.
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString.Value) { IncludeErrorDetail = true, Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        try
        {
            var session = new StoreSession(this, connection, transaction: null, cancellationToken);
            await session.ExecuteAsync(NotForLong);
            if (!await SettleAsync(session, cancellationToken)) return false;
            foreach (var table in Erased)
            {
                var isSmall = await session.FindAsync<long>(SizeOf, new { table }) <= MaxRewrittenBytes;
                if (!await VacuumAsync(connection, table, isSmall, cancellationToken)) return false;
            }

            return true;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public override Task<HashSet<long>> SaveQuietlyAsync(StoreSession session, List<QuietSave> rows) => PostgreSqlQuietSave.WriteAsync(session, rows);

    /// <inheritdoc />
    public override Task InsertEntriesAsync(StoreSession session, long sourceId, IReadOnlyList<NewEntryRow> entries) =>
        entries.Count == 0
            ? Task.CompletedTask
            : session.ExecuteAsync(InsertEntries, new
            {
                SourceId = sourceId,
                entries[0].At,
                Keys = Column(entries, entry => entry.Key),
                Guids = Column(entries, entry => entry.Guid),
                Urls = Column(entries, entry => entry.Url),
                UrlHashes = Column(entries, entry => entry.UrlHash),
                Titles = Column(entries, entry => entry.Title),
                Summaries = Column(entries, entry => entry.Summary),
                Authors = Column(entries, entry => entry.Authors),
                Tags = Column(entries, entry => entry.Tags),
                Enclosures = Column(entries, entry => entry.Enclosures),
                ImageUrls = Column(entries, entry => entry.ImageUrl),
                Languages = Column(entries, entry => entry.Language),
                PublishedAts = Column(entries, entry => entry.PublishedAt),
                UpdatedAts = Column(entries, entry => entry.UpdatedAt),
                Rights = Column(entries, entry => entry.Rights),
                Licenses = Column(entries, entry => entry.License),
                Wishes = Column(entries, entry => entry.Wishes),
                ClaimedTitles = Column(entries, entry => entry.ClaimedTitle),
                ClaimedUrls = Column(entries, entry => entry.ClaimedUrl),
                ContentHashes = Column(entries, entry => entry.ContentHash),
                SortAts = Column(entries, entry => entry.SortAt),
                Sha256s = Column(entries, entry => entry.Snapshot.Sha256),
                Documents = Column(entries, entry => entry.Snapshot.Packed),
                entries[0].Snapshot.FinalUrl,
                entries[0].Snapshot.Status,
                entries[0].Snapshot.Etag,
                entries[0].Snapshot.LastModified,
            });

    /// <inheritdoc />
    public override (string Condition, string Match)? SourcesWithText(string text) =>
        text.EnumerateRunes().Skip(1).Any()
            ? ("id in (select source_id from source_text where source_pairs(text) @> source_pairs(@match) and position(@match in text) > 0)", text)
            : null;

    /// <inheritdoc />
    public override Task RememberShinglesAsync(StoreSession session, IReadOnlyList<(long Hash, long EntryId)> shingles) => session.ExecuteAsync(RememberShingles, new
    {
        hashes = new ArrayParameter<long>([.. shingles.Select(shingle => shingle.Hash)]),
        ids = new ArrayParameter<long>([.. shingles.Select(shingle => shingle.EntryId)]),
    });

    /// <inheritdoc />
    public override async Task RelateAsync(StoreSession session, IReadOnlyList<RelatedIndexRow> entries)
    {
        if (entries.Count == 0) return;
        await session.ExecuteAsync(Relate, new
        {
            ids = new ArrayParameter<long>([.. entries.Select(entry => entry.EntryId)]),
            versions = new ArrayParameter<int>([.. entries.Select(entry => entry.Version)]),
            hashes = new ArrayParameter<string>([.. entries.Select(entry => string.Join(' ', entry.Vector.Terms.Select(term => term.Key.ToString(CultureInfo.InvariantCulture))))]),
            terms = new ArrayParameter<byte[]>([.. entries.Select(entry => entry.Vector.Pack())]),
        });
    }

    /// <inheritdoc />
    public override Task<List<RelatedHitRow>> FindRelatedAsync(StoreSession session, RelatedQuery query)
    {
        var parameters = new DynamicParameters();
        parameters.Add("rare", new ArrayParameter<int>([.. query.Rare]));
        parameters.Add("limit", RelatedQuery.MaxPostings);
        for (var i = 0; i < RelatedQuery.MaxPairs; i++)
            parameters.Add(string.Create(CultureInfo.InvariantCulture, $"pair{i}"), new ArrayParameter<int>(i < query.Pairs.Count ? [query.Pairs[i].One, query.Pairs[i].Other] : [0]));
        return session.ListAsync<RelatedHitRow>(FindRelated, parameters);
    }

    /// <inheritdoc />
    public override SqlMapper.ICustomQueryParameter List(IReadOnlyCollection<long> values) => new ArrayParameter<long>([.. values]);

    /// <inheritdoc />
    public override SqlMapper.ICustomQueryParameter List(IReadOnlyCollection<string> values) => new ArrayParameter<string>([.. values]);

    /// <inheritdoc />
    public override ValueTask DisposeAsync()
    {
        _behind.Dispose();
        return _dataSource.DisposeAsync();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _behind.Dispose();
        _dataSource.Dispose();
    }

    /// <inheritdoc />
    protected override string AnyOf(string parameter) => $"= any({parameter})";

    private static async Task<T> AloneAsync<T>(StoreSession session, Func<StoreSession, Task<T>> work)
    {
        await session.ExecuteAsync(LockOutOthers, new { key = AloneKey });
        return await work(session);
    }

    private async Task<T> RetryAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await CommitAsync(work, cancellationToken);
            }
            catch (PostgresException conflict) when (attempt < WriteAttempts
                && conflict.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // Of a circle of waiting transactions PostgreSQL breaks one off, whole: it may simply come again, a little
                // later than the others.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 40) * attempt), cancellationToken);
            }
        }
    }

    /// <summary>
    /// Waits until every transaction is over that runs now, in whatever database of the server: as long as one of them does, writing a
    /// table anew carries over what was deleted. False when that takes longer than <see cref="ErasePatience"/>.
    /// </summary>
    private static async Task<bool> SettleAsync(StoreSession session, CancellationToken cancellationToken)
    {
        var next = await session.FindAsync<long>(NextTransaction);
        for (var start = Stopwatch.GetTimestamp(); await session.FindAsync<long>(OldestTransaction) < next; await Task.Delay(ErasePause, cancellationToken))
            if (Stopwatch.GetElapsedTime(start) > ErasePatience) return false;
        return true;
    }

    /// <summary>Vacuums a table; false when, written anew, it still has rows that were deleted, because a long reading may yet see them.</summary>
    private static async Task<bool> VacuumAsync(NpgsqlConnection connection, string table, bool isSmall, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0; // However long it takes; the token ends it.
#pragma warning disable CA2100 // One of the names above.
        command.CommandText = $"vacuum ({(isSmall ? "full, verbose" : "index_cleanup on")}) {table}";
#pragma warning restore CA2100
        var carriedOver = 0L;
        connection.Notice += Hear;
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
            return carriedOver == 0;
        }
        finally
        {
            connection.Notice -= Hear;
        }

        // "12 dead row versions cannot be removed yet", in whatever language: the number stands first.
        void Hear(object sender, NpgsqlNoticeEventArgs notice)
        {
            var detail = (notice.Notice.Detail ?? "").AsSpan();
            var end = detail.IndexOfAnyExceptInRange('0', '9');
            if (end > 0 && long.TryParse(detail[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var rows)) carriedOver += rows;
        }
    }

    private async Task<T> CommitAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var session = new StoreSession(this, connection, transaction, cancellationToken);
        var result = await work(session);
        if (session.NumberedSince is { } since && Stopwatch.GetElapsedTime(since) > LongestNumbering)
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"New versions of entries were not stored, for that took longer than {LongestNumbering.TotalSeconds:0} seconds: the database is too slow or was waited for."));

        // Not cancellable: whoever cancels a commit does not know afterwards whether it happened.
        await transaction.CommitAsync(CancellationToken.None);
        if (session.RaisesTopics) Signal?.Raise();
        return result;
    }

    private static ArrayParameter<T> Column<T>(IReadOnlyList<NewEntryRow> entries, Func<NewEntryRow, T> column) =>
        new([.. entries.Select(column)]);

    // Dapper would write a list out as one parameter per value.
    private sealed class ArrayParameter<T>(T[] values) : SqlMapper.ICustomQueryParameter
    {
        public void AddParameter(System.Data.IDbCommand command, string name) =>
            ((DbCommand)command).Parameters.Add(new NpgsqlParameter<T[]>(name, values));
    }
}
