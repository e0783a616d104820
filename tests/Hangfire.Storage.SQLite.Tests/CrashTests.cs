using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

/// <summary>A process with 20 workers and 3,000 jobs, killed at ten random moments.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Jobs = 3_000;
    private const int Kills = 10;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, int> _finished = new(StringComparer.Ordinal);

    private string Database => _folder.File("jobs.db");

    private string Log => _folder.File("log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_job_runs_at_least_once_and_no_finished_job_again_although_the_process_is_killed_ten_times()
    {
        string? nextExecution = null;
        var unfinished = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using (var host = HostProcess.Start("work", Database, Log, "3000"))
            {
                await host.ExpectAsync("open");
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(20, 300)));
                host.Kill();
            }

            Assert.Equal("ok", Pragma("integrity_check"));
            using var storage = new SQLiteStorage(Database);
            var recurring = storage.GetConnection().GetAllEntriesFromHash("recurring-job:yearly");
            Assert.Equal("17 3 1 1 *", recurring["Cron"]);
            Assert.Equal(nextExecution ??= recurring["NextExecution"], recurring["NextExecution"]);

            NoteFinished(storage);
            unfinished += _finished.Count < Jobs ? 1 : 0;
        }

        // Otherwise most of the kills would have met an idle process.
        Assert.True(unfinished >= Kills / 2, $"Only {unfinished} of the kills came before the last job had run.");

        using (var host = HostProcess.Start("work", Database, Log, "3000"))
        {
            await host.ExpectAsync("open");
            await host.ExpectAsync("enqueued");
            await AllNumbersHaveRunAsync();
            await host.EndAsync();
        }

        using (var storage = new SQLiteStorage(Database))
        {
            NoteFinished(storage);
            var statistics = storage.GetMonitoringApi().GetStatistics();
            Assert.Equal(0, statistics.Enqueued + statistics.Processing + statistics.Failed + statistics.Scheduled);
            Assert.True(_finished.Count >= Jobs);
        }

        Assert.Equal("ok", Pragma("integrity_check"));
    }

    /// <summary>Notes how often each succeeded job has run, and checks that this has not changed for those that had succeeded before.</summary>
    private void NoteFinished(SQLiteStorage storage)
    {
        var runs = Lines().GroupBy(line => line.Id, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        foreach (var (id, times) in _finished) Assert.Equal(times, runs[id]);

        foreach (var (id, _) in storage.GetMonitoringApi().SucceededJobs(0, 2 * Jobs))
        {
            Assert.True(runs.ContainsKey(id), $"Job {id} succeeded and never ran.");
            _finished.TryAdd(id, runs[id]);
        }
    }

    private async Task AllNumbersHaveRunAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (Lines().Select(line => line.Number).Distinct(StringComparer.Ordinal).Count() < Jobs)
            await Task.Delay(200, limit.Token);
    }

    private IEnumerable<(string Id, string Number)> Lines()
    {
        if (!File.Exists(Log)) return [];

        using var file = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return [.. reader.ReadToEnd().Split('\n')[..^1].Select(line => line.Split(' ')).Select(parts => (parts[0], parts[1]))];
    }

    private string? Pragma(string name)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = name switch { "integrity_check" => "pragma integrity_check", _ => throw new ArgumentOutOfRangeException(nameof(name)) };
        return (string?)command.ExecuteScalar();
    }
}
