using Aggregator.Core.Stores;
using Hangfire;

namespace Aggregator.Server.Retention;

/// <summary>
/// Forgets entries that are older than <see cref="RetentionOptions.Days"/>, and the texts of versions that are beyond their rule: a
/// recurring job, once a day.
/// </summary>
internal sealed class RetentionJob(
    IEntryStore entries,
    ISnapshotStore snapshots,
    ISourceStore sources,
    ICategoryStore categories,
    RetentionOptions options,
    TimeProvider time,
    ILogger<RetentionJob> logger)
{
    /// <summary>The name under which it recurs.</summary>
    public const string RecurringId = "retention";

    /// <summary>How many entries one transaction deletes, so that readers and refreshes get their turn in between.</summary>
    private const int BatchSize = 500;

    /// <summary>How many entries one transaction looks at for versions to thin.</summary>
    private const int ThinningBatch = 200;

    /// <summary>Runs until nothing is expired.</summary>
    [AutomaticRetry(Attempts = 2)]
    [DisableConcurrentExecution(timeoutInSeconds: 1)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await ForgetAsync(cancellationToken);
        await ThinAsync(cancellationToken);
    }

    private async Task ForgetAsync(CancellationToken cancellationToken)
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

    private async Task ThinAsync(CancellationToken cancellationToken)
    {
        var plan = await RetentionPlan.MakeAsync(options, sources, categories, cancellationToken);
        if (plan.IsForEver) return;
        var total = 0;
        for (long? next = 0; next is { } after;)
        {
            var thinned = await snapshots.ThinAsync(plan, time.GetUtcNow(), after, ThinningBatch, cancellationToken);
            total += thinned.Texts;
            next = thinned.NextEntryId;
        }

        if (total > 0) logger.LogInformation("Let the texts of {Count} versions go (Retention:VersionDays, Retention:VersionCount); their hashes stay", total);
    }
}
