using System.Collections.Concurrent;

namespace Aggregator.Server.Publish;

/// <summary>
/// Runs a piece of work once for all who ask for it at the same time. A caller who goes away does not end it, for the others
/// still wait; disposing this does.
/// </summary>
internal sealed class SingleFlight<TKey, TValue> : IDisposable
    where TKey : notnull
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TValue>>> _running = new();

    /// <summary>Joins the work that is running under <paramref name="key"/>, or starts it. Its failure reaches everybody who waits; nothing is kept.</summary>
    public Task<TValue> RunAsync(TKey key, Func<CancellationToken, Task<TValue>> work, CancellationToken cancellationToken) =>
        _running.GetOrAdd(key, _ => new Lazy<Task<TValue>>(() => RunAsync(key, work))).Value.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task<TValue> RunAsync(TKey key, Func<CancellationToken, Task<TValue>> work)
    {
        var stopping = _stopping.Token;
        // Off the lock under which Lazy starts us.
        await Task.Yield();
        try
        {
            return await work(stopping);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }
}
