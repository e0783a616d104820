using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

public sealed class NamedLocksTests
{
    private readonly NamedLocks _locks = new();

    [Fact]
    public void A_name_is_forgotten_when_nobody_holds_it()
    {
        var owner = new object();
        var outer = _locks.Acquire(owner, "a", TimeSpan.Zero);
        var inner = _locks.Acquire(owner, "a", TimeSpan.Zero);
        inner.Dispose();
        Assert.Equal(1, _locks.Count);
        outer.Dispose();
        Assert.Equal(0, _locks.Count);
    }

    [Fact]
    public void A_waiter_that_gave_up_is_not_handed_the_lock()
    {
        var held = _locks.Acquire(new object(), "a", TimeSpan.Zero);
        Assert.Throws<DistributedLockTimeoutException>(() => _locks.Acquire(new object(), "a", TimeSpan.FromMilliseconds(20)));
        held.Dispose();
        Assert.Equal(0, _locks.Count);
        _locks.Acquire(new object(), "a", TimeSpan.Zero).Dispose();
    }

    [Fact]
    public async Task Waiters_get_it_in_the_order_of_their_coming()
    {
        var order = new List<int>();
        var held = _locks.Acquire(new object(), "a", TimeSpan.Zero);
        var waiting = new List<Task>();
        for (var index = 0; index < 5; index++)
        {
            var number = index;
            waiting.Add(Task.Factory.StartNew(
                () =>
                {
                    using var mine = _locks.Acquire(new object(), "a", TimeSpan.FromSeconds(20));
                    lock (order) order.Add(number);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));
            await Task.Delay(50);
        }

        held.Dispose();
        await Task.WhenAll(waiting);
        Assert.Equal([0, 1, 2, 3, 4], order);
    }
}
