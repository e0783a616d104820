namespace Hangfire.Storage.SQLite;

/// <summary>
/// Wakes one waiting worker for one enqueued job: per queue, those who wait longest come first. Nobody is woken for nothing, and
/// nobody has to look again and again.
/// </summary>
internal sealed class QueueSignals
{
    private readonly Dictionary<string, LinkedList<Waiter>> _waiting = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Puts the caller in line on each of its queues. To be called before the last look at the queues.</summary>
    public Waiter Register(string[] queues)
    {
        var waiter = new Waiter(this, queues);
        lock (_gate) Enlist(waiter);
        return waiter;
    }

    /// <summary>Wakes the worker that waits longest on the queue, if any. To be called after the commit, once per job.</summary>
    public void Signal(string queue)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(queue, out var line) && line.First is { } first) Wake(first.Value, queue);
        }
    }

    private void Enlist(Waiter waiter)
    {
        foreach (var queue in waiter.Queues)
        {
            if (waiter.Places.ContainsKey(queue)) continue;
            if (!_waiting.TryGetValue(queue, out var line)) _waiting.Add(queue, line = []);
            waiter.Places.Add(queue, line.AddLast(waiter));
        }
    }

    private void Withdraw(Waiter waiter)
    {
        foreach (var (queue, place) in waiter.Places)
        {
            var line = place.List!;
            line.Remove(place);
            if (line.Count == 0) _waiting.Remove(queue);
        }

        waiter.Places.Clear();
    }

    private void Wake(Waiter waiter, string queue)
    {
        Withdraw(waiter);
        waiter.Call(queue);
    }

    /// <summary>A worker's place in the lines.</summary>
    internal sealed class Waiter(QueueSignals signals, string[] queues) : IDisposable
    {
        // A monitor and no semaphore: that spins before it sleeps, which twenty idle workers cannot afford.
        private readonly object _sleep = new();
        private bool _called;
        private bool _cancelled;
        private string? _calledFor;

        public string[] Queues { get; } = queues;

        public Dictionary<string, LinkedListNode<Waiter>> Places { get; } = new(StringComparer.Ordinal);

        /// <summary>Sleeps until called, and gets in line again.</summary>
        /// <returns>False when nobody called within <paramref name="timeout"/>.</returns>
        /// <exception cref="OperationCanceledException">The worker is to stop.</exception>
        public bool Wait(TimeSpan timeout, CancellationToken cancellationToken)
        {
            var deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
            using (cancellationToken.UnsafeRegister(static waiter => ((Waiter)waiter!).Cancel(), this))
            {
                lock (_sleep)
                {
                    // The last call found nothing: someone was faster, so it is answered.
                    if (!_called) _calledFor = null;

                    while (!_called && !_cancelled)
                    {
                        var left = deadline - Environment.TickCount64;
                        if (left <= 0 || !Monitor.Wait(_sleep, TimeSpan.FromMilliseconds(left))) break;
                    }

                    if (_cancelled) throw new OperationCanceledException(cancellationToken);
                    if (!_called) return false;
                    _called = false;
                }
            }

            lock (signals._gate) signals.Enlist(this);
            return true;
        }

        /// <summary>The worker leaves with a job of this queue.</summary>
        public void Took(string queue)
        {
            lock (_sleep)
            {
                // A call that still lies there came for another job.
                if (!_called && string.Equals(_calledFor, queue, StringComparison.Ordinal)) _calledFor = null;
            }
        }

        /// <summary>Leaves the lines. A call that was not answered goes to the next, or its job would lie until the poll.</summary>
        public void Dispose()
        {
            lock (signals._gate)
            {
                signals.Withdraw(this);
                lock (_sleep)
                {
                    if (_calledFor is { } queue && signals._waiting.TryGetValue(queue, out var line) && line.First is { } next)
                        signals.Wake(next.Value, queue);
                }
            }
        }

        public void Call(string queue)
        {
            lock (_sleep)
            {
                _called = true;
                _calledFor = queue;
                Monitor.Pulse(_sleep);
            }
        }

        private void Cancel()
        {
            lock (_sleep)
            {
                _cancelled = true;
                Monitor.Pulse(_sleep);
            }
        }
    }
}
