using Aggregator.Core.Stores;

namespace Aggregator.Server.Sources;

/// <summary>Counts what the dashboard shows at the top of its pages, so that a page, and its scripts every two seconds, read numbers and never wait for the store.</summary>
internal sealed class DashboardTotals(ISourceAdminStore store, ICaptureStore captures, TimeProvider time, ILogger<DashboardTotals> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>The last count, or null before the first.</summary>
    public SourceTotals? Last { get; private set; }

    /// <summary>The last count of waiting captures, or null.</summary>
    public int? LastCaptures { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                Last = await store.TotalsAsync(time.GetUtcNow(), stoppingToken);
                LastCaptures = await captures.CountDueAsync(time.GetUtcNow(), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // The numbers keep their last value; /readyz tells of a store that is away.
                logger.LogWarning(error, "Counting for the dashboard failed");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
