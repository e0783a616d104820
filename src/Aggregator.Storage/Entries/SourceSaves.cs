using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Entries;

/// <summary>
/// Saves sources that a refresh brought nothing for (304, a failure): those that come within <see cref="Patience"/> go in one
/// transaction, in each database's fastest way. A crawl whose publishers all say "not modified" writes nothing else, so that its cost
/// is that of these commits. A save is committed when its task ends, like any other.
/// </summary>
/// <param name="write">Writes those in one transaction; says which of them still held their lease.</param>
/// <param name="isAway">Whether an error is the database's, and not one of what was to be written.</param>
internal sealed class SourceSaves(Func<List<QuietSave>, Task<HashSet<long>>> write, Func<Exception, bool> isAway)
{
    public SourceSaves(Database database)
        : this(rows => database.WriteAsync(session => database.SaveQuietlyAsync(session, rows), CancellationToken.None), database.IsAway)
    {
    }

    /// <summary>The most sources of one transaction.</summary>
    public const int Most = 256;

    /// <summary>How long a first one waits for others; its fetch is over, and its lease is a minute.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(4);

    private readonly Lock _lock = new();
    private readonly Queue<Save> _waiting = new();
    private bool _isWriting;

    /// <summary>Saves one and remembers its fetch; false when its lease was lost. Once begun it is not broken off.</summary>
    public Task<bool> SaveAsync(QuietSave row, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var save = new Save(row);
        lock (_lock)
        {
            _waiting.Enqueue(save);
            if (_isWriting) return save.Done.Task;
            _isWriting = true;
        }

        _ = Task.Run(WriteAllAsync, CancellationToken.None);
        return save.Done.Task;
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            if (!IsFull()) await Task.Delay(Patience);
            var batch = new List<Save>();
            lock (_lock)
            {
                // Of one source only the save of who holds its lease counts, and which one that was must be told apart.
                var sources = new HashSet<long>();
                while (batch.Count < Most && _waiting.TryPeek(out var save) && sources.Add(save.Row.Id)) batch.Add(_waiting.Dequeue());
                if (batch.Count == 0)
                {
                    _isWriting = false;
                    return;
                }
            }

            await WriteAsync(batch);
        }
    }

    private bool IsFull()
    {
        lock (_lock) return _waiting.Count >= Most;
    }

    private async Task WriteAsync(List<Save> batch)
    {
        HashSet<long> saved;
        try
        {
            // In one order everywhere, so that two processes never wait for each other's rows.
            var rows = batch.Select(save => save.Row).OrderBy(row => row.Id).ToList();
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

        // On one other thread, one after the other: what waits for them has little to do, and waking a thread for each costs more than that.
        _ = Task.Run(() =>
        {
            foreach (var save in batch) save.Done.SetResult(saved.Contains(save.Row.Id));
        });
    }

    private sealed class Save(QuietSave row)
    {
        public QuietSave Row { get; } = row;

        public TaskCompletionSource<bool> Done { get; } = new();
    }
}
