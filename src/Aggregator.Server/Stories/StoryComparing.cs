using System.Globalization;
using Aggregator.Core.Background;
using Aggregator.Core.Stores;
using Aggregator.Core.Stories;

namespace Aggregator.Server.Stories;

/// <summary>
/// Compares what came and changed with the articles of the last thirty days, a batch at a time, beside everything else. What waits stands in
/// the store: after a crash the next start goes on with it. A program that prepares texts in another way compares all of them again.
/// </summary>
internal sealed class StoryComparing(IStoryStore stories, IMarkStore marks, TimeProvider time, ILogger<StoryComparing> logger) : BackgroundService
{
    /// <summary>How long an empty queue is left alone.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const string Mark = "stories.text-version";

    /// <summary>How often what is too old is forgotten.</summary>
    private static readonly TimeSpan BetweenPrunings = TimeSpan.FromHours(1);

    /// <summary>How long to wait when the store cannot be written.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>How many entries a transaction takes: few enough that a refresh does not wait long behind it.</summary>
    private const int BatchSize = 200;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset? prunedAt = null;
        var isPrepared = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await BackgroundThreads.Shared.YieldAsync();
                isPrepared = isPrepared || await PrepareAsync(stoppingToken);
                var now = time.GetUtcNow();
                if (prunedAt is null || now - prunedAt > BetweenPrunings)
                {
                    await stories.PruneAsync(now - IStoryStore.Window, stoppingToken);
                    prunedAt = now;
                }

                if (await stories.CompareAsync(BatchSize, now, stoppingToken) < BatchSize) await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, the entries still wait; only trying again brings them into their stories.
            catch (Exception error)
#pragma warning restore CA1031
            {
                logger.LogError(error, "Articles could not be compared with each other; it is tried again in {Seconds} seconds. Until then lists show new reprints one by one", AfterFailure.TotalSeconds);
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

    private async Task<bool> PrepareAsync(CancellationToken cancellationToken)
    {
        var version = StoryText.Version.ToString(CultureInfo.InvariantCulture);
        var stored = await marks.FindAsync(Mark, cancellationToken);
        if (stored == version) return true;

        // A store without the mark has everything in its queue already.
        if (stored is not null) await stories.RequeueAsync(time.GetUtcNow() - IStoryStore.Window, cancellationToken);
        await marks.SetAsync(Mark, version, cancellationToken);
        return true;
    }
}
