using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

public abstract partial class StorageFacts<TFixture>
{
    [Fact]
    public virtual void FetchNextJob_Throws_WhenQueuesAreNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.FetchNextJob(null!, CancellationToken.None));

    [Fact]
    public virtual void FetchNextJob_Throws_WhenThereAreNoQueues() =>
        Assert.Throws<ArgumentException>(() => Connection.FetchNextJob([], CancellationToken.None));

    [Fact]
    public virtual void FetchNextJob_Throws_WhenCancelledBefore() =>
        Assert.ThrowsAny<OperationCanceledException>(() => Connection.FetchNextJob(["default"], new CancellationToken(canceled: true)));

    [Fact]
    public virtual void FetchNextJob_LeavesTheJob_WhenCancelledBefore()
    {
        Enqueue();
        Assert.ThrowsAny<OperationCanceledException>(() => Connection.FetchNextJob(["default"], new CancellationToken(canceled: true)));
        Assert.Equal(1, Monitor.EnqueuedCount("default"));
    }

    [Fact]
    public virtual void FetchNextJob_Throws_WhenCancelledWhileItWaits()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.ThrowsAny<OperationCanceledException>(() => Connection.FetchNextJob(["default"], cancellation.Token));
    }

    [Fact]
    public virtual void FetchNextJob_ReturnsTheJob()
    {
        var id = Enqueue();
        using var fetched = Fetch("default");
        Assert.Equal(id, fetched.JobId);
    }

    [Fact]
    public virtual void FetchNextJob_TakesTheJobFromTheQueue()
    {
        Enqueue();
        using var fetched = Fetch("default");
        Assert.True(IsEmpty("default"));
    }

    [Fact]
    public virtual void FetchNextJob_ReturnsTheEarliest()
    {
        var first = Enqueue();
        var second = Enqueue();
        using var fetchedFirst = Fetch("default");
        using var fetchedSecond = Fetch("default");
        Assert.Equal(first, fetchedFirst.JobId);
        Assert.Equal(second, fetchedSecond.JobId);
    }

    [Fact]
    public virtual void FetchNextJob_IgnoresOtherQueues()
    {
        Enqueue("other");
        Assert.True(IsEmpty("default"));
    }

    [Fact]
    public virtual void FetchNextJob_LooksAtQueuesInTheGivenOrder()
    {
        var a = Enqueue("a");
        var b = Enqueue("b");
        using var first = Fetch("b", "a");
        using var second = Fetch("b", "a");
        Assert.Equal(b, first.JobId);
        Assert.Equal(a, second.JobId);
    }

    [Fact]
    public virtual void FetchNextJob_LooksAtEveryQueue()
    {
        var id = Enqueue("third");
        using var fetched = Fetch("first", "second", "third");
        Assert.Equal(id, fetched.JobId);
    }

    [Fact]
    public virtual void FetchNextJob_AcceptsAQueueTwice()
    {
        var id = Enqueue("a");
        using var fetched = Fetch("a", "a", "b");
        Assert.Equal(id, fetched.JobId);
    }

    [Fact]
    public virtual void FetchNextJob_ReturnsAJobThatIsGone()
    {
        var id = MissingJob;
        Commit(transaction => transaction.AddToQueue("default", id));
        using var fetched = Fetch("default");
        Assert.Equal(id, fetched.JobId);
    }

    [Fact]
    public virtual void FetchNextJob_IsWokenByACommit()
    {
        var waiting = OnThread(() => Fetch("default"));
        Thread.Sleep(100);
        Assert.False(waiting.IsCompleted);
        var id = Enqueue();
        using var fetched = Awaited(waiting);
        Assert.Equal(id, fetched.JobId);
    }

    [Fact]
    public virtual void FetchNextJob_IsWokenByACommit_WhenItWaitsOnSeveralQueues()
    {
        var waiting = OnThread(() => Fetch("a", "b", "c"));
        Thread.Sleep(100);
        var id = Enqueue("b");
        using var fetched = Awaited(waiting);
        Assert.Equal(id, fetched.JobId);
    }

    [Fact]
    public virtual void FetchNextJob_WakesAsManyAsThereAreJobs()
    {
        var waiting = Enumerable.Range(0, 4).Select(_ => OnThread(() => NewConnectionFetch("default"))).ToArray();
        Thread.Sleep(100);
        var ids = Enumerable.Range(0, 4).Select(_ => NewJob()).ToArray();
        Commit(transaction =>
        {
            foreach (var id in ids) transaction.AddToQueue("default", id);
        });
        var fetched = waiting.Select(Awaited).ToArray();
        Assert.Equal(ids.Order(StringComparer.Ordinal), fetched.Select(job => job.JobId).Order(StringComparer.Ordinal));
        foreach (var job in fetched) job.Dispose();
    }

    [Fact]
    public virtual void FetchNextJob_IsWokenByARequeue()
    {
        var id = Enqueue();
        var held = Fetch("default");
        var waiting = OnThread(() => NewConnectionFetch("default"));
        Thread.Sleep(100);
        held.Requeue();
        using var fetched = Awaited(waiting);
        Assert.Equal(id, fetched.JobId);
    }

    [Fact]
    public virtual void FetchNextJob_GivesAJobToOneOnly()
    {
        for (var index = 0; index < 40; index++) Enqueue();
        var taken = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var job = NewConnectionFetch("default");
            taken.Add(job.JobId);
            job.RemoveFromQueue();
        });
        Assert.Equal(40, taken.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public virtual void RemoveFromQueue_RemovesTheJob()
    {
        Enqueue();
        using (var fetched = Fetch("default")) fetched.RemoveFromQueue();
        Assert.True(IsEmpty("default"));
        Assert.Equal(0, Monitor.EnqueuedCount("default"));
    }

    [Fact]
    public virtual void RemoveFromQueue_DoesNothing_WhenCalledTwice()
    {
        Enqueue();
        Enqueue();
        using (var fetched = Fetch("default"))
        {
            fetched.RemoveFromQueue();
            fetched.RemoveFromQueue();
        }

        Assert.Equal(1, Monitor.EnqueuedCount("default"));
    }

    [Fact]
    public virtual void Requeue_GivesTheJobBack()
    {
        var id = Enqueue();
        using (var fetched = Fetch("default")) fetched.Requeue();
        using var again = Fetch("default");
        Assert.Equal(id, again.JobId);
    }

    [Fact]
    public virtual void Requeue_GivesTheJobBackOnce_WhenDisposedToo()
    {
        Enqueue();
        var fetched = Fetch("default");
        fetched.Requeue();
        fetched.Dispose();
        using var again = Fetch("default");
        Assert.True(IsEmpty("default"));
    }

    [Fact]
    public virtual void Dispose_GivesTheJobBack_WhenNothingWasDecided()
    {
        var id = Enqueue();
        Fetch("default").Dispose();
        using var again = Fetch("default");
        Assert.Equal(id, again.JobId);
    }

    [Fact]
    public virtual void Dispose_GivesNothingBack_WhenTheJobWasRemoved()
    {
        Enqueue();
        var fetched = Fetch("default");
        fetched.RemoveFromQueue();
        fetched.Dispose();
        Assert.True(IsEmpty("default"));
    }

    [Fact]
    public virtual void RemoveFromQueue_InATransaction_RemovesTheJobWithTheCommit()
    {
        Enqueue();
        using (var fetched = Fetch("default"))
            Commit(transaction => transaction.RemoveFromQueue(fetched));
        Assert.True(IsEmpty("default"));
    }

    [Fact]
    public virtual void RemoveFromQueue_InATransaction_KeepsTheJob_WhenThereIsNoCommit()
    {
        var id = Enqueue();
        using (var fetched = Fetch("default"))
        using (var transaction = Begin())
            transaction.RemoveFromQueue(fetched);
        using var again = Fetch("default");
        Assert.Equal(id, again.JobId);
    }

    [Fact]
    public virtual void HasFeature_TellsThatTheFetchedJobIsAcknowledgedInTransactions()
    {
        Enqueue();
        using var fetched = Fetch("default");
        Assert.True(Storage.HasFeature(JobStorageFeatures.Transaction.RemoveFromQueue(fetched.GetType())));
    }

    private IFetchedJob NewConnectionFetch(string queue)
    {
        using var limit = new CancellationTokenSource(Soon);
        using var connection = Storage.GetConnection();
        return connection.FetchNextJob([queue], limit.Token);
    }
}
