using Aggregator.Core.Diagnostics;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Metrics;

/// <summary>Counts what is due, for the gauges: a scrape then reads numbers and never waits for the store.</summary>
internal sealed class DueMonitor(ISourceStore sources, ICaptureStore captures, AggregatorTelemetry telemetry, TimeProvider time, ILogger<DueMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    /// <summary>A source that is due for longer than this has been forgotten, or we are too slow.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                var now = time.GetUtcNow();
                telemetry.SetDue(
                    await sources.CountDueAsync(now, stoppingToken),
                    await sources.CountDueAsync(now - Overdue, stoppingToken));
                telemetry.SetCapturesDue(await captures.CountDueAsync(now, stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The gauges keep their last value; /readyz tells of a store that is away.
                logger.LogWarning(error, "Counting due sources failed");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
