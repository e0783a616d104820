namespace Hangfire.Storage.SQLite;

/// <summary>
/// Carries committed pages from the write-ahead log into the database, on a thread of its own: SQLite's automatic checkpoint does that
/// inside a commit, where its two fsyncs made every writer wait (a third of the throughput on a slow disk). Sleeps until there is
/// enough to carry.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>Changed rows after which the log is carried over; some 30 MB of it.</summary>
    private const int RowsBetween = 10_000;

    /// <summary>Pages of 4 KB after which writers wait once, so that the log can start over; 64 MB.</summary>
    private const long MaxLogPages = 16_384;

    private const string Passive = "pragma wal_checkpoint(passive)";
    private const string Restart = "pragma wal_checkpoint(restart)";
    private const string Empty = "pragma wal_checkpoint(truncate)";

    private readonly Session _session;
    private readonly Lock _gate;
    private readonly Lock _checkpointing = new();
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly Thread _thread;
    private long _rowsCarried;
    private volatile bool _stopping;

    /// <param name="path">The database.</param>
    /// <param name="gate">The writers' gate; taken only when the log has grown too long.</param>
    public Checkpointer(string path, Lock gate)
    {
        _gate = gate;
        _session = new Session(path);
        _session.WaitWhenBusy(false);
        _thread = new Thread(Run) { IsBackground = true, Name = "SQLite checkpoint" };
        _thread.Start();
    }

    /// <summary>Tells how many rows have been changed since the file was opened. To be called inside the gate.</summary>
    public void Wrote(long totalRows)
    {
        if (totalRows - _rowsCarried < RowsBetween) return;

        _rowsCarried = totalRows;
        if (_work.CurrentCount == 0) _work.Release();
    }

    /// <summary>Empties the log, unless a reader is at work just now.</summary>
    /// <remarks>
    /// There is no <c>pragma optimize</c> with it: statistics that were taken while a table had one row made SQLite 3.53 scan it instead
    /// of using its key, and jobs ran at a third of their speed. Every statement here has one right plan, which needs no statistics.
    /// </remarks>
    public void Truncate()
    {
        lock (_checkpointing)
        {
            lock (_gate) LogPagesAfter(Empty);
        }
    }

    /// <summary>Stops the thread and closes its session. Not to be called inside the gate.</summary>
    public void Dispose()
    {
        _stopping = true;
        if (_work.CurrentCount == 0) _work.Release();
        _thread.Join();
        _session.Dispose();
        _work.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _work.Wait();
            if (_stopping) return;

            try
            {
                lock (_checkpointing)
                {
                    if (LogPagesAfter(Passive) < MaxLogPages) continue;
                    lock (_gate) LogPagesAfter(Restart);
                }
            }
            catch (JobDatabaseException)
            {
                // Nothing is lost: the log keeps everything, the next writer meets the same error and reports it to its caller.
            }
        }
    }

    private long LogPagesAfter(string checkpoint)
    {
        using var rows = _session.Query(checkpoint);
        return rows.Next() ? rows.Integer(1) : 0;
    }
}
