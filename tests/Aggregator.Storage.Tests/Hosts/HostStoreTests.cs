using System.Collections.Concurrent;
using System.Diagnostics;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Stores;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Storage.Tests.Hosts;

public abstract class HostStoreTests(StoreProvider provider) : StoreTests(provider)
{
    protected static readonly HostLimits TwoAtOnce = new(2, TimeSpan.Zero);

    protected IHostStore Hosts => Get<IHostStore>();

    [Fact]
    public async Task Claims_no_source_of_a_closed_host_before_its_time()
    {
        var closed = await AddSourceAsync("https://User:secret@Slow.example/feed");
        var other = await AddSourceAsync("https://slow.example:8443/feed");
        await Hosts.CloseAsync("slow.example:443", Now.AddHours(1), Ct);
        await Hosts.CloseAsync("slow.example:443", Now.AddMinutes(1), Ct);

        Assert.Equal(Now.AddHours(1), await Hosts.ClosedUntilAsync("slow.example:443", Ct));
        Assert.Null(await Hosts.ClosedUntilAsync("slow.example:8443", Ct));
        Assert.Equal(1, await Sources.CountDueAsync(Now, Ct));
        Assert.Equal([other], (await Sources.ClaimDueAsync("me", Now, Now.AddMinutes(1), 10, Ct)).Select(source => source.Id));
        Assert.Equal(2, await Sources.CountDueAsync(Now.AddHours(1), Ct));
        Assert.Contains(closed, (await Sources.ClaimDueAsync("me", Now.AddHours(1), Now.AddHours(2), 10, Ct)).Select(source => source.Id));
    }

    [Fact]
    public async Task Keeps_a_closed_host_closed_over_a_restart()
    {
        await AddSourceAsync("https://slow.example/feed");
        await Hosts.CloseAsync("slow.example:443", Now.AddHours(1), Ct);
        await using var restarted = Compose();
        Assert.Empty(await restarted.GetRequiredService<ISourceStore>().ClaimDueAsync("other", Now, Now.AddMinutes(1), 10, Ct));
        Assert.Equal(Now.AddHours(1), await restarted.GetRequiredService<IHostStore>().ClosedUntilAsync("slow.example:443", Ct));
    }

    [Fact]
    public async Task Learns_the_hosts_of_sources_that_are_older_than_the_column()
    {
        var old = await AddSourceAsync("https://old.example/feed");
        await Database.WriteAsync(session => session.ExecuteAsync("update source set host = null"), Ct);
        Assert.Single(await Sources.ClaimDueAsync("me", Now, Now.AddMinutes(1), 10, Ct));
        await Sources.ReleaseAsync([old], "me", Ct);
        await Hosts.CloseAsync("old.example:443", Now.AddHours(1), Ct);
        Assert.Equal(0, await Sources.CountDueAsync(Now, Ct));
    }
}

public sealed class SqliteHostStoreTests() : HostStoreTests(StoreProvider.Sqlite)
{
    [Fact]
    public async Task Leaves_slots_to_the_one_process_that_owns_the_file()
    {
        Assert.False(Hosts.IsShared);
        var grant = Assert.Single(await Hosts.AcquireAsync([new HostDemand("a:80", 5)], TwoAtOnce, Now, Now.AddMinutes(1), Ct));
        Assert.Equal((5, null), (grant.Granted, grant.RetryAt));
    }
}

public sealed class PostgreSqlHostStoreTests() : HostStoreTests(StoreProvider.PostgreSql)
{
    [Fact]
    public async Task Grants_no_more_slots_than_a_host_has()
    {
        Assert.Equal([1, 2], await GrantAsync(TwoAtOnce, Now, ("a:80", 1), ("b:80", 5)));
        Assert.Equal([1, 0], await GrantAsync(TwoAtOnce, Now, ("a:80", 2), ("b:80", 1)));
        Assert.Equal([0, 0], await GrantAsync(TwoAtOnce, Now, ("a:80", 1), ("b:80", 1)));

        await Hosts.ReleaseAsync([new HostSlot("b:80", Now.AddMinutes(1)), new HostSlot("b:80", Now.AddMinutes(1)), new HostSlot("c:80", Now)], Ct);
        Assert.Equal([0, 2], await GrantAsync(TwoAtOnce, Now, ("a:80", 1), ("b:80", 3)));
    }

    [Fact]
    public async Task Frees_the_slots_that_a_dead_worker_left_when_their_lease_has_run_out()
    {
        Assert.Equal([2], await GrantAsync(TwoAtOnce, Now, ("a:80", 2)));
        Assert.Equal([0], await GrantAsync(TwoAtOnce, Now.AddSeconds(59), ("a:80", 2)));
        Assert.Equal([2], await GrantAsync(TwoAtOnce, Now.AddMinutes(1), ("a:80", 2)));
        // The dead one comes back to life and gives back what is no longer its own.
        await Hosts.ReleaseAsync([new HostSlot("a:80", Now.AddMinutes(1))], Ct);
        Assert.Equal([0], await GrantAsync(TwoAtOnce, Now.AddMinutes(1), ("a:80", 1)));
    }

    [Fact]
    public async Task Keeps_the_gap_and_says_when_to_come_back()
    {
        var limits = new HostLimits(4, TimeSpan.FromSeconds(1));
        var first = await Hosts.AcquireAsync([new HostDemand("a:80", 3)], limits, Now, Now.AddMinutes(1), Ct);
        Assert.Equal(new HostGrant("a:80", 1, null), Assert.Single(first));
        var second = await Hosts.AcquireAsync([new HostDemand("a:80", 1)], limits, Now.AddMilliseconds(999), Now.AddMinutes(1), Ct);
        Assert.Equal(new HostGrant("a:80", 0, Now.AddSeconds(1)), Assert.Single(second));
        Assert.Equal([1], await GrantAsync(limits, Now.AddSeconds(1), ("a:80", 1)));

        await Hosts.CloseAsync("a:80", Now.AddHours(1), Ct);
        var closed = await Hosts.AcquireAsync([new HostDemand("a:80", 1)], limits, Now.AddMinutes(1), Now.AddMinutes(2), Ct);
        Assert.Equal(new HostGrant("a:80", 0, Now.AddHours(1)), Assert.Single(closed));
    }

    [Fact]
    public async Task Keeps_a_longer_gap_from_a_start_that_kept_a_shorter_one()
    {
        Assert.Equal([1], await GrantAsync(new HostLimits(4, TimeSpan.FromSeconds(1)), Now, ("a:80", 1)));
        var longer = new HostLimits(4, TimeSpan.FromSeconds(10)) { LookBack = TimeSpan.FromSeconds(10) };
        var early = await Hosts.AcquireAsync([new HostDemand("a:80", 1)], longer, Now.AddSeconds(3), Now.AddMinutes(1), Ct);
        Assert.Equal(new HostGrant("a:80", 0, Now.AddSeconds(10)), Assert.Single(early));
        Assert.Equal([1], await GrantAsync(longer, Now.AddSeconds(10), ("a:80", 1)));
    }

    [Fact]
    public async Task Holds_the_limits_between_workers_that_ask_at_the_same_time()
    {
        var time = TimeProvider.System;
        var options = new FetchingOptions { PerHostConcurrency = 3, PerHostGap = TimeSpan.FromMilliseconds(20), Timeout = TimeSpan.FromSeconds(5) };
        await using var one = Compose();
        await using var two = Compose();
        HostGate[] gates = [.. new[] { one, two }.Select(node => new HostGate(options, time, node.GetRequiredService<IHostStore>()))];
        int inside = 0, most = 0;
        var starts = new ConcurrentBag<long>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = Ct }, async (i, ct) =>
        {
            var gate = gates[i % 2];
            await gate.EnterAsync("a:80", ct);
            starts.Add(Stopwatch.GetTimestamp());
            var now = Interlocked.Increment(ref inside);
            for (var seen = most; now > seen; seen = most)
                if (Interlocked.CompareExchange(ref most, now, seen) == seen) break;
            await Task.Delay(30, ct);
            Interlocked.Decrement(ref inside);
            gate.Leave("a:80");
        });
        Assert.InRange(most, 1, 3);
        Assert.Equal(60, starts.Count);

        // Everything was given back: three enter at once, but for the gap.
        var limits = new HostLimits(3, TimeSpan.Zero);
        var deadline = time.GetUtcNow().AddSeconds(5);
        while (true)
        {
            var now = time.GetUtcNow().AddMilliseconds(100);
            var grant = (await Hosts.AcquireAsync([new HostDemand("a:80", 3)], limits, now, now.AddMinutes(1), Ct))[0];
            if (grant.Granted == 3) break;
            await Hosts.ReleaseAsync([.. Enumerable.Repeat(new HostSlot("a:80", now.AddMinutes(1)), grant.Granted)], Ct);
            Assert.True(now < deadline, $"only {grant.Granted} of 3 slots came back");
            await Task.Delay(20, Ct);
        }
    }

    [Fact]
    public async Task Tries_a_transaction_again_that_a_deadlock_broke_off()
    {
        var a = await AddSourceAsync("https://a.example/");
        var b = await AddSourceAsync("https://b.example/");
        using var bothHoldOne = new Barrier(2);
        var tries = 0;
        async Task<int> LockAsync(long first, long second, int party)
        {
            var isFirstTry = true;
            return await Database.WriteAsync(
                async session =>
                {
                    Interlocked.Increment(ref tries);
                    await session.ExecuteAsync("update source set title = @title where id = @id", new { id = first, title = $"{party}" });
                    if (isFirstTry)
                    {
                        isFirstTry = false;
                        await Task.Run(() => bothHoldOne.SignalAndWait(TimeSpan.FromSeconds(10)));
                    }

                    return await session.ExecuteAsync("update source set title = @title where id = @id", new { id = second, title = $"{party}" });
                },
                Ct);
        }

        Assert.Equal(2, (await Task.WhenAll(LockAsync(a, b, 1), LockAsync(b, a, 2))).Sum());
        Assert.Equal(3, tries);
    }

    private async Task<IReadOnlyList<int>> GrantAsync(HostLimits limits, DateTimeOffset now, params (string Host, int Count)[] wanted) =>
        [.. (await Hosts.AcquireAsync([.. wanted.Select(demand => new HostDemand(demand.Host, demand.Count))], limits, now, now.AddMinutes(1), Ct)).Select(grant => grant.Granted)];
}
