namespace Hangfire.Storage.SQLite;

/// <summary>
/// Writes whose callers need not wait for a commit of their own, because nothing follows from them before a later commit of the same
/// process, and that commit carries them: every transaction begins with what is owed. If nobody writes, they are written after some
/// milliseconds all the same.
/// </summary>
/// <remarks>
/// There are two. A job that was created and has no state yet cannot run, and nobody but its creator knows its id; the transaction that
/// gives it a state is carried out after its creation or not at all. That a worker holds a row of the queue means nothing to the next
/// process, which gives back all rows at opening. Neither can fail for a reason of its own, or it would stand in everybody's way.
/// </remarks>
internal sealed class OwedWrites : IDisposable
{
    /// <summary>More jobs than this are not owed: their creators wait for the commit, and hear why there is none.</summary>
    private const int MaxJobs = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private readonly Timer _timer;
    private List<(long Id, NewJob Job)> _jobs = [];
    private List<(long Id, NewJob Job)> _carriedJobs = [];
    private Dictionary<long, long?> _marks = [];
    private Dictionary<long, long?> _carriedMarks = [];
    private long _commits;
    private long _commitsWhenTimed;
    private bool _timed;
    private bool _closed;
    private volatile bool _any;

    /// <param name="flush">Commits what is owed. Called when nobody else does, on a thread of the pool.</param>
    public OwedWrites(Action flush)
    {
        _timer = new Timer(_ => Expire(flush));
    }

    /// <summary>Whether there is anything that is not committed yet.</summary>
    public bool Any => _any;

    /// <summary>Owes the creation of a job.</summary>
    /// <returns>False when too much is owed already.</returns>
    /// <exception cref="ObjectDisposedException">The storage was closed.</exception>
    public bool TryAdd(long id, NewJob job)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_jobs.Count + _carriedJobs.Count >= MaxJobs) return false;

            _jobs.Add((id, job));
            Owe();
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
            Owe();
        }
    }

    /// <summary>Writes what is owed into the open transaction. Followed by <see cref="Committed"/> or <see cref="NotCommitted"/>.</summary>
    public void WriteWith(JobWriter writer)
    {
        if (!_any) return;

        lock (_gate)
        {
            (_jobs, _carriedJobs) = (_carriedJobs, _jobs);
            (_marks, _carriedMarks) = (_carriedMarks, _marks);
        }

        foreach (var (id, job) in _carriedJobs) writer.CreateJob(id, job);
        foreach (var (row, fetchedAt) in _carriedMarks) writer.MarkFetched(row, fetchedAt);
    }

    public void Committed()
    {
        if (!_any) return;

        lock (_gate)
        {
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
            _carriedJobs.AddRange(_jobs);
            _jobs.Clear();
            (_jobs, _carriedJobs) = (_carriedJobs, _jobs);

            foreach (var (row, fetchedAt) in _carriedMarks) _marks.TryAdd(row, fetchedAt);
            _carriedMarks.Clear();
        }
    }

    /// <summary>Refuses new debts, so that a last transaction can settle all.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
    }

    public void Dispose() => _timer.Dispose();

    private void Owe()
    {
        _any = true;
        if (_timed) return;

        _timed = true;
        _commitsWhenTimed = _commits;
        _timer.Change(Patience, Timeout.InfiniteTimeSpan);
    }

    private void Expire(Action flush)
    {
        lock (_gate)
        {
            _timed = false;
            if (_closed || !_any) return;

            // Under load somebody has carried what was owed when the clock was set; what is owed now is younger.
            if (_commits != _commitsWhenTimed)
            {
                Owe();
                return;
            }
        }

        try
        {
            flush();
        }
        catch (Exception error) when (error is JobDatabaseException or ObjectDisposedException)
        {
            // It is owed still: the next caller whose work depends on it cannot commit without it either, and hears the reason.
        }
    }
}
