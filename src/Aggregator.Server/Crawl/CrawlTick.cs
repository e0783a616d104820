using Aggregator.Core.Fetching;
using Aggregator.Core.Stores;
using Hangfire;

namespace Aggregator.Server.Crawl;

/// <summary>Looks every minute whether sources are due, and starts crawls for them: the recurring job <c>crawl</c>.</summary>
internal sealed class CrawlTick(ISourceStore sources, IBackgroundJobClient jobs, JobStorage storage, FetchingOptions options, TimeProvider time)
{
    /// <summary>The name under which it recurs.</summary>
    public const string RecurringId = "crawl";

    /// <summary>The most crawls that one tick starts: one for each node that may take one.</summary>
    private const int MostCrawls = 4;

    /// <summary>Starts crawls if sources are due and no crawl is waiting already.</summary>
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var due = await sources.CountDueAsync(time.GetUtcNow(), cancellationToken);
        if (due == 0 || storage.GetMonitoringApi().EnqueuedCount(JobQueues.Crawl) > 0) return;

        var perCrawl = options.Concurrency * 4;
        for (var crawl = 0; crawl < Math.Min(MostCrawls, (due + perCrawl - 1) / perCrawl); crawl++)
            jobs.Enqueue<CrawlJob>(job => job.RunAsync(CancellationToken.None));
    }
}
