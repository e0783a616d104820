using System.Globalization;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

/// <summary>What those who share a transaction are promised, each for itself.</summary>
public sealed class SharedTransactionsTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly JobDatabase _database;

    public SharedTransactionsTests() => _database = JobDatabase.Open(_folder.File("jobs.db"), new SQLiteStorageOptions());

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_part_that_fails_is_rolled_back_and_the_others_of_its_transaction_are_not()
    {
        using var hold = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var first = OnThread(() => _database.Write(_ =>
        {
            held.Set();
            Came(hold);
        }));
        Assert.True(Came(held));

        // All of them queue up behind the first and share the next transaction.
        var parts = Enumerable.Range(0, 12).Select(index => (Index: index, Task: OnThread(() => _database.Write(writer =>
        {
            writer.SetInHash("hash", Name(index), "before");
            if (index % 3 == 0) throw new InvalidOperationException(Name(index));
            writer.SetInHash("hash", Name(index), "after");
        })))).ToList();
        Thread.Sleep(200);
        hold.Set();

        Assert.True(Ended(first));
        foreach (var (index, task) in parts)
        {
            var error = Record.Exception(() => Assert.True(Ended(task)))?.InnerException;
            if (index % 3 == 0) Assert.Equal(Name(index), Assert.IsType<InvalidOperationException>(error).Message);
            else Assert.Null(error);

            var value = _database.Read(session => session.Text("select value from hash where field = ?1", Name(index)));
            Assert.Equal(index % 3 == 0 ? null : "after", value);
        }
    }

    [Fact]
    public void A_statement_that_the_database_refuses_fails_its_own_caller_only()
    {
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, index =>
        {
            if (index % 4 > 0)
            {
                _database.Write(writer => writer.Count("counter", 1, null));
                return;
            }

            // The second job of the same id breaks the primary key.
            var job = new NewJob("{}", null, [], 0, 0);
            Assert.Throws<JobDatabaseException>(() => _database.Write(writer =>
            {
                writer.CreateJob(1_000 + index, job);
                writer.CreateJob(1_000 + index, job);
            }));
        });

        Assert.Equal(150, _database.Read(session => session.Integer("select value from counter where key = 'counter'")));
        Assert.Equal(0, _database.Read(session => session.Integer("select count(*) from job")));
    }

    [Fact]
    public void A_caller_goes_on_only_when_its_part_is_in_the_file()
    {
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, client =>
        {
            using var other = Open();
            using var command = other.CreateCommand();
            command.CommandText = "select value from hash where key = $key";
            command.Parameters.AddWithValue("$key", Name(client));
            for (var step = 0; step < 200; step++)
            {
                _database.Write(writer => writer.SetInHash(Name(client), "step", Name(step)));
                Assert.Equal(Name(step), command.ExecuteScalar());
            }
        });
    }

    [Fact]
    public void Closing_lets_every_writer_go_and_keeps_what_was_promised()
    {
        var written = new int[16];
        var writers = Enumerable.Range(0, written.Length).Select(client => OnThread(() =>
        {
            try
            {
                while (true)
                {
                    var step = written[client] + 1;
                    _database.Write(writer => writer.SetInHash(Name(client), "step", Name(step)));
                    written[client] = step;
                }
            }
            catch (ObjectDisposedException)
            {
                // That is how it is to end.
            }
        })).ToArray();
        Thread.Sleep(300);
        _database.Dispose();

        Assert.True(Ended(writers), "A writer waits still.");
        Assert.Throws<ObjectDisposedException>(() => _database.Write(_ => { }));
        using var reopened = JobDatabase.Open(_folder.File("jobs.db"), new SQLiteStorageOptions());
        for (var client = 0; client < written.Length; client++)
        {
            Assert.True(written[client] > 0);
            Assert.Equal(Name(written[client]), reopened.Read(session => session.Text("select value from hash where key = ?1", Name(client))));
        }
    }

    [Fact]
    public void An_interrupt_takes_nobody_out_of_the_line()
    {
        using var hold = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var first = OnThread(() => _database.Write(_ =>
        {
            held.Set();
            Came(hold);
        }));
        Assert.True(Came(held));

        var (returned, interrupted) = (false, false);
        var second = new Thread(() =>
        {
            _database.Write(writer => writer.SetInHash("hash", "field", "second"));
            returned = true;
            try
            {
                Thread.Sleep(Soon);
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        });
        second.Start();
        Thread.Sleep(100);
        second.Interrupt();
        Thread.Sleep(100);
        Assert.False(returned);

        var third = OnThread(() => _database.Write(writer => writer.SetInHash("hash", "other", "third")));
        hold.Set();
        Assert.True(Ended(first, third));
        Assert.True(second.Join(Soon));
        Assert.True(returned && interrupted);
        Assert.Equal(2, _database.Read(session => session.Integer("select count(*) from hash")));
    }

    private static Task OnThread(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static bool Ended(params Task[] tasks) => Task.WaitAll(tasks, Soon);

    private static bool Came(ManualResetEventSlim signal) => signal.Wait(Soon);

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_folder.File("jobs.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}
