using Aggregator.Core.Stores;
using Hangfire;

namespace Aggregator.Server.Retention;

/// <summary>Forgets entries that are older than <see cref="RetentionOptions.Days"/>: a recurring job, once a day.</summary>
internal sealed class RetentionJob(IEntryStore entries, RetentionOptions options, TimeProvider time, ILogger<RetentionJob> logger)
{
    /// <summary>The name under which it recurs.</summary>
    public const string RecurringId = "retention";

    /// <summary>How many entries one transaction deletes, so that readers and refreshes get their turn in between.</summary>
    private const int BatchSize = 500;

    /// <summary>Runs until nothing is expired.</summary>
    [AutomaticRetry(Attempts = 2)]
    [DisableConcurrentExecution(timeoutInSeconds: 1)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Days == 0) return;
        var before = time.GetUtcNow() - TimeSpan.FromDays(options.Days);
        var total = 0;
        int deleted;
        do
        {
            deleted = await entries.DeleteExpiredAsync(before, BatchSize, time.GetUtcNow(), cancellationToken);
            total += deleted;
        }
        while (deleted == BatchSize);

        if (total > 0) logger.LogInformation("Forgot {Count} entries first seen before {Before:u} (Retention:Days={Days})", total, before, options.Days);
    }
}
