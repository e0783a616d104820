using Aggregator.Core.Stores;
using Hangfire;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Takedown;

/// <summary>
/// Deletes the texts of take-downs whose grace period is over, when it ends, and once an hour for what was missed; and what visitors
/// wrote in requests that were refused long ago.
/// </summary>
internal sealed class PurgeJob(ITakedownStore takedowns, IOptions<TakedownOptions> options, TimeProvider time, ILogger<PurgeJob> logger)
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
        var emptied = await takedowns.PurgeRefusedAsync(time.GetUtcNow() - options.Value.KeepRefused, cancellationToken);
        if (emptied > 0) logger.LogInformation("Deleted the texts of {Count} refused take-down requests (Takedown:KeepRefused)", emptied);
    }
}
