using Hangfire.Logging;

namespace Hangfire.Storage.SQLite;

/// <summary>
/// The file: its owner's lock, the one session that writes, the sessions that read, and what is known of it in memory because nobody
/// else can change it.
/// </summary>
internal sealed class JobDatabase : IDisposable
{
    /// <summary>Ids are reserved in the file by this number, so that an id that was given is never given again, whatever becomes of its job.</summary>
    private const int ReservedJobIds = 1_000;

    private const string WriterSettings = """
        pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma temp_store = memory;
        pragma cache_size = -65536; pragma journal_size_limit = 67108864; pragma wal_autocheckpoint = 0;
        """;

    private const string ForgetOwner = "update job_queue set fetched_at = null where fetched_at is not null; delete from server;";

    private const string ReadLastJobId = """
        select max(coalesce((select max(id) from job), 0), coalesce((select value from meta where key = 'last_job_id'), 0))
        """;

    private const string OldestReady = "select id, job_id from job_queue where queue = ?1 and fetched_at is null order by id limit ?2";

    private readonly OwnerLock _owner;
    private readonly Session _session;
    private readonly ReaderPool _readers;
    private readonly JobWriter _writer;
    private readonly OwedWrites _owed;
    private readonly SharedTransactions _transactions;
    private readonly Checkpointer _checkpointer;
    private readonly ReadyQueues _ready;
    private readonly RecentJobs _recent = new();
    private readonly Lock _gate = new();
    private readonly Lock _reserving = new();
    private long _lastJobId;
    private long _reservedJobId;
    private int _closing;
    private volatile bool _disposed;

    private JobDatabase(string path, OwnerLock owner, Session session, int maxStateHistory)
    {
        Path = path;
        _owner = owner;
        _session = session;
        _readers = new ReaderPool(path);
        _ready = new ReadyQueues(ReadReady);
        _writer = new JobWriter(session, _ready, maxStateHistory);
        _owed = new OwedWrites(() => Write(_ => { }));
        _transactions = new SharedTransactions(session, _writer, _owed, _gate, ApplyChanges);
        _reservedJobId = _lastJobId = session.Integer(ReadLastJobId) ?? 0;
        Census = Census.Take(session);
        _checkpointer = new Checkpointer(path, _gate);
    }

    public string Path { get; }

    public Census Census { get; }

    /// <summary>The highest job id given so far.</summary>
    public long LastJobId => Interlocked.Read(ref _lastJobId);

    /// <summary>Takes the file, brings its schema up to date, and gives back what a dead owner had fetched.</summary>
    /// <exception cref="InvalidOperationException">Another process owns the file.</exception>
    /// <exception cref="JobDatabaseException">The file cannot be used; it is left as it was.</exception>
    public static JobDatabase Open(string path, SQLiteStorageOptions options)
    {
        path = System.IO.Path.GetFullPath(path);
        var owner = OwnerLock.Take(path, options.OwnerWait);
        Session? session = null;
        try
        {
            session = new Session(path, GatheredLog.VfsName);
            Schema.RefuseForeignOrDamaged(session, path);
            session.Script(WriterSettings);
            Prepare(session);
            return new JobDatabase(path, owner, session, options.MaxStateHistory);
        }
        catch
        {
            session?.Dispose();
            owner.Dispose();
            throw;
        }
    }

    /// <summary>An id that no job has had. Not to be called inside a transaction.</summary>
    /// <exception cref="JobDatabaseException">SQLite refused to reserve more ids.</exception>
    public long NextJobId() => NextJobIds(1);

    /// <summary>The first of so many ids in a row that no job has had. Not to be called inside a transaction.</summary>
    /// <exception cref="JobDatabaseException">SQLite refused to reserve more ids.</exception>
    public long NextJobIds(int count)
    {
        var last = Interlocked.Add(ref _lastJobId, count);
        if (last > Interlocked.Read(ref _reservedJobId)) Reserve(last);
        return last - count + 1;
    }

    /// <summary>Creates a job. Whatever is written or read after it finds it; the creation itself may be committed with the next write.</summary>
    /// <exception cref="JobDatabaseException">SQLite refused; nothing was written.</exception>
    /// <exception cref="ObjectDisposedException">The storage was closed.</exception>
    public void Create(long id, NewJob job)
    {
        if (!job.IsSmall || !_owed.TryAdd(id, job)) Write(writer => writer.CreateJob(id, job));
        else _recent.Add(id, job);
    }

    /// <summary>Takes the oldest job of the first queue that has one.</summary>
    /// <exception cref="JobDatabaseException">SQLite refused to read.</exception>
    /// <exception cref="ObjectDisposedException">The storage was closed.</exception>
    public FetchedRow? Fetch(string[] queues, long now)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_ready.Take(queues, now) is not { } row) return null;

        Census.Apply(CensusChange.OfQueue(row.Queue, -1, 1));
        _owed.Mark(row.Id, now);
        return row;
    }

    /// <summary>Puts a row that was fetched back into its queue.</summary>
    /// <returns>Whether it was this worker's still.</returns>
    /// <exception cref="ObjectDisposedException">The storage was closed.</exception>
    public bool GiveBack(FetchedRow row)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_ready.GiveBack(row, () => _owed.Mark(row.Id, null))) return false;

        Census.Apply(CensusChange.OfQueue(row.Queue, 1, -1));
        return true;
    }

    /// <inheritdoc cref="ReadyQueues.Doubt"/>
    public void DoubtReady(string[] queues) => _ready.Doubt(queues);

    /// <inheritdoc cref="RecentJobs.Find"/>
    public JobData? FindRecent(long id)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _recent.Find(id);
    }

    /// <inheritdoc cref="SharedTransactions.Write"/>
    public void Write(Action<JobWriter> work) => _transactions.Write(work);

    /// <inheritdoc cref="SharedTransactions.Write"/>
    public T Write<T>(Func<JobWriter, T> work)
    {
        var result = default(T)!;
        _transactions.Write(writer => result = work(writer));
        return result;
    }

    /// <summary>Runs one query on the state after the last write that returned.</summary>
    /// <exception cref="JobDatabaseException">SQLite refused.</exception>
    /// <exception cref="ObjectDisposedException">The storage was closed.</exception>
    public T Read<T>(Func<Session, T> query)
    {
        if (_owed.Any) Settle();
        return _readers.Read(query);
    }

    /// <summary>Like <see cref="Read"/>, for several queries that must see the same state.</summary>
    public T ReadSnapshot<T>(Func<Session, T> queries) => Read(session =>
    {
        session.Script("begin");
        try
        {
            return queries(session);
        }
        finally
        {
            session.Script("commit");
        }
    });

    /// <inheritdoc cref="Checkpointer.Truncate"/>
    public void TidyUp()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _checkpointer.Truncate();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closing, 1) == 1) return;

        _owed.Close();
        var failure = _transactions.Close(SettleAccounts);
        if (failure is not null)
            LogProvider.For<JobDatabase>().WarnException("Jobs that were just being created could not be written when the job database was closed.", failure.SourceException);

        _disposed = true;
        _checkpointer.Dispose();
        lock (_gate)
        {
            _readers.Dispose();
            _owed.Dispose();
            _session.Dispose();
            _owner.Dispose();
        }
    }

    private static void Prepare(Session session)
    {
        session.Script("begin immediate");
        try
        {
            Schema.BringUpToDate(session);
            session.Script(ForgetOwner);
            session.Script("commit");
        }
        catch
        {
            if (session.InTransaction) session.Script("rollback");
            throw;
        }
    }

    private void Settle()
    {
        _owed.Due();
        try
        {
            Write(_ => { });
        }
        catch (JobDatabaseException)
        {
            // A full disk can be read still, and those who write are told.
        }
    }

    private void Reserve(long needed)
    {
        lock (_reserving)
        {
            if (needed <= _reservedJobId) return;

            var upTo = needed + ReservedJobIds;
            Write(writer => writer.ReserveJobIds(upTo));
            Interlocked.Exchange(ref _reservedJobId, upTo);
        }
    }

    private List<ReadyRow> ReadReady(string queue, int limit) => _readers.Read(session =>
    {
        var ready = new List<ReadyRow>();
        using var rows = session.Query(OldestReady, queue, limit);
        while (rows.Next()) ready.Add(new ReadyRow(rows.Integer(0), rows.Integer(1)));
        return ready;
    });

    private void ApplyChanges()
    {
        var changes = _writer.Changes;
        Census.Apply(changes.Numbers);
        _recent.Apply(changes.Jobs);
        foreach (var row in changes.Removed)
        {
            _ready.Removed(row);
            _owed.Unmark(row.Id);
        }

        foreach (var (queue, row) in changes.Added) _ready.Added(queue, row);
        _checkpointer.Wrote(_session.TotalChanges);
    }

    private void SettleAccounts(JobWriter writer)
    {
        if (_reservedJobId > _lastJobId) writer.KeepLastJobId(_lastJobId);
    }
}
