using Aggregator.Testing;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

public sealed class JobDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly JobDatabase _database;

    public JobDatabaseTests() => _database = JobDatabase.Open(_folder.File("jobs.db"), new SQLiteStorageOptions());

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_write_that_fails_takes_no_other_with_it()
    {
        var failures = 0;
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, index =>
        {
            if (index % 5 > 0)
            {
                _database.Write(writer => writer.Count("counter", 1, null));
                return;
            }

            Assert.Throws<InvalidOperationException>(() => _database.Write(writer =>
            {
                writer.Count("counter", 1, null);
                writer.Enqueue("default", 1);
                throw new InvalidOperationException("no");
            }));
            Interlocked.Increment(ref failures);
        });

        Assert.Equal(40, failures);
        Assert.Equal(160, _database.Read(session => session.Integer("select value from counter where key = 'counter'")));
        Assert.Equal(default, _database.Census.InQueue("default"));
    }

    [Fact]
    public void The_census_agrees_with_a_count_after_many_changes()
    {
        var random = new Random(7);
        for (var id = 1; id <= 300; id++)
        {
            var number = id;
            _database.Write(writer =>
            {
                writer.CreateJob(number, new NewJob("{}", null, [], 0, number % 3 == 0 ? 1 : long.MaxValue));
                writer.SetState(number, new StateRow("Enqueued", null, 0, null));
                writer.Enqueue(number % 2 == 0 ? "even" : "odd", number);
            });
        }

        for (var step = 0; step < 300; step++)
        {
            var row = _database.Fetch(["even", "odd"], step);
            if (row is null) break;

            var state = random.Next(2) == 0 ? "Succeeded" : "Failed";
            _database.Write(writer => writer.SetState(row.JobId, new StateRow(state, null, 0, null)));
            if (random.Next(3) == 0) Assert.True(_database.GiveBack(row));
            else _database.Write(writer => writer.Acknowledge(row));
            _database.Write(writer => writer.Acknowledge(row));
        }

        for (var step = 0; step < 300; step++)
        {
            var (key, value, verb) = ($"set-{random.Next(3)}", $"{random.Next(20)}", random.Next(40));
            _database.Write(writer =>
            {
                if (verb < 26) writer.AddToSet(key, value, verb);
                else if (verb < 39) writer.RemoveFromSet(key, value);
                else writer.RemoveSet(key);
            });
        }

        _database.Write(writer => writer.ExpireSet("set-0", 1));
        _database.Write(writer => writer.DeleteSetItems(2, 5));
        _database.Write(writer => writer.DeleteJobs("[3,6,9,12,15,4,999]", 2, 300));

        var counted = _database.Read(Census.Take);
        Assert.Equal(counted.States(), _database.Census.States());
        Assert.Equal(counted.Queues(), _database.Census.Queues());
        Assert.Equal(counted.Sets(), _database.Census.Sets());
        Assert.NotEmpty(counted.States());
        Assert.NotEmpty(counted.Sets());
    }

    [Fact]
    public void A_state_of_a_missing_job_counts_nowhere()
    {
        _database.Write(writer => writer.SetState(77, new StateRow("Enqueued", null, 0, null)));
        Assert.Equal(0, _database.Census.InState("Enqueued"));
    }

    [Fact]
    public void A_read_that_throws_leaves_its_session_usable()
    {
        for (var index = 0; index < 50; index++)
        {
            Assert.Throws<InvalidOperationException>(() => _database.ReadSnapshot<int>(session =>
            {
                using var rows = session.Query("select 1 union select 2");
                rows.Next();
                throw new InvalidOperationException("no");
            }));
            Assert.Equal(1, _database.ReadSnapshot(session => session.Integer("select 1")));
        }
    }

    [Fact]
    public void The_log_is_carried_over_while_writers_work_and_emptied_when_they_rest()
    {
        var log = _folder.File("jobs.db-wal");
        for (var index = 0; index < 6_000; index++) _database.Write(writer => writer.AddToSet("set", $"{index}", index));
        Assert.True(new FileInfo(log).Length > 0);
        _database.TidyUp();
        Assert.Equal(0, new FileInfo(log).Length);
        Assert.Equal(6_000, _database.Read(session => session.Integer("""select count(*) from "set" """)));
    }

    [Fact]
    public void Empty_and_odd_texts_come_back_as_they_went()
    {
        foreach (var text in (string[])["", "\0", "a\0b", "😀", new string('长', 100_000)])
        {
            _database.Write(writer => writer.SetInHash("hash", "field", text));
            Assert.Equal(text, _database.Read(session => session.Text("select value from hash where key = 'hash'")));
        }
    }
}
