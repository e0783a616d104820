using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;

namespace Hangfire.Storage.SQLite;

/// <summary>
/// The file: its owner's lock, the one session that writes, and the sessions that read.
/// </summary>
/// <remarks>
/// Writes pass one gate. Whoever holds it commits everything that has queued up meanwhile in one transaction, so that under load
/// several jobs share the cost of a commit; each caller returns only when its own part is committed. When a part fails, the
/// transaction is rolled back and each part runs again on its own, so that nobody fails for another's reason. Work must therefore be
/// repeatable: it may read, write and return, and nothing else.
/// </remarks>
internal sealed class JobDatabase : IDisposable
{
    private const int SchemaVersion = 1;
    private const int MaxWritesPerTransaction = 64;
    private const int MaxRoundsOfLead = 32;
    private const int MaxIdleReaders = 32;

    /// <summary>Files up to this size are checked page by page at opening; it takes about a second per GB.</summary>
    private const long MaxCheckedBytes = 256L * 1024 * 1024;

    private const string Begin = "begin immediate";
    private const string Commit = "commit";
    private const string Rollback = "rollback";

    private const string WriterSettings = """
        pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma temp_store = memory;
        pragma cache_size = -65536; pragma journal_size_limit = 67108864; pragma wal_autocheckpoint = 0;
        """;

    private const string ReaderSettings = "pragma query_only = on; pragma temp_store = memory;";
    private const string QuickCheck = "pragma quick_check(1)";
    private const string ReadVersion = "pragma user_version";
    private const string ReadTables = "select count(*) from sqlite_schema";

    private const string ForgetOwner = "update job_queue set fetched_at = null where fetched_at is not null; delete from server;";

    private const string ReadLastJobId = """
        select max(coalesce((select max(id) from job), 0), coalesce((select value from meta where key = 'last_job_id'), 0))
        """;

    private readonly OwnerLock _owner;
    private readonly Session _session;
    private readonly JobWriter _writer;
    private readonly Checkpointer _checkpointer;
    private readonly Queue<Ticket> _queued = new();
    private readonly Lock _line = new();
    private readonly ConcurrentBag<Session> _readers = [];
    private readonly List<Ticket> _batch = [];
    private readonly Lock _gate = new();
    private bool _led;
    private long _lastJobId;
    private int _idleReaders;
    private volatile bool _disposed;

    private JobDatabase(string path, OwnerLock owner, Session session, int maxStateHistory)
    {
        Path = path;
        _owner = owner;
        _session = session;
        _writer = new JobWriter(session, maxStateHistory);
        _lastJobId = session.Integer(ReadLastJobId) ?? 0;
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
            session = new Session(path);
            RefuseForeignOrDamaged(session, path);
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

    public long NextJobId() => Interlocked.Increment(ref _lastJobId);

    /// <summary>Runs work in a transaction and returns when it is committed.</summary>
    /// <exception cref="JobDatabaseException">SQLite refused; nothing was written.</exception>
    /// <exception cref="ObjectDisposedException">The storage was closed.</exception>
    public void Write(Action<JobWriter> work) => Submit(new Ticket(work));

    /// <inheritdoc cref="Write(Action{JobWriter})"/>
    public T Write<T>(Func<JobWriter, T> work)
    {
        var result = default(T)!;
        Submit(new Ticket(writer => result = work(writer)));
        return result;
    }

    /// <summary>Runs one query on the state after the last commit.</summary>
    /// <exception cref="JobDatabaseException">SQLite refused.</exception>
    /// <exception cref="ObjectDisposedException">The storage was closed.</exception>
    public T Read<T>(Func<Session, T> query)
    {
        var session = Rent();
        try
        {
            return query(session);
        }
        finally
        {
            Return(session);
        }
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
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }

        _checkpointer.Dispose();
        lock (_gate)
        {
            while (_readers.TryTake(out var reader)) reader.Dispose();
            _session.Dispose();
            _owner.Dispose();
        }
    }

    private static void RefuseForeignOrDamaged(Session session, string path)
    {
        var version = session.Integer(ReadVersion) ?? 0;
        if (version > SchemaVersion)
        {
            throw new JobDatabaseException(string.Create(CultureInfo.InvariantCulture,
                $"The job database {path} was written by a newer version (schema {version}; this one knows {SchemaVersion}). It was left as it was; use the newer program."));
        }

        if (version == 0 && session.Integer(ReadTables) > 0)
            throw new JobDatabaseException($"{path} is not a job database: it holds other tables. It was left as it was; name another file.");

        if (version == 0 || new FileInfo(path).Length > MaxCheckedBytes) return;

        var verdict = session.Text(QuickCheck);
        if (!string.Equals(verdict, "ok", StringComparison.Ordinal))
        {
            throw new JobDatabaseException(
                $"The job database {path} is damaged ({verdict}). It was left as it was. Restore a copy, or move it away to start with an empty one.");
        }
    }

    private static void Prepare(Session session)
    {
        session.Script(Begin);
        try
        {
            for (var version = session.Integer(ReadVersion) ?? 0; version < SchemaVersion; version++)
                session.Script(Migration(version));

            session.Script(ForgetOwner);
            session.Script(Commit);
        }
        catch
        {
            if (session.InTransaction) session.Script(Rollback);
            throw;
        }
    }

    private static string Migration(long from)
    {
        if (from != 0) throw new InvalidOperationException($"There is no migration from schema {from.ToString(CultureInfo.InvariantCulture)}.");

        using var stream = typeof(JobDatabase).Assembly.GetManifestResourceStream("Schema.sql")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd() + "pragma user_version = 1;";
    }

    private void Submit(Ticket ticket)
    {
        bool leads;
        lock (_line)
        {
            _queued.Enqueue(ticket);
            leads = !_led;
            _led = true;
        }

        if (leads || ticket.Await() == TicketState.Leads) Lead();
        ticket.Failure?.Throw();
    }

    /// <summary>
    /// Commits what has queued up, the caller's own work first in line, and goes on with what came meanwhile: whoever would be handed
    /// the lead sleeps, and until it is awake nobody writes. After some rounds it is another's turn nevertheless.
    /// </summary>
    private void Lead()
    {
        Ticket? next;
        var round = 0;
        do
        {
            lock (_gate) CommitQueued();
            lock (_line) _led = _queued.TryPeek(out next);
        }
        while (next is not null && ++round < MaxRoundsOfLead);

        next?.Become(TicketState.Leads);
    }

    private void CommitQueued()
    {
        _batch.Clear();
        lock (_line)
        {
            while (_batch.Count < MaxWritesPerTransaction && _queued.TryDequeue(out var ticket)) _batch.Add(ticket);
        }

        var failure = Transact(_batch);
        foreach (var ticket in _batch)
        {
            // One of them failed, perhaps for its own reason: each on its own tells which.
            if (failure is not null) ticket.Failure = _batch.Count == 1 ? failure : Transact([ticket]);
            ticket.Become(TicketState.Done);
        }
    }

    private ExceptionDispatchInfo? Transact(List<Ticket> tickets)
    {
        _writer.Changes.Clear();
#pragma warning disable CA1031 // Whatever it is belongs to the caller whose work it was, not to the one who happens to lead.
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _session.Execute(Begin);
            foreach (var ticket in tickets) ticket.Work(_writer);
            _session.Execute(Commit);
            Census.Apply(_writer.Changes);
            _checkpointer.Wrote(_session.TotalChanges);
            return null;
        }
        catch (Exception error)
        {
            try
            {
                // A full disk has rolled back already.
                if (!_disposed && _session.InTransaction) _session.Execute(Rollback);
            }
            catch (JobDatabaseException)
            {
                // The next transaction cannot begin then, and its caller hears of it; this one is told what came first.
            }

            return ExceptionDispatchInfo.Capture(error);
        }
#pragma warning restore CA1031
    }

    private Session Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_readers.TryTake(out var idle))
        {
            Interlocked.Decrement(ref _idleReaders);
            return idle;
        }

        var session = new Session(Path);
        try
        {
            session.Script(ReaderSettings);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void Return(Session session)
    {
        if (Interlocked.Increment(ref _idleReaders) > MaxIdleReaders)
        {
            Interlocked.Decrement(ref _idleReaders);
            session.Dispose();
            return;
        }

        _readers.Add(session);

        // Closing has emptied the bag between the query and here.
        if (_disposed && _readers.TryTake(out var late)) late.Dispose();
    }

    private enum TicketState
    {
        Waits,
        Leads,
        Done,
    }

    /// <summary>One caller's work. Waiters sleep on it instead of spinning at the gate: with twenty workers on two cores that was most of the processor time.</summary>
    private sealed class Ticket(Action<JobWriter> work)
    {
        private TicketState _state;

        public Action<JobWriter> Work { get; } = work;

        public ExceptionDispatchInfo? Failure { get; set; }

        public TicketState Await()
        {
            lock (this)
            {
                while (_state == TicketState.Waits) Monitor.Wait(this);
                return _state;
            }
        }

        public void Become(TicketState state)
        {
            lock (this)
            {
                _state = state;
                Monitor.Pulse(this);
            }
        }
    }
}
