using System.Diagnostics;
using Aggregator.Testing;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

public sealed class OwnerLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Database => _folder.File("jobs.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_process_is_refused_with_a_sentence_that_names_the_file_and_points_to_PostgreSQL()
    {
        using var storage = new SQLiteStorage(Database);
        using var second = HostProcess.Start("hold", Database);
        Assert.Null(await second.ReadLineAsync());
        var errors = await second.EndAsync();
        Assert.Equal(1, second.ExitCode);
        Assert.Contains(Database, errors, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_refusal_comes_at_once()
    {
        using var owner = HostProcess.Start("hold", Database);
        await owner.ExpectAsync("open");
        var watch = Stopwatch.StartNew();
        var error = Assert.Throws<InvalidOperationException>(() => new SQLiteStorage(Database));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
        Assert.Contains(Database, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_free_right_after_its_owner_was_killed()
    {
        using (var owner = HostProcess.Start("hold", Database))
        {
            await owner.ExpectAsync("open");
            owner.Kill();
        }

        using var storage = new SQLiteStorage(Database);
        Assert.Equal(0, storage.GetMonitoringApi().GetStatistics().Enqueued);
    }

    [Fact]
    public void The_file_is_free_after_its_storage_was_disposed()
    {
        new SQLiteStorage(Database).Dispose();
        using var storage = new SQLiteStorage(Database);
        Assert.Throws<InvalidOperationException>(() => new SQLiteStorage(Database));
    }

    [Fact]
    public async Task A_new_owner_waits_for_the_old_one_when_told_to()
    {
        var old = new SQLiteStorage(Database);
        var opening = Task.Run(() => new SQLiteStorage(Database, new SQLiteStorageOptions { OwnerWait = TimeSpan.FromSeconds(30) }));
        await Task.Delay(200);
        Assert.False(opening.IsCompleted);
        old.Dispose();
        (await opening).Dispose();
    }
}
