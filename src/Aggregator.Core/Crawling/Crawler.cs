using Aggregator.Core.Fetching;
using Aggregator.Core.Stores;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.Crawling;

/// <summary>
/// Refreshes whatever is due, many sources at once, until nothing is due or the time is up. Any number of crawlers may run,
/// in any number of processes: leases in the store keep them apart. One slow host holds nobody else up.
/// </summary>
/// <param name="sources">The sources and their leases.</param>
/// <param name="refresher">Refreshes one source.</param>
/// <param name="gate">Keeps us polite to hosts.</param>
/// <param name="options">How many fetches at once.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where lost leases and unnamed errors are written.</param>
public sealed class Crawler(
    ISourceStore sources, ISourceRefresher refresher, HostGate gate, FetchingOptions options, TimeProvider time, ILogger<Crawler> logger)
{
    /// <summary>A claimed source that could not be started within this goes back, so that its lease never runs out while it waits.</summary>
    internal static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(10);

    /// <summary>Time for parsing, for a look at the site of a failing source, and for the store's turn.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(20);

    /// <summary>How long a claimed source is ours: it may wait, be fetched and be stored within it. A crash delays it by this at the most.</summary>
    public static TimeSpan LeaseOf(FetchingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LongestHold + options.Timeout + HostGate.PatienceOf(options) + Reserve;
    }

    /// <summary>How long a slot of a host is ours, if we never give it back: as long as a fetch and its storing may take.</summary>
    internal static TimeSpan SlotLeaseOf(FetchingOptions options) => options.Timeout + HostGate.PatienceOf(options) + Reserve;

    /// <summary>Runs one crawl.</summary>
    /// <param name="budget">When to stop claiming more; fetches in flight are finished, and what waits for its host goes back.</param>
    /// <param name="progress">Told after every source, or null.</param>
    /// <param name="cancellationToken">Ends the crawl: waiting sources go back, fetches in flight are broken off.</param>
    public async Task<CrawlSummary> RunAsync(TimeSpan budget, IProgress<CrawlSummary>? progress, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var run = new CrawlRun(sources, refresher, gate, options, time, logger, progress, cancellationToken);
        try
        {
            return await run.ToTheEndAsync(budget).ConfigureAwait(false) with { Elapsed = time.GetElapsedTime(started) };
        }
        finally
        {
            await run.GiveBackAsync().ConfigureAwait(false);
        }
    }
}
