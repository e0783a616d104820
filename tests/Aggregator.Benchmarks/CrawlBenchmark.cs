using System.Globalization;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;

namespace Aggregator.Benchmarks;

/// <summary>
/// <c>crawl [SIZES…]</c>: the real program's <c>crawl</c> on its embedded store against the simulated publishers, side by side
/// with <see cref="CrawlLoop"/>: a cold ingest of 20 entries a source, a repeat in which every publisher answers 304, and one
/// with new entries in a twentieth of the sources. Everything is a process of its own, with its start-up and its compiling; then
/// <see cref="CrawlRounds"/> repeats the latter two in a process that has done so before, as a server has.
/// </summary>
internal static class CrawlBenchmark
{
    private const int Width = 64;

    private const int Rounds = 7;

    /// <summary>So many sources a process needs until nearly everything that it runs is compiled.</summary>
    private const int WarmUp = 250;

    private static readonly int[] DefaultSizes = [500, 2000, 10_000];

    private static readonly string[] Settings =
    [
        "--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", $"--Fetching:PerHostConcurrency={Width}",
        $"--Fetching:Concurrency={Width}", "--Logging:LogLevel:Default=Warning",
    ];

    /// <summary>Runs it and prints a table; 2 when the simulator is not there.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (UpstreamSimulator.SkipReason is { } reason)
        {
            Console.Error.WriteLine($"{reason} Nothing to measure.");
            return 2;
        }

        var sizes = args.Length > 0 ? Array.ConvertAll(args, arg => int.Parse(arg, CultureInfo.InvariantCulture)) : DefaultSizes;
        foreach (var size in sizes) await MeasureAsync(size);
        return 0;
    }

    private static async Task MeasureAsync(int size)
    {
        Say($"{size} sources x 20 entries, {Width} at once");
        using var folder = new TemporaryFolder();
        await using var upstream = await UpstreamSimulator.StartAsync(
            ["--feeds", $"{size}", "--validators", "both", "--epoch", "2026-11-01"], CancellationToken.None);
        await File.WriteAllBytesAsync(folder.File("upstream.opml"), await upstream.Control.GetByteArrayAsync("opml?jsonfeed=1"));
        await File.WriteAllBytesAsync(folder.File("urls"), await upstream.Control.GetByteArrayAsync("urls"));
        await AggregatorAsync(folder, "import", "upstream.opml");

        // A pass that nobody counts: the simulator has to be compiled too.
        await LoopAsync(folder, "fetch");
        File.Delete(folder.File("urls.fetch"));
        string[] names = ["cold", "all 304", "5 % new"];
        for (var pass = 0; pass < names.Length; pass++)
        {
            if (pass == 2) await upstream.Control.GetStringAsync("tick?fraction=0.05");
            MakeDue(folder);
            var fetch = await LoopAsync(folder, "fetch");
            var read = await LoopAsync(folder, "read");
            var crawl = await AggregatorAsync(folder, "crawl");
            Say($"  {names[pass],-8} ours {crawl.Seconds,7:0.00} s  cpu {crawl.Cpu,7:0.00} s  peak {crawl.PeakBytes / 1e6,4:0} MB | fetch {fetch.Seconds,6:0.00} s cpu {fetch.Cpu,5:0.00} s: {crawl.Seconds / fetch.Seconds,5:0.00} x | fetch+read {read.Seconds,6:0.00} s cpu {read.Cpu,5:0.00} s: {crawl.Seconds / read.Seconds,5:0.00} x | {crawl.Seconds / size * 1000:0.000} ms a source, {Warm(folder, size):0.000} after the first {WarmUp} | {crawl.Line}");
        }

        await RoundsAsync(folder, upstream, size);
        Say($"  store {new FileInfo(folder.File("data/store.db")).Length / 1e6:0} MB");
    }

    private static async Task RoundsAsync(TemporaryFolder folder, UpstreamSimulator upstream, int size)
    {
        // With the program's own settings of the runtime, for both that take turns in it.
        await using var process = ChildProcess.Start(
            "dotnet",
            [
                "exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "aggregator.runtimeconfig.json"),
                Path.Combine(AppContext.BaseDirectory, "Aggregator.Benchmarks.dll"), "crawl-rounds",
                folder.File("urls"), upstream.Control.BaseAddress!.AbsoluteUri, $"{Width}", $"{Rounds}", .. Settings,
            ],
            folder.Path);
        await using var usage = ProcessUsage.Watch(process.Id);
        await process.WaitForExitAsync(TimeSpan.FromMinutes(10));
        if (process.ExitCode != 0) throw new InvalidOperationException(string.Join('\n', process.Output));
        foreach (var kind in process.StandardOutput.Select(line => line.Split('\t')).GroupBy(fields => fields[0], StringComparer.Ordinal))
        {
            var rounds = kind.Select(fields => Array.ConvertAll(fields[1..7], field => double.Parse(field, CultureInfo.InvariantCulture))).ToList();
            string RatiosTo(int column) => rounds.ConvertAll(round => round[0] / round[column]) is var ratios
                ? string.Create(CultureInfo.InvariantCulture, $"{ratios.Order().ElementAt(ratios.Count / 2):0.00} x ({ratios.Min():0.00} to {ratios.Max():0.00})") : "";
            Say($"  {kind.Key,-8} in a process that runs, {rounds.Count} rounds, medians: ours {Median(rounds, 0):0.000} s  cpu {Median(rounds, 1):0.000} s | fetch {Median(rounds, 2):0.000} s cpu {Median(rounds, 3):0.000} s: {RatiosTo(2)} | fetch with validators {Median(rounds, 4):0.000} s cpu {Median(rounds, 5):0.000} s: {RatiosTo(4)} | {Median(rounds, 0) / size * 1000:0.000} ms, cpu {Median(rounds, 1) / size * 1000:0.000} ms a source | {kind.Last()[7]}");
        }

        Say($"  peak of that process {usage.PeakBytes / 1e6:0} MB");
    }

    private static double Median(List<double[]> rounds, int column) => rounds.Select(round => round[column]).Order().ElementAt(rounds.Count / 2);

    private static async Task<(double Seconds, double Cpu)> LoopAsync(TemporaryFolder folder, string mode)
    {
        await using var process = ChildProcess.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Aggregator.Benchmarks.dll"), "crawl-loop", mode, folder.File("urls"), $"{Width}"], folder.Path);
        await using var usage = ProcessUsage.Watch(process.Id);
        await process.WaitForExitAsync(TimeSpan.FromMinutes(10));
        if (process.ExitCode != 0) throw new InvalidOperationException(string.Join('\n', process.Output));
        return (double.Parse(process.StandardOutput[^1].Split(' ')[0], CultureInfo.InvariantCulture), usage.Processor.TotalSeconds);
    }

    private static async Task<(double Seconds, double Cpu, long PeakBytes, string Line)> AggregatorAsync(TemporaryFolder folder, params string[] command)
    {
        await using var process = ChildProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "aggregator.dll"), .. command, .. Settings], folder.Path);
        await using var usage = ProcessUsage.Watch(process.Id);
        await process.WaitForExitAsync(TimeSpan.FromMinutes(10));
        if (process.ExitCode != 0) throw new InvalidOperationException(string.Join('\n', process.Output));
        var line = process.StandardOutput[^1];
        var seconds = line.EndsWith(" seconds", StringComparison.Ordinal) ? double.Parse(line.Split(' ')[^2], CultureInfo.InvariantCulture) : 0;
        return (seconds, usage.Processor.TotalSeconds, usage.PeakBytes, line);
    }

    /// <summary>
    /// The time between two starts of fetches in milliseconds, from the <see cref="WarmUp"/>th of a crawl to its last: what a
    /// source costs once the program is compiled.
    /// </summary>
    private static double Warm(TemporaryFolder folder, int size)
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("data/store.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select max(last_fetch_at) - (select last_fetch_at from source order by last_fetch_at limit 1 offset @warm) from source";
        command.Parameters.AddWithValue("@warm", WarmUp);
        return Convert.ToDouble(command.ExecuteScalar(), CultureInfo.InvariantCulture) / (size - WarmUp - 1);
    }

    private static void MakeDue(TemporaryFolder folder)
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("data/store.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "update source set next_fetch_at = 0";
        command.ExecuteNonQuery();
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
