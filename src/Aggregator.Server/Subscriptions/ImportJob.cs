using System.Globalization;
using System.Text.Json;
using Aggregator.Core.Stores;
using Aggregator.Server.Crawl;
using Hangfire;

namespace Aggregator.Server.Subscriptions;

/// <summary>Imports a list that an admin gave the dashboard. What is imported twice is only found to be there, so a repetition does no harm.</summary>
internal sealed class ImportJob(ISubscriptionImportStore imports, SubscriptionImport import, TimeProvider time, ILogger<ImportJob> logger)
{
    /// <summary>How often the progress is written.</summary>
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    /// <summary>Reads a report as it is stored.</summary>
    public static ImportReport? ReportOf(ImportState state) =>
        state.Report is null ? null : JsonSerializer.Deserialize<ImportReport>(state.Report);

    /// <summary>Imports the list that waits under this number, unless that was done.</summary>
    /// <param name="importId">Its number.</param>
    /// <param name="admin">Who asked for it.</param>
    /// <param name="cancellationToken">Ends the import; the job is repeated.</param>
    [Queue(JobQueues.Interactive)]
    [AutomaticRetry(Attempts = 1)]
    public async Task RunAsync(long importId, string admin, CancellationToken cancellationToken)
    {
        if (await imports.FindDocumentAsync(importId, cancellationToken) is not { } document) return;
        var by = new ImportedBy(admin, string.Create(CultureInfo.InvariantCulture, $"import:{importId}"), (await imports.FindAsync(importId, cancellationToken))?.Name ?? "");
        var steps = new Steps();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reporting = ReportAsync(importId, steps, ended.Token);
        ImportReport report;
        try
        {
            report = await import.ImportAsync(document, path: null, steps, cancellationToken, by);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "Import {ImportId} broke off", importId);
            report = ImportReport.RefusedWhole(ImportReason.BrokenOff, "");
        }
        finally
        {
            await ended.CancelAsync();
            await reporting;
        }

        await imports.ReportAsync(importId, steps.Last.Done, steps.Last.Total, cancellationToken);
        await imports.FinishAsync(importId, JsonSerializer.Serialize(report), time.GetUtcNow(), cancellationToken);
        logger.LogInformation("Import {ImportId}: {Added} sources added, {Known} there already, {Refused} refused", importId, report.Added, report.Known, report.Refused);
    }

    private async Task ReportAsync(long importId, Steps steps, CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(ReportEvery, time);
            while (await timer.WaitForNextTickAsync(cancellationToken)) await imports.ReportAsync(importId, steps.Last.Done, steps.Last.Total, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The import ended, and says itself how far it came.
        }
    }

    private sealed class Steps : IProgress<ImportProgress>
    {
        private readonly Lock _lock = new();
        private ImportProgress _last = new(0, 0);

        public ImportProgress Last
        {
            get
            {
                lock (_lock) return _last;
            }
        }

        public void Report(ImportProgress value)
        {
            lock (_lock) _last = value;
        }
    }
}
