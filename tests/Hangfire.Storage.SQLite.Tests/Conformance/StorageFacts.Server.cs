using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

public abstract partial class StorageFacts<TFixture>
{
    private readonly string _run = Guid.NewGuid().ToString("n");

    /// <summary>How many jobs are many for this storage.</summary>
    protected virtual int ManyJobs => 5_000;

    private BackgroundJobClient Client => new(Storage);

    [Fact]
    public virtual void Server_RunsEveryJobExactlyOnce()
    {
        using (StartServer(workers: 20))
        {
            Parallel.For(0, ManyJobs, new ParallelOptions { MaxDegreeOfParallelism = 4 }, number => Client.Enqueue(() => ServerJobs.Note(_run, number)));
            Until(() => ServerJobs.Noted(_run).Count >= ManyJobs && Monitor.GetStatistics().Succeeded == ManyJobs, TimeSpan.FromSeconds(90));
        }

        Assert.Equal(Enumerable.Range(0, ManyJobs), ServerJobs.Noted(_run).Order());
        var statistics = Monitor.GetStatistics();
        Assert.Equal(0, statistics.Enqueued + statistics.Processing + statistics.Failed);
        Assert.Equal(0, Monitor.EnqueuedCount("default") + Monitor.FetchedCount("default"));
    }

    [Fact]
    public virtual void Server_IsKnown_WhileItRuns()
    {
        using (StartServer(workers: 3, "default", "other"))
        {
            Until(() => Monitor.Servers().Count == 1);
            Assert.Equal(3, Monitor.Servers()[0].WorkersCount);
        }

        Assert.Empty(Monitor.Servers());
    }

    [Fact]
    public virtual void Server_RunsAScheduledJob()
    {
        Client.Schedule(() => ServerJobs.Note(_run, 1), TimeSpan.FromMilliseconds(200));
        using (StartServer()) Until(() => ServerJobs.Noted(_run).Count == 1);
    }

    [Fact]
    public virtual void Server_RetriesAFailedJob()
    {
        var id = Client.Enqueue(() => ServerJobs.FailTwice(_run));
        using (StartServer()) Until(() => Connection.GetJobData(id).State == "Succeeded");
        Assert.Equal(3, ServerJobs.Noted(_run).Count);
        Assert.Equal("2", Connection.GetJobParameter(id, "RetryCount"));
        Assert.Equal(0, Connection.GetSetCount("retries"));
    }

    [Fact]
    public virtual void Server_KeepsAJobThatFailedForGood()
    {
        var id = Client.Enqueue(() => ServerJobs.Fail(_run));
        using (StartServer()) Until(() => Connection.GetJobData(id).State == "Failed");
        Assert.Equal(1, Monitor.FailedCount());
        Assert.Null(Monitor.JobDetails(id).ExpireAt);
        Assert.Equal(["Failed", "Processing", "Enqueued"], Monitor.JobDetails(id).History.Select(state => state.StateName));
    }

    [Fact]
    public virtual void Server_RunsAContinuation_AfterItsParent()
    {
        var parent = Client.Enqueue(() => ServerJobs.Note(_run, 1));
        var child = Client.ContinueJobWith(parent, () => ServerJobs.Note(_run, 2));
        Assert.Equal("Awaiting", Connection.GetJobData(child).State);
        using (StartServer(workers: 4)) Until(() => Connection.GetJobData(child).State == "Succeeded");
        Assert.Equal([1, 2], ServerJobs.Noted(_run));
    }

    [Fact]
    public virtual void Server_RunsOneAtATime_WhenConcurrencyIsDisabled()
    {
        for (var index = 0; index < 6; index++) Client.Enqueue(() => ServerJobs.Alone(_run));
        using (StartServer(workers: 6)) Until(() => ServerJobs.Noted(_run).Count == 6);
        Assert.All(ServerJobs.Noted(_run), inside => Assert.Equal(1, inside));
    }

    [Fact]
    public virtual void Server_PrefersTheFirstQueue()
    {
        for (var index = 0; index < 3; index++) Client.Enqueue("a-later", () => ServerJobs.Note(_run, 2));
        for (var index = 0; index < 3; index++) Client.Enqueue("z-first", () => ServerJobs.Note(_run, 1));
        using (StartServer(workers: 1, "z-first", "a-later")) Until(() => ServerJobs.Noted(_run).Count == 6);
        Assert.Equal([1, 1, 1, 2, 2, 2], ServerJobs.Noted(_run));
    }

    [Fact]
    public virtual void Server_TriggersARecurringJob_AndKeepsItsSchedule()
    {
        var recurring = new RecurringJobManager(Storage);
        recurring.AddOrUpdate("yearly", () => ServerJobs.Note(_run, 1), "17 3 1 1 *");
        var next = Connection.GetAllEntriesFromHash("recurring-job:yearly")["NextExecution"];
        recurring.Trigger("yearly");
        using (StartServer()) Until(() => ServerJobs.Noted(_run).Count == 1);
        using (StartServer()) Assert.Equal(next, Connection.GetAllEntriesFromHash("recurring-job:yearly")["NextExecution"]);
        Assert.Equal("yearly", Assert.Single(Connection.GetRecurringJobs()).Id);
    }

    [Fact]
    public virtual void Server_ForgetsADeletedJob()
    {
        var deleted = Client.Enqueue(() => ServerJobs.Note(_run, 1));
        Client.Delete(deleted);
        Client.Enqueue(() => ServerJobs.Note(_run, 2));
        using (StartServer(workers: 1)) Until(() => ServerJobs.Noted(_run).Count == 1 && Monitor.EnqueuedCount("default") == 0);
        Assert.Equal([2], ServerJobs.Noted(_run));
        Assert.Equal("Deleted", Connection.GetJobData(deleted).State);
    }

    [Fact]
    public virtual void Server_RunsARequeuedJobAgain()
    {
        var id = Client.Enqueue(() => ServerJobs.Note(_run, 1));
        using (StartServer())
        {
            Until(() => Connection.GetJobData(id).State == "Succeeded");
            Client.Requeue(id);
            Until(() => ServerJobs.Noted(_run).Count == 2);
        }
    }

    [Fact]
    public virtual async Task Dashboard_ShowsEveryPage()
    {
        var id = Client.Enqueue(() => ServerJobs.Note(_run, 1));
        Client.Schedule(() => ServerJobs.Note(_run, 2), TimeSpan.FromHours(1));
        Client.ContinueJobWith(id, () => ServerJobs.Note(_run, 3));
        InState(Failure());
        new RecurringJobManager(Storage).AddOrUpdate("yearly", () => ServerJobs.Note(_run, 4), "17 3 1 1 *");

        await using var dashboard = await DashboardHost.StartAsync(Storage);
        foreach (var page in (string[])[.. DashboardHost.Pages, $"/jobs/details/{id}"])
        {
            using var answer = await dashboard.GetAsync(page);
            Assert.True(answer.IsSuccessStatusCode, $"{page} answered {answer.StatusCode}.");
        }
    }

    private BackgroundJobServer StartServer(int workers = 2, params string[] queues) => new(
        new BackgroundJobServerOptions
        {
            WorkerCount = workers,
            Queues = queues is [] ? ["default"] : queues,
            SchedulePollingInterval = TimeSpan.FromMilliseconds(200),
            ServerName = "facts",
        },
        Storage);

    private void Until(Func<bool> condition, TimeSpan? limit = null)
    {
        var patience = Soon < TimeSpan.FromSeconds(5) ? TimeSpan.FromSeconds(5) : limit ?? Soon;
        Assert.True(SpinWait.SpinUntil(() => Sleep() && condition(), patience), "It did not happen in time.");

        static bool Sleep()
        {
            Thread.Sleep(20);
            return true;
        }
    }
}
