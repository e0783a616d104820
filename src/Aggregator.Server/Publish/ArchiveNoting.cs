using Aggregator.Core.Background;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Publish;

/// <summary>
/// Gives changes their places in the archives of topics, right after they are stored, a batch at a time, beside everything else. What
/// waits stands in the store: after a crash the next start goes on with it.
/// </summary>
internal sealed class ArchiveNoting(IArchiveStore archives, TopicSignal signal, TimeProvider time, ILogger<ArchiveNoting> logger) : BackgroundService
{
    /// <summary>How often it looks by itself: changes of other processes are found so.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long it waits after a change for those that follow at once, so that a crawl does not pay for each.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    /// <summary>How long to wait when the store cannot be written.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>How much a transaction takes: little enough that a refresh does not wait long behind it.</summary>
    private const int BatchSize = 500;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var next = signal.Next;
                await BackgroundThreads.Shared.YieldAsync();
                if (await archives.NoteAsync(BatchSize, stoppingToken) >= BatchSize) continue;
                await Task.WhenAny(next, Task.Delay(Pause, time, stoppingToken));
                await Task.Delay(Gathering, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, the rows still wait; only trying again brings them into the archives.
            catch (Exception error)
#pragma warning restore CA1031
            {
                logger.LogError(
                    error, "The archives of the feeds could not be brought up to date; it is tried again in {Seconds} seconds. Until then new changes are in no archive and no delta", AfterFailure.TotalSeconds);
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
