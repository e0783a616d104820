using System.CommandLine;
using System.Globalization;
using Aggregator.Core.Capturing;
using Aggregator.Core.Crawling;

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
            var progress = Console.IsErrorRedirected ? null : new ProgressLine();
            var summary = await services.GetRequiredService<Crawler>().RunAsync(Budget, progress, cancellationToken);
            if (progress is not null) ProgressLine.Clear();
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

    private sealed class ProgressLine : IProgress<CrawlSummary>
    {
        private const int EveryMilliseconds = 200;
        private long _last;

        public void Report(CrawlSummary value)
        {
            if (Environment.TickCount64 - _last < EveryMilliseconds) return;
            _last = Environment.TickCount64;
            Console.Error.Write($"\r{value.Sources} sources, {value.NewEntries} new entries, {value.Failed} failed ");
        }

        public static void Clear() => Console.Error.Write("\r\u001b[K");
    }
}
