using Aggregator.Core.Crawling;
using Aggregator.Core.Hub;
using Aggregator.Server.Crawl;
using Hangfire;

namespace Aggregator.Server.Hub;

/// <summary>
/// One stream of deliveries as a Hangfire job: it carries whatever is due and waits for more, because no queue could bring a job for each
/// change quickly enough. Before it ends it has its successor enqueued, which the same worker takes at once.
/// </summary>
internal sealed class HubStreamJob(HubDistributor distributor, HubTick tick, ILogger<HubStreamJob> logger)
{
    /// <summary>How long one job runs; then the next one does, so that a job stays a thing that ends.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(5);

    private int _running;

    /// <summary>Whether a stream runs in this process.</summary>
    public bool IsRunning => Volatile.Read(ref _running) > 0;

    /// <summary>Delivers. It is not retried: what it left is still due.</summary>
    [Queue(JobQueues.Hub)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Fail)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _running);
        try
        {
            var summary = await distributor.RunAsync(LeaseOwner.New(), Budget, cancellationToken);
            if (summary.Delivered + summary.Failed + summary.Verified + summary.Refused > 0)
                logger.LogInformation(
                    "The hub delivered {Delivered} times, {Failed} failed, {Ended} subscriptions ended; {Verified} requests verified, {Refused} not",
                    summary.Delivered, summary.Failed, summary.Ended, summary.Verified, summary.Refused);
            await tick.SucceedAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
