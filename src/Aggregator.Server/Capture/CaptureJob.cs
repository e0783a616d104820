using Aggregator.Core.Capturing;
using Aggregator.Server.Crawl;
using Hangfire;

namespace Aggregator.Server.Capture;

/// <summary>One stream of captures as a Hangfire job; which pages are due, and what came of them, stands in our store.</summary>
internal sealed class CaptureJob(CaptureCrawler crawler, ILogger<CaptureJob> logger)
{
    /// <summary>How long one job claims more; then the next tick starts another.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(5);

    /// <summary>Captures until nothing is due. It is not retried: what it left is still due.</summary>
    [Queue(JobQueues.Capture)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Fail)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var summary = await crawler.RunAsync(Budget, cancellationToken);
        if (summary.Pages > 0)
            logger.LogInformation(
                "Looked at {Pages} pages of articles: {Captured} captured, {Unchanged} unchanged, {Failed} failed",
                summary.Pages, summary.Captured, summary.Unchanged, summary.Failed);
    }
}
