namespace Hangfire.Storage.SQLite;

/// <summary>
/// Writes whose callers need not wait for a commit of their own, because nothing follows from them before a later commit of the same
/// process. What is owed is committed after some time all the same, and before anybody reads.
/// </summary>
/// <remarks>
/// There are two. A job that was created and has no state yet cannot run, and nobody but its creator knows its id; every transaction
/// begins with such jobs, so the one that gives it a state is carried out after its creation or not at all. That a worker holds a row
/// of the queue means nothing to the next process, which gives back all rows at opening; most rows are gone before the note is due.
/// Neither can fail for a reason of its own, or it would stand in everybody's way.
/// </remarks>
internal sealed class OwedWrites : IDisposable
{
    /// <summary>More jobs than this are never owed.</summary>
    private const int MaxJobs = 1_000;

    private static readonly TimeSpan PatienceForJobs = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PatienceForMarks = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Timer _jobsTimer;
    private readonly Timer _marksTimer;
    private readonly Action _flush;
    private List<(long Id, NewJob Job)> _jobs = [];
    private List<(long Id, NewJob Job)> _carriedJobs = [];
    private Dictionary<long, long?> _marks = [];
    private Dictionary<long, long?> _carriedMarks = [];
    private long _commits;
    private long _commitsWhenTimed;
    private bool _jobsTimed;
    private bool _marksTimed;
    private bool _marksDue;
    private volatile bool _failing;
    private bool _closed;
    private volatile bool _any;

    /// <param name="commit">Runs a transaction, on a thread of the pool.</param>
    public OwedWrites(Action commit)
    {
        _flush = commit;
        _jobsTimer = new Timer(_ => ExpireJobs());
        _marksTimer = new Timer(_ => ExpireMarks());
    }

    /// <summary>Whether there is anything that is not committed yet.</summary>
    public bool Any => _any;

    /// <summary>Owes the creation of a job.</summary>
    /// <returns>False when too much is owed already, or the last transaction failed: the creator is to wait for the commit, and to hear why there is none.</returns>
    /// <exception cref="ObjectDisposedException">The storage was closed.</exception>
    public bool TryAdd(long id, NewJob job)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_failing || _jobs.Count + _carriedJobs.Count >= MaxJobs) return false;

            _jobs.Add((id, job));
            _any = true;
            TimeJobs();
            return true;
        }
    }

    /// <summary>Owes the note in a row of the queue since when it is held; null for a row that was given back.</summary>
    /// <exception cref="ObjectDisposedException">The storage was closed.</exception>
    public void Mark(long row, long? fetchedAt)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _marks[row] = fetchedAt;
            _any = true;
            if (_marksTimed) return;

            _marksTimed = true;
            _marksTimer.Change(PatienceForMarks, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The row is gone, and the note with it.</summary>
    public void Unmark(long row)
    {
        lock (_gate)
        {
            _marks.Remove(row);
            _any = _jobs.Count > 0 || _marks.Count > 0;
        }
    }

    /// <summary>The next transaction leaves nothing owed.</summary>
    public void Due()
    {
        lock (_gate) _marksDue = true;
    }

    /// <summary>Writes what is owed into the open transaction. Followed by <see cref="Committed"/> or <see cref="NotCommitted"/>.</summary>
    public void WriteWith(JobWriter writer)
    {
        if (!_any) return;

        lock (_gate)
        {
            (_jobs, _carriedJobs) = (_carriedJobs, _jobs);
            if (_marksDue) (_marks, _carriedMarks) = (_carriedMarks, _marks);
            _marksDue = false;
        }

        foreach (var (id, job) in _carriedJobs) writer.CreateJob(id, job);
        foreach (var (row, fetchedAt) in _carriedMarks) writer.MarkFetched(row, fetchedAt);
    }

    public void Committed()
    {
        if (!_any && !_failing) return;

        lock (_gate)
        {
            _failing = false;
            _carriedJobs.Clear();
            _carriedMarks.Clear();
            _commits++;
            _any = _jobs.Count > 0 || _marks.Count > 0;
        }
    }

    /// <summary>The transaction was rolled back: everything is owed still.</summary>
    public void NotCommitted()
    {
        lock (_gate)
        {
            _failing = true;
            _carriedJobs.AddRange(_jobs);
            _jobs.Clear();
            (_jobs, _carriedJobs) = (_carriedJobs, _jobs);

            _marksDue |= _carriedMarks.Count > 0;
            foreach (var (row, fetchedAt) in _carriedMarks) _marks.TryAdd(row, fetchedAt);
            _carriedMarks.Clear();
        }
    }

    /// <summary>Refuses new debts, so that a last transaction can settle all.</summary>
    public void Close()
    {
        lock (_gate) (_closed, _marksDue) = (true, true);
    }

    public void Dispose()
    {
        _jobsTimer.Dispose();
        _marksTimer.Dispose();
    }

    private void TimeJobs()
    {
        if (_jobsTimed) return;

        _jobsTimed = true;
        _commitsWhenTimed = _commits;
        _jobsTimer.Change(PatienceForJobs, Timeout.InfiniteTimeSpan);
    }

    private void ExpireJobs()
    {
        lock (_gate)
        {
            _jobsTimed = false;
            if (_closed || _jobs.Count + _carriedJobs.Count == 0) return;

            // Under load somebody has carried what was owed when the clock was set; what is owed now is younger.
            if (_commits != _commitsWhenTimed)
            {
                TimeJobs();
                return;
            }
        }

        Flush();
    }

    private void ExpireMarks()
    {
        lock (_gate)
        {
            _marksTimed = false;
            if (_closed || _marks.Count == 0) return;
            _marksDue = true;
        }

        Flush();
    }

    private void Flush()
    {
        try
        {
            _flush();
        }
        catch (Exception error) when (error is JobDatabaseException or ObjectDisposedException)
        {
            // It is owed still: the next caller whose work depends on it cannot commit without it either, and hears the reason.
        }
    }
}
