using System.Collections.Concurrent;
using System.Globalization;
using Aggregator.Testing;
using Hangfire.Common;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

/// <summary>Queues longer than what is kept of them in memory, and jobs more than are remembered.</summary>
public sealed class ReadyQueuesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly JobDatabase _database;

    public ReadyQueuesTests() => _database = JobDatabase.Open(_folder.File("jobs.db"), new SQLiteStorageOptions());

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_long_queue_comes_out_in_order()
    {
        Enqueue("default", 1, 2_600);
        for (var job = 1; job <= 2_600; job++)
        {
            if (job % 700 == 0) Enqueue("default", 10_000 + job, 1);
            Assert.Equal(job, _database.Fetch(["default"], 0)!.JobId);
        }

        foreach (var job in (int[])[10_700, 11_400, 12_100]) Assert.Equal(job, _database.Fetch(["default"], 0)!.JobId);
        Assert.Null(_database.Fetch(["default"], 0));
    }

    [Fact]
    public void A_row_that_is_given_back_comes_first_again()
    {
        Enqueue("default", 1, 1_500);
        var taken = Enumerable.Range(0, 1_000).Select(_ => _database.Fetch(["default"], 0)!).ToList();
        Assert.True(_database.GiveBack(taken[500]));
        Assert.True(_database.GiveBack(taken[20]));
        Assert.Equal(21, _database.Fetch(["default"], 0)!.JobId);
        Assert.Equal(501, _database.Fetch(["default"], 0)!.JobId);
        for (var job = 1_001; job <= 1_500; job++) Assert.Equal(job, _database.Fetch(["default"], 0)!.JobId);
        Assert.Null(_database.Fetch(["default"], 0));
    }

    [Fact]
    public void Nobody_gets_a_job_that_another_has_and_none_is_left_over()
    {
        const int jobs = 6_000;

        var got = new ConcurrentBag<long>();
        var enqueued = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, client =>
        {
            var random = new Random(client);
            if (client < 3)
            {
                for (var index = 0; index < jobs / 3; index += 20)
                {
                    Enqueue("default", 1 + (client * (jobs / 3)) + index, 20);
                    Interlocked.Add(ref enqueued, 20);
                }
            }

            while (Volatile.Read(ref enqueued) < jobs || _database.Census.InQueue("default").Ready > 0)
            {
                if (_database.Fetch(["default"], 0) is not { } row) continue;
                if (random.Next(10) == 0)
                {
                    Assert.True(_database.GiveBack(row));
                    continue;
                }

                got.Add(row.JobId);
                _database.Write(writer => writer.Acknowledge(row));
            }
        });

        Assert.Equal(Enumerable.Range(1, jobs).Select(job => (long)job), got.Order());
        Assert.Equal(0, _database.Read(session => session.Integer("select count(*) from job_queue")));
        Assert.Equal(default, _database.Census.InQueue("default"));
    }

    [Fact]
    public void A_job_that_is_no_longer_remembered_is_read_from_the_file()
    {
        var job = NewJob.Of(
            Job.FromExpression(() => Conformance.FactJobs.Echo("value")), new Dictionary<string, string> { ["Culture"] = "zh" }, DateTime.UtcNow, TimeSpan.FromDays(1));
        var first = _database.NextJobIds(20_000);
        for (var id = first; id < first + 20_000; id++) _database.Create(id, job);

        Assert.Null(_database.FindRecent(first));
        Assert.NotNull(_database.FindRecent(first + 19_999));
        Assert.Equal(20_000, _database.Read(session => session.Integer("select count(*) from job")));
    }

    [Fact]
    public void What_is_remembered_of_a_job_is_what_the_file_says()
    {
        _database.Dispose();
        using var storage = new SQLiteStorage(_folder.File("jobs.db"));
        using var connection = (JobStorageConnection)storage.GetConnection();
        var id = connection.CreateExpiredJob(
            Job.FromExpression(() => Conformance.FactJobs.Echo("value")), new Dictionary<string, string> { ["Culture"] = "zh", ["None"] = null! }, DateTime.UtcNow, TimeSpan.FromDays(1));
        var number = long.Parse(id, CultureInfo.InvariantCulture);
        AssertSame();
        connection.SetJobParameter(id, "Culture", "en");
        connection.SetJobParameter(id, "More", "1");
        AssertSame();
        using (var transaction = connection.CreateWriteTransaction())
        {
            transaction.SetJobState(id, new States.EnqueuedState("default"));
            transaction.PersistJob(id);
            transaction.Commit();
        }

        AssertSame();
        using (var transaction = connection.CreateWriteTransaction())
        {
            transaction.SetJobState(id, new States.DeletedState());
            transaction.Commit();
        }

        Assert.Null(storage.Database.FindRecent(number));
        Assert.Equal("Deleted", connection.GetJobData(id).State);

        void AssertSame()
        {
            var remembered = storage.Database.FindRecent(number)!;
            Assert.Equal(storage.Database.Read(session => session.Text("select state from job where id = ?1", number)), remembered.State);
            Assert.Equal(storage.Database.Read(session => session.Integer("select created_at from job where id = ?1", number)), Clock.ToMilliseconds(remembered.CreatedAt));
            Assert.Equal(
                storage.Database.Read(session => session.Texts("select name || '=' || coalesce(value, 'null') from job_parameter where job_id = ?1 order by name", number)),
                remembered.ParametersSnapshot.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value ?? "null"}"));
            Assert.Equal("value", remembered.Job.Args[0]);
            Assert.Equal(nameof(Conformance.FactJobs.Echo), remembered.InvocationData.Method);
        }
    }

    private void Enqueue(string queue, int first, int count) => _database.Write(writer =>
    {
        for (var job = first; job < first + count; job++) writer.Enqueue(queue, job);
    });
}
