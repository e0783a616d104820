using System.CommandLine;
using System.Globalization;
using Aggregator.Core.Capturing;
using Aggregator.Core.Crawling;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator crawl</c>.</summary>
internal static class CrawlCommand
{
    /// <summary>Longer than any crawl: this one ends when nothing is due.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromDays(1);

    public static Command Create(string[] configuration)
    {
        var command = new Command("crawl", "Refresh once whatever is due, print one summary line, and end: for cron, and for measuring.");
        command.SetAction((_, cancellationToken) => CommandRunner.WithStoreAsync(configuration, async services =>
        {
            var due = await services.GetRequiredService<ISourceStore>().CountDueAsync(TimeProvider.System.GetUtcNow(), cancellationToken);
            var summary = await ProgressBar.RunAsync(
                "crawl", step => services.GetRequiredService<Crawler>().RunAsync(Budget, new Steps(due, step), cancellationToken));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{summary.Sources} sources, {summary.Changed} changed, {summary.Unchanged} unchanged, {summary.Failed} failed, {summary.NewEntries} new entries, {summary.Elapsed.TotalSeconds:0.00} seconds"));
            var pages = await services.GetRequiredService<CaptureCrawler>().RunAsync(Budget, cancellationToken);
            if (pages.Pages > 0)
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{pages.Pages} pages of articles: {pages.Captured} captured, {pages.Unchanged} unchanged, {pages.Failed} failed"));
            return summary.Failed > 0 ? CommandRunner.BadResult : 0;
        }, cancellationToken));
        return command;
    }

    // What becomes due while it runs is refreshed too: then the end moves on.
    private sealed class Steps(int due, Action<long, long> step) : IProgress<CrawlSummary>
    {
        public void Report(CrawlSummary value) => step(value.Sources, Math.Max(due, value.Sources));
    }
}
