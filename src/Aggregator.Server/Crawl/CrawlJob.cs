using Aggregator.Core.Crawling;
using Hangfire;

namespace Aggregator.Server.Crawl;

/// <summary>One crawl as a Hangfire job: a stream of sources, never one source, for a worker's thread is held for a whole job.</summary>
internal sealed class CrawlJob(Crawler crawler, ILogger<CrawlJob> logger)
{
    /// <summary>How long one job claims more sources; then the next tick starts another, so that a job stays a thing that ends.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(5);

    /// <summary>Crawls until nothing is due. It is not retried: what it left is still due.</summary>
    [Queue(JobQueues.Crawl)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Fail)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var summary = await crawler.RunAsync(Budget, progress: null, cancellationToken);
        if (summary.Sources > 0)
            logger.LogInformation(
                "Crawled {Sources} sources in {Seconds:0.0} s: {Changed} changed, {Unchanged} unchanged, {Failed} failed, {NewEntries} new entries",
                summary.Sources, summary.Elapsed.TotalSeconds, summary.Changed, summary.Unchanged, summary.Failed, summary.NewEntries);
    }
}
