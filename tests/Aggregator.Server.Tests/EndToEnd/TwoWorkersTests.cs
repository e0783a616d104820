using System.Diagnostics;
using System.Globalization;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Testing;
using Npgsql;
using Xunit;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>
/// Two real worker processes on one PostgreSQL and the simulated publishers. Nothing is fetched twice, hosts see no more of
/// both than of one, and what a killed one held comes back with its lease. <c>AGGREGATOR_FULL=1</c> takes 5,000 sources.
/// </summary>
public sealed class TwoWorkersTests
{
    private const int PerHost = 2;
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(50);
    private static readonly FetchingOptions Options = new() { Timeout = TimeSpan.FromSeconds(5) };

    // Until the other worker looks for what is due, and through the gaps of those that wait for the same hosts.
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(15);

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("AGGREGATOR_FULL") == "1";

    [Fact]
    public async Task Two_workers_share_the_sources_and_the_limits_of_hosts_and_one_outlives_the_other()
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        Assert.SkipUnless(UpstreamSimulator.SkipReason is null, UpstreamSimulator.SkipReason ?? "");
        var cancellation = TestContext.Current.CancellationToken;
        var sources = IsFull ? 5000 : 1000;
        await using var database = await PostgreSqlCluster.CreateDatabaseAsync(cancellation);
        await using var upstream = await UpstreamSimulator.StartAsync(
            ["--feeds", $"{sources}", "--epoch", "2026-11-01", "--entries", "5", "--latency-ms", "30", "--jitter-ms", "40"], cancellation);
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.File("upstream.opml"), await upstream.Control.GetByteArrayAsync("opml?jsonfeed=1", cancellation), cancellation);
        string[] settings =
        [
            $"--ConnectionStrings:Store={database.ConnectionString}", "--Aggregator:Catalogue=", "--Aggregator:Roles=worker", "--Fetching:AllowedTargets:0=127.0.0.0/8",
            $"--Fetching:PerHostConcurrency={PerHost}", $"--Fetching:PerHostGap={Gap}", $"--Fetching:Timeout={Options.Timeout}", "--Refresh:MinInterval=06:00:00",
            "--Refresh:CheckEvery=00:00:01",
        ];
        var import = await RunningAggregator.RunAsync(folder.Path, cancellation, ["import", "upstream.opml", .. settings]);
        Assert.True(import.ExitCode == 0, string.Join('\n', import.Error));

        await using var doomed = await StartWorkerAsync(folder, "one", settings, cancellation);
        await using var survivor = await StartWorkerAsync(folder, "two", settings, cancellation);

        // Both work, and in the middle one dies.
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellation);
        await RunningAggregator.UntilAsync(
            async () => (Done: await CountAsync(connection, "last_fetch_at is not null"), One: await HeldByAsync(connection, doomed), Two: await HeldByAsync(connection, survivor)),
            seen => seen.Done >= sources / 5 && seen.One.Count > 0 && seen.Two.Count > 0, TimeSpan.FromMinutes(2),
            seen => $"{seen.Done} done, {seen.One.Count} and {seen.Two.Count} held", cancellation);
        await doomed.KillAsync(cancellation);
        var held = await HeldByAsync(connection, doomed);
        Assert.NotEmpty(held);
        var killed = Stopwatch.GetTimestamp();

        await RunningAggregator.UntilAsync(
            () => CountAsync(connection, "last_fetch_at is null"), left => left == 0, Crawler.LeaseOf(Options) + TimeSpan.FromMinutes(IsFull ? 5 : 1),
            left => $"{left} sources were not fetched", cancellation);
        var late = await LatenessAsync(connection, held);
        var failed = await CountAsync(connection, "last_success_at is null");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{sources} sources; the dead worker held {held.Count}, fetched at most {late.TotalSeconds:0.0} s after its leases ended; all done {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s after its death; lease {Crawler.LeaseOf(Options).TotalSeconds:0} s; {failed} failed"));

        Assert.Equal(0, failed);
        Assert.True(late <= BackWithin, $"what the dead worker held was fetched up to {late.TotalSeconds:0.0} s after its lease");

        // What it held comes back with the lease, and nothing else was asked for twice.
        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, Crawler.LeaseOf(Options) + TimeSpan.FromSeconds(IsFull ? 240 : 30));
        var stats = await upstream.StatsAsync(perFeed: true, cancellation);
        var twice = stats.GetProperty("feeds").EnumerateArray().Where(feed => feed.GetProperty("requests").GetInt32() > 1)
            .Select(feed => feed.GetProperty("feed").GetInt32()).ToList();
        var heldFeeds = await FeedsAsync(connection, held);
        Assert.All(twice, feed => Assert.Contains(feed, heldFeeds));
        Assert.Equal(sources, stats.GetProperty("feedsSeen").GetInt32());
        Assert.InRange(stats.GetProperty("maxConcurrentPerHost").GetInt32(), 1, PerHost);
        await KeepsTheGapAsync(connection);
    }

    private static async Task<ChildProcess> StartWorkerAsync(TemporaryFolder folder, string name, string[] settings, CancellationToken cancellation)
    {
        var process = RunningAggregator.Start(folder.Path, [$"--Aggregator:DataFolder={folder.File(name)}", $"--urls=http://127.0.0.1:{FreePort.Next()}", .. settings]);
        await process.WaitForLineAsync(line => line.StartsWith("Aggregator works", StringComparison.Ordinal), TimeSpan.FromMinutes(2), cancellation);
        return process;
    }

    // Starts on each host, of both workers, by their own clocks (one machine): over the whole crawl no more than the gap allows.
    private static async Task KeepsTheGapAsync(NpgsqlConnection connection)
    {
        var starts = new Dictionary<string, List<long>>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("select host, last_fetch_at from source order by host, last_fetch_at", connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (!starts.TryGetValue(reader.GetString(0), out var list)) starts[reader.GetString(0)] = list = [];
            list.Add(reader.GetInt64(1));
        }

        var gaps = starts.Values.SelectMany(list => list.Zip(list.Skip(1), (earlier, later) => (double)(later - earlier))).Order().ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{starts.Count} hosts, {gaps.Count} gaps: shortest {gaps[0]:0} ms, 1st percentile {gaps[gaps.Count / 100]:0} ms, median {gaps[gaps.Count / 2]:0} ms"));
        // Between being let in and looking at the clock a busy machine may do something else: single gaps look shorter than they were.
        Assert.True(gaps[gaps.Count / 20] >= Gap.TotalMilliseconds * 0.8, $"5th percentile {gaps[gaps.Count / 20]} ms");
        foreach (var list in starts.Values)
            for (var i = 0; i + 10 < list.Count; i++)
                Assert.True(list[i + 10] - list[i] >= 10 * Gap.TotalMilliseconds * 0.85, $"eleven starts within {list[i + 10] - list[i]} ms");
    }

    private static async Task<Dictionary<long, long>> HeldByAsync(NpgsqlConnection connection, ChildProcess worker)
    {
        await using var command = new NpgsqlCommand("select id, lease_until from source where lease_owner like @owner", connection);
        command.Parameters.AddWithValue("owner", $"%:{worker.Id}:%");
        await using var reader = await command.ExecuteReaderAsync();
        var leases = new Dictionary<long, long>();
        while (await reader.ReadAsync()) leases[reader.GetInt64(0)] = reader.GetInt64(1);
        return leases;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string condition)
    {
#pragma warning disable CA2100 // Written in this file.
        await using var command = new NpgsqlCommand($"select count(*) from source where {condition}", connection);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>How long after the end of its lease the last of the held sources was asked for; each was.</summary>
    private static async Task<TimeSpan> LatenessAsync(NpgsqlConnection connection, IReadOnlyDictionary<long, long> held)
    {
        await using var command = new NpgsqlCommand("select id, last_fetch_at from source where id = any(@ids) and last_fetch_at is not null", connection);
        command.Parameters.AddWithValue("ids", held.Keys.ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        var late = new List<long>();
        while (await reader.ReadAsync()) late.Add(reader.GetInt64(1) - held[reader.GetInt64(0)]);
        Assert.Equal(held.Count, late.Count);
        return TimeSpan.FromMilliseconds(late.Max());
    }

    private static async Task<HashSet<int>> FeedsAsync(NpgsqlConnection connection, IReadOnlyDictionary<long, long> held)
    {
        await using var command = new NpgsqlCommand("select url from source where id = any(@ids)", connection);
        command.Parameters.AddWithValue("ids", held.Keys.ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        var feeds = new HashSet<int>();
        while (await reader.ReadAsync()) feeds.Add(int.Parse(Path.GetFileNameWithoutExtension(new Uri(reader.GetString(0)).AbsolutePath), CultureInfo.InvariantCulture));
        return feeds;
    }
}
