namespace Hangfire.Storage.SQLite;

/// <summary>
/// The distributed locks of a storage that has one process: named, re-entrant for the owner (a storage connection), handed over to
/// the waiter that waits longest. A name without owner takes no memory.
/// </summary>
internal sealed class NamedLocks
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Waits for a lock and takes it.</summary>
    /// <returns>Releases the lock; once, however often it is disposed.</returns>
    /// <exception cref="DistributedLockTimeoutException">Another owner kept it for longer than <paramref name="timeout"/>.</exception>
    public IDisposable Acquire(object owner, string resource, TimeSpan timeout)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (!_entries.TryGetValue(resource, out var entry))
            {
                _entries.Add(resource, new Entry(owner));
                return new Handle(this, resource);
            }

            if (ReferenceEquals(entry.Owner, owner))
            {
                entry.Depth++;
                return new Handle(this, resource);
            }

            if (timeout == TimeSpan.Zero) throw new DistributedLockTimeoutException(resource);

            waiter = new Waiter(owner);
            entry.Waiters.AddLast(waiter);
        }

        using (waiter)
        {
            if (waiter.Granted.Wait(timeout)) return new Handle(this, resource);

            lock (_gate)
            {
                // Handed over between the timeout and here: take it, the time was kept by the one who let go.
                if (waiter.Granted.CurrentCount > 0) return new Handle(this, resource);
                _entries[resource].Waiters.Remove(waiter);
            }
        }

        throw new DistributedLockTimeoutException(resource);
    }

    /// <summary>How many names are locked now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    private void Release(string resource)
    {
        lock (_gate)
        {
            var entry = _entries[resource];
            if (--entry.Depth > 0) return;

            if (entry.Waiters.First is not { } next)
            {
                _entries.Remove(resource);
                return;
            }

            entry.Waiters.RemoveFirst();
            entry.Owner = next.Value.Owner;
            entry.Depth = 1;
            next.Value.Granted.Release();
        }
    }

    private sealed class Entry(object owner)
    {
        public object Owner { get; set; } = owner;

        public int Depth { get; set; } = 1;

        public LinkedList<Waiter> Waiters { get; } = [];
    }

    private sealed class Waiter(object owner) : IDisposable
    {
        public object Owner { get; } = owner;

        public SemaphoreSlim Granted { get; } = new(0);

        public void Dispose() => Granted.Dispose();
    }

    private sealed class Handle(NamedLocks locks, string resource) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0) locks.Release(resource);
        }
    }
}
