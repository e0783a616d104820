using Aggregator.Core.Fetching;
using Aggregator.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.Capturing;

/// <summary>
/// Captures whatever is due, several hosts at once and each host one page at a time, until nothing is due or the time is up. Any
/// number may run, in any number of processes: leases in the store keep them apart.
/// </summary>
/// <param name="captures">What is due, and the leases.</param>
/// <param name="capturer">Captures one page.</param>
/// <param name="options">How many at once.</param>
/// <param name="fetching">The gap that is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where errors are written.</param>
public sealed class CaptureCrawler(
    ICaptureStore captures, PageCapturer capturer, CaptureOptions options, FetchingOptions fetching, TimeProvider time, ILogger<CaptureCrawler> logger)
{
    /// <summary>A claimed capture that could not be started within this goes back, so that its lease never runs out while it waits.</summary>
    internal static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(10);

    /// <summary>Time for the store's turn.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(20);

    /// <summary>How long a claimed capture is ours. On a store that processes share, a crash delays it by this at the most.</summary>
    public static TimeSpan LeaseOf(CaptureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LongestHold + options.Timeout + Reserve;
    }

    /// <summary>Runs one stream.</summary>
    /// <param name="budget">When to stop claiming more; captures in work are finished.</param>
    /// <param name="cancellationToken">Ends it: waiting captures go back, those in work are broken off.</param>
    public async Task<CaptureSummary> RunAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var run = new CaptureRun(captures, capturer, options, fetching, time, logger, cancellationToken);
        try
        {
            return await run.ToTheEndAsync(budget).ConfigureAwait(false);
        }
        finally
        {
            await run.GiveBackAsync().ConfigureAwait(false);
        }
    }
}
