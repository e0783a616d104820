using Aggregator.Core.Background;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Search;

/// <summary>
/// Brings what came and changed into the indexes, the one of searches and the one of related articles, a batch at a time, beside everything
/// else. What waits stands in the store: after a crash the next start goes on with it.
/// </summary>
internal sealed class SearchIndexing(ISearchStore search, IRelatedStore related, TimeProvider time, ILogger<SearchIndexing> logger) : BackgroundService
{
    /// <summary>How long an empty queue is left alone: an entry is found within two seconds of its storing.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long to wait when the store cannot be written.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>How many entries a transaction takes: few enough that a refresh does not wait long behind it.</summary>
    private const int BatchSize = 200;

    // A merge of large segments computes for seconds, without a pause; a crawl must not wait for it.
    private static readonly BackgroundThreads Merging = new("merging", 1);

    // Neither waits for the other: what one of them cannot take is no reason for the other to fall behind.
    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        KeepUpAsync(BackgroundThreads.Shared, token => search.IndexAsync(BatchSize, time.GetUtcNow(), token), "New articles are not found by searches until then", stoppingToken),
        KeepUpAsync(BackgroundThreads.Shared, token => related.IndexAsync(BatchSize, token), "New articles are not shown as related until then", stoppingToken),
        KeepUpAsync(Merging, search.MergeAsync, "Searches take longer until then", stoppingToken));

    private async Task KeepUpAsync(BackgroundThreads threads, Func<CancellationToken, Task<int>> index, string consequence, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await threads.YieldAsync();
                if (await index(stoppingToken) < BatchSize) await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, the rows still wait; only trying again brings them into the index.
            catch (Exception error)
#pragma warning restore CA1031
            {
                logger.LogError(error, "An index could not be brought up to date; it is tried again in {Seconds} seconds. {Consequence}", AfterFailure.TotalSeconds, consequence);
                try
                {
                    await Task.Delay(AfterFailure, time, stoppingToken);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }
}
