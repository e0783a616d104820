using Aggregator.Testing;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage.SQLite.Tests.Conformance;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

public sealed class ExpirationProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));
    private SQLiteStorage _storage;

    public ExpirationProcessTests() => _storage = Open();

    public void Dispose()
    {
        _storage.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Removes_expired_jobs_with_their_states_and_parameters_and_keeps_the_others()
    {
        var expired = Create(TimeSpan.FromHours(1));
        var kept = Create(TimeSpan.FromHours(3));
        _time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, Expire());

        var connection = _storage.GetConnection();
        Assert.Null(connection.GetJobData(expired));
        Assert.NotNull(connection.GetJobData(kept));
        Assert.Equal(1, Count("select count(*) from job_state"));
        Assert.Equal(1, Count("select count(*) from job_parameter"));
        Assert.Equal(1, _storage.GetMonitoringApi().GetStatistics().Failed);
    }

    [Fact]
    public void Keeps_an_expired_job_while_it_lies_in_a_queue()
    {
        var id = Create(TimeSpan.FromHours(1));
        Commit(transaction => transaction.AddToQueue("default", id));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, Expire());

        using (var fetched = _storage.GetConnection().FetchNextJob(["default"], CancellationToken.None))
        {
            Assert.Equal(0, Expire());
            fetched.RemoveFromQueue();
        }

        Assert.Equal(1, Expire());
    }

    [Fact]
    public void Removes_expired_sets_hashes_lists_and_counters()
    {
        Commit(transaction =>
        {
            transaction.AddToSet("set", "a");
            transaction.AddToSet("kept", "a");
            transaction.ExpireSet("set", TimeSpan.FromHours(1));
            transaction.SetRangeInHash("hash", [new("a", "b")]);
            transaction.ExpireHash("hash", TimeSpan.FromHours(1));
            transaction.InsertToList("list", "a");
            transaction.ExpireList("list", TimeSpan.FromHours(1));
            transaction.IncrementCounter("counter", TimeSpan.FromHours(1));
            transaction.IncrementCounter("forever");
        });
        _time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(4, Expire());

        var connection = (JobStorageConnection)_storage.GetConnection();
        Assert.Equal(0, connection.GetSetCount("set") + connection.GetHashCount("hash") + connection.GetListCount("list") + connection.GetCounter("counter"));
        Assert.Equal(1, connection.GetSetCount("kept"));
        Assert.Equal(1, connection.GetCounter("forever"));
    }

    [Fact]
    public void Keeps_a_counter_as_long_as_its_last_increment_asks()
    {
        Commit(transaction => transaction.IncrementCounter("counter", TimeSpan.FromHours(3)));
        Commit(transaction => transaction.IncrementCounter("counter", TimeSpan.FromHours(1)));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(0, Expire());
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, Expire());
    }

    [Fact]
    public void Removes_more_than_one_batch()
    {
        Commit(transaction =>
        {
            for (var index = 0; index < 2_500; index++) transaction.CreateJob(Job.FromExpression(() => FactJobs.Nothing()), new Dictionary<string, string>(), _time.GetUtcNow().UtcDateTime, TimeSpan.Zero);
            for (var index = 0; index < 2_500; index++) transaction.AddToSet("set", $"{index}");
            transaction.ExpireSet("set", TimeSpan.Zero);
        });
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(5_000, Expire());
        Assert.Equal(0, Count("select count(*) from job"));
    }

    [Fact]
    public void Never_gives_an_id_twice_although_the_highest_job_expired_before_a_restart()
    {
        var last = Create(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, Expire());
        _storage.Dispose();
        _storage = Open();
        Assert.True(long.Parse(Create(TimeSpan.FromHours(1)), System.Globalization.CultureInfo.InvariantCulture)
            > long.Parse(last, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Removes_servers_by_the_storage_s_clock()
    {
        var connection = _storage.GetConnection();
        connection.AnnounceServer("server", new Hangfire.Server.ServerContext { WorkerCount = 1, Queues = ["default"] });
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(0, connection.RemoveTimedOutServers(TimeSpan.FromMinutes(5)));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, connection.RemoveTimedOutServers(TimeSpan.FromMinutes(5)));
    }

    private SQLiteStorage Open() => new(_folder.File("jobs.db"), new SQLiteStorageOptions { TimeProvider = _time });

    private int Expire() => new ExpirationProcess(_storage.Database, _time, TimeSpan.FromMinutes(5)).RemoveExpired(CancellationToken.None);

    private long? Count(string sql) => _storage.Database.Read(session => session.Integer(sql));

    private string Create(TimeSpan expireIn)
    {
        var id = _storage.GetConnection().CreateExpiredJob(
            Job.FromExpression(() => FactJobs.Nothing()), new Dictionary<string, string> { ["a"] = "1" }, _time.GetUtcNow().UtcDateTime, expireIn);
        Commit(transaction => transaction.SetJobState(id, new FailedState(new InvalidOperationException("no"))));
        return id;
    }

    private void Commit(Action<JobStorageTransaction> commands)
    {
        using var transaction = (JobStorageTransaction)_storage.GetConnection().CreateWriteTransaction();
        commands(transaction);
        transaction.Commit();
    }
}
