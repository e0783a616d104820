using Aggregator.Core.Stores;
using Aggregator.Server.Crawl;
using Hangfire;

namespace Aggregator.Server.Capture;

/// <summary>Looks whether pages are due, and starts a stream of captures for them: the recurring job <c>capture</c>.</summary>
internal sealed class CaptureTick(ICaptureStore captures, IBackgroundJobClient jobs, JobStorage storage, TimeProvider time)
{
    /// <summary>The name under which it recurs.</summary>
    public const string RecurringId = "capture";

    /// <summary>How many pages one stream is for; with more, another node may help.</summary>
    private const int PerStream = 200;

    /// <summary>The most streams that one tick starts.</summary>
    private const int MostStreams = 4;

    /// <summary>Starts streams if pages are due and none is waiting already.</summary>
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var due = await captures.CountDueAsync(time.GetUtcNow(), cancellationToken);
        if (due == 0 || storage.GetMonitoringApi().EnqueuedCount(JobQueues.Capture) > 0) return;
        for (var stream = 0; stream < Math.Min(MostStreams, (due + PerStream - 1) / PerStream); stream++)
            jobs.Enqueue<CaptureJob>(job => job.RunAsync(CancellationToken.None));
    }
}
