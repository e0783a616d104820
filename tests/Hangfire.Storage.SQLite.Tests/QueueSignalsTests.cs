using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

public sealed class QueueSignalsTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private readonly QueueSignals _signals = new();

    [Fact]
    public void One_signal_calls_the_one_who_waits_longest()
    {
        using var first = _signals.Register(["a"]);
        using var second = _signals.Register(["a"]);
        _signals.Signal("a");
        Assert.True(Called(first));
        Assert.False(Called(second));
    }

    [Fact]
    public void A_signal_for_another_queue_calls_nobody()
    {
        using var waiter = _signals.Register(["a"]);
        _signals.Signal("b");
        Assert.False(Called(waiter));
    }

    [Fact]
    public void A_waiter_is_called_once_although_it_waits_on_several_queues()
    {
        using var both = _signals.Register(["a", "b"]);
        using var other = _signals.Register(["b"]);
        _signals.Signal("a");
        _signals.Signal("b");
        Assert.True(Called(both));
        Assert.True(Called(other));
    }

    [Fact]
    public void A_waiter_that_was_called_gets_in_line_again()
    {
        using var waiter = _signals.Register(["a"]);
        _signals.Signal("a");
        Assert.True(Called(waiter));
        _signals.Signal("a");
        Assert.True(Called(waiter));
    }

    [Fact]
    public void A_call_goes_on_to_the_next_when_the_waiter_leaves_without_a_job()
    {
        var stopped = _signals.Register(["a"]);
        using var next = _signals.Register(["a"]);
        _signals.Signal("a");
        stopped.Dispose();
        Assert.True(Called(next));
    }

    [Fact]
    public void A_call_goes_on_to_the_next_when_the_waiter_took_a_job_of_another_queue()
    {
        var waiter = _signals.Register(["a", "b"]);
        using var next = _signals.Register(["b"]);
        _signals.Signal("b");
        Assert.True(waiter.Wait(Long, CancellationToken.None));
        waiter.Took("a");
        waiter.Dispose();
        Assert.True(Called(next));
    }

    [Fact]
    public void A_call_ends_with_the_job_that_it_was_for()
    {
        var waiter = _signals.Register(["a"]);
        using var next = _signals.Register(["a"]);
        _signals.Signal("a");
        Assert.True(waiter.Wait(Long, CancellationToken.None));
        waiter.Took("a");
        waiter.Dispose();
        Assert.False(Called(next));
    }

    [Fact]
    public void A_cancelled_waiter_throws_and_passes_its_call_on()
    {
        var waiter = _signals.Register(["a"]);
        using var next = _signals.Register(["a"]);
        Assert.Throws<OperationCanceledException>(() => waiter.Wait(Long, new CancellationToken(canceled: true)));
        _signals.Signal("a");
        waiter.Dispose();
        Assert.True(Called(next));
    }

    private static bool Called(QueueSignals.Waiter waiter) => waiter.Wait(TimeSpan.FromMilliseconds(1), CancellationToken.None);
}
