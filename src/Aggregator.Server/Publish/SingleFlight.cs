using System.Collections.Concurrent;

namespace Aggregator.Server.Publish;

/// <summary>Runs a piece of work once for all who ask for it at the same time.</summary>
/// <param name="stopping">Ends the work when the program stops. A caller who goes away does not: the others still wait for it.</param>
internal sealed class SingleFlight<TKey, TValue>(CancellationToken stopping)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TValue>>> _running = new();

    /// <summary>Joins the work that is running under <paramref name="key"/>, or starts it. Its failure reaches everybody who waits; nothing is kept.</summary>
    public Task<TValue> RunAsync(TKey key, Func<CancellationToken, Task<TValue>> work, CancellationToken cancellationToken) =>
        _running.GetOrAdd(key, _ => new Lazy<Task<TValue>>(() => RunAsync(key, work))).Value.WaitAsync(cancellationToken);

    private async Task<TValue> RunAsync(TKey key, Func<CancellationToken, Task<TValue>> work)
    {
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
