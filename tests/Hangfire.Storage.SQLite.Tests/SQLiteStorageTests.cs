using Aggregator.Testing;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage.SQLite.Tests.Conformance;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

public sealed class SQLiteStorageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Database => _folder.File("jobs.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Opens_with_the_call_of_the_published_package()
    {
        var configuration = GlobalConfiguration.Configuration;
        using var storage = configuration.UseSQLiteStorage(
            $"Data Source={Database}", new SQLiteStorageOptions { QueuePollInterval = TimeSpan.FromSeconds(1), JobExpirationCheckInterval = TimeSpan.FromMinutes(1) }).Entry;
        Assert.Same(storage, JobStorage.Current);
        Assert.True(File.Exists(Database));
    }

    [Fact]
    public void Names_its_file()
    {
        using var storage = new SQLiteStorage(Database);
        Assert.Equal($"SQLite: {Database}", storage.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":memory:")]
    [InlineData("Data Source=:memory:")]
    public void Refuses_what_is_no_file(string path) => Assert.Throws<ArgumentException>(() => new SQLiteStorage(path));

    [Fact]
    public void Refuses_options_that_make_no_sense()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SQLiteStorageOptions { QueuePollInterval = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SQLiteStorageOptions { JobExpirationCheckInterval = TimeSpan.FromSeconds(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SQLiteStorageOptions { DashboardJobListLimit = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SQLiteStorageOptions { MaxStateHistory = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SQLiteStorageOptions { OwnerWait = TimeSpan.FromSeconds(-1) });
        Assert.Throws<ArgumentNullException>(() => new SQLiteStorageOptions { TimeProvider = null! });
    }

    [Fact]
    public void Names_the_feature_by_the_type_that_the_worker_asks_for()
    {
        using var storage = new SQLiteStorage(Database);
        Assert.True(storage.HasFeature("TransactionalAcknowledge:SQLiteFetchedJob"));
        Assert.Equal("SQLiteFetchedJob", typeof(SQLiteFetchedJob).Name);
    }

    [Fact]
    public void Keeps_everything_over_a_restart()
    {
        string failed, scheduled;
        using (var storage = new SQLiteStorage(Database))
        {
            failed = Create(storage, new FailedState(new InvalidOperationException("no")));
            scheduled = Create(storage, new ScheduledState(TimeSpan.FromHours(1)));
            using var connection = storage.GetConnection();
            connection.SetRangeInHash("hash", [new("field", "value")]);
        }

        using (var storage = new SQLiteStorage(Database))
        {
            var monitor = storage.GetMonitoringApi();
            Assert.Equal(failed, Assert.Single(monitor.FailedJobs(0, 10)).Key);
            Assert.Equal(scheduled, Assert.Single(monitor.ScheduledJobs(0, 10)).Key);
            Assert.Equal(1, monitor.GetStatistics().Failed);
            Assert.Equal("value", storage.GetConnection().GetAllEntriesFromHash("hash")["field"]);
        }
    }

    [Fact]
    public void Gives_fetched_jobs_back_and_forgets_servers_when_it_opens()
    {
        string id;
        using (var storage = new SQLiteStorage(Database))
        {
            id = Create(storage, new EnqueuedState(), queue: "default");
            var connection = storage.GetConnection();
            connection.AnnounceServer("dead", new Hangfire.Server.ServerContext { WorkerCount = 1, Queues = ["default"] });
            Assert.Equal(id, connection.FetchNextJob(["default"], CancellationToken.None).JobId);
        }

        using (var storage = new SQLiteStorage(Database))
        {
            Assert.Empty(storage.GetMonitoringApi().Servers());
            Assert.Equal(0, storage.GetMonitoringApi().FetchedCount("default"));
            using var again = storage.GetConnection().FetchNextJob(["default"], CancellationToken.None);
            Assert.Equal(id, again.JobId);
        }
    }

    [Fact]
    public void Keeps_the_current_state_when_the_history_is_cut()
    {
        using var storage = new SQLiteStorage(Database, new SQLiteStorageOptions { MaxStateHistory = 3 });
        var id = Create(storage, new FactState("Current"));
        for (var index = 0; index < 10; index++)
        {
            using var transaction = storage.GetConnection().CreateWriteTransaction();
            transaction.AddJobState(id, new FactState("Tried"));
            transaction.Commit();
        }

        Assert.Equal("Current", storage.GetConnection().GetStateData(id).Name);
        Assert.Equal(["Tried", "Tried", "Tried", "Current"], storage.GetMonitoringApi().JobDetails(id).History.Select(state => state.StateName));
    }

    [Fact]
    public void Shows_a_job_whose_code_is_gone()
    {
        using var storage = new SQLiteStorage(Database);
        var id = Create(storage, new FailedState(new InvalidOperationException("no")));
        storage.Dispose();
        Execute("""update job set invocation = '{"t":"Gone.Away, Gone","m":"Run"}'""");

        using var reopened = new SQLiteStorage(Database);
        var data = reopened.GetConnection().GetJobData(id);
        Assert.Null(data.Job);
        Assert.NotNull(data.LoadException);

        var details = reopened.GetMonitoringApi().JobDetails(id);
        Assert.Contains("Gone", details.Properties["DBG_Payload"], StringComparison.Ordinal);
        Assert.NotEmpty(details.Properties["DBG_Exception"]);
        Assert.NotNull(Assert.Single(reopened.GetMonitoringApi().FailedJobs(0, 10)).Value.LoadException);
    }

    [Fact]
    public void Caps_the_counts_of_lists_but_not_the_statistics()
    {
        using var storage = new SQLiteStorage(Database, new SQLiteStorageOptions { DashboardJobListLimit = 2 });
        for (var index = 0; index < 5; index++) Create(storage, new EnqueuedState(), queue: "default");
        Assert.Equal(2, storage.GetMonitoringApi().EnqueuedCount("default"));
        Assert.Equal(5, storage.GetMonitoringApi().GetStatistics().Enqueued);
        Assert.Equal(5, storage.GetMonitoringApi().Queues()[0].Length);
    }

    [Fact]
    public void Lists_the_queues_of_idle_servers_too()
    {
        using var storage = new SQLiteStorage(Database);
        storage.GetConnection().AnnounceServer("server", new Hangfire.Server.ServerContext { WorkerCount = 1, Queues = ["b", "a"] });
        Create(storage, new EnqueuedState("c"), queue: "c");
        Assert.Equal(["a", "b", "c"], storage.GetMonitoringApi().Queues().Select(queue => queue.Name));
    }

    [Fact]
    public void Throws_when_it_is_used_after_it_was_closed()
    {
        var storage = new SQLiteStorage(Database);
        var connection = storage.GetConnection();
        storage.Dispose();
        storage.Dispose();
        Assert.Throws<ObjectDisposedException>(() => connection.GetJobData("1"));
        Assert.Throws<ObjectDisposedException>(() => connection.SetJobParameter("1", "a", "b"));
    }

    [Fact]
    public void Gives_a_job_back_at_the_next_opening_when_it_was_closed_under_a_worker()
    {
        var storage = new SQLiteStorage(Database);
        Create(storage, new EnqueuedState(), queue: "default");
        var fetched = storage.GetConnection().FetchNextJob(["default"], CancellationToken.None);
        storage.Dispose();
        fetched.Dispose();
        using var reopened = new SQLiteStorage(Database);
        Assert.Equal(1, reopened.GetMonitoringApi().EnqueuedCount("default"));
    }

    private static string Create(SQLiteStorage storage, IState state, string? queue = null)
    {
        using var connection = storage.GetConnection();
        var id = connection.CreateExpiredJob(
            Job.FromExpression(() => FactJobs.Nothing()), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromDays(1));
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(id, state);
        if (queue is not null) transaction.AddToQueue(queue, id);
        transaction.Commit();
        return id;
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements of these tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
