using Hangfire.Common;
using Hangfire.States;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

public abstract partial class StorageFacts<TFixture>
{
    [Fact]
    public virtual void CreateExpiredJob_Throws_WhenJobIsNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.CreateExpiredJob(null!, new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.Zero));

    [Fact]
    public virtual void CreateExpiredJob_Throws_WhenParametersAreNull() =>
        Assert.Throws<ArgumentNullException>(() =>
            Connection.CreateExpiredJob(Job.FromExpression(() => FactJobs.Nothing()), null!, DateTime.UtcNow, TimeSpan.Zero));

    [Fact]
    public virtual void CreateExpiredJob_ReturnsUniqueIds()
    {
        var ids = Enumerable.Range(0, 50).Select(_ => NewJob()).ToArray();
        Assert.Equal(50, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(ids, id => Assert.NotEmpty(id));
    }

    [Fact]
    public virtual void CreateExpiredJob_ReturnsUniqueIds_WhenCalledFromManyThreads()
    {
        var ids = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 100, _ => ids.Add(Storage.GetConnection().CreateExpiredJob(
            Job.FromExpression(() => FactJobs.Nothing()), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromDays(1))));
        Assert.Equal(100, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public virtual void CreateExpiredJob_KeepsParameters()
    {
        var id = NewJob(new() { ["a"] = "1", ["b"] = "2" });
        Assert.Equal("1", Connection.GetJobParameter(id, "a"));
        Assert.Equal("2", Connection.GetJobParameter(id, "b"));
    }

    [Fact]
    public virtual void CreateExpiredJob_KeepsParameter_WhenItsValueIsNull()
    {
        var id = NewJob(new() { ["a"] = null! });
        Assert.Null(Connection.GetJobParameter(id, "a"));
    }

    [Fact]
    public virtual void CreateExpiredJob_KeepsTheQueueOfTheJob()
    {
        var id = Connection.CreateExpiredJob(
            Job.FromExpression(() => FactJobs.Nothing(), "critical"), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromDays(1));
        Assert.Equal("critical", Connection.GetJobData(id).Job.Queue);
    }

    [Fact]
    public virtual void CreateExpiredJob_SetsExpiration()
    {
        var id = NewJob(expireIn: TimeSpan.FromHours(2));
        Assert.InRange(Monitor.JobDetails(id).ExpireAt!.Value, DateTime.UtcNow.AddMinutes(119), DateTime.UtcNow.AddMinutes(121));
    }

    [Fact]
    public virtual void CreateExpiredJob_SetsExpiration_WhenItIsZero()
    {
        var id = NewJob(expireIn: TimeSpan.Zero);
        if (Monitor.JobDetails(id) is { } job) Assert.InRange(job.ExpireAt!.Value, DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow);
    }

    [Fact]
    public virtual void CreateExpiredJob_KeepsText_WhenItIsNotLatin()
    {
        var text = "新闻 \"quoted\" \\ \u0001 😀 " + new string('长', 50_000);
        var id = Connection.CreateExpiredJob(
            Job.FromExpression(() => FactJobs.Echo(text)), new Dictionary<string, string> { ["标题"] = text }, DateTime.UtcNow, TimeSpan.FromDays(1));
        Assert.Equal(text, Connection.GetJobData(id).Job.Args[0]);
        Assert.Equal(text, Connection.GetJobParameter(id, "标题"));
    }

    [Fact]
    public virtual void SetJobParameter_Throws_WhenIdIsNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.SetJobParameter(null!, "name", "value"));

    [Fact]
    public virtual void SetJobParameter_Throws_WhenNameIsNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.SetJobParameter("1", null!, "value"));

    [Fact]
    public virtual void SetJobParameter_DoesNothing_WhenThereIsNoJob()
    {
        var id = MissingJob;
        Connection.SetJobParameter(id, "name", "value");
        Assert.Null(Connection.GetJobParameter(id, "name"));
    }

    [Fact]
    public virtual void SetJobParameter_DoesNothing_WhenTheIdIsNone() => Connection.SetJobParameter("no-id", "name", "value");

    [Fact]
    public virtual void SetJobParameter_Appends()
    {
        var id = NewJob(new() { ["a"] = "1" });
        Connection.SetJobParameter(id, "b", "2");
        Assert.Equal("1", Connection.GetJobParameter(id, "a"));
        Assert.Equal("2", Connection.GetJobParameter(id, "b"));
    }

    [Fact]
    public virtual void SetJobParameter_Overwrites()
    {
        var id = NewJob(new() { ["a"] = "1" });
        Connection.SetJobParameter(id, "a", "2");
        Assert.Equal("2", Connection.GetJobParameter(id, "a"));
    }

    [Fact]
    public virtual void SetJobParameter_AcceptsNull()
    {
        var id = NewJob(new() { ["a"] = "1" });
        Connection.SetJobParameter(id, "a", null!);
        Assert.Null(Connection.GetJobParameter(id, "a"));
    }

    [Fact]
    public virtual void SetJobParameter_KeepsEmptyText()
    {
        var id = NewJob();
        Connection.SetJobParameter(id, "a", string.Empty);
        Assert.Equal(string.Empty, Connection.GetJobParameter(id, "a"));
    }

    [Fact]
    public virtual void GetJobParameter_Throws_WhenIdIsNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.GetJobParameter(null!, "name"));

    [Fact]
    public virtual void GetJobParameter_Throws_WhenNameIsNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.GetJobParameter("1", null!));

    [Fact]
    public virtual void GetJobParameter_ReturnsNull_WhenThereIsNoJob() => Assert.Null(Connection.GetJobParameter(MissingJob, "name"));

    [Fact]
    public virtual void GetJobParameter_ReturnsNull_WhenTheIdIsNone() => Assert.Null(Connection.GetJobParameter("no-id", "name"));

    [Fact]
    public virtual void GetJobParameter_ReturnsNull_WhenThereIsNoParameter() => Assert.Null(Connection.GetJobParameter(NewJob(), "name"));

    [Fact]
    public virtual void GetJobParameter_TellsNamesApart_WhenOnlyTheCaseDiffers()
    {
        var id = NewJob(new() { ["name"] = "1", ["Name"] = "2" });
        Assert.Equal("1", Connection.GetJobParameter(id, "name"));
        Assert.Equal("2", Connection.GetJobParameter(id, "Name"));
    }

    [Fact]
    public virtual void GetJobData_Throws_WhenIdIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetJobData(null!));

    [Fact]
    public virtual void GetJobData_ReturnsNull_WhenThereIsNoJob() => Assert.Null(Connection.GetJobData(MissingJob));

    [Fact]
    public virtual void GetJobData_ReturnsNull_WhenTheIdIsNone() => Assert.Null(Connection.GetJobData("no-id"));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999999")]
    public virtual void GetJobData_ReturnsNull_WhenTheIdIsMalformed(string id) => Assert.Null(Connection.GetJobData(id));

    [Fact]
    public virtual void GetJobData_HasNoState_WhenNoneWasSet()
    {
        var data = Connection.GetJobData(NewJob());
        Assert.Null(data.State);
        Assert.Null(data.LoadException);
        Assert.Equal("Echo", data.Job.Method.Name);
        Assert.Equal("value", data.Job.Args[0]);
    }

    [Fact]
    public virtual void GetJobData_HasTheState_WhenOneWasSet() =>
        Assert.Equal("Scheduled", Connection.GetJobData(InState(new ScheduledState(TimeSpan.FromHours(1)))).State);

    [Fact]
    public virtual void GetJobData_HasTheTimeOfCreationInUtc()
    {
        var data = Connection.GetJobData(NewJob());
        AboutNow(data.CreatedAt);
        Assert.NotEqual(DateTimeKind.Local, data.CreatedAt.Kind);
    }

    [Fact]
    public virtual void GetJobData_HasTheInvocation()
    {
        var data = Connection.GetJobData(NewJob()).InvocationData;
        Assert.Equal("Echo", data.Method);
        Assert.Contains(nameof(FactJobs), data.Type, StringComparison.Ordinal);
    }

    [Fact]
    public virtual void GetJobData_HasASnapshotOfTheParameters()
    {
        var id = NewJob(new() { ["a"] = "1", ["b"] = "2" });
        var snapshot = Connection.GetJobData(id).ParametersSnapshot;
        Connection.SetJobParameter(id, "a", "changed");
        Assert.Equal("1", snapshot["a"]);
        Assert.Equal("2", snapshot["b"]);
    }

    [Fact]
    public virtual void GetJobData_HasAnEmptySnapshot_WhenThereAreNoParameters() =>
        Assert.Empty(Connection.GetJobData(NewJob()).ParametersSnapshot);

    [Fact]
    public virtual void GetStateData_Throws_WhenIdIsNull() => Assert.Throws<ArgumentNullException>(() => Connection.GetStateData(null!));

    [Fact]
    public virtual void GetStateData_ReturnsNull_WhenThereIsNoJob() => Assert.Null(Connection.GetStateData(MissingJob));

    [Fact]
    public virtual void GetStateData_ReturnsNull_WhenTheIdIsNone() => Assert.Null(Connection.GetStateData("no-id"));

    [Fact]
    public virtual void GetStateData_ReturnsNull_WhenNoStateWasSet() => Assert.Null(Connection.GetStateData(NewJob()));

    [Fact]
    public virtual void GetStateData_ReturnsTheState()
    {
        var state = Connection.GetStateData(InState(new FactState("State", "because", new() { ["Name"] = "value" })));
        Assert.Equal("State", state.Name);
        Assert.Equal("because", state.Reason);
        Assert.Equal("value", state.Data["Name"]);
    }

    [Fact]
    public virtual void GetStateData_IgnoresTheCaseOfNames() =>
        Assert.Equal("value", Connection.GetStateData(InState(new FactState("State", null, new() { ["Name"] = "value" }))).Data["name"]);

    [Fact]
    public virtual void GetStateData_HasNoReason_WhenThereWasNone() => Assert.Null(Connection.GetStateData(InState(new FactState("State"))).Reason);

    [Fact]
    public virtual void GetStateData_HasEmptyData_WhenTheStateHadNone() =>
        Assert.Empty(Connection.GetStateData(InState(new FactState("State", null, []))).Data);

    [Fact]
    public virtual void GetStateData_ReturnsTheLatestState()
    {
        var id = InState(new FactState("First"));
        Commit(transaction => transaction.SetJobState(id, new FactState("Second")));
        Assert.Equal("Second", Connection.GetStateData(id).Name);
    }

    [Fact]
    public virtual void GetStateData_KeepsANullValue() =>
        Assert.Null(Connection.GetStateData(InState(new FactState("State", null, new() { ["Name"] = null! }))).Data["Name"]);

    [Fact]
    public virtual void GetUtcDateTime_ReturnsTheTime() => AboutNow(Connection.GetUtcDateTime());
}
