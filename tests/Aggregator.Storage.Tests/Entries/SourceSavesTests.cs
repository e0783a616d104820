using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Aggregator.Storage.Tests.Entries;

public sealed class SourceSavesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_is_away_is_asked_once_for_all_of_them()
    {
        var tries = new List<int>();
        var saves = new SourceSaves(rows =>
        {
            tries.Add(rows.Count);
            throw new TimeoutException("The database is away.");
        }, static error => error is TimeoutException);
        var all = Enumerable.Range(1, 50).Select(id => saves.SaveAsync(Row(id), Ct)).ToList();
        foreach (var save in all) await Assert.ThrowsAsync<TimeoutException>(() => save);
        Assert.Equal([50], tries);
    }

    [Fact]
    public async Task One_that_cannot_be_written_spoils_no_other()
    {
        var saves = new SourceSaves(
            static rows => rows.Exists(static row => row.Id == 7) ? throw new InvalidOperationException("Number 7 is bad.") : Task.FromResult(rows.Select(static row => row.Id).ToHashSet()),
            static _ => false);
        var all = Enumerable.Range(1, 50).Select(id => (Id: id, Saved: saves.SaveAsync(Row(id), Ct))).ToList();
        foreach (var (id, saved) in all)
        {
            if (id == 7) await Assert.ThrowsAsync<InvalidOperationException>(() => saved);
            else Assert.True(await saved);
        }
    }

    [Theory]
    [InlineData(5, true)] // busy
    [InlineData(8, true)] // read-only
    [InlineData(10, true)] // the disk
    [InlineData(11, true)] // malformed
    [InlineData(13, true)] // full
    [InlineData(18, false)] // too big
    [InlineData(19, false)] // a constraint
    public void SQLite_is_away_when_nothing_could_be_written(int code, bool isAway)
    {
        using var database = Database.Open(StoreConnectionString.Parse("Data Source=none.db"), new TopicSignal(), NullLogger<Database>.Instance);
        Assert.Equal(isAway, database.IsAway(new SqliteException("x", code)));
        Assert.False(database.IsAway(new InvalidOperationException()));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("08006", true)]
    [InlineData("53100", true)]
    [InlineData("57P01", true)]
    [InlineData("22021", false)]
    [InlineData("23505", false)]
    public void PostgreSQL_is_away_when_nothing_could_be_written(string? state, bool isAway)
    {
        using var database = Database.Open(StoreConnectionString.Parse("Host=none"), new TopicSignal(), NullLogger<Database>.Instance);
        Assert.Equal(isAway, database.IsAway(state is null ? new NpgsqlException("no connection") : new PostgresException("x", "ERROR", "ERROR", state)));
        Assert.False(database.IsAway(new InvalidOperationException()));
    }

    private static QuietSave Row(long id) => new() { Id = id, LeaseOwner = "me", State = 1, ParserVersion = 1, NextFetchAt = 0, FailureCount = 0, Churn = 0 };
}
