using System.Diagnostics;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Aggregator.Storage.Tests.Databases;

/// <summary>The turns at SQLite's one writing connection, and what goes on beside it.</summary>
public sealed class SqliteWritersTests() : StoreTests(StoreProvider.Sqlite)
{
    /// <summary>Enough changed rows that the log is carried over.</summary>
    private const string Fill =
        "with recursive number (value) as (select 1 union all select value + 1 from number where value < 3500) insert into filler (text) select printf('%.400c', 'x') from number";

    [Fact]
    public async Task What_writes_behind_others_rests_but_no_longer_than_it_has_patience()
    {
        using var stop = new CancellationTokenSource();
        // Several, so that somebody writes all the time on a busy machine too.
        var others = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested) await Database.WriteAsync(session => session.ExecuteAsync("update topic_clock set position = position"), Ct);
            },
            Ct)));

        // Each is at the gate for a fifth of a second, so that the one behind it would rest for nearly two.
        await BehindAsync(TimeSpan.Zero);
        var start = Stopwatch.GetTimestamp();
        var rested = BehindAsync(Database.Unhurried);
        var impatient = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => BehindAsync(TimeSpan.FromSeconds(0.5))));
        await impatient;
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2.5));
        Assert.False(rested.IsCompleted);
        await rested;
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(8));

        // While nobody writes it rests not at all.
        await stop.CancelAsync();
        await others;
        start = Stopwatch.GetTimestamp();
        await BehindAsync(Database.Unhurried);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(1.5));

        Task<int> BehindAsync(TimeSpan patience) => Database.WriteBehindAsync(
            session =>
            {
                Thread.Sleep(200);
                return session.ExecuteAsync("update topic_clock set position = position");
            },
            TimeSpan.Zero, patience, Ct);
    }

    [Fact]
    public async Task The_log_is_emptied_for_a_take_down_whatever_is_being_carried_over_just_then()
    {
        await Database.WriteAsync(session => session.ExecuteAsync("create table filler (id integer primary key, text text not null)"), Ct);
        for (var i = 0; i < 20; i++)
        {
            await Database.WriteAsync(session => session.ExecuteAsync(Fill), Ct);
            Assert.True(await Database.EraseAsync(Ct), $"at {i}");
            Assert.Equal(0, new FileInfo(ConnectionString["Data Source=".Length..] + "-wal").Length);
        }
    }

    [Fact]
    public async Task A_log_that_cannot_be_carried_over_is_told_of_and_stops_nobody()
    {
        using var folder = new TemporaryFolder();
        var (file, log) = (folder.File("store.db"), new Told());
        await using (var database = Database.Open(StoreConnectionString.Parse("Data Source=" + file), new TopicSignal(), log))
        {
            await database.WriteAsync(session => session.ExecuteAsync("create table filler (id integer primary key, text text not null)"), Ct);
            File.Move(file, file + ".moved");
            Directory.CreateDirectory(file);
            await database.WriteAsync(session => session.ExecuteAsync(Fill), Ct);
            for (var i = 0; log.Errors.IsEmpty; i++)
            {
                Assert.True(i < 500, "nothing was told");
                await Task.Delay(20, Ct);
            }

            Assert.IsType<SqliteException>(Assert.Single(log.Errors));
            await database.WriteAsync(session => session.ExecuteAsync("delete from filler where id = 1"), Ct);
            Directory.Delete(file);
            File.Move(file + ".moved", file);
        }

        await using var again = Database.Open(StoreConnectionString.Parse("Data Source=" + file), new TopicSignal(), log);
        Assert.Equal(3_499, await again.ReadAsync(session => session.FindAsync<long>("select count(*) from filler"), Ct));
    }

    private sealed class Told : ILogger<Database>
    {
        public System.Collections.Concurrent.ConcurrentQueue<Exception> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null) Errors.Enqueue(exception);
        }
    }
}
