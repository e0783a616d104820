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

    /// <summary>Sweeps, and starts the streams that are missing.</summary>
    [Queue(JobQueues.Interactive)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Enabled || !await store.SweepAsync(time.GetUtcNow(), cancellationToken)) return;
        var monitoring = storage.GetMonitoringApi();
        var nodes = monitoring.Servers().Count(server => server.Queues.Contains(JobQueues.Hub, StringComparer.Ordinal));
        var running = monitoring.ProcessingJobs(0, MostJobs).Count(job => job.Value?.Job?.Type == typeof(HubStreamJob));
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
