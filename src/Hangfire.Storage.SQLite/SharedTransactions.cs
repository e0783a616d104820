using System.Runtime.ExceptionServices;

namespace Hangfire.Storage.SQLite;

/// <summary>
/// The line of those who write. Whoever stands first commits everything that has queued up meanwhile in one transaction, so that under
/// load several jobs share the cost of a commit; each caller returns only when its own part is committed.
/// </summary>
/// <remarks>
/// When a part fails, the transaction is rolled back and each part runs again on its own, so that nobody fails for another's reason.
/// Work must therefore be repeatable: it may read and write through the <see cref="JobWriter"/>, and nothing else. Each transaction
/// begins with the <see cref="OwedWrites"/>.
/// </remarks>
internal sealed class SharedTransactions(Session session, JobWriter writer, OwedWrites owed, Lock gate, Action committed)
{
    private const int MaxWritesPerTransaction = 64;

    private const string Begin = "begin immediate";
    private const string Commit = "commit";
    private const string Rollback = "rollback";

    private readonly Queue<WriteTicket> _queued = new();
    private readonly Lock _line = new();
    private bool _led;
    private bool _closed;

    /// <summary>Runs work in a transaction and returns when it is committed.</summary>
    /// <exception cref="JobDatabaseException">SQLite refused; nothing was written.</exception>
    /// <exception cref="ObjectDisposedException">The storage was closed.</exception>
    public void Write(Action<JobWriter> work)
    {
        var ticket = new WriteTicket(work);
        bool leads;
        lock (_line)
        {
            _queued.Enqueue(ticket);
            leads = !_led;
            _led = true;
        }

        if (leads || ticket.AwaitTurnToLead()) Lead();
        ticket.Failure?.Throw();
    }

    /// <summary>Commits what is still owed and one last change; whoever stands in line or comes later is refused.</summary>
    /// <returns>Why the last change was not written.</returns>
    public ExceptionDispatchInfo? Close(Action<JobWriter> last)
    {
        lock (gate)
        {
            if (_closed) return null;
            var failure = Transact([new WriteTicket(last)]);
            _closed = true;
            return failure;
        }
    }

    /// <summary>
    /// Commits what has queued up, the caller's own work first in line, and hands the lead to whoever has queued up first meanwhile.
    /// While that one wakes up, more get in line: the longer the line, the cheaper is each commit.
    /// </summary>
    private void Lead()
    {
        var batch = new List<WriteTicket>();
        lock (_line)
        {
            while (batch.Count < MaxWritesPerTransaction && _queued.TryDequeue(out var ticket)) batch.Add(ticket);
        }

        lock (gate)
        {
            var failure = Transact(batch);

            // One of them failed, perhaps for its own reason: each on its own tells which.
            foreach (var ticket in batch)
                ticket.Done(failure is null || batch.Count == 1 ? failure : Transact([ticket]));
        }

        WriteTicket? next;
        lock (_line) _led = _queued.TryPeek(out next);
        next?.Lead();
    }

    /// <returns>Null when everything is committed; otherwise nothing was written.</returns>
    private ExceptionDispatchInfo? Transact(List<WriteTicket> tickets)
    {
        writer.Changes.Clear();
#pragma warning disable CA1031 // Whatever it is belongs to the caller whose work it was, not to the one who happens to lead.
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            session.Execute(Begin);
            owed.WriteWith(writer);
            foreach (var ticket in tickets) ticket.Work(writer);
            session.Execute(Commit);
        }
        catch (Exception error)
        {
            owed.NotCommitted();
            TryRollBack();
            return ExceptionDispatchInfo.Capture(error);
        }
#pragma warning restore CA1031

        // Nothing from here on can fail for a reason of the data, and nothing may: it would be told to those whose work is written.
        owed.Committed();
        committed();
        return null;
    }

    private void TryRollBack()
    {
        try
        {
            // A full disk has rolled back already.
            if (!_closed && session.InTransaction) session.Execute(Rollback);
        }
        catch (JobDatabaseException)
        {
            // The next transaction cannot begin then, and its caller hears of it; this one is told what came first.
        }
    }
}
