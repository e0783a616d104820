using Aggregator.Core.Model;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Sources;

namespace Aggregator.Storage.Entries;

/// <summary>
/// Saves sources whose refresh brought no entries, many in one transaction: most refreshes of a day are a 304, and a
/// transaction for each costs several times what the 304 did. A save waits for at most <see cref="Patience"/> and for the
/// transactions before it, and is committed when its task ends, like any other.
/// </summary>
internal sealed class SourceSaves(Database database, string statement)
{
    /// <summary>The most sources of one transaction.</summary>
    public const int Most = 64;

    /// <summary>How long a first one waits for others; it holds up nobody but its own fetch, and its lease is a minute.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private readonly Lock _lock = new();
    private readonly Queue<Save> _waiting = new();
    private bool _isWriting;

    /// <summary>Saves one and remembers its fetch; false when its lease was lost. Once begun it is not broken off.</summary>
    public Task<bool> SaveAsync(SourceRow row, FetchRecord? fetch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var save = new Save(row, fetch);
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
            await Task.Delay(Patience);
            var batch = new List<Save>();
            lock (_lock)
            {
                while (batch.Count < Most && _waiting.TryDequeue(out var save)) batch.Add(save);
                if (batch.Count == 0)
                {
                    _isWriting = false;
                    return;
                }
            }

            await WriteAsync(batch);
        }
    }

    private async Task WriteAsync(List<Save> batch)
    {
        if (batch.Count > 1 && await TryTogetherAsync(batch)) return;
        foreach (var save in batch)
        {
            try
            {
                save.Done.SetResult(await database.WriteAsync(session => WriteAsync(session, save), CancellationToken.None));
            }
            catch (Exception error)
            {
                save.Done.SetException(error);
            }
        }
    }

    /// <summary>All of them or none: false when one of them is in the way, and each has to be looked at by itself.</summary>
    private async Task<bool> TryTogetherAsync(List<Save> batch)
    {
        try
        {
            // In one order everywhere, so that two processes never wait for each other's rows.
            var inOrder = batch.OrderBy(save => save.Row.Id).ToList();
            await database.WriteAsync(
                async session =>
                {
                    foreach (var save in inOrder)
                        if (!await WriteAsync(session, save)) throw new LeaseLostException();
                    return true;
                },
                CancellationToken.None);
        }
        catch (Exception)
        {
            // Whatever it was, it happens again to the one that it belongs to, and is told there.
            return false;
        }

        foreach (var save in batch) save.Done.SetResult(true);
        return true;
    }

    private async Task<bool> WriteAsync(StoreSession session, Save save)
    {
        if (await session.ExecuteAsync(statement, save.Row) != 1) return false;
        if (save.Fetch is { } fetch) await FetchLog.WriteAsync(session, save.Row.Id, fetch);
        return true;
    }

    private sealed class Save(SourceRow row, FetchRecord? fetch)
    {
        public FetchRecord? Fetch { get; } = fetch;

        public SourceRow Row { get; } = row;

        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Rolls a transaction back in which a source was no longer ours.</summary>
    private sealed class LeaseLostException : Exception;
}
