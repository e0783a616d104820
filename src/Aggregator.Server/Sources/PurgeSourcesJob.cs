using Aggregator.Core.Stores;
using Hangfire;

namespace Aggregator.Server.Sources;

/// <summary>Forgets sources that were deleted longer than <see cref="SourceAdministration.Grace"/> ago, with the texts of their entries: a recurring job, once a day.</summary>
internal sealed class PurgeSourcesJob(ISourceAdminStore store, TimeProvider time, ILogger<PurgeSourcesJob> logger)
{
    /// <summary>The name under which it recurs.</summary>
    public const string RecurringId = "purge-sources";

    /// <summary>How many entries one transaction deletes, so that readers and refreshes get their turn in between.</summary>
    private const int BatchSize = 500;

    /// <summary>Runs until nothing is left to purge.</summary>
    [AutomaticRetry(Attempts = 2)]
    [DisableConcurrentExecution(timeoutInSeconds: 1)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - SourceAdministration.Grace;
        var total = 0;
        int purged;
        do
        {
            purged = await store.PurgeAsync(before, BatchSize, cancellationToken);
            total += purged;
        }
        while (purged > 0);

        if (total > 0) logger.LogInformation("Forgot {Count} entries and sources that were deleted before {Before:u}", total, before);
    }
}
