using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Stores;
using Hangfire;

namespace Aggregator.Server.Crawl;

/// <summary>Refreshes one source that somebody waits for: <i>refresh now</i>, or a source just added.</summary>
internal sealed class RefreshSourceJob(ISourceStore sources, ISourceRefresher refresher, HostGate gate, FetchingOptions options, TimeProvider time, ILogger<RefreshSourceJob> logger)
{
    /// <summary>How long it waits for its turn at a busy host; the crawl comes by later anyway.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    /// <summary>Refreshes it, unless a crawl is doing so just now. The outcome stands on the source; a failure there is no failure of the job.</summary>
    [Queue(JobQueues.Interactive)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Fail)]
    public async Task RunAsync(long sourceId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var owner = LeaseOwner.New();
        if (await sources.ClaimAsync(sourceId, owner, now, now + Crawler.LeaseOf(options), cancellationToken) is not { } source)
        {
            logger.LogInformation("Source {SourceId} is being refreshed already, or is gone", sourceId);
            return;
        }

        var host = HostGate.HostOf(source);
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        turn.CancelAfter(LongestWait);
        try
        {
            await gate.EnterAsync(host, turn.Token);
            try
            {
                var outcome = await refresher.RefreshAsync(source, owner, cancellationToken);
                if (outcome is RefreshOutcome.Failed { HostNotBefore: { } until }) await gate.CloseAsync(host, until, cancellationToken);
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
            cancellationToken.ThrowIfCancellationRequested();
            logger.LogInformation("Source {SourceId} was not refreshed, because its host {Host} asked us to wait or is busy", sourceId, host);
        }
    }
}
