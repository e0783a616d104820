using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Aggregator.Core.Background;
using Aggregator.Core.Related;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Related;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Aggregator.Storage.Databases;

/// <summary>
/// The store in one SQLite file: a write-ahead log, so that readers never wait; one writing connection behind a gate, so that
/// writers queue in our process, in order and without busy-waiting in SQLite; and as many reading connections as are in use.
/// </summary>
internal sealed class SqliteDatabase(StoreConnectionString connectionString, ILogger logger) : Database
{
    private const int BusyTimeoutMilliseconds = 10_000;
    private const int IdleReadersKept = 16;

    /// <summary>How many pages of the index of related articles one step writes anew: about a tenth of a second.</summary>
    private const int MergedPages = 500;

    /// <summary>Below that the index of titles and addresses finds nothing.</summary>
    private const int LettersOfTrigram = 3;

    // NORMAL in WAL mode may lose the last transactions at a power cut but never the file; a refresh lost is a refresh repeated.
    private static readonly string Settings = FormattableString.Invariant($"""
        pragma busy_timeout = {BusyTimeoutMilliseconds};
        pragma journal_mode = wal;
        pragma synchronous = normal;
        pragma foreign_keys = on;
        pragma temp_store = memory;
        pragma journal_size_limit = 67108864;
        """);

    // What is deleted is overwritten: a text that was taken down must not be found in the file. A crawl writes the same pages of indexes again
    // and again: they are kept. The log is carried over beside the writers (CarryOver); only where it grew to 64 MB all the same does SQLite do so
    // by itself, inside a commit, where the two fsyncs make everybody wait.
    private const string WriterSettings = "pragma secure_delete = on; pragma cache_size = -16384; pragma wal_autocheckpoint = 16384;";

    /// <summary>Changed rows after which the log is carried over into the file: some 20 MB of it.</summary>
    private const int RowsBetweenCheckpoints = 3_000;

    private readonly string _connectionString = new SqliteConnectionStringBuilder(connectionString.Value) { Pooling = false }.ConnectionString;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ConcurrentBag<PreparedConnection> _readers = [];
    private readonly WritesBehind _behind = new();
    private readonly BackgroundThreads _writing = new("store writer", 1);
    private readonly BackgroundThreads _carrying = new("store log", 1);
    private PreparedConnection? _writer;
    private SqliteEntryInsert? _insert;
    private SqliteQuietSave? _quietSave;
    private PreparedConnection? _checkpointer;
    private Task _checkpoint = Task.CompletedTask;
    private int _rowsCarried;
    private int _idleReaders;
    private bool _disposed;

    /// <inheritdoc />
    public override StoreProvider Provider => StoreProvider.Sqlite;

    /// <inheritdoc />
    public override bool HasOneWriter => true;

    // One writer at a time holds all the rows there are.
    /// <inheritdoc />
    protected override string SkipLocked => "";

    /// <inheritdoc />
    protected override string Locked => "";

    /// <inheritdoc />
    protected override string Shared => "";

    // Numbers are given, and seen, in the order of commits.
    /// <inheritdoc />
    protected override string Settled => "(select coalesce(max(seq), 0) + 1 from sqlite_sequence where name = 'search_change')";

    /// <inheritdoc />
    protected override string Coming => Settled;

    /// <inheritdoc />
    public override bool IsAway(Exception error) =>
        error is SqliteException { SqliteErrorCode: not (SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_TOOBIG or SQLitePCL.raw.SQLITE_MISMATCH or SQLitePCL.raw.SQLITE_RANGE or SQLitePCL.raw.SQLITE_ERROR) };

    /// <inheritdoc />
    public override async Task<T> ReadAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var reader = RentReader();
        try
        {
            T result;

            // SQLite looks at no token while a statement runs; what interrupts it does nothing where none does.
            await using (cancellationToken.Register(static running => SQLitePCL.raw.sqlite3_interrupt(((SqliteConnection)running!).Handle), reader))
                result = await work(new StoreSession(this, reader, transaction: null, cancellationToken));
            ReturnReader(reader);
            return result;
        }
        catch (SqliteException interrupted) when (interrupted.SqliteErrorCode == SQLitePCL.raw.SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
        {
            await reader.DisposeAsync();
            throw new OperationCanceledException("The statement was interrupted.", interrupted, cancellationToken);
        }
        catch
        {
            // A connection that failed once may hold a statement or a lock; opening another costs a millisecond.
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public override async Task<T> WriteAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        _behind.OtherWrites();
        return await AtGateAsync(() => CommitAsync(work, cancellationToken), cancellationToken);
    }

    /// <inheritdoc />
    public override void AnnounceWrite() => _behind.OtherWrites();

    /// <inheritdoc />
    public override Task<T> WriteBehindAsync<T>(Func<StoreSession, Task<T>> work, TimeSpan prepared, TimeSpan patience, CancellationToken cancellationToken) =>
        _behind.RunAsync(
            begins => AtGateAsync(
                () =>
                {
                    begins();
                    return CommitAsync(work, cancellationToken);
                },
                cancellationToken),
            prepared, patience, cancellationToken);

    /// <inheritdoc />
    public override Task<T> WriteAloneBehindAsync<T>(Func<StoreSession, Task<T>> work, TimeSpan prepared, TimeSpan patience, CancellationToken cancellationToken) =>
        WriteBehindAsync(work, prepared, patience, cancellationToken);

    /// <inheritdoc />
    public override Task<T> WriteAloneAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken) =>
        WriteAsync(work, cancellationToken); // "begin immediate" is alone in the file, whichever process asks.

    /// <inheritdoc />
    public override Task SettleSnapshotsAsync(StoreSession session) => Task.CompletedTask; // Whoever writes is alone.

    /// <inheritdoc />
    public override Task LockBlocksAsync(StoreSession session) => Task.CompletedTask; // Whoever writes is alone.

    // The pages were overwritten when their rows were deleted (secure_delete); the log still has what stood there before.
    /// <inheritdoc />
    public override async Task<bool> EraseAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await RewriteIndexAsync("related_index", cancellationToken);
        return await AtGateAsync(
            async () =>
            {
                // While another one runs, SQLite refuses a checkpoint at once; inside the gate no new one begins.
                await _checkpoint;
                _writer ??= OpenWriter();
                using var command = _writer.CreateCommand();
                command.CommandText = "pragma wal_checkpoint(truncate)";
                using var answer = command.ExecuteReader();
                return answer.Read() && answer.GetInt64(0) == 0;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public override Task InsertEntriesAsync(StoreSession session, long sourceId, IReadOnlyList<NewEntryRow> entries)
    {
        _insert ??= new SqliteEntryInsert((SqliteConnection)session.Connection);
        _insert.Insert((SqliteTransaction?)session.Transaction, sourceId, entries, session.CancellationToken);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task<HashSet<long>> SaveQuietlyAsync(StoreSession session, List<QuietSave> rows)
    {
        _quietSave ??= new SqliteQuietSave((SqliteConnection)session.Connection);
        return Task.FromResult(_quietSave.Write((SqliteTransaction?)session.Transaction, rows));
    }

    /// <inheritdoc />
    public override (string Condition, string Match)? SourcesWithText(string text) =>
        text.EnumerateRunes().Take(LettersOfTrigram).Count() == LettersOfTrigram
            ? ("id in (select rowid from source_text where source_text match @match)", $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")
            : null;

    /// <inheritdoc />
    public override async Task RememberShinglesAsync(StoreSession session, IReadOnlyList<(long Hash, long EntryId)> shingles)
    {
        var ids = List([.. shingles.Select(shingle => shingle.EntryId).Distinct()]);
        var there = (await session.ListAsync<long>("select id from entry where id {any @ids}", new { ids })).ToHashSet();
        using var insert = SqliteEntryInsert.Prepare(
            (SqliteConnection)session.Connection, "insert or ignore into story_shingle (hash, entry_id) values (@hash, @entry_id)", "@hash", "@entry_id");
        insert.Transaction = (SqliteTransaction?)session.Transaction;
        foreach (var (hash, entryId) in shingles)
        {
            if (!there.Contains(entryId)) continue;
            SqliteEntryInsert.Bind(insert, hash, entryId);
            insert.ExecuteNonQuery();
        }
    }

    /// <inheritdoc />
    public override Task RelateAsync(StoreSession session, IReadOnlyList<RelatedIndexRow> entries)
    {
        using var vectors = Prepare("insert or replace into related_vector (entry_id, terms) select @id, @terms from entry where id = @id and version = @version", SqliteType.Blob);
        using var index = Prepare("insert or replace into related_index (rowid, terms) select @id, @terms from entry where id = @id and version = @version", SqliteType.Text);
        foreach (var entry in entries)
        {
            session.CancellationToken.ThrowIfCancellationRequested();
            Run(vectors, entry, entry.Vector.Pack());
            Run(index, entry, string.Join(' ', entry.Vector.Terms.Select(term => RelatedTerm(term.Key))));
        }

        return Task.CompletedTask;

        SqliteCommand Prepare(string statement, SqliteType terms)
        {
            var command = ((SqliteConnection)session.Connection).CreateCommand();
            command.Transaction = (SqliteTransaction?)session.Transaction;
#pragma warning disable CA2100 // One of the two above.
            command.CommandText = statement;
#pragma warning restore CA2100
            command.Parameters.Add("@id", SqliteType.Integer);
            command.Parameters.Add("@version", SqliteType.Integer);
            command.Parameters.Add("@terms", terms);
            return command;
        }

        static void Run(SqliteCommand command, RelatedIndexRow entry, object terms)
        {
            command.Parameters[0].Value = entry.EntryId;
            command.Parameters[1].Value = entry.Version;
            command.Parameters[2].Value = terms;
            command.ExecuteNonQuery();
        }
    }

    /// <inheritdoc />
    public override Task<List<RelatedHitRow>> FindRelatedAsync(StoreSession session, RelatedQuery query) => session.ListAsync<RelatedHitRow>(
        """
        select related_vector.entry_id, related_vector.terms
        from (select rowid as id from related_index where related_index match @match order by rowid desc limit @limit) as hit
        join related_vector on related_vector.entry_id = hit.id
        """,
        new
        {
            match = string.Join(" OR ", [.. query.Rare.Select(RelatedTerm), .. query.Pairs.Select(pair => $"({RelatedTerm(pair.One)} AND {RelatedTerm(pair.Other)})")]),
            limit = RelatedQuery.MaxPostings,
        });

    /// <inheritdoc />
    public override SqlMapper.ICustomQueryParameter List(IReadOnlyCollection<long> values) =>
        new JsonParameter(JsonSerializer.Serialize(values, StoreJson.Lists.IReadOnlyCollectionInt64));

    /// <inheritdoc />
    public override SqlMapper.ICustomQueryParameter List(IReadOnlyCollection<string> values) =>
        new JsonParameter(JsonSerializer.Serialize(values, StoreJson.Lists.IReadOnlyCollectionString));

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        await _gate.WaitAsync();
        Close();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        if (_disposed) return;
        _gate.Wait();
        Close();
    }

    /// <inheritdoc />
    protected override string AnyOf(string parameter) => $"in (select value from json_each({parameter}))";

    private static string RelatedTerm(int term) => term.ToString("x8", CultureInfo.InvariantCulture);

    // What left the index is only marked there; merging its parts into one leaves it out, and the old parts are overwritten. In steps, so that
    // others may write in between: a step with nothing to do changes less than two rows (sqlite.org/fts5.html, "merge").
    private async Task RewriteIndexAsync(string table, CancellationToken cancellationToken)
    {
        for (var pages = -MergedPages; ; pages = MergedPages)
        {
            var statement = FormattableString.Invariant($"insert into {table} ({table}, rank) values ('merge', {pages})");
            var changed = await WriteAsync(
                async session =>
                {
                    var before = await session.FindAsync<long>("select total_changes()");
                    await session.ExecuteAsync(statement);
                    return await session.FindAsync<long>("select total_changes()") - before;
                },
                cancellationToken);
            if (changed < 2) return;
        }
    }

    /// <summary>Works with the one writing connection, when everybody before has.</summary>
    private async Task<T> AtGateAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var entered = _gate.WaitAsync(cancellationToken);

        // SQLite works on the calling thread, the occasional checkpoint with its fsync included: that must be none that requests wait for.
        var mayWorkHere = entered.IsCompletedSuccessfully && BackgroundThreads.Shared.IsCurrent;
        await entered;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return mayWorkHere ? await work() : await _writing.RunAsync(work);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<T> CommitAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        _writer ??= OpenWriter();
        try
        {
            // Not deferred: "begin immediate". A transaction that begins by reading could not always become a writing one.
            await using var transaction = _writer.BeginTransaction(deferred: false);
            var session = new StoreSession(this, _writer, transaction, cancellationToken);
            var result = await work(session);
            await transaction.CommitAsync(CancellationToken.None);
            if (session.RaisesTopics) Signal?.Raise();
            CarryOver(SQLitePCL.raw.sqlite3_total_changes(_writer.Handle));
            return result;
        }
        catch
        {
            CloseWriter(); // Whatever state it is in; the next write opens another.
            throw;
        }
    }

    /// <summary>Has the pages in the log copied into the file on another thread, when enough was written. To be called inside the gate.</summary>
    private void CarryOver(int rowsWritten)
    {
        if (rowsWritten - _rowsCarried < RowsBetweenCheckpoints || !_checkpoint.IsCompleted) return;
        _rowsCarried = rowsWritten;
        _checkpoint = _carrying.RunAsync(TryCheckpoint);
    }

    /// <summary>Copies the pages in the log into the file; whether it could.</summary>
    private bool TryCheckpoint()
    {
        try
        {
            _checkpointer ??= OpenConnection();
            Run(_checkpointer, "pragma wal_checkpoint(passive)");
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, nothing is lost: the log is carried over the next time, or by the writer itself when it has grown long.
        catch (Exception error)
#pragma warning restore CA1031
        {
            logger.LogWarning(error, "The store's log could not be carried over into its file; it grows until that succeeds");
            _checkpointer?.Dispose();
            _checkpointer = null;
            return false;
        }
    }

    private PreparedConnection RentReader()
    {
        if (!_readers.TryTake(out var reader)) return OpenConnection();
        Interlocked.Decrement(ref _idleReaders);
        return reader;
    }

    private void ReturnReader(PreparedConnection reader)
    {
        if (_disposed || Interlocked.Increment(ref _idleReaders) > IdleReadersKept)
        {
            Interlocked.Decrement(ref _idleReaders);
            reader.Dispose();
        }
        else
        {
            _readers.Add(reader);
        }
    }

    private PreparedConnection OpenWriter()
    {
        var writer = OpenConnection();
        Run(writer, WriterSettings);
        _rowsCarried = 0;
        return writer;
    }

    private PreparedConnection OpenConnection()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(connectionString.FilePath)!);
        var connection = new PreparedConnection(_connectionString);
        try
        {
            connection.Open();
            Run(connection, Settings);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void CloseWriter()
    {
        _insert?.Dispose();
        _insert = null;
        _quietSave?.Dispose();
        _quietSave = null;
        _writer?.Dispose();
        _writer = null;
    }

    private void Close()
    {
        _disposed = true;
        try
        {
            _checkpoint.Wait(); // It tells of its errors itself.
            _checkpointer?.Dispose();
            while (_readers.TryTake(out var reader)) reader.Dispose();

            // One file is left behind, which can be copied as it is.
            if (_writer is not null) Run(_writer, "pragma optimize; pragma wal_checkpoint(truncate);");
        }
        catch (SqliteException error)
        {
            logger.LogWarning(error, "The store's log could not be carried over into its file at the end; the next start does so");
        }
        finally
        {
            CloseWriter();
            _behind.Dispose();
            _writing.Dispose();
            _carrying.Dispose();
            _gate.Release();
        }
    }

    private static void Run(SqliteConnection connection, string pragmas)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written in this file.
        command.CommandText = pragmas;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private sealed class JsonParameter(string json) : SqlMapper.ICustomQueryParameter
    {
        public void AddParameter(System.Data.IDbCommand command, string name) => command.Parameters.Add(new SqliteParameter(name, json));
    }
}
