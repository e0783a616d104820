using Aggregator.Core.Crawling;
using Aggregator.Server.Capture;
using Aggregator.Server.Crawl;
using Aggregator.Server.Hub;
using Aggregator.Server.Retention;
using Aggregator.Server.Selections;
using Aggregator.Server.Snapshots;
using Aggregator.Server.Sources;
using Aggregator.Server.Takedown;
using Aggregator.Server.WebSub;
using Hangfire;
using Hangfire.Storage;

namespace Aggregator.Server.Hosting;

/// <summary>
/// Sets the schedules of the recurring jobs, beside the server that serves already: a process that was killed may have left a lock in
/// the job storage that nobody gives back, and that has to run out first. Meanwhile the schedules are as the last process set them.
/// </summary>
internal sealed class RecurringJobs(IRecurringJobManager recurring, RefreshOptions refresh, TimeProvider time, ILogger<RecurringJobs> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Sets the schedules, each as soon as nobody locks it. Fails for no reason but tells every one.</summary>
    /// <returns>Ends when all are set, or the server stops.</returns>
    public Task SetAsync(CancellationToken stoppingToken) => Task.WhenAll(
        SetAsync(CrawlTick.RecurringId, id => recurring.AddOrUpdate<CrawlTick>(id, tick => tick.RunAsync(CancellationToken.None), refresh.CheckCron()), stoppingToken),
        SetAsync(CaptureTick.RecurringId, id => recurring.AddOrUpdate<CaptureTick>(id, tick => tick.RunAsync(CancellationToken.None), refresh.CheckCron()), stoppingToken),
        SetAsync(WebSubTick.RecurringId, id => recurring.AddOrUpdate<WebSubTick>(id, tick => tick.RunAsync(CancellationToken.None), refresh.CheckCron()), stoppingToken),
        SetAsync(HubTick.RecurringId, id => recurring.AddOrUpdate<HubTick>(id, tick => tick.RunAsync(CancellationToken.None), refresh.CheckCron()), stoppingToken),
        SetAsync(RetentionJob.RecurringId, id => recurring.AddOrUpdate<RetentionJob>(id, job => job.RunAsync(CancellationToken.None), Cron.Daily(3, 17)), stoppingToken),
        SetAsync(SelectionExpiryJob.RecurringId, id => recurring.AddOrUpdate<SelectionExpiryJob>(id, job => job.RunAsync(CancellationToken.None), Cron.Daily(3, 32)), stoppingToken),
        SetAsync(SealJob.RecurringId, id => recurring.AddOrUpdate<SealJob>(id, job => job.RunAsync(CancellationToken.None), Cron.Hourly(SealJob.Minute)), stoppingToken),
        SetAsync(PurgeJob.RecurringId, id => recurring.AddOrUpdate<PurgeJob>(id, job => job.RunAsync(CancellationToken.None), Cron.Hourly(PurgeJob.Minute)), stoppingToken),
        SetAsync(PurgeSourcesJob.RecurringId, id => recurring.AddOrUpdate<PurgeSourcesJob>(id, job => job.RunAsync(CancellationToken.None), Cron.Daily(3, 47)), stoppingToken));

    private async Task SetAsync(string id, Action<string> set, CancellationToken cancellationToken)
    {
        while (true)
        {
#pragma warning disable CA1031 // Whatever it is, the pages and feeds are served and the crawl of this start runs; it is told at each attempt.
            try
            {
                // Hangfire waits for the lock inside the call and takes no token; a server that stops does not wait with it.
                await Task.Run(() => set(id), cancellationToken).WaitAsync(cancellationToken);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (DistributedLockTimeoutException)
            {
                logger.LogWarning(
                    "The schedule of the recurring job '{Id}' is locked in the job storage, perhaps by a process that was killed. It is tried again until the lock runs out, {Seconds} s after it was taken; until then the old schedule holds",
                    id, JobServices.LockLifetime.TotalSeconds);
            }
            catch (Exception error)
            {
                logger.LogError(error, "The schedule of the recurring job '{Id}' could not be set; it is tried again in {Seconds} s, and until then the old schedule holds", id, RetryAfter.TotalSeconds);
                if (!await WaitAsync(cancellationToken)) return;
            }
#pragma warning restore CA1031
        }
    }

    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(RetryAfter, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }
}
