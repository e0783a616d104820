using Aggregator.Core.Crawling;
using Aggregator.Core.Stores;
using Hangfire;

namespace Aggregator.Server.Crawl;

/// <summary>Refreshes one source that somebody waits for: <i>refresh now</i>, or a source just added.</summary>
internal sealed class RefreshSourceJob(ISourceStore sources, ISourceRefresher refresher, HostGate gate, TimeProvider time, ILogger<RefreshSourceJob> logger)
{
    /// <summary>Refreshes it, unless a crawl is doing so just now. The outcome stands on the source; a failure there is no failure of the job.</summary>
    [Queue(JobQueues.Interactive)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Fail)]
    public async Task RunAsync(long sourceId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var owner = LeaseOwner.New();
        if (await sources.ClaimAsync(sourceId, owner, now, now + Crawler.Lease, cancellationToken) is not { } source)
        {
            logger.LogInformation("Source {SourceId} is being refreshed already, or is gone", sourceId);
            return;
        }

        var host = HostGate.HostOf(source);
        try
        {
            await gate.EnterAsync(host, cancellationToken);
            try
            {
                var outcome = await refresher.RefreshAsync(source, owner, cancellationToken);
                logger.LogInformation("Refreshed source {SourceId}: {Outcome}", sourceId, outcome);
            }
            finally
            {
                gate.Leave(host);
            }
        }
        catch (OperationCanceledException)
        {
            await sources.ReleaseAsync([sourceId], owner, CancellationToken.None);
            throw;
        }
    }
}
