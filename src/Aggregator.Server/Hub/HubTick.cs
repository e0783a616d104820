using Aggregator.Core.Hub;
using Aggregator.Core.Stores;
using Aggregator.Server.Crawl;
using Hangfire;

namespace Aggregator.Server.Hub;

/// <summary>
/// Sees to it that every node has a stream of deliveries while there are subscriptions, and none otherwise: the recurring job <c>hub</c>.
/// It ends leases that are over, too.
/// </summary>
internal sealed class HubTick(ISubscriberStore store, IBackgroundJobClient jobs, JobStorage storage, HubOptions options, TimeProvider time)
{
    /// <summary>The name under which it recurs.</summary>
    public const string RecurringId = "hub";

    /// <summary>How many running jobs are looked through for streams.</summary>
    private const int MostJobs = 1000;

    /// <summary>A server that has not been heard of for this long is gone; they tell every half minute.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    /// <summary>Sweeps, and starts the streams that are missing.</summary>
    [Queue(JobQueues.Interactive)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Enabled || !await store.SweepAsync(time.GetUtcNow(), cancellationToken)) return;
        var monitoring = storage.GetMonitoringApi();
        var alive = monitoring.Servers()
            .Where(server => server.Queues.Contains(JobQueues.Hub, StringComparer.Ordinal) && !(server.Heartbeat < time.GetUtcNow().UtcDateTime - Silence))
            .Select(server => server.Name).ToHashSet(StringComparer.Ordinal);
        // What a killed process was at is called running for a long time yet. At least one node: one that has just started may not have said so.
        var running = monitoring.ProcessingJobs(0, MostJobs).Count(job => job.Value?.Job?.Type == typeof(HubStreamJob) && alive.Contains(job.Value.ServerId));
        var nodes = Math.Max(1, alive.Count);
        for (var missing = nodes - running - monitoring.EnqueuedCount(JobQueues.Hub); missing > 0; missing--)
            jobs.Enqueue<HubStreamJob>(job => job.RunAsync(CancellationToken.None));
    }

    /// <summary>Enqueues the stream that follows one that ends, unless nothing is left to do or one waits already.</summary>
    public async Task SucceedAsync(CancellationToken cancellationToken)
    {
        if (await store.SweepAsync(time.GetUtcNow(), cancellationToken) && storage.GetMonitoringApi().EnqueuedCount(JobQueues.Hub) == 0)
            jobs.Enqueue<HubStreamJob>(job => job.RunAsync(CancellationToken.None));
    }
}
