using Aggregator.Core.Stores;
using Hangfire;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Selections;

/// <summary>Forgets selections that nobody has used for as long as <see cref="SelectionOptions.KeepUnused"/>: a recurring job, once a day.</summary>
internal sealed class SelectionExpiryJob(ISelectionStore selections, IOptions<SelectionOptions> options, TimeProvider time, ILogger<SelectionExpiryJob> logger)
{
    /// <summary>The name under which it recurs.</summary>
    public const string RecurringId = "selections";

    /// <summary>How many one transaction deletes, so that readers and refreshes get their turn in between.</summary>
    private const int BatchSize = 500;

    /// <summary>Runs until none is expired.</summary>
    [AutomaticRetry(Attempts = 2)]
    [DisableConcurrentExecution(timeoutInSeconds: 1)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var unusedSince = time.GetUtcNow() - options.Value.KeepUnused;
        var forgotten = 0;
        for (var some = BatchSize; some == BatchSize; forgotten += some)
            some = await selections.ForgetUnusedAsync(unusedSince, BatchSize, cancellationToken);
        if (forgotten > 0) logger.LogInformation("Forgot {Count} selections of visitors that were not used for {Days} days", forgotten, (int)options.Value.KeepUnused.TotalDays);
    }
}
