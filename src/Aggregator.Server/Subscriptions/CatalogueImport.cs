using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Server.Hosting;

namespace Aggregator.Server.Subscriptions;

/// <summary>Imports the catalogue at the first start. What an admin deletes afterwards does not come back with the next start.</summary>
internal sealed class CatalogueImport(SubscriptionImport import, IMarkStore marks, ServerSettings settings, TimeProvider time, ILogger<CatalogueImport> logger)
{
    private const string Mark = "catalogue-imported-at";

    /// <summary>Imports every OPML file of the catalogue folder, unless that was done before. A bad file is reported and costs nothing else.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (settings.CatalogueFolder is null || await marks.FindAsync(Mark, cancellationToken) is not null) return;
        if (!Directory.Exists(settings.CatalogueFolder))
        {
            // Not marked as done: the folder may be mounted next time.
            logger.LogWarning("There is no catalogue folder {Folder} (Aggregator:Catalogue), so the server starts without sources", settings.CatalogueFolder);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(settings.CatalogueFolder, "*.opml").Order(StringComparer.Ordinal))
        {
            var report = await import.ImportFileAsync(file, cancellationToken);
            logger.LogInformation("Imported {File}: {Added} sources in {Categories} categories", Path.GetFileName(file), report.Added, report.Categories);
            foreach (var problem in report.Problems) logger.LogWarning("{File}: {Problem}", Path.GetFileName(file), problem);
        }

        await marks.SetAsync(Mark, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), cancellationToken);
    }
}
