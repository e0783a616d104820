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
        var saves = Saves(rows =>
        {
            tries.Add(rows.Count);
            throw new TimeoutException("The database is away.");
        }, static error => error is TimeoutException);
        var all = Enumerable.Range(1, 50).Select(id => saves.SaveAsync(id, Ct)).ToList();
        foreach (var save in all) await Assert.ThrowsAsync<TimeoutException>(() => save);
        Assert.Equal([50], tries);
    }

    [Fact]
    public async Task One_that_cannot_be_written_spoils_no_other()
    {
        var saves = Saves(
            static rows => rows.Contains(7) ? throw new InvalidOperationException("Number 7 is bad.") : Task.FromResult(rows.ToHashSet()), static _ => false);
        var all = Enumerable.Range(1, 50).Select(id => (Id: id, Saved: saves.SaveAsync(id, Ct))).ToList();
        foreach (var (id, saved) in all)
        {
            if (id == 7) await Assert.ThrowsAsync<InvalidOperationException>(() => saved);
            else Assert.True(await saved);
        }
    }

    [Fact]
    public async Task Writes_as_many_together_as_may_be_and_the_rest_after_its_patience()
    {
        var written = new List<List<long>>();
        var saves = Saves(rows =>
        {
            written.Add(rows);
            return Task.FromResult(rows.ToHashSet());
        }, static _ => false, most: 8);
        var all = Enumerable.Range(1, 20).Reverse().Select(id => saves.SaveAsync(id, Ct)).ToList();
        Assert.All(await Task.WhenAll(all), Assert.True);

        // Of those that were there together, in one order everywhere.
        Assert.Equal([[13, 14, 15, 16, 17, 18, 19, 20], [5, 6, 7, 8, 9, 10, 11, 12], [1, 2, 3, 4]], written);
        Assert.True(await saves.SaveAsync(21, Ct));
    }

    [Fact]
    public async Task Two_saves_of_one_source_are_told_apart()
    {
        var written = new List<List<long>>();
        var saves = Saves(rows =>
        {
            written.Add(rows);
            return Task.FromResult<HashSet<long>>(written.Count == 1 ? [.. rows] : []);
        }, static _ => false);
        var saved = await Task.WhenAll(saves.SaveAsync(1, Ct), saves.SaveAsync(2, Ct), saves.SaveAsync(1, Ct));
        Assert.Equal([true, true, false], saved);
        Assert.Equal([[1, 2], [1]], written);
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

    /// <summary>Saves of sources that are nothing but their numbers.</summary>
    private static SourceSaves<long> Saves(
        Func<List<long>, Task<HashSet<long>>> write, Func<Exception, bool> isAway, int most = 256) =>
        new(write, static id => id, isAway, most, TimeSpan.FromMilliseconds(500));
}
