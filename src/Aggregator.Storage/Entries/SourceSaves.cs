namespace Aggregator.Storage.Entries;

/// <summary>
/// Saves what refreshes brought, several sources in one transaction: those that come within a <paramref name="patience"/>. A transaction writes each
/// page that it touched, and the pages of indexes and of the ends of tables are the same for most sources. A save is committed when its task ends, like
/// any other.
/// </summary>
/// <param name="write">Writes those in one transaction; says which of them still held their lease.</param>
/// <param name="idOf">The source of a save.</param>
/// <param name="isAway">Whether an error is the database's, and not one of what was to be written.</param>
/// <param name="most">The most sources of one transaction.</param>
/// <param name="patience">
/// How long the first one waits for others, once those before are written; its fetch is over, and its lease is a minute.
/// </param>
internal sealed class SourceSaves<T>(
    Func<List<T>, Task<HashSet<long>>> write, Func<T, long> idOf, Func<Exception, bool> isAway, int most, TimeSpan patience)
{
    private readonly Lock _lock = new();
    private readonly Queue<Save> _waiting = new();
    private TaskCompletionSource _isFull = NotYet();
    private bool _isWriting;

    /// <summary>Saves one; false when its lease was lost. Once begun it is not broken off.</summary>
    public Task<bool> SaveAsync(T row, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var save = new Save(row);
        lock (_lock)
        {
            _waiting.Enqueue(save);
            if (_waiting.Count >= most) _isFull.TrySetResult();
            if (_isWriting) return save.Done.Task;
            _isWriting = true;
        }

        // It writes for many: what the first one's context says holds for no other.
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(WriteAllAsync, CancellationToken.None);
        return save.Done.Task;
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            await Task.WhenAny(_isFull.Task, Task.Delay(patience));
            var batch = new List<Save>();
            lock (_lock)
            {
                // Of one source only the save of who holds its lease counts, and which one that was must be told apart.
                var sources = new HashSet<long>();
                while (batch.Count < most && _waiting.TryPeek(out var save) && sources.Add(idOf(save.Row))) batch.Add(_waiting.Dequeue());
                if (batch.Count == 0)
                {
                    _isWriting = false;
                    return;
                }

                if (_waiting.Count < most) _isFull = NotYet();
            }

            await WriteAsync(batch);
        }
    }

    private async Task WriteAsync(List<Save> batch)
    {
        HashSet<long> saved;
        try
        {
            // In one order everywhere, so that two processes never wait for each other's rows.
            var rows = batch.Select(save => save.Row).OrderBy(idOf).ToList();
            saved = await write(rows);
        }
        catch (Exception error) when (batch.Count > 1 && !isAway(error))
        {
            // Whatever it was, it happens again to the one that it belongs to, and is told there.
            foreach (var save in batch) await WriteAsync([save]);
            return;
        }
        catch (Exception error)
        {
            // Of a database that is away everybody is told at once: one after the other, each would wait for it anew.
            _ = Task.Run(() =>
            {
                foreach (var save in batch) save.Done.SetException(error);
            });
            return;
        }

        // On one other thread, one after the other: what waits for them asks the store for a row at the most, and waking a thread for each costs more.
        _ = Task.Run(() =>
        {
            foreach (var save in batch) save.Done.SetResult(saved.Contains(idOf(save.Row)));
        });
    }

    // Not on the thread of whoever came last, which holds the lock.
    private static TaskCompletionSource NotYet() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Save(T row)
    {
        public T Row { get; } = row;

        public TaskCompletionSource<bool> Done { get; } = new();
    }
}
