using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

public abstract partial class StorageFacts<TFixture>
{
    [Fact]
    public virtual void AcquireDistributedLock_Throws_WhenResourceIsNull() =>
        Assert.Throws<ArgumentNullException>(() => Connection.AcquireDistributedLock(null!, TimeSpan.Zero));

    [Fact]
    public virtual void AcquireDistributedLock_TimesOut_WhenAnotherConnectionHoldsIt()
    {
        using var held = Connection.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        Assert.ThrowsAny<DistributedLockTimeoutException>(() => NewConnection().AcquireDistributedLock("resource", TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public virtual void AcquireDistributedLock_TimesOutAtOnce_WhenTheTimeoutIsZero()
    {
        using var held = Connection.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        Assert.ThrowsAny<DistributedLockTimeoutException>(() => NewConnection().AcquireDistributedLock("resource", TimeSpan.Zero));
    }

    [Fact]
    public virtual void AcquireDistributedLock_Succeeds_WhenTheTimeoutIsZeroAndItIsFree()
    {
        using var held = Connection.AcquireDistributedLock("resource", TimeSpan.Zero);
        Assert.NotNull(held);
    }

    [Fact]
    public virtual void AcquireDistributedLock_NamesTheResource_WhenItTimesOut()
    {
        using var held = Connection.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        var error = Assert.ThrowsAny<DistributedLockTimeoutException>(() => NewConnection().AcquireDistributedLock("resource", TimeSpan.FromMilliseconds(50)));
        Assert.Equal("resource", error.Resource);
    }

    [Fact]
    public virtual void AcquireDistributedLock_DoesNotCare_WhenTheResourceIsAnother()
    {
        using var held = Connection.AcquireDistributedLock("resource-1", TimeSpan.FromSeconds(1));
        using var other = NewConnection().AcquireDistributedLock("resource-2", TimeSpan.FromSeconds(1));
        Assert.NotNull(other);
    }

    [Fact]
    public virtual void AcquireDistributedLock_IsReentrant_OnTheSameConnection()
    {
        using var outer = Connection.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        using var inner = Connection.AcquireDistributedLock("resource", TimeSpan.FromMilliseconds(100));
        Assert.NotNull(inner);
    }

    [Fact]
    public virtual void AcquireDistributedLock_IsHeld_UntilTheOutermostIsReleased()
    {
        var outer = Connection.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        Connection.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1)).Dispose();
        Assert.ThrowsAny<DistributedLockTimeoutException>(() => NewConnection().AcquireDistributedLock("resource", TimeSpan.Zero));
        outer.Dispose();
        NewConnection().AcquireDistributedLock("resource", TimeSpan.Zero).Dispose();
    }

    [Fact]
    public virtual void AcquireDistributedLock_IsFree_AfterItsHandleIsDisposed()
    {
        Connection.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1)).Dispose();
        using var held = NewConnection().AcquireDistributedLock("resource", TimeSpan.Zero);
        Assert.NotNull(held);
    }

    [Fact]
    public virtual void AcquireDistributedLock_IsFree_AfterItsConnectionIsDisposed()
    {
        var connection = NewConnection();
        connection.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        connection.Dispose();
        using var held = NewConnection().AcquireDistributedLock("resource", TimeSpan.FromSeconds(5));
        Assert.NotNull(held);
    }

    [Fact]
    public virtual void AcquireDistributedLock_ReleasesOnce_WhenItsHandleIsDisposedTwice()
    {
        var first = Connection.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        first.Dispose();
        using var second = NewConnection().AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        first.Dispose();
        Assert.ThrowsAny<DistributedLockTimeoutException>(() => NewConnection().AcquireDistributedLock("resource", TimeSpan.Zero));
    }

    [Fact]
    public virtual void AcquireDistributedLock_WakesTheWaiter()
    {
        var held = Connection.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        var waiting = OnThread(() => NewConnection().AcquireDistributedLock("resource", Soon));
        Thread.Sleep(100);
        Assert.False(waiting.IsCompleted);
        held.Dispose();
        Awaited(waiting).Dispose();
    }

    [Fact]
    public virtual void AcquireDistributedLock_LetsOneInAtATime()
    {
        var inside = 0;
        var most = 0;
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var connection = Storage.GetConnection();
            using var held = connection.AcquireDistributedLock("resource", Soon);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Thread.Yield();
            Interlocked.Decrement(ref inside);
        });
        Assert.Equal(1, most);
    }

    [Fact]
    public virtual void AcquireDistributedLock_InATransaction_IsHeldUntilTheCommit()
    {
        using var transaction = Begin();
        transaction.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        Assert.ThrowsAny<DistributedLockTimeoutException>(() => NewConnection().AcquireDistributedLock("resource", TimeSpan.Zero));
        transaction.Commit();
        using var held = NewConnection().AcquireDistributedLock("resource", TimeSpan.Zero);
        Assert.NotNull(held);
    }

    [Fact]
    public virtual void AcquireDistributedLock_InATransaction_IsFree_AfterItIsDisposedWithoutCommit()
    {
        using (var transaction = Begin()) transaction.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        using var held = NewConnection().AcquireDistributedLock("resource", TimeSpan.Zero);
        Assert.NotNull(held);
    }

    [Fact]
    public virtual void AcquireDistributedLock_InATransaction_IsReentrantWithItsConnection()
    {
        using var held = Connection.AcquireDistributedLock("resource", TimeSpan.FromSeconds(1));
        using var transaction = Begin();
        transaction.AcquireDistributedLock("resource", TimeSpan.FromMilliseconds(100));
        transaction.Commit();
        Assert.ThrowsAny<DistributedLockTimeoutException>(() => NewConnection().AcquireDistributedLock("resource", TimeSpan.Zero));
    }
}
