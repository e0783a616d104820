using System.Globalization;
using Aggregator.Testing;
using Npgsql;
using Xunit;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>The real program on PostgreSQL, after a process that was killed while it held locks of the job storage.</summary>
public sealed class StaleLockTests
{
    // How many recurring jobs the program sets.
    private const int Schedules = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Starts_and_crawls_while_a_dead_process_holds_the_locks_and_sets_the_schedules_when_they_have_run_out()
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        var cancellation = TestContext.Current.CancellationToken;
        await using var database = await PostgreSqlCluster.CreateDatabaseAsync(cancellation);
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 3, EntriesPerSource = 5 }, cancellation);
        using var folder = new TemporaryFolder();
        var catalogue = Directory.CreateDirectory(folder.File("catalogue")).FullName;
        string[] settings =
        [
            $"--ConnectionStrings:Store={database.ConnectionString}", "--Jobs:Storage=postgresql",
            "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Refresh:CheckEvery=00:00:02", "--Publish:MaxAge=00:00:00",
        ];
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellation);

        // The first makes the tables, and sets the schedules; it is killed without a source to crawl.
        await using (var first = await RunningAggregator.StartAsync(folder.Path, cancellation, ["--Aggregator:Catalogue=", .. settings]))
        {
            await SchedulesAsync(Schedules);
            await first.Process.KillAsync(cancellation);
        }

        // What it would have left behind a moment earlier.
        await ExecuteAsync("delete from hangfire.hash; delete from hangfire.set; delete from hangfire.lock");
        await ExecuteAsync("""
            insert into hangfire.lock(resource, updatecount, acquired)
            values ('hangfire:lock:recurring-job:crawl', 0, now()), ('hangfire:recurring-jobs:lock', 0, now())
            """);
        await File.WriteAllTextAsync(Path.Combine(catalogue, "upstream.opml"), upstream.Opml, cancellation);

        await using var second = await RunningAggregator.StartAsync(folder.Path, cancellation, [$"--Aggregator:Catalogue={catalogue}", .. settings]);
        await RunningAggregator.UntilAsync(
            () => second.ItemsAsync("all.json", cancellation), items => items.Count == 15, Patience, items => $"{items.Count} of 15 entries", cancellation);
        var lockedWhenCrawled = await CountAsync("select count(*) from hangfire.lock where resource = 'hangfire:lock:recurring-job:crawl'");
        Assert.Equal(1, lockedWhenCrawled);

        await SchedulesAsync(Schedules);
        Assert.Contains(second.Process.Output, line => line.Contains("'crawl' is locked in the job storage", StringComparison.Ordinal));

        // And the scheduler has its own lock back: it enqueues by the schedule.
        await RunningAggregator.UntilAsync(
            () => CountAsync("select count(*) from hangfire.hash where key = 'recurring-job:crawl' and field = 'LastJobId' and value <> ''"),
            count => count == 1, Patience, _ => "nothing was enqueued by the schedule of the crawl", cancellation);
        await second.Process.InterruptAsync(cancellation);
        Assert.Equal(0, await second.Process.WaitForExitAsync(TimeSpan.FromMinutes(1), cancellation));

        Task SchedulesAsync(int expected) => RunningAggregator.UntilAsync(
            () => CountAsync("select count(*) from hangfire.set where key = 'recurring-jobs'"),
            count => count == expected, Patience, count => string.Create(CultureInfo.InvariantCulture, $"{count} of {expected} schedules are set"), cancellation);

        async Task<long> CountAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (long)(await command.ExecuteScalarAsync(cancellation))!;
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}
