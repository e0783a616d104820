using Aggregator.Core.Stores;
using Hangfire;

namespace Aggregator.Server.Takedown;

/// <summary>Deletes the texts of take-downs whose grace period is over: when it ends, and once an hour for what was missed.</summary>
internal sealed class PurgeJob(ITakedownStore takedowns, TimeProvider time, ILogger<PurgeJob> logger)
{
    /// <summary>The name under which it recurs.</summary>
    public const string RecurringId = "purge";

    /// <summary>Away from the other hourly jobs.</summary>
    public const int Minute = 40;

    /// <summary>Purges until nothing is due.</summary>
    [AutomaticRetry(Attempts = 2)]
    [DisableConcurrentExecution(timeoutInSeconds: 60)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var purged = await takedowns.PurgeAsync(time.GetUtcNow(), cancellationToken);
        if (purged > 0) logger.LogInformation("Deleted the texts of {Count} articles that were taken down (Takedown:Grace); their hashes stay", purged);
    }
}
