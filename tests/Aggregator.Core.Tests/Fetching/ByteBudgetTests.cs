using Aggregator.Core.Fetching;
using Xunit;

namespace Aggregator.Core.Tests.Fetching;

public sealed class ByteBudgetTests
{
    private const int Segment = ByteBudget.SegmentBytes;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0), InlineData(1), InlineData(Segment - 1), InlineData(Segment), InlineData(Segment + 1), InlineData(5 * Segment + 7)]
    public async Task Reads_a_body_of_any_size_whole(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        var budget = new ByteBudget(10 * Segment);
        using (var lease = budget.Open()) Assert.Equal(bytes, (await lease.ReadToEndAsync(new MemoryStream(bytes), Ct)).ToArray());
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task Lets_small_bodies_through_while_the_budget_is_used_up()
    {
        var budget = new ByteBudget(2 * Segment);
        using var large = budget.Open();
        await large.ReadToEndAsync(new MemoryStream(new byte[3 * Segment - 1]), Ct);
        Assert.Equal(2 * Segment, budget.Used);
        for (var i = 0; i < 20; i++)
        {
            using var small = budget.Open();
            Assert.Equal(1000, (await small.ReadToEndAsync(new MemoryStream(new byte[1000]), Ct)).Length);
        }
    }

    [Fact]
    public async Task Makes_large_bodies_wait_for_each_other_and_loses_none()
    {
        var budget = new ByteBudget(4 * Segment);
        var most = 0L;
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 10, CancellationToken = Ct }, async (i, ct) =>
        {
            using var lease = budget.Open();
            var size = (2 + i % 5) * Segment + i;
            Assert.Equal(size, (await lease.ReadToEndAsync(new SlowStream(size), ct)).Length);
            InterlockedMax(ref most, budget.Used);
        });
        Assert.Equal(0, budget.Used);
        // The budget, and the one body that may always go on.
        Assert.InRange(most, Segment, 4 * Segment + 7 * Segment);
    }

    [Fact]
    public async Task Lets_who_waits_be_cancelled_and_forgets_him()
    {
        var budget = new ByteBudget(Segment);
        var first = budget.Open();
        await first.ReadToEndAsync(new MemoryStream(new byte[2 * Segment - 1]), Ct);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var second = budget.Open();
        var waiting = second.ReadToEndAsync(new MemoryStream(new byte[2 * Segment]), cancel.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        using var third = budget.Open();
        var next = third.ReadToEndAsync(new MemoryStream(new byte[Segment + 1]), Ct).AsTask();
        Assert.False(next.IsCompleted);
        second.Dispose();
        first.Dispose();
        Assert.Equal(Segment + 1, (await next).Length);
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = target; value > seen; seen = target)
            if (Interlocked.CompareExchange(ref target, value, seen) == seen) return;
    }

    private sealed class SlowStream(int size) : MemoryStream(new byte[size])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return await base.ReadAsync(buffer[..Math.Min(buffer.Length, 50_000)], cancellationToken);
        }
    }
}
