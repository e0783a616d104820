using Aggregator.Testing;
using Hangfire.Storage.SQLite;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>The real program, replaced by another one that starts while it still stops.</summary>
public sealed class RestartTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly string[] Settings = ["--Aggregator:Catalogue="];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_starts_while_the_one_before_still_stops_waits_for_it_and_takes_over()
    {
        using var folder = new TemporaryFolder();
        var running = await RunningAggregator.StartAsync(folder.Path, Ct, Settings);
        for (var round = 0; round < 3; round++)
        {
            // Both at once: the one lets go of its files while the other is on its way to them.
            var stopping = running.Process.InterruptAsync(Ct);
            var next = RunningAggregator.StartAsync(folder.Path, Ct, Settings);
            await stopping;
            Assert.Equal(0, await running.Process.WaitForExitAsync(Soon, Ct));
            await running.DisposeAsync();
            running = await next;
            Assert.Equal("ok", (await running.Http.GetStringAsync("healthz", Ct)).Trim(), ignoreCase: true);
        }

        await running.DisposeAsync();
    }

    [Fact]
    public async Task A_server_waits_some_seconds_for_the_jobs_that_somebody_else_still_holds()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("data"));
        var holding = new SQLiteStorage(folder.File("data/jobs.db"));
        var start = RunningAggregator.StartAsync(folder.Path, Ct, Settings);

        // The store is opened before the jobs, so that whoever sees it there knows that the server is on its way to them.
        await RunningAggregator.UntilAsync(() => Task.FromResult(HasSchema(folder.File("data/store.db"))), made => made, Soon, _ => "no store", Ct);
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        Assert.False(start.IsCompleted);
        holding.Dispose();

        await using var running = await start;
        Assert.False(running.Process.HasExited);
    }

    private static bool HasSchema(string file)
    {
        if (!File.Exists(file)) return false;
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from sqlite_master where name = 'protection_key'";
        return (long)command.ExecuteScalar()! > 0;
    }
}
