using System.Globalization;

namespace Hangfire.Storage.SQLite;

/// <summary>A job that a worker has taken from its queue. Given back unless the worker decides otherwise.</summary>
/// <remarks>Its name is part of a feature id: the worker asks whether this type is acknowledged inside transactions.</remarks>
internal sealed class SQLiteFetchedJob(SQLiteStorage storage, FetchedRow row) : IFetchedJob
{
    private bool _decided;

    public string JobId { get; } = row.JobId.ToString(CultureInfo.InvariantCulture);

    internal FetchedRow Row => row;

    public void RemoveFromQueue()
    {
        if (_decided) return;

        storage.Database.Write(writer => writer.Acknowledge(row));
        _decided = true;
    }

    public void Requeue()
    {
        if (_decided) return;

        var mine = storage.Database.GiveBack(row);
        _decided = true;
        if (mine) storage.Signals.Signal(row.Queue);
    }

    public void Dispose()
    {
        try
        {
            Requeue();
        }
        catch (ObjectDisposedException)
        {
            // The storage was closed under a worker that was still busy; the next opening gives the job back.
        }
    }

    /// <summary>The transaction that acknowledges this job has been committed.</summary>
    internal void Acknowledged() => _decided = true;
}
