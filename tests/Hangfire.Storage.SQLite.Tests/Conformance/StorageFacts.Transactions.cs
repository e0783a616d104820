using System.Globalization;
using Hangfire.Common;
using Hangfire.States;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

public abstract partial class StorageFacts<TFixture>
{
    [Fact]
    public virtual void Commit_WritesCommandsInOrder()
    {
        var id = NewJob();
        Commit(transaction =>
        {
            transaction.AddToSet("set", "a");
            transaction.RemoveFromSet("set", "a");
            transaction.AddToSet("set", "b");
            transaction.SetJobState(id, new FactState("First"));
            transaction.SetJobState(id, new FactState("Second"));
        });
        Assert.Equal(["b"], Connection.GetAllItemsFromSet("set"));
        Assert.Equal("Second", Connection.GetJobData(id).State);
    }

    [Fact]
    public virtual void Commit_DoesNothing_WhenThereAreNoCommands() => Commit(_ => { });

    [Fact]
    public virtual void Commit_Throws_WhenCalledTwice()
    {
        using var transaction = Begin();
        transaction.IncrementCounter("counter");
        transaction.Commit();
        Assert.ThrowsAny<Exception>(transaction.Commit);
        Assert.Equal(1, Connection.GetCounter("counter"));
    }

    [Fact]
    public virtual void Commit_IsSeenByOtherConnectionsAtOnce()
    {
        for (var index = 1; index <= 20; index++)
        {
            Commit(transaction => transaction.IncrementCounter("counter"));
            Assert.Equal(index, NewConnection().GetCounter("counter"));
        }
    }

    [Fact]
    public virtual void NothingIsSeen_BeforeTheCommit()
    {
        var id = NewJob();
        using var transaction = Begin();
        transaction.SetJobState(id, new FactState("State"));
        transaction.AddToQueue("default", id);
        transaction.AddToSet("set", "a");
        transaction.InsertToList("list", "a");
        transaction.IncrementCounter("counter");
        Assert.Null(Connection.GetJobData(id).State);
        Assert.Equal(0, Monitor.EnqueuedCount("default"));
        Assert.Empty(Connection.GetAllItemsFromSet("set"));
        Assert.Empty(Connection.GetAllItemsFromList("list"));
        Assert.Equal(0, Connection.GetCounter("counter"));
    }

    [Fact]
    public virtual void NothingIsWritten_WhenDisposedWithoutCommit()
    {
        using (var transaction = Begin()) transaction.IncrementCounter("counter");
        Assert.Equal(0, Connection.GetCounter("counter"));
    }

    [Fact]
    public virtual void NothingIsWritten_WhenAStateFailsToSerialize()
    {
        var id = NewJob();
        Assert.Throws<InvalidOperationException>(() => Commit(transaction =>
        {
            transaction.IncrementCounter("counter");
            transaction.SetJobState(id, new UnserializableState());
        }));
        Assert.Equal(0, Connection.GetCounter("counter"));
        Assert.Null(Connection.GetJobData(id).State);
    }

    [Fact]
    public virtual void Commit_KeepsEveryCount_WhenCalledFromManyThreads()
    {
        Parallel.For(0, 100, _ =>
        {
            using var connection = Storage.GetConnection();
            using var transaction = connection.CreateWriteTransaction();
            transaction.IncrementCounter("counter");
            transaction.Commit();
        });
        Assert.Equal(100, Connection.GetCounter("counter"));
    }

    [Fact]
    public virtual void CreateJob_CreatesTheJobWithTheCommit()
    {
        using var transaction = Begin();
        var id = transaction.CreateJob(
            Job.FromExpression(() => FactJobs.Echo("text")), new Dictionary<string, string> { ["a"] = "1" }, DateTime.UtcNow, TimeSpan.FromDays(1));
        Assert.Null(Connection.GetJobData(id));
        transaction.AddToQueue("default", id);
        transaction.Commit();
        Assert.Equal("text", Connection.GetJobData(id).Job.Args[0]);
        Assert.Equal("1", Connection.GetJobParameter(id, "a"));
        using var fetched = Fetch("default");
        Assert.Equal(id, fetched.JobId);
    }

    [Fact]
    public virtual void SetJobParameter_InATransaction_IsWrittenWithTheCommit()
    {
        var id = NewJob();
        using var transaction = Begin();
        transaction.SetJobParameter(id, "a", "1");
        Assert.Null(Connection.GetJobParameter(id, "a"));
        transaction.Commit();
        Assert.Equal("1", Connection.GetJobParameter(id, "a"));
    }

    [Fact]
    public virtual void ExpireJob_Throws_WhenIdIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.ExpireJob(null!, TimeSpan.FromHours(1)));
    }

    [Fact]
    public virtual void ExpireJob_SetsExpiration_OfThatJobOnly()
    {
        var id = NewJob();
        var other = NewJob();
        Commit(transaction => transaction.PersistJob(other));
        Commit(transaction => transaction.ExpireJob(id, TimeSpan.FromHours(1)));
        Assert.InRange(Monitor.JobDetails(id).ExpireAt!.Value, DateTime.UtcNow.AddMinutes(59), DateTime.UtcNow.AddMinutes(61));
        Assert.Null(Monitor.JobDetails(other).ExpireAt);
    }

    [Fact]
    public virtual void ExpireJob_DoesNothing_WhenThereIsNoJob()
    {
        var id = MissingJob;
        Commit(transaction => transaction.ExpireJob(id, TimeSpan.FromHours(1)));
        Assert.Null(Connection.GetJobData(id));
    }

    [Fact]
    public virtual void PersistJob_Throws_WhenIdIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.PersistJob(null!));
    }

    [Fact]
    public virtual void PersistJob_ClearsExpiration()
    {
        var id = NewJob();
        Commit(transaction => transaction.PersistJob(id));
        Assert.Null(Monitor.JobDetails(id).ExpireAt);
    }

    [Fact]
    public virtual void PersistJob_DoesNothing_WhenThereIsNoJob()
    {
        var id = MissingJob;
        Commit(transaction => transaction.PersistJob(id));
        Assert.Null(Connection.GetJobData(id));
    }

    [Fact]
    public virtual void SetJobState_Throws_WhenIdIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.SetJobState(null!, new FactState("State")));
    }

    [Fact]
    public virtual void SetJobState_Throws_WhenStateIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.SetJobState("1", null!));
    }

    [Fact]
    public virtual void SetJobState_DoesNothing_WhenThereIsNoJob()
    {
        var id = MissingJob;
        Commit(transaction => transaction.SetJobState(id, new FactState("State")));
        Assert.Null(Connection.GetStateData(id));
    }

    [Fact]
    public virtual void SetJobState_ChangesThatJobOnly()
    {
        var id = NewJob();
        var other = NewJob();
        Commit(transaction => transaction.SetJobState(id, new FactState("State")));
        Assert.Equal("State", Connection.GetJobData(id).State);
        Assert.Null(Connection.GetJobData(other).State);
    }

    [Fact]
    public virtual void SetJobState_AddsToTheHistory_NewestFirst()
    {
        var id = InState(new FactState("First", "one", new() { ["a"] = "1" }));
        Commit(transaction => transaction.SetJobState(id, new FactState("Second")));
        var history = Monitor.JobDetails(id).History;
        Assert.Equal(["Second", "First"], history.Select(state => state.StateName));
        Assert.Equal("one", history[1].Reason);
        Assert.Equal("1", history[1].Data["a"]);
        AboutNow(history[0].CreatedAt);
    }

    [Fact]
    public virtual void SetJobState_KeepsALongReason()
    {
        var reason = new string('长', 5_000);
        Assert.Equal(reason, Connection.GetStateData(InState(new FactState("State", reason))).Reason);
    }

    [Fact]
    public virtual void SetJobState_CapsTheHistory()
    {
        var id = NewJob();
        for (var index = 0; index < 150; index++)
            Commit(transaction => transaction.SetJobState(id, new FactState(string.Create(CultureInfo.InvariantCulture, $"S{index}"))));
        var history = Monitor.JobDetails(id).History;
        Assert.InRange(history.Count, 1, 100);
        Assert.Equal("S149", history[0].StateName);
    }

    [Fact]
    public virtual void AddJobState_Throws_WhenIdIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.AddJobState(null!, new FactState("State")));
    }

    [Fact]
    public virtual void AddJobState_Throws_WhenStateIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.AddJobState("1", null!));
    }

    [Fact]
    public virtual void AddJobState_AddsToTheHistory_WithoutChangingTheState()
    {
        var id = InState(new FactState("Current"));
        Commit(transaction => transaction.AddJobState(id, new FactState("Tried")));
        Assert.Equal("Current", Connection.GetJobData(id).State);
        Assert.Equal("Current", Connection.GetStateData(id).Name);
        Assert.Equal(["Tried", "Current"], Monitor.JobDetails(id).History.Select(state => state.StateName));
    }

    [Fact]
    public virtual void AddJobState_DoesNothing_WhenThereIsNoJob()
    {
        var id = MissingJob;
        Commit(transaction => transaction.AddJobState(id, new FactState("State")));
        Assert.Null(Connection.GetJobData(id));
    }

    [Fact]
    public virtual void AddToQueue_Throws_WhenQueueIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.AddToQueue(null!, "1"));
    }

    [Fact]
    public virtual void AddToQueue_Throws_WhenIdIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.AddToQueue("default", null!));
    }

    [Fact]
    public virtual void AddToQueue_Adds()
    {
        var id = NewJob();
        Commit(transaction => transaction.AddToQueue("default", id));
        Assert.Equal(1, Monitor.EnqueuedCount("default"));
        Assert.Equal(id, Assert.Single(Monitor.EnqueuedJobs("default", 0, 10)).Key);
    }

    [Fact]
    public virtual void AddToQueue_AddsTwice_WhenCalledTwice()
    {
        var id = NewJob();
        Commit(transaction =>
        {
            transaction.AddToQueue("default", id);
            transaction.AddToQueue("default", id);
        });
        Assert.Equal(2, Monitor.EnqueuedCount("default"));
    }

    [Fact]
    public virtual void AddToQueue_WakesNobody_BeforeTheCommit()
    {
        var id = NewJob();
        var waiting = OnThread(() => NewConnectionFetch("default"));
        Thread.Sleep(100);
        using var transaction = Begin();
        transaction.AddToQueue("default", id);
        Thread.Sleep(200);
        Assert.False(waiting.IsCompleted);
        transaction.Commit();
        Awaited(waiting).Dispose();
    }

    [Fact]
    public virtual void IncrementCounter_Throws_WhenKeyIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.IncrementCounter(null!));
        Assert.Throws<ArgumentNullException>(() => transaction.IncrementCounter(null!, TimeSpan.FromHours(1)));
    }

    [Fact]
    public virtual void DecrementCounter_Throws_WhenKeyIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.DecrementCounter(null!));
        Assert.Throws<ArgumentNullException>(() => transaction.DecrementCounter(null!, TimeSpan.FromHours(1)));
    }

    [Fact]
    public virtual void DecrementCounter_GoesBelowZero()
    {
        Commit(transaction => transaction.DecrementCounter("counter"));
        Assert.Equal(-1, Connection.GetCounter("counter"));
    }

    [Fact]
    public virtual void IncrementCounter_Counts_WhenItExpires()
    {
        Commit(transaction =>
        {
            transaction.IncrementCounter("counter", TimeSpan.FromHours(1));
            transaction.IncrementCounter("counter", TimeSpan.FromHours(1));
        });
        Assert.Equal(2, Connection.GetCounter("counter"));
    }

    [Fact]
    public virtual void DecrementCounter_ReturnsToZero_AndOn()
    {
        Commit(transaction => transaction.IncrementCounter("counter"));
        Commit(transaction => transaction.DecrementCounter("counter", TimeSpan.FromHours(1)));
        Assert.Equal(0, Connection.GetCounter("counter"));
        Commit(transaction => transaction.IncrementCounter("counter"));
        Assert.Equal(1, Connection.GetCounter("counter"));
    }

    [Fact]
    public virtual void AddToSet_Throws_WhenKeyIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.AddToSet(null!, "a"));
        Assert.Throws<ArgumentNullException>(() => transaction.AddToSet(null!, "a", 1));
    }

    [Fact]
    public virtual void AddToSet_Throws_WhenValueIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.AddToSet("set", null!));
    }

    [Fact]
    public virtual void AddToSet_KeepsValuesApart()
    {
        AddToSet("set", ("a", 0), ("b", 0));
        Assert.Equal(2, Connection.GetSetCount("set"));
    }

    [Fact]
    public virtual void AddToSet_KeepsAValueOnce()
    {
        AddToSet("set", ("a", 0), ("a", 0));
        Assert.Equal(1, Connection.GetSetCount("set"));
    }

    [Fact]
    public virtual void AddToSet_UpdatesTheScore()
    {
        AddToSet("set", ("a", 1), ("b", 2));
        AddToSet("set", ("a", 3));
        Assert.Equal(["b", "a"], Connection.GetRangeFromSet("set", 0, 10));
    }

    [Fact]
    public virtual void AddToSet_HasScoreZero_WhenNoneIsGiven()
    {
        Commit(transaction => transaction.AddToSet("set", "a"));
        Assert.Equal("a", Connection.GetFirstByLowestScoreFromSet("set", 0, 0));
    }

    [Fact]
    public virtual void RemoveFromSet_Throws_WhenKeyOrValueIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.RemoveFromSet(null!, "a"));
        Assert.Throws<ArgumentNullException>(() => transaction.RemoveFromSet("set", null!));
    }

    [Fact]
    public virtual void RemoveFromSet_RemovesThatValueOnly()
    {
        AddToSet("set", ("a", 1), ("b", 2));
        AddToSet("other", ("a", 1));
        Commit(transaction => transaction.RemoveFromSet("set", "a"));
        Assert.Equal(["b"], Connection.GetAllItemsFromSet("set"));
        Assert.Equal(["a"], Connection.GetAllItemsFromSet("other"));
    }

    [Fact]
    public virtual void RemoveFromSet_DoesNothing_WhenThereIsNoSet() => Commit(transaction => transaction.RemoveFromSet("set", "a"));

    [Fact]
    public virtual void AddRangeToSet_Throws_WhenKeyOrItemsAreNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.AddRangeToSet(null!, ["a"]));
        Assert.Throws<ArgumentNullException>(() => transaction.AddRangeToSet("set", null!));
    }

    [Fact]
    public virtual void AddRangeToSet_Throws_WhenAnItemIsNull()
    {
        using var transaction = Begin();
        Assert.ThrowsAny<ArgumentException>(() => transaction.AddRangeToSet("set", ["a", null!]));
    }

    [Fact]
    public virtual void AddRangeToSet_AddsAll()
    {
        Commit(transaction => transaction.AddRangeToSet("set", ["a", "b", "a"]));
        Assert.Equal(["a", "b"], Connection.GetAllItemsFromSet("set").Order(StringComparer.Ordinal));
    }

    [Fact]
    public virtual void AddRangeToSet_DoesNothing_WhenThereAreNoItems()
    {
        Commit(transaction => transaction.AddRangeToSet("set", []));
        Assert.Equal(0, Connection.GetSetCount("set"));
    }

    [Fact]
    public virtual void RemoveSet_Throws_WhenKeyIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.RemoveSet(null!));
    }

    [Fact]
    public virtual void RemoveSet_RemovesThatSetOnly()
    {
        AddToSet("set", ("a", 1), ("b", 2));
        AddToSet("other", ("a", 1));
        Commit(transaction => transaction.RemoveSet("set"));
        Assert.Equal(0, Connection.GetSetCount("set"));
        Assert.Equal(1, Connection.GetSetCount("other"));
    }

    [Fact]
    public virtual void ExpireSet_Throws_WhenKeyIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.ExpireSet(null!, TimeSpan.FromHours(1)));
    }

    [Fact]
    public virtual void ExpireSet_DoesNothing_WhenThereIsNoSet() => Commit(transaction => transaction.ExpireSet("set", TimeSpan.FromHours(1)));

    [Fact]
    public virtual void PersistSet_ClearsExpiration()
    {
        AddToSet("set", ("a", 1));
        Commit(transaction => transaction.ExpireSet("set", TimeSpan.FromHours(1)));
        Commit(transaction => transaction.PersistSet("set"));
        Assert.True(Connection.GetSetTtl("set") < TimeSpan.Zero);
    }

    [Fact]
    public virtual void InsertToList_Throws_WhenKeyIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.InsertToList(null!, "a"));
    }

    [Fact]
    public virtual void InsertToList_InsertsAtTheHead()
    {
        InsertToList("list", "1");
        InsertToList("list", "2");
        Assert.Equal(["2", "1"], Connection.GetAllItemsFromList("list"));
    }

    [Fact]
    public virtual void RemoveFromList_Throws_WhenKeyIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.RemoveFromList(null!, "a"));
    }

    [Fact]
    public virtual void RemoveFromList_RemovesAllEqualValues()
    {
        InsertToList("list", "a", "b", "a");
        Commit(transaction => transaction.RemoveFromList("list", "a"));
        Assert.Equal(["b"], Connection.GetAllItemsFromList("list"));
    }

    [Fact]
    public virtual void RemoveFromList_RemovesNothing_WhenTheValueIsAnother()
    {
        InsertToList("list", "a");
        InsertToList("other", "b");
        Commit(transaction => transaction.RemoveFromList("list", "b"));
        Assert.Equal(1, Connection.GetListCount("list"));
        Assert.Equal(1, Connection.GetListCount("other"));
    }

    [Fact]
    public virtual void TrimList_Throws_WhenKeyIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.TrimList(null!, 0, 1));
    }

    [Theory]
    [InlineData(0, 0, "4")]
    [InlineData(1, 2, "3,2")]
    [InlineData(0, 100, "4,3,2,1")]
    [InlineData(2, 100, "2,1")]
    [InlineData(4, 100, "")]
    [InlineData(1, 0, "")]
    [InlineData(0, -1, "")]
    public virtual void TrimList_KeepsThePositions(int first, int last, string expected)
    {
        InsertToList("list", "1", "2", "3", "4");
        InsertToList("other", "x");
        Commit(transaction => transaction.TrimList("list", first, last));
        Assert.Equal(expected, string.Join(',', Connection.GetAllItemsFromList("list")));
        Assert.Equal(1, Connection.GetListCount("other"));
    }

    [Fact]
    public virtual void PersistList_ClearsExpiration()
    {
        InsertToList("list", "a");
        Commit(transaction => transaction.ExpireList("list", TimeSpan.FromHours(1)));
        Commit(transaction => transaction.PersistList("list"));
        Assert.True(Connection.GetListTtl("list") < TimeSpan.Zero);
    }

    [Fact]
    public virtual void SetRangeInHash_InATransaction_Throws_WhenKeyOrPairsAreNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.SetRangeInHash(null!, []));
        Assert.Throws<ArgumentNullException>(() => transaction.SetRangeInHash("hash", null!));
    }

    [Fact]
    public virtual void SetRangeInHash_InATransaction_MergesFields()
    {
        SetHash("hash", ("a", "1"), ("b", "2"));
        Commit(transaction => transaction.SetRangeInHash("hash", [new("b", "3"), new("c", null!)]));
        var hash = Connection.GetAllEntriesFromHash("hash");
        Assert.Equal("1", hash["a"]);
        Assert.Equal("3", hash["b"]);
        Assert.Null(hash["c"]);
    }

    [Fact]
    public virtual void RemoveHash_Throws_WhenKeyIsNull()
    {
        using var transaction = Begin();
        Assert.Throws<ArgumentNullException>(() => transaction.RemoveHash(null!));
    }

    [Fact]
    public virtual void RemoveHash_RemovesThatHashOnly()
    {
        SetHash("hash", ("a", "1"));
        SetHash("other", ("a", "1"));
        Commit(transaction => transaction.RemoveHash("hash"));
        Assert.Null(Connection.GetAllEntriesFromHash("hash"));
        Assert.NotNull(Connection.GetAllEntriesFromHash("other"));
    }

    [Fact]
    public virtual void PersistHash_ClearsExpiration()
    {
        SetHash("hash", ("a", "1"));
        Commit(transaction => transaction.ExpireHash("hash", TimeSpan.FromHours(1)));
        Commit(transaction => transaction.PersistHash("hash"));
        Assert.True(Connection.GetHashTtl("hash") < TimeSpan.Zero);
    }

    private sealed class UnserializableState : IState
    {
        public string Name => "Unserializable";

        public string? Reason => null;

        public bool IsFinal => false;

        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string> SerializeData() => throw new InvalidOperationException("This state cannot be stored.");
    }
}
