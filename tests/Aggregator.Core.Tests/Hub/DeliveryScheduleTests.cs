using Aggregator.Core.Hub;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Xunit;

namespace Aggregator.Core.Tests.Hub;

public sealed class DeliveryScheduleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly HubOptions Options = new();
    private static readonly DeliverySchedule Schedule = new(Options);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 20)]
    [InlineData(5, 320)]
    [InlineData(9, 3600)]
    [InlineData(1000, 3600)]
    public void Doubles_the_wait_up_to_an_hour_and_spreads_it_over_its_second_half(int attempts, int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Schedule.Wait(attempts, 1));
        Assert.Equal(TimeSpan.FromSeconds(seconds / 2.0), Schedule.Wait(attempts, 0));
    }

    [Fact]
    public void Ends_at_410_and_after_three_days()
    {
        Assert.Null(Schedule.After(Delivery(), 410, "gone", Now, 0.5).RetryAt);
        Assert.NotNull(Schedule.After(Delivery() with { BehindSince = Now.AddDays(-2.9) }, 500, "", Now, 0.5).RetryAt);
        Assert.Null(Schedule.After(Delivery() with { BehindSince = Now.AddDays(-3) }, 500, "", Now, 0.5).RetryAt);
    }

    [Fact]
    public void Opens_the_circuit_of_a_callback_at_the_fifth_failure_in_a_row_whichever_subscriptions_failed()
    {
        Assert.Null(Schedule.After(Delivery() with { CallbackFailures = 3 }, 500, "", Now, 1).CircuitOpenUntil);
        var opened = Schedule.After(Delivery() with { CallbackFailures = 4 }, null, "", Now, 1);
        Assert.Equal(Now.AddSeconds(20), opened.CircuitOpenUntil);
        Assert.Equal(Now.AddSeconds(20), opened.RetryAt);
        Assert.Equal(Now.AddHours(1), Schedule.After(Delivery() with { CallbackFailures = 40 }, null, "", Now, 1).CircuitOpenUntil);
    }

    [Fact]
    public void Signs_as_the_example_of_RFC_4231_has_it() => Assert.Equal(
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ContentSignature.Of("Jefe", "what do ya want for nothing?"u8));

    [Fact]
    public void Bounds_leases()
    {
        Assert.Equal(TimeSpan.FromDays(10), Options.LeaseFor(null));
        Assert.Equal(TimeSpan.FromMinutes(5), Options.LeaseFor(1));
        Assert.Equal(TimeSpan.FromHours(1), Options.LeaseFor(3600));
        Assert.Equal(TimeSpan.FromDays(30), Options.LeaseFor(long.MaxValue));
    }

    [Fact]
    public void Names_every_setting_that_cannot_work()
    {
        Assert.Null(new HubOptions().Problem());
        foreach (var (options, key) in new (HubOptions, string)[]
        {
            (new() { MinLease = TimeSpan.Zero }, "MinLease"), (new() { MaxLease = TimeSpan.FromDays(91) }, "MaxLease"), (new() { DefaultLease = TimeSpan.FromDays(31) }, "DefaultLease"),
            (new() { Timeout = TimeSpan.Zero }, "Timeout"), (new() { Concurrency = 0 }, "Concurrency"), (new() { MaxInFlight = 1 }, "MaxInFlight"), (new() { PerHostConcurrency = 0 }, "PerHostConcurrency"),
            (new() { MaxEntries = 501 }, "MaxEntries"), (new() { MaxSubscriptions = 0 }, "MaxSubscriptions"), (new() { MaxPerHost = 0 }, "MaxPerHost"), (new() { MaxPerClient = 0 }, "MaxPerClient"),
            (new() { MaxSearches = -1 }, "MaxSearches"), (new() { RequestsPerMinute = 0 }, "RequestsPerMinute"), (new() { RequestsPerHostPerMinute = 0 }, "RequestsPerHostPerMinute"),
            (new() { FirstRetry = TimeSpan.Zero }, "FirstRetry"), (new() { LongestRetry = TimeSpan.FromDays(2) }, "LongestRetry"), (new() { CircuitFailures = 0 }, "CircuitFailures"), (new() { GiveUpAfter = TimeSpan.Zero }, "GiveUpAfter"),
        })
            Assert.Contains("Hub:" + key, options.Problem(), StringComparison.Ordinal);
    }

    private static DueDelivery Delivery() => new()
    {
        Id = 1,
        TopicId = 1,
        Topic = new HubTopic("https://us.example/all.atom", Topic.Everything, FeedFormat.Atom),
        CallbackId = 1,
        Callback = "https://reader.example/",
        Position = 0,
        Target = 1,
        Attempts = 0,
        CallbackFailures = 0,
        BehindSince = Now,
    };
}
