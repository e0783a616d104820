using Aggregator.Server.Crawl;
using Hangfire;

namespace Aggregator.Server.WebSub;

/// <summary>Has sources refreshed because a hub said so: at once, but none twice within <see cref="Gap"/>, however often the hub says it.</summary>
internal sealed class PingedRefreshes(IBackgroundJobClient jobs, TimeProvider time)
{
    /// <summary>The least time between two refreshes of a source that a hub can bring about.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromMinutes(1);

    private const int PruneAt = 1000;

    private readonly Dictionary<long, DateTimeOffset> _latest = [];
    private readonly Lock _lock = new();

    /// <summary>Plans a refresh, unless one is planned already. Returns when it is to run, or null when nothing had to be planned.</summary>
    public DateTimeOffset? Plan(long sourceId)
    {
        var now = time.GetUtcNow();
        DateTimeOffset at;
        lock (_lock)
        {
            if (_latest.TryGetValue(sourceId, out var latest) && latest > now) return null;
            at = _latest.ContainsKey(sourceId) && latest + Gap > now ? latest + Gap : now;
            if (_latest.Count >= PruneAt)
                foreach (var old in _latest.Where(pair => pair.Value + Gap <= now).Select(pair => pair.Key).ToArray()) _latest.Remove(old);
            _latest[sourceId] = at;
        }

        if (at == now) jobs.Enqueue<RefreshSourceJob>(job => job.RunAsync(sourceId, CancellationToken.None));
        else jobs.Schedule<RefreshSourceJob>(job => job.RunAsync(sourceId, CancellationToken.None), at - now);
        return at;
    }
}
