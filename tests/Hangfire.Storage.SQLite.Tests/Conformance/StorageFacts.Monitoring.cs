using System.Globalization;
using Hangfire.Common;
using Hangfire.States;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

public abstract partial class StorageFacts<TFixture>
{
    [Fact]
    public virtual void GetStatistics_IsZero_WhenThereIsNothing()
    {
        var statistics = Monitor.GetStatistics();
        Assert.Equal(0, statistics.Enqueued + statistics.Failed + statistics.Processing + statistics.Scheduled + statistics.Succeeded);
        Assert.Equal(0, statistics.Deleted + statistics.Recurring + statistics.Servers + statistics.Queues);
    }

    [Fact]
    public virtual void GetStatistics_CountsStates()
    {
        Enqueue();
        Enqueue("other");
        InState(new FailedState(new InvalidOperationException("no")));
        InState(new ScheduledState(TimeSpan.FromHours(1)));
        InState(new ScheduledState(TimeSpan.FromHours(1)));
        InState(new ScheduledState(TimeSpan.FromHours(1)));
        InState(ProcessingState());
        var statistics = Monitor.GetStatistics();
        Assert.Equal(2, statistics.Enqueued);
        Assert.Equal(1, statistics.Failed);
        Assert.Equal(3, statistics.Scheduled);
        Assert.Equal(1, statistics.Processing);
        Assert.Equal(2, statistics.Queues);
    }

    [Fact]
    public virtual void GetStatistics_FollowsAStateThatChanges()
    {
        var id = Enqueue();
        Commit(transaction => transaction.SetJobState(id, new DeletedState()));
        Assert.Equal(0, Monitor.GetStatistics().Enqueued);
    }

    [Fact]
    public virtual void GetStatistics_CountsServersRecurringJobsAndRetries()
    {
        Announce("server", 1, "default");
        AddToSet("recurring-jobs", ("a", 1), ("b", 2));
        AddToSet("retries", ("1", 1));
        var statistics = Monitor.GetStatistics();
        Assert.Equal(1, statistics.Servers);
        Assert.Equal(2, statistics.Recurring);
        Assert.Equal(1, statistics.Retries);
    }

    [Fact]
    public virtual void GetStatistics_TakesFinishedJobsFromTheCounters()
    {
        Commit(transaction =>
        {
            transaction.IncrementCounter("stats:succeeded");
            transaction.IncrementCounter("stats:succeeded");
            transaction.IncrementCounter("stats:deleted");
        });
        Assert.Equal(2, Monitor.GetStatistics().Succeeded);
        Assert.Equal(1, Monitor.GetStatistics().Deleted);
    }

    [Fact]
    public virtual void GetStatistics_CountsAwaitingJobs()
    {
        InState(new AwaitingState("1", new EnqueuedState()));
        Assert.Equal(1, Monitor.GetStatistics().Awaiting);
    }

    [Fact]
    public virtual void Servers_IsEmpty_WhenThereAreNone() => Assert.Empty(Monitor.Servers());

    [Fact]
    public virtual void Servers_AreOrderedByName()
    {
        Announce("b", 1, "default");
        Announce("a", 1, "default");
        Announce("c", 1, "default");
        Assert.Equal(["a", "b", "c"], Monitor.Servers().Select(server => server.Name));
    }

    [Fact]
    public virtual void Queues_IsEmpty_WhenThereAreNone() => Assert.Empty(Monitor.Queues());

    [Fact]
    public virtual void Queues_AreOrderedByName_WithTheirLengthsAndFirstJobs()
    {
        var b = Enumerable.Range(0, 7).Select(_ => Enqueue("b")).ToArray();
        Enqueue("a");
        var queues = Monitor.Queues();
        Assert.Equal(["a", "b"], queues.Select(queue => queue.Name));
        Assert.Equal(7, queues[1].Length);
        Assert.Equal(b.Take(5), queues[1].FirstJobs.Select(job => job.Key));
    }

    [Fact]
    public virtual void Queues_TellFetchedJobs()
    {
        Enqueue();
        Enqueue();
        using var fetched = Fetch("default");
        var queue = Assert.Single(Monitor.Queues());
        Assert.Equal(1, queue.Length);
        Assert.Equal(1, queue.Fetched);
    }

    [Fact]
    public virtual void JobDetails_ReturnsNull_WhenThereIsNoJob() => Assert.Null(Monitor.JobDetails(MissingJob));

    [Fact]
    public virtual void JobDetails_ReturnsNull_WhenTheIdIsNone() => Assert.Null(Monitor.JobDetails("no-id"));

    [Fact]
    public virtual void JobDetails_ReturnsJobParametersAndHistory()
    {
        var id = NewJob(new() { ["a"] = "1" });
        Commit(transaction => transaction.SetJobState(id, new EnqueuedState()));
        var details = Monitor.JobDetails(id);
        Assert.Equal("Echo", details.Job.Method.Name);
        Assert.Equal("1", details.Properties["a"]);
        AboutNow(details.CreatedAt);
        Assert.Equal("Enqueued", Assert.Single(details.History).StateName);
    }

    [Fact]
    public virtual void JobDetails_HasNoHistory_WhenNoStateWasSet() => Assert.Empty(Monitor.JobDetails(NewJob()).History);

    [Fact]
    public virtual void EnqueuedCount_IsZero_WhenTheQueueIsUnknown() => Assert.Equal(0, Monitor.EnqueuedCount("unknown"));

    [Fact]
    public virtual void EnqueuedCount_CountsThatQueueOnly()
    {
        Enqueue("a");
        Enqueue("a");
        Enqueue("b");
        Assert.Equal(2, Monitor.EnqueuedCount("a"));
    }

    [Fact]
    public virtual void EnqueuedCount_LeavesOutFetchedJobs()
    {
        Enqueue();
        Enqueue();
        using var fetched = Fetch("default");
        Assert.Equal(1, Monitor.EnqueuedCount("default"));
    }

    [Fact]
    public virtual void FetchedCount_CountsFetchedJobs()
    {
        Enqueue();
        Enqueue();
        Assert.Equal(0, Monitor.FetchedCount("default"));
        using var fetched = Fetch("default");
        Assert.Equal(1, Monitor.FetchedCount("default"));
    }

    [Fact]
    public virtual void EnqueuedJobs_IsEmpty_WhenTheQueueIsUnknown() => Assert.Empty(Monitor.EnqueuedJobs("unknown", 0, 10));

    [Fact]
    public virtual void EnqueuedJobs_ReturnsThePage_OldestFirst()
    {
        var ids = Enumerable.Range(0, 5).Select(_ => Enqueue()).ToArray();
        Assert.Equal(ids[1..3], Monitor.EnqueuedJobs("default", 1, 2).Select(job => job.Key));
        Assert.Equal(ids[4..], Monitor.EnqueuedJobs("default", 4, 10).Select(job => job.Key));
        Assert.Empty(Monitor.EnqueuedJobs("default", 5, 10));
    }

    [Fact]
    public virtual void EnqueuedJobs_DescribesTheJob()
    {
        Enqueue();
        var job = Monitor.EnqueuedJobs("default", 0, 1)[0].Value;
        Assert.Equal("Echo", job.Job.Method.Name);
        Assert.Equal("Enqueued", job.State);
        Assert.True(job.InEnqueuedState);
        AboutNow(job.EnqueuedAt);
    }

    [Fact]
    public virtual void EnqueuedJobs_TellsAnotherState()
    {
        var id = InState(new FactState("Other"));
        Commit(transaction => transaction.AddToQueue("default", id));
        var job = Monitor.EnqueuedJobs("default", 0, 1)[0].Value;
        Assert.False(job.InEnqueuedState);
        Assert.Equal("Other", job.State);
    }

    [Fact]
    public virtual void EnqueuedJobs_ListsAJobThatIsGone()
    {
        var id = MissingJob;
        Commit(transaction => transaction.AddToQueue("default", id));
        var job = Assert.Single(Monitor.EnqueuedJobs("default", 0, 10));
        Assert.Equal(id, job.Key);
        Assert.Null(job.Value?.Job);
    }

    [Fact]
    public virtual void FetchedJobs_IsEmpty_WhenNothingIsFetched()
    {
        Enqueue();
        Assert.Empty(Monitor.FetchedJobs("default", 0, 10));
    }

    [Fact]
    public virtual void FetchedJobs_TellsWhen()
    {
        var id = Enqueue();
        using var fetched = Fetch("default");
        var job = Assert.Single(Monitor.FetchedJobs("default", 0, 10));
        Assert.Equal(id, job.Key);
        AboutNow(job.Value.FetchedAt);
        Assert.Equal("Echo", job.Value.Job.Method.Name);
    }

    [Fact]
    public virtual void ProcessingJobs_ReturnsThePage_OldestFirst()
    {
        var ids = Enumerable.Range(0, 4).Select(_ => InState(ProcessingState())).ToArray();
        Assert.Equal(ids[1..3], Monitor.ProcessingJobs(1, 2).Select(job => job.Key));
        Assert.Equal(4, Monitor.ProcessingCount());
        var job = Monitor.ProcessingJobs(0, 1)[0].Value;
        Assert.True(job.InProcessingState);
        Assert.Equal("server", job.ServerId);
        AboutNow(job.StartedAt);
    }

    [Fact]
    public virtual void ScheduledJobs_ReturnsThePage()
    {
        var ids = Enumerable.Range(0, 4).Select(hours => Schedule(DateTime.UtcNow.AddHours(1 + hours))).ToArray();
        Assert.Equal(ids[1..3], Monitor.ScheduledJobs(1, 2).Select(job => job.Key));
        Assert.Equal(4, Monitor.ScheduledCount());
        var job = Monitor.ScheduledJobs(0, 1)[0].Value;
        Assert.True(job.InScheduledState);
        Assert.InRange(job.EnqueueAt, DateTime.UtcNow.AddMinutes(59), DateTime.UtcNow.AddMinutes(61));
        AboutNow(job.ScheduledAt);
    }

    [Fact]
    public virtual void SucceededJobs_ReturnsThePage_NewestFirst()
    {
        var ids = Enumerable.Range(0, 4).Select(_ => InState(new SucceededState("done", 5, 7))).ToArray();
        Assert.Equal([ids[2], ids[1]], Monitor.SucceededJobs(1, 2).Select(job => job.Key));
        Assert.Equal(4, Monitor.SucceededListCount());
        var job = Monitor.SucceededJobs(0, 1)[0].Value;
        Assert.True(job.InSucceededState);
        Assert.Equal("\"done\"", job.Result?.ToString());
        Assert.Equal(12, job.TotalDuration);
        AboutNow(job.SucceededAt);
    }

    [Fact]
    public virtual void SucceededJobs_TolerateMissingData()
    {
        InState(new FactState(SucceededState.StateName, null, []));
        var job = Assert.Single(Monitor.SucceededJobs(0, 10)).Value;
        Assert.Null(job.Result);
        Assert.Null(job.TotalDuration);
    }

    [Fact]
    public virtual void FailedJobs_ReturnsThePage_NewestFirst()
    {
        var ids = Enumerable.Range(0, 4).Select(_ => InState(Failure())).ToArray();
        Assert.Equal([ids[2], ids[1]], Monitor.FailedJobs(1, 2).Select(job => job.Key));
        Assert.Equal(4, Monitor.FailedCount());
        var job = Monitor.FailedJobs(0, 1)[0].Value;
        Assert.True(job.InFailedState);
        Assert.Equal("System.InvalidOperationException", job.ExceptionType);
        Assert.Equal("不行", job.ExceptionMessage);
        Assert.Contains("不行", job.ExceptionDetails, StringComparison.Ordinal);
        Assert.Equal("because", job.Reason);
        AboutNow(job.FailedAt);
    }

    [Fact]
    public virtual void DeletedJobs_ReturnsThePage_NewestFirst()
    {
        var ids = Enumerable.Range(0, 4).Select(_ => InState(new DeletedState())).ToArray();
        Assert.Equal([ids[2], ids[1]], Monitor.DeletedJobs(1, 2).Select(job => job.Key));
        Assert.Equal(4, Monitor.DeletedListCount());
        var job = Monitor.DeletedJobs(0, 1)[0].Value;
        Assert.True(job.InDeletedState);
        AboutNow(job.DeletedAt);
    }

    [Fact]
    public virtual void AwaitingJobs_ReturnsThePage_WithTheStateOfTheParent()
    {
        var parent = InState(ProcessingState());
        var ids = Enumerable.Range(0, 3).Select(_ => InState(new AwaitingState(parent, new EnqueuedState()))).ToArray();
        var monitor = (JobStorageMonitor)Monitor;
        Assert.Equal(ids, monitor.AwaitingJobs(0, 10).Select(job => job.Key));
        Assert.Equal(3, monitor.AwaitingCount());
        var job = monitor.AwaitingJobs(0, 1)[0].Value;
        Assert.True(job.InAwaitingState);
        Assert.Equal("Processing", job.ParentStateName);
        AboutNow(job.AwaitingAt);
    }

    [Fact]
    public virtual void Lists_AreEmpty_WhenThereAreNoJobs()
    {
        Assert.Empty(Monitor.ProcessingJobs(0, 10));
        Assert.Empty(Monitor.ScheduledJobs(0, 10));
        Assert.Empty(Monitor.SucceededJobs(0, 10));
        Assert.Empty(Monitor.FailedJobs(0, 10));
        Assert.Empty(Monitor.DeletedJobs(0, 10));
        Assert.Equal(0, Monitor.ProcessingCount() + Monitor.ScheduledCount() + Monitor.SucceededListCount());
        Assert.Equal(0, Monitor.FailedCount() + Monitor.DeletedListCount());
    }

    [Fact]
    public virtual void SucceededByDatesCount_HasSevenDays_AndZeros()
    {
        Count("succeeded");
        CheckDays(Monitor.SucceededByDatesCount());
    }

    [Fact]
    public virtual void FailedByDatesCount_HasSevenDays_AndZeros()
    {
        Count("failed");
        CheckDays(Monitor.FailedByDatesCount());
    }

    [Fact]
    public virtual void DeletedByDatesCount_HasSevenDays_AndZeros()
    {
        Count("deleted");
        CheckDays(((JobStorageMonitor)Monitor).DeletedByDatesCount());
    }

    [Fact]
    public virtual void HourlySucceededJobs_HasADayOfHours_AndZeros()
    {
        Count("succeeded");
        CheckHours(Monitor.HourlySucceededJobs());
    }

    [Fact]
    public virtual void HourlyFailedJobs_HasADayOfHours_AndZeros()
    {
        Count("failed");
        CheckHours(Monitor.HourlyFailedJobs());
    }

    [Fact]
    public virtual void HourlyDeletedJobs_HasADayOfHours_AndZeros()
    {
        Count("deleted");
        CheckHours(((JobStorageMonitor)Monitor).HourlyDeletedJobs());
    }

    [Fact]
    public virtual void LinearizableReads_AreOffered() => Assert.True(Storage.LinearizableReads);

    [Theory]
    [InlineData("Job.Queue")]
    [InlineData("Storage.ExtendedApi")]
    [InlineData("Storage.ProcessesInsteadOfComponents")]
    [InlineData("Connection.GetUtcDateTime")]
    [InlineData("Connection.BatchedGetFirstByLowestScoreFromSet")]
    [InlineData("BatchedGetFirstByLowestScoreFromSet")]
    [InlineData("Connection.GetSetContains")]
    [InlineData("Connection.GetSetCount.Limited")]
    [InlineData("Transaction.AcquireDistributedLock")]
    [InlineData("Transaction.CreateJob")]
    [InlineData("Transaction.SetJobParameter")]
    [InlineData("Monitoring.DeletedStateGraphs")]
    [InlineData("Monitoring.AwaitingJobs")]
    public virtual void HasFeature_IsTrue_ForWhatTheCoreUses(string feature) => Assert.True(Storage.HasFeature(feature));

    [Fact]
    public virtual void HasFeature_IsFalse_ForTheUnknown() => Assert.False(Storage.HasFeature("Something.Else"));

    [Fact]
    public virtual void HasFeature_Throws_WhenTheFeatureIsNull() => Assert.Throws<ArgumentNullException>(() => Storage.HasFeature(null!));

    protected static FactState ProcessingState() => new(Hangfire.States.ProcessingState.StateName, null, new()
    {
        ["ServerId"] = "server",
        ["WorkerId"] = "worker",
        ["StartedAt"] = JobHelper.SerializeDateTime(DateTime.UtcNow),
    });

    private static FailedState Failure()
    {
        try
        {
            throw new InvalidOperationException("不行");
        }
        catch (InvalidOperationException error)
        {
            return new FailedState(error) { Reason = "because" };
        }
    }

    private static void CheckDays(IDictionary<DateTime, long> days)
    {
        Assert.Equal(7, days.Count);
        Assert.Equal(1, days[DateTime.UtcNow.Date]);
        Assert.Equal(1, days.Values.Sum());
    }

    private static void CheckHours(IDictionary<DateTime, long> hours)
    {
        Assert.Equal(24, hours.Count);
        Assert.Equal(1, hours.Values.Sum());
        Assert.Equal(1, hours[hours.Keys.Max()]);
    }

    private string Schedule(DateTime enqueueAt)
    {
        var id = NewJob();
        Commit(transaction =>
        {
            transaction.SetJobState(id, new ScheduledState(enqueueAt));
            transaction.AddToSet("schedule", id, JobHelper.ToTimestamp(enqueueAt));
        });
        return id;
    }

    private void Count(string type)
    {
        var now = DateTime.UtcNow;
        Commit(transaction =>
        {
            transaction.IncrementCounter(string.Create(CultureInfo.InvariantCulture, $"stats:{type}:{now:yyyy-MM-dd}"), TimeSpan.FromDays(30));
            transaction.IncrementCounter(string.Create(CultureInfo.InvariantCulture, $"stats:{type}:{now:yyyy-MM-dd-HH}"), TimeSpan.FromDays(1));
        });
    }
}
