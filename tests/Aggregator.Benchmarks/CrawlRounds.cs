using System.Diagnostics;
using System.Globalization;
using Aggregator.Core.Crawling;
using Aggregator.Server.Cli;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Benchmarks;

/// <summary>
/// <c>crawl-rounds URLS CONTROL WIDTH ROUNDS SETTINGS…</c>: what a repeat costs a server that runs for years. The program's own crawler,
/// composed as its <c>crawl</c> command composes it, the plainest fetch loop, and the same loop asking with validators as ours does, take turns in one
/// process, the same number of passes each, so that the compiling of all is over when the counted rounds begin. Prints a line for each counted
/// round of each kind: <c>kind, seconds and processor seconds of ours, of the loop, of the one with validators, summary</c>.
/// </summary>
internal static class CrawlRounds
{
    /// <summary>Rounds that nobody counts, after the cold one: the second, better compiling happens in them.</summary>
    private const int WarmUp = 3;

    private static readonly TimeSpan Budget = TimeSpan.FromHours(1);

    public static Task<int> RunAsync(string urls, string control, string width, string rounds, string[] settings) =>
        CommandRunner.WithStoreAsync(settings, async services =>
        {
            var crawler = services.GetRequiredService<Crawler>();
            using var http = new HttpClient { BaseAddress = new Uri(control), Timeout = TimeSpan.FromMinutes(2) };
            var (lines, atOnce) = (await File.ReadAllLinesAsync(urls), int.Parse(width, CultureInfo.InvariantCulture));
            using var plain = new CrawlLoop(lines, atOnce, reads: false, isConditional: false);
            using var conditional = new CrawlLoop(lines, atOnce, reads: false);
            await plain.RunAsync();
            await conditional.RunAsync();
            await crawler.RunAsync(Budget, null, CancellationToken.None);
            for (var i = 0; i < WarmUp; i++) await RoundAsync("warm-up");

            var count = int.Parse(rounds, CultureInfo.InvariantCulture);
            for (var i = 0; i < count; i++) Console.WriteLine(await RoundAsync("304"));
            for (var i = 0; i < count; i++)
            {
                await http.GetStringAsync("tick?fraction=0.05");
                Console.WriteLine(await RoundAsync("new"));
            }

            return 0;

            async Task<string> RoundAsync(string kind)
            {
                MakeDue();
                var (plainSeconds, plainCpu, _) = await TimedAsync(() => PassAsync(plain));
                var (loopSeconds, loopCpu, _) = await TimedAsync(() => PassAsync(conditional));
                var (seconds, cpu, summary) = await TimedAsync(async () =>
                {
                    var all = await crawler.RunAsync(Budget, null, CancellationToken.None);
                    return string.Create(CultureInfo.InvariantCulture, $"{all.Changed} changed, {all.Unchanged} unchanged, {all.Failed} failed");
                });
                return string.Create(CultureInfo.InvariantCulture, $"{kind}\t{seconds:0.0000}\t{cpu:0.0000}\t{plainSeconds:0.0000}\t{plainCpu:0.0000}\t{loopSeconds:0.0000}\t{loopCpu:0.0000}\t{summary}");
            }
        }, CancellationToken.None);

    private static async Task<string> PassAsync(CrawlLoop loop)
    {
        var (documents, unchanged) = await loop.RunAsync();
        return string.Create(CultureInfo.InvariantCulture, $"{documents} documents, {unchanged} unchanged");
    }

    private static async Task<(double Seconds, double Cpu, string Result)> TimedAsync(Func<Task<string>> action)
    {
        // What the other one left behind is not counted against this one.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var result = await action();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, result);
    }

    private static void MakeDue()
    {
        using var connection = new SqliteConnection("Data Source=data/store.db;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "update source set next_fetch_at = 0";
        command.ExecuteNonQuery();
    }
}
