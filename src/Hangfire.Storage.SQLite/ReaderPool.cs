using System.Collections.Concurrent;

namespace Hangfire.Storage.SQLite;

/// <summary>The sessions that read; each query has one to itself.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private const int MaxIdle = 32;

    private const string Settings = "pragma query_only = on; pragma temp_store = memory;";

    private readonly ConcurrentBag<Session> _idle = [];
    private int _idleCount;
    private volatile bool _disposed;

    /// <summary>Runs a query on the state after the last commit.</summary>
    /// <exception cref="JobDatabaseException">SQLite refused.</exception>
    /// <exception cref="ObjectDisposedException">The pool was closed.</exception>
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

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var session)) session.Dispose();
    }

    private Session Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_idle.TryTake(out var idle))
        {
            Interlocked.Decrement(ref _idleCount);
            return idle;
        }

        var session = new Session(path);
        try
        {
            session.Script(Settings);
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
        if (Interlocked.Increment(ref _idleCount) > MaxIdle)
        {
            Interlocked.Decrement(ref _idleCount);
            session.Dispose();
            return;
        }

        _idle.Add(session);

        // Closing has emptied the bag between the query and here.
        if (_disposed && _idle.TryTake(out var late)) late.Dispose();
    }
}
