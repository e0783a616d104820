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
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LongestWait);
        try
        {
            await gate.EnterAsync(host, patience.Token);
            var turn = gate.TurnAt(host);
            try
            {
                var outcome = await refresher.RefreshAsync(source, owner, turn, cancellationToken);
                if (outcome is RefreshOutcome.Postponed { Until: var later }) await sources.DeferAsync([(sourceId, later)], owner, cancellationToken);
                logger.LogInformation("Refreshed source {SourceId}: {Outcome}", sourceId, outcome);
            }
            finally
            {
                turn.Leave();
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
