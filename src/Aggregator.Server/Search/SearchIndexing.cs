using Aggregator.Core.Stores;

namespace Aggregator.Server.Search;

/// <summary>
/// Brings what came and changed into the search index, a batch at a time, beside everything else. What waits stands in the store: after
/// a crash the next start goes on with it.
/// </summary>
internal sealed class SearchIndexing(ISearchStore search, TimeProvider time, ILogger<SearchIndexing> logger) : BackgroundService
{
    /// <summary>How long an empty queue is left alone: an entry is found within two seconds of its storing.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long to wait when the store cannot be written.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>How many entries a transaction takes: few enough that a refresh does not wait long behind it.</summary>
    private const int BatchSize = 200;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await search.IndexAsync(BatchSize, time.GetUtcNow(), stoppingToken) < BatchSize) await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, the rows still wait; only trying again brings them into the index.
            catch (Exception error)
#pragma warning restore CA1031
            {
                logger.LogError(error, "The search index could not be brought up to date; it is tried again in {Seconds} seconds. New articles are not found until then", AfterFailure.TotalSeconds);
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
