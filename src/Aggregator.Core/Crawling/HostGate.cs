using System.Collections.Concurrent;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;

namespace Aggregator.Core.Crawling;

/// <summary>
/// Keeps us polite: no host is asked by more than <see cref="FetchingOptions.PerHostConcurrency"/> fetches of this process at
/// once, nor twice within <see cref="FetchingOptions.PerHostGap"/>, nor before the time that it named itself.
/// Safe for many threads.
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="time">The clock.</param>
public sealed class HostGate(FetchingOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Host> _hosts = new(StringComparer.Ordinal);

    /// <summary>The host that a source is counted under: host and port of its address; the catalogue's documents have none.</summary>
    public static string? HostOf(Source source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return !source.IsCatalogueDocument && Uri.TryCreate(source.Url, UriKind.Absolute, out var url)
            ? $"{url.IdnHost}:{url.Port}"
            : null;
    }

    /// <summary>Enters if a fetch may start now. Who entered must <see cref="Leave"/>.</summary>
    /// <param name="host">The host, or null for none: always let in.</param>
    /// <param name="retryAt">When it refused: when to try again; null when only a <see cref="Leave"/> can help.</param>
    public bool TryEnter(string? host, out DateTimeOffset? retryAt)
    {
        retryAt = null;
        if (host is null) return true;
        var now = time.GetUtcNow();
        while (true)
        {
            var state = _hosts.GetOrAdd(host, static _ => new Host());
            lock (state)
            {
                if (state.Removed) continue;
                if (state.NotBefore > now)
                {
                    retryAt = state.NotBefore;
                    return false;
                }

                if (state.Running >= options.PerHostConcurrency) return false;
                state.Running++;
                state.NotBefore = now + options.PerHostGap;
                return true;
            }
        }
    }

    /// <summary>Ends a fetch that entered.</summary>
    public void Leave(string? host)
    {
        if (host is null || !_hosts.TryGetValue(host, out var state)) return;
        lock (state) state.Running--;
        Forget(host, state);
    }

    /// <summary>No fetch of this host starts before <paramref name="until"/>.</summary>
    public void Block(string? host, DateTimeOffset until)
    {
        if (host is null) return;
        while (true)
        {
            var state = _hosts.GetOrAdd(host, static _ => new Host());
            lock (state)
            {
                if (state.Removed) continue;
                if (state.NotBefore < until) state.NotBefore = until;
                return;
            }
        }
    }

    /// <summary>Waits until a fetch may start, and enters: for single refreshes outside a crawl.</summary>
    public async Task EnterAsync(string? host, CancellationToken cancellationToken)
    {
        while (!TryEnter(host, out var retryAt))
        {
            var wait = retryAt - time.GetUtcNow() ?? options.PerHostGap;
            await Task.Delay(wait > TimeSpan.FromMilliseconds(20) ? wait : TimeSpan.FromMilliseconds(20), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Forget(string host, Host state)
    {
        lock (state)
        {
            if (state.Removed || state.Running > 0 || state.NotBefore > time.GetUtcNow()) return;
            state.Removed = true;
            _hosts.TryRemove(new KeyValuePair<string, Host>(host, state));
        }
    }

    private sealed class Host
    {
        public int Running { get; set; }

        public DateTimeOffset NotBefore { get; set; }

        public bool Removed { get; set; }
    }
}
