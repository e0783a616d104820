using System.Collections.Concurrent;
using Aggregator.Core.Background;
using Xunit;

namespace Aggregator.Core.Tests.Background;

public sealed class BackgroundThreadsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Goes_on_on_a_thread_of_its_own_and_leaves_it_at_the_next_wait()
    {
        using var threads = new BackgroundThreads("test", 1);
        var (before, inside, after) = (threads.IsCurrent, false, true);
        await Task.Run(async () =>
        {
            await threads.EnterAsync();
            inside = threads.IsCurrent && !Thread.CurrentThread.IsThreadPoolThread;
            await Task.Yield();
            after = threads.IsCurrent;
        }, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((false, true, false), (before, inside, after));
    }

    [Fact]
    public async Task Does_no_more_at_once_than_it_has_threads_and_everything_in_the_end()
    {
        using var threads = new BackgroundThreads("test", 3);
        var (running, most, done) = (0, 0, new ConcurrentBag<int>());
        var used = new ConcurrentDictionary<int, bool>();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(number => threads.RunAsync(() =>
        {
            used[Environment.CurrentManagedThreadId] = true;
            var now = Interlocked.Increment(ref running);
            for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, now, seen);
            Thread.SpinWait(20_000);
            Interlocked.Decrement(ref running);
            done.Add(number);
            return number;
        }))).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 300), done.Order());
        Assert.InRange(most, 1, 3);
        Assert.InRange(used.Count, 1, 3);
    }

    [Fact]
    public async Task Lets_the_pool_go_on_while_all_its_threads_are_busy()
    {
        using var threads = new BackgroundThreads("test", 2);
        using var busy = new ManualResetEventSlim();
        var works = Enumerable.Range(0, 64).Select(_ => threads.RunAsync(() => busy.Wait(Patience))).ToArray();
        await Task.Run(static () => { }, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(works, static work => work.IsCompleted);
        busy.Set();
        Assert.All(await Task.WhenAll(works), Assert.True);
    }

    [Fact]
    public async Task Hands_errors_and_cancellations_to_who_waits_and_goes_on()
    {
        using var threads = new BackgroundThreads("test", 1);
        await Assert.ThrowsAsync<InvalidDataException>(() => threads.RunAsync<int>(static () => Broken()));
        await Assert.ThrowsAsync<TaskCanceledException>(() => threads.RunAsync(static () => (Task<int>)Task.FromCanceled<int>(new CancellationToken(canceled: true))));
        Assert.Equal(7, await threads.RunAsync(() => 7));

        static int Broken() => throw new InvalidDataException("broken");
    }

    [Fact]
    public async Task Takes_what_flows_with_a_request_along()
    {
        using var threads = new BackgroundThreads("test", 1);
        var local = new AsyncLocal<string?> { Value = "mine" };
        Assert.Equal("mine", await threads.RunAsync(() => local.Value));
        local.Value = "another's";
        Assert.Equal("another's", await threads.RunAsync(() => local.Value));
        await threads.EnterAsync();
        Assert.Equal("another's", local.Value);
    }

    [Fact]
    public async Task Ends_its_threads_after_what_waits_and_takes_nothing_more()
    {
        var threads = new BackgroundThreads("test", 1);
        using var busy = new ManualResetEventSlim();
        Thread? thread = null;
        var first = threads.RunAsync(() =>
        {
            thread = Thread.CurrentThread;
            return busy.Wait(Patience);
        });
        var second = threads.RunAsync(() => 2);
        threads.Dispose();
        busy.Set();
        Assert.True(await first);
        Assert.Equal(2, await second);
        Assert.True(thread!.Join(Patience));
        Assert.Throws<ObjectDisposedException>(() => { _ = threads.RunAsync(() => 3); });
    }

    [Fact]
    public async Task Lets_others_have_their_turn_between_two_rounds_of_a_loop()
    {
        using var threads = new BackgroundThreads("test", 1);
        using var started = new ManualResetEventSlim();
        var order = new ConcurrentQueue<string>();
        var held = threads.RunAsync(() => started.Wait(Patience));
        var loop = LoopAsync();
        var other = threads.RunAsync(() =>
        {
            order.Enqueue("other");
            return true;
        });
        started.Set();
        await Task.WhenAll(held, loop, other).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(["round 0", "other", "round 1", "round 2"], order);

        async Task LoopAsync()
        {
            for (var round = 0; round < 3; round++)
            {
                await threads.YieldAsync();
                order.Enqueue($"round {round}");
            }
        }
    }
}
