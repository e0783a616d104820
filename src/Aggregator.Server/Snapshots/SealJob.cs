using Aggregator.Core.Stores;
using Hangfire;

namespace Aggregator.Server.Snapshots;

/// <summary>Seals the days that are over: a recurring job, once an hour, so that a night without the server is made up for.</summary>
internal sealed class SealJob(ISealStore seals, TimeProvider time, ILogger<SealJob> logger)
{
    /// <summary>The name under which it recurs.</summary>
    public const string RecurringId = "seal";

    /// <summary>Ten minutes past the hour: refreshes that began before midnight have ended by then, and their snapshots belong to their day.</summary>
    public const int Minute = 10;

    /// <summary>Seals day after day until none is left before today.</summary>
    [AutomaticRetry(Attempts = 2)]
    [DisableConcurrentExecution(timeoutInSeconds: 1)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await seals.SealNextAsync(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), time.GetUtcNow(), cancellationToken) is { } seal)
            logger.LogInformation(
                "Sealed {Day:yyyy-MM-dd}: {Count} snapshots, root {Root}, proof {Hash}",
                seal.Day, seal.Count, Convert.ToHexStringLower(seal.Root.Span), Convert.ToHexStringLower(seal.Hash()));
    }
}
