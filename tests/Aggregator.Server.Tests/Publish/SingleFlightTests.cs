using Aggregator.Server.Publish;
using Xunit;

namespace Aggregator.Server.Tests.Publish;

public sealed class SingleFlightTests
{
    [Fact]
    public async Task Runs_once_for_all_who_ask_meanwhile_and_again_for_whoever_asks_later()
    {
        using var flight = new SingleFlight<string, int>();
        var (runs, gate) = (0, new TaskCompletionSource());
        async Task<int> Work(CancellationToken stopping)
        {
            var run = Interlocked.Increment(ref runs);
            await gate.Task.WaitAsync(stopping);
            return run;
        }

        var both = new[] { flight.RunAsync("a", Work, CancellationToken.None), flight.RunAsync("a", Work, CancellationToken.None) };
        gate.SetResult();
        var results = await Task.WhenAll(both);
        Assert.Equal([1, 1], results);
        Assert.Equal(2, await flight.RunAsync("a", Work, CancellationToken.None));
    }

    [Fact]
    public async Task Keeps_no_failure()
    {
        using var flight = new SingleFlight<string, int>();
        await Assert.ThrowsAsync<IOException>(() => flight.RunAsync("a", _ => throw new IOException("away"), CancellationToken.None));
        Assert.Equal(7, await flight.RunAsync("a", _ => Task.FromResult(7), CancellationToken.None));
    }

    [Fact]
    public async Task Ends_the_work_when_it_is_disposed()
    {
        var flight = new SingleFlight<string, int>();
        var running = flight.RunAsync(
            "a",
            async stopping =>
            {
                await Task.Delay(Timeout.Infinite, stopping);
                return 0;
            },
            CancellationToken.None);
        flight.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
