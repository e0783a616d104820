using Aggregator.Testing;
using Npgsql;
using Xunit;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>A process that is killed while it schedules a recurring job leaves a row of Hangfire's locks on PostgreSQL behind.</summary>
public sealed class StaleLockTests
{
    [Fact]
    public async Task The_program_starts_and_goes_on_although_a_killed_one_left_a_lock_behind()
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        var cancellation = TestContext.Current.CancellationToken;
        await using var database = await PostgreSqlCluster.CreateDatabaseAsync(cancellation);
        using var folder = new TemporaryFolder();
        string[] settings = [$"--ConnectionStrings:Store={database.ConnectionString}", "--Aggregator:Catalogue=", "--Refresh:CheckEvery=00:00:01"];
        await using (var first = await RunningAggregator.StartAsync(folder.Path, cancellation, settings)) await first.Process.KillAsync(cancellation);

        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using (var leave = new NpgsqlCommand(
            """insert into hangfire."lock" (resource, updatecount, acquired) values ('hangfire:lock:recurring-job:capture', 0, now() at time zone 'UTC') on conflict do nothing""", connection))
        {
            await leave.ExecuteNonQueryAsync(cancellation);
        }

        await using var second = await RunningAggregator.StartAsync(folder.Path, cancellation, settings);
        Assert.Contains(second.Process.StandardError, line => line.Contains("The recurring job capture is locked", StringComparison.Ordinal));

        // And the job itself goes on when the lock has run out.
        var before = await LastRunAsync(connection, cancellation);
        await RunningAggregator.UntilAsync(() => LastRunAsync(connection, cancellation), run => run != before, TimeSpan.FromSeconds(90), run => run ?? "never", cancellation);
    }

    private static async Task<string?> LastRunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var ask = new NpgsqlCommand("select value from hangfire.hash where key = 'recurring-job:capture' and field = 'LastExecution'", connection);
        return await ask.ExecuteScalarAsync(cancellation) as string;
    }
}
