using Aggregator.Core.Capturing;
using Aggregator.Core.Crawling;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Core.Tests.Capturing;

public sealed class CaptureScheduleTests
{
    private static readonly DateTimeOffset Published = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly PageReading Failed = new PageReading.Failed(CaptureOutcome.Failed, "It failed.");
    private readonly CaptureSchedule _schedule = new(new CaptureOptions());

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(0.99, 1.0)]
    [InlineData(1, 6.0)]
    [InlineData(3, 6.0)]
    [InlineData(7, 24.0)]
    [InlineData(30, 168.0)]
    [InlineData(168, null)]
    [InlineData(8760, null)]
    public void Looks_again_after_an_hour_six_hours_a_day_and_a_week_and_leaves_out_what_has_passed(double hoursNow, double? hoursNext) =>
        Assert.Equal(hoursNext is { } next ? Published.AddHours(next) : null, _schedule.NextLook(Published, Published.AddHours(hoursNow), 0));

    [Fact]
    public void Spreads_the_looks_a_little_and_never_before_their_time()
    {
        Assert.Equal(Published.AddMinutes(63), _schedule.NextLook(Published, Published, 1));
        Assert.Equal(Published.AddHours(1), _schedule.NextLook(Published, Published, -5));
    }

    [Fact]
    public void Goes_on_with_the_next_look_after_a_success() => Assert.Equal(
        (CaptureState.Captured, 0, Published.AddHours(6)), _schedule.After(new PageReading.NotModified(), 3, Published, Published.AddHours(2), 0));

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(4, 80)]
    public void Waits_twice_as_long_after_each_failure(int before, double minutes)
    {
        var now = Published.AddHours(2);
        Assert.Equal((CaptureState.Waiting, before + 1, now.AddMinutes(minutes)), _schedule.After(Failed, before, Published, now, 0.5));
        Assert.InRange(_schedule.After(Failed, before, Published, now, 0).DueAt!.Value - now, TimeSpan.FromMinutes(minutes * 0.74), TimeSpan.FromMinutes(minutes * 0.76));
        Assert.InRange(_schedule.After(Failed, before, Published, now, 1).DueAt!.Value - now, TimeSpan.FromMinutes(minutes * 1.24), TimeSpan.FromMinutes(minutes * 1.26));
    }

    [Fact]
    public void Never_waits_longer_than_the_cap()
    {
        var schedule = new CaptureSchedule(new CaptureOptions { Attempts = 20 });
        Assert.Equal(Published.AddHours(6), schedule.After(Failed, 15, Published, Published, 0.5).DueAt);
    }

    [Fact]
    public void Waits_as_long_as_the_publisher_asks_within_reason()
    {
        var asked = new PageReading.Failed(CaptureOutcome.TooManyRequests, "", TimeSpan.FromHours(10));
        Assert.Equal(Published.AddHours(10), _schedule.After(asked, 0, Published, Published, 0.5).DueAt);
        Assert.Equal(Published + HostGate.LongestClosure, _schedule.After(asked with { RetryAfter = TimeSpan.FromDays(300) }, 0, Published, Published, 0.5).DueAt);
    }

    [Fact]
    public void Gives_a_look_up_after_the_last_attempt_and_tries_the_next_one_afresh()
    {
        Assert.Equal((CaptureState.GivenUp, 0, Published.AddHours(6)), _schedule.After(Failed, 5, Published, Published.AddHours(3), 0));
        Assert.Equal((CaptureState.GivenUp, 0, (DateTimeOffset?)null), _schedule.After(Failed, 5, Published, Published.AddDays(8), 0));
    }

    [Fact]
    public void Does_not_ask_again_soon_for_what_was_refused() => Assert.Equal(
        (CaptureState.Refused, 0, Published.AddHours(1)), _schedule.After(new PageReading.Refused(CaptureOutcome.Disallowed, ""), 2, Published, Published, 0));

    [Fact]
    public void Counts_no_attempt_when_the_host_was_busy() => Assert.Equal(
        (CaptureState.Waiting, 2, Published.AddSeconds(40)), _schedule.After(new PageReading.Busy(Published.AddSeconds(40)), 2, Published, Published, 0));

    [Theory]
    [InlineData("", 0)]
    [InlineData("7.00:00:00, 00:00:02", 2)]
    public void Its_times_may_be_any_and_in_any_order(string again, int count)
    {
        var options = new CaptureOptions { Again = again };
        Assert.Null(options.Problem());
        Assert.Equal(count, options.Looks().Count);
        Assert.Equal(options.Looks().Order(), options.Looks());
    }

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("00:00:00")]
    [InlineData("-01:00:00")]
    [InlineData("01:00:00; 02:00:00")]
    public void Times_that_cannot_be_used_are_named(string again) => Assert.Contains("Capture:Again", new CaptureOptions { Again = again }.Problem(), StringComparison.Ordinal);

    [Fact]
    public void Every_bound_is_named_by_its_key()
    {
        foreach (var (options, key) in (ReadOnlySpan<(CaptureOptions, string)>)
        [
            (new() { ShortBelow = 0 }, "ShortBelow"), (new() { Concurrency = 0 }, "Concurrency"), (new() { Attempts = 0 }, "Attempts"), (new() { FirstRetry = TimeSpan.Zero }, "FirstRetry"),
            (new() { LongestRetry = TimeSpan.FromSeconds(1) }, "LongestRetry"), (new() { Timeout = TimeSpan.Zero }, "Timeout"), (new() { MaxPageBytes = 1 }, "MaxPageBytes"), (new() { MaxPages = 0 }, "MaxPages"),
        ])
            Assert.Contains("Capture:" + key, options.Problem(), StringComparison.Ordinal);
        Assert.Null(new CaptureOptions().Problem());
    }
}
