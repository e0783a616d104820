using Aggregator.Core.Crawling;
using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Crawling;

public sealed class RefreshPolicyTests
{
    /// <summary>A Monday.</summary>
    private static readonly DateTimeOffset Now = new(2026, 9, 7, 10, 0, 0, TimeSpan.Zero);

    private static readonly PostingRhythm EveryFiveMinutes = Every(TimeSpan.FromMinutes(5), 500, Now);
    private static readonly PostingRhythm Hourly = Every(TimeSpan.FromHours(1), 500, Now);
    private static readonly PostingRhythm EverySixHours = Every(TimeSpan.FromHours(6), 200, Now);
    private static readonly PostingRhythm DailyAtNine = Every(TimeSpan.FromDays(1), 90, Now.AddHours(-1));
    private static readonly PostingRhythm OfficeHours = PostingRhythm.Of(
        Enumerable.Range(0, 24 * 40).Select(hour => Now.AddHours(-hour))
            .Where(at => at.Hour is >= 8 and < 18 && at.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)), Now);
    private static readonly PostingRhythm Weekly = Every(TimeSpan.FromDays(7), 60, Now.AddDays(-1));
    private static readonly PostingRhythm Monthly = Every(TimeSpan.FromDays(30), 30, Now.AddDays(-3));

    public static IEnumerable<TheoryDataRow<Situation>> Situations =>
        new Situation[]
        {
            // How it posts
            new("a source that was never read", Known(PostingRhythm.Unknown), null, ScheduleReasonKind.New, "01:00:00", "01:00:00"),
            new("a feed without any dated entry", Known(PostingRhythm.Of([], Now)), null, ScheduleReasonKind.Rhythm, "1.00:00:00", "1.00:00:00"),
            new("a feed with a single entry of yesterday", Known(PostingRhythm.Of([Now.AddDays(-1)], Now)), null, ScheduleReasonKind.Rhythm, "1.00:00:00", "1.00:00:00"),
            new("a wire that posts every five minutes", Known(EveryFiveMinutes), null, ScheduleReasonKind.Rhythm, "00:05:00", "00:12:00"),
            new("a source that posts every hour", Known(Hourly), null, ScheduleReasonKind.Rhythm, "00:30:00", "00:55:00"),
            new("a source that posts every six hours", Known(EverySixHours), null, ScheduleReasonKind.Rhythm, "01:00:00", "04:00:00"),
            new("one that posts at nine, just after nine", Known(DailyAtNine), null, ScheduleReasonKind.Rhythm, "12:00:00", "1.00:00:00"),
            new("one that posts at nine, just before nine", Known(DailyAtNine) with { At = Now.AddHours(-1.5).AddDays(1) }, null, ScheduleReasonKind.Rhythm, "00:30:00", "03:30:00"),
            new("an office in its hours", Known(OfficeHours), null, ScheduleReasonKind.Rhythm, "00:20:00", "01:10:00"),
            new("an office at its last minute", Known(OfficeHours) with { At = Now.AddHours(8) }, null, ScheduleReasonKind.Rhythm, "03:00:00", "14:30:00"),
            new("an office on Friday night", Known(OfficeHours) with { At = Now.AddDays(4).AddHours(10) }, null, ScheduleReasonKind.Rhythm, "05:00:00", "1.00:00:00"),
            new("a source that posts on Sundays, on Monday", Known(Weekly), null, ScheduleReasonKind.Rhythm, "12:00:00", "1.00:00:00"),
            new("a source that posts every month", Known(Monthly), null, ScheduleReasonKind.Rhythm, "1.00:00:00", "1.00:00:00"),
            new("an hourly source that fell silent two months ago", Known(Every(TimeSpan.FromHours(1), 500, Now.AddDays(-60))), null, null, "03:00:00", "2.00:00:00"),
            new("one silent for half a year", Known(Every(TimeSpan.FromDays(1), 90, Now.AddDays(-182))), null, ScheduleReasonKind.Quiet, "3.00:00:00", "4.00:00:00"),
            new("one silent for a year", Known(Every(TimeSpan.FromDays(1), 90, Now.AddDays(-365))), null, ScheduleReasonKind.Silent, "7.00:00:00", "7.00:00:00"),
            new("one silent for ten years", Known(Every(TimeSpan.FromDays(1), 90, Now.AddDays(-3650))), null, ScheduleReasonKind.Silent, "7.00:00:00", "7.00:00:00"),
            new("one silent for a year while no source may wait for a week", Known(Every(TimeSpan.FromDays(1), 90, Now.AddDays(-400))) with { Options = new() { MaxInterval = TimeSpan.FromDays(2) } }, null, ScheduleReasonKind.LongestAllowed, "2.00:00:00", "2.00:00:00"),
            new("one whose entries all bear dates of next year", Known(PostingRhythm.Of([Now.AddYears(1)], Now)), null, ScheduleReasonKind.Rhythm, "1.00:00:00", "1.00:00:00"),
            new("one that posts right after each look", Known(JustMissed(Hourly)), null, ScheduleReasonKind.CatchUp, "00:15:00", "00:40:00"),

            // What the publisher asks for
            new("hourly, fresh for twenty minutes", Known(Hourly), TimeSpan.FromMinutes(20), ScheduleReasonKind.Rhythm, "00:30:00", "00:55:00"),
            new("hourly, fresh for two hours", Known(Hourly), TimeSpan.FromHours(2), ScheduleReasonKind.Fresh, "02:00:00", "02:00:00"),
            new("hourly, fresh for a year by mistake", Known(Hourly), TimeSpan.FromDays(365), ScheduleReasonKind.Fresh, "1.00:00:00", "1.00:00:00"),
            new("hourly, with a ttl of ninety minutes", Known(Hourly, hints: new() { MinimumInterval = TimeSpan.FromMinutes(90) }), null, ScheduleReasonKind.PublisherAsks, "01:30:00", "01:30:00"),
            new("a ttl of ninety minutes and fresh for three hours", Known(Hourly, hints: new() { MinimumInterval = TimeSpan.FromMinutes(90) }), TimeSpan.FromHours(3), ScheduleReasonKind.Fresh, "03:00:00", "03:00:00"),
            new("a ttl of ninety minutes and fresh for one minute", Known(Hourly, hints: new() { MinimumInterval = TimeSpan.FromMinutes(90) }), TimeSpan.FromMinutes(1), ScheduleReasonKind.PublisherAsks, "01:30:00", "01:30:00"),
            new("a weekly source with a ttl of an hour", Known(Weekly, hints: new() { MinimumInterval = TimeSpan.FromHours(1) }), null, ScheduleReasonKind.Rhythm, "12:00:00", "1.00:00:00"),
            new("a ttl that is longer than any wait may be", Known(Hourly, hints: new() { MinimumInterval = TimeSpan.FromHours(9) }) with { Options = new() { MaxInterval = TimeSpan.FromHours(6) } }, null, ScheduleReasonKind.LongestAllowed, "06:00:00", "06:00:00"),
            new("skipHours of the coming two hours", Known(Hourly, hints: PollingHints.Of(null, [10, 11], [])), null, ScheduleReasonKind.SkippedHours, "02:00:00", "03:00:00"),
            new("skipHours of other hours", Known(Hourly, hints: PollingHints.Of(null, [0, 1, 2, 3], [])), null, ScheduleReasonKind.Rhythm, "00:30:00", "00:55:00"),
            new("skipDays of Monday", Known(Hourly, hints: PollingHints.Of(null, [], [DayOfWeek.Monday])), null, ScheduleReasonKind.SkippedHours, "14:00:00", "15:00:00"),
            new("skipDays of Monday and skipHours until six", Known(Hourly, hints: PollingHints.Of(null, [0, 1, 2, 3, 4, 5], [DayOfWeek.Monday])), null, ScheduleReasonKind.SkippedHours, "20:00:00", "21:00:00"),
            new("skipHours of all hours, which nobody can follow", Known(Hourly, hints: PollingHints.Of(null, Enumerable.Range(0, 24), [])), null, ScheduleReasonKind.Rhythm, "00:30:00", "00:55:00"),
            new("skipDays of all days", Known(Hourly, hints: PollingHints.Of(null, [], Enum.GetValues<DayOfWeek>())), null, ScheduleReasonKind.Rhythm, "00:30:00", "00:55:00"),
            new("skipDays of Monday where no wait may be longer than an hour", Known(Hourly, hints: PollingHints.Of(null, [], [DayOfWeek.Monday])) with { Options = new() { MaxInterval = TimeSpan.FromHours(1) } }, null, ScheduleReasonKind.Rhythm, "00:30:00", "00:55:00"),

            // Hubs
            new("a wire with a hub's lease", Known(EveryFiveMinutes, hubLease: Now.AddDays(9)), null, ScheduleReasonKind.Hub, "1.00:00:00", "1.00:00:00"),
            new("a wire whose lease ends in three hours", Known(EveryFiveMinutes, hubLease: Now.AddHours(3)), null, ScheduleReasonKind.Hub, "03:00:00", "03:00:00"),
            new("a wire whose lease has ended", Known(EveryFiveMinutes, hubLease: Now.AddMinutes(-1)), null, ScheduleReasonKind.Rhythm, "00:05:00", "00:12:00"),
            new("one silent for a year, with a hub", Known(Every(TimeSpan.FromDays(1), 90, Now.AddDays(-400)), hubLease: Now.AddDays(9)), null, ScheduleReasonKind.Silent, "7.00:00:00", "7.00:00:00"),
            new("a wire with a hub, failing", Known(EveryFiveMinutes, failures: 1, hubLease: Now.AddDays(9)), null, ScheduleReasonKind.Failing, "00:05:00", "03:00:00"),

            // Bounds
            new("a wire that may be asked once an hour", Known(EveryFiveMinutes, min: TimeSpan.FromHours(1)), null, ScheduleReasonKind.ShortestAllowed, "01:00:00", "01:00:00"),
            new("a monthly source that must be asked every hour", Known(Monthly, max: TimeSpan.FromHours(1)), null, ScheduleReasonKind.LongestAllowed, "01:00:00", "01:00:00"),
            new("own bounds below the general ones", Known(EveryFiveMinutes, min: TimeSpan.FromSeconds(5), max: TimeSpan.FromSeconds(10)), null, ScheduleReasonKind.LongestAllowed, "00:05:00", "00:05:00"),
            new("own bounds above the general ones", Known(Hourly, min: TimeSpan.FromDays(30), max: TimeSpan.FromDays(60)), null, ScheduleReasonKind.ShortestAllowed, "7.00:00:00", "7.00:00:00"),
            new("twice as eager", Known(Hourly) with { Options = new() { Eagerness = 4 } }, null, ScheduleReasonKind.Rhythm, "00:15:00", "00:30:00"),
            new("half as eager", Known(Hourly) with { Options = new() { Eagerness = 0.25 } }, null, ScheduleReasonKind.Rhythm, "01:00:00", "01:50:00"),

            // Failures
            new("the first failure of an hourly source", Known(Hourly, failures: 1), null, ScheduleReasonKind.Failing, "00:05:00", "00:05:00"),
            new("the second", Known(Hourly, failures: 2), null, ScheduleReasonKind.Failing, "00:10:00", "00:10:00"),
            new("the fourth", Known(Hourly, failures: 4), null, ScheduleReasonKind.Failing, "00:40:00", "00:40:00"),
            new("the tenth", Known(Hourly, failures: 10), null, ScheduleReasonKind.Failing, "1.00:00:00", "1.00:00:00"),
            new("more failures than can be counted", Known(Hourly, failures: int.MaxValue), null, ScheduleReasonKind.Failing, "1.00:00:00", "1.00:00:00"),
            new("the first failure of one that is asked once a week", Known(Every(TimeSpan.FromDays(1), 90, Now.AddDays(-400)), failures: 1), null, ScheduleReasonKind.Failing, "16:48:00", "16:48:00"),
            new("a failure where nothing may be asked within the hour", Known(Hourly, failures: 1, min: TimeSpan.FromHours(1)), null, ScheduleReasonKind.Failing, "01:00:00", "01:00:00"),
            new("Retry-After of three hours", Known(Hourly, failures: 1), TimeSpan.FromHours(3), ScheduleReasonKind.RetryAfter, "03:00:00", "03:00:00"),
            new("Retry-After of a second", Known(Hourly, failures: 1), TimeSpan.FromSeconds(1), ScheduleReasonKind.Failing, "00:05:00", "00:05:00"),
            new("Retry-After of ten days where no wait may be longer than a week", Known(Hourly, failures: 1), TimeSpan.FromDays(10), ScheduleReasonKind.RetryAfter, "10.00:00:00", "10.00:00:00"),
            new("Retry-After of a year, by mistake", Known(Hourly, failures: 1), TimeSpan.FromDays(365), ScheduleReasonKind.RetryAfter, "31.00:00:00", "31.00:00:00"),
            new("Retry-After of an hour after ten failures", Known(Hourly, failures: 10), TimeSpan.FromHours(1), ScheduleReasonKind.Failing, "1.00:00:00", "1.00:00:00"),
        }.Select(situation => new TheoryDataRow<Situation>(situation) { TestDisplayName = situation.Words });

    [Theory]
    [MemberData(nameof(Situations), DisableDiscoveryEnumeration = true)]
    public void Says_when_and_why(Situation situation)
    {
        var policy = new RefreshPolicy(situation.Facts.Options);
        var at = situation.Facts.At;
        var next = policy.Next(situation.Facts.Source with { NextFetchAt = at }, situation.WaitAtLeast, at, jitter: 0.5);
        Assert.Equal(situation.Kind ?? next.Reason.Kind, next.Reason.Kind);
        Assert.InRange(next.Reason.Wait, TimeSpan.Parse(situation.From, null), TimeSpan.Parse(situation.To, null));
        Assert.Equal(next.Reason, ScheduleReason.Parse(next.Reason.ToString()) is { } read ? read with { Wait = next.Reason.Wait, Span = next.Reason.Span } : null);

        // The moment is the wait spread by no more than a tenth to either side, or a fifth above what must not be undercut.
        var spread = next.Reason.Kind == ScheduleReasonKind.SkippedHours ? 0 : 0.15;
        Assert.InRange((next.At - at) / next.Reason.Wait, 1 - spread - 1e-6, 1 + spread + 1e-6);
    }

    [Fact]
    public void There_are_forty_situations_and_every_reason_is_among_them()
    {
        var situations = Situations.Select(row => row.Data).ToList();
        Assert.True(situations.Count >= 40);
        Assert.Equal(
            Enum.GetValues<ScheduleReasonKind>().Except([ScheduleReasonKind.Retired]),
            situations.Select(situation => situation.Kind).OfType<ScheduleReasonKind>().Distinct().Order());
    }

    [Fact]
    public void Keeps_every_bound_in_every_situation()
    {
        var random = new Random(20260907);
        PostingRhythm[] rhythms = [PostingRhythm.Unknown, EveryFiveMinutes, Hourly, EverySixHours, DailyAtNine, OfficeHours, Weekly, Monthly, JustMissed(Hourly)];
        for (var round = 0; round < 20_000; round++)
        {
            var options = new RefreshOptions
            {
                MinInterval = TimeSpan.FromSeconds(random.Next(1, 7200)),
                Eagerness = Math.Pow(10, (random.NextDouble() * 4) - 2),
                HubInterval = TimeSpan.FromHours(random.Next(1, 100)),
            };
            options.MaxInterval = options.MinInterval + TimeSpan.FromSeconds(random.Next(0, 1_000_000));
            Assert.Null(options.Problem());
            var now = Now.AddSeconds(random.Next(0, 40_000_000));
            var facts = Known(
                rhythms[random.Next(rhythms.Length)], random.Next(3) == 0 ? random.Next(1, 20) : 0,
                new PollingHints { MinimumInterval = Maybe(400_000), SkipHours = random.Next(2) * random.Next(1 << 24), SkipDays = random.Next(2) * random.Next(1 << 7) },
                Maybe(100_000), Maybe(1_000_000), random.Next(4) == 0 ? now.AddSeconds(random.Next(-1000, 1_000_000)) : null);
            var source = facts.Source with { NextFetchAt = now.AddSeconds(-random.Next(0, 100_000)) };
            var asked = Maybe(500_000);

            var next = new RefreshPolicy(options).Next(source, asked, now, random.NextDouble());

            var wait = next.At - now;
            var min = Clamp(source.MinInterval ?? options.MinInterval, options.MinInterval, options.MaxInterval);
            var max = Clamp(source.MaxInterval ?? options.MaxInterval, min, options.MaxInterval);
            Assert.True(wait >= min, $"round {round}: {wait} is shorter than {min}");
            var retryAfter = source.FailureCount > 0 ? asked ?? TimeSpan.Zero : TimeSpan.Zero;
            Assert.True(wait >= retryAfter, $"round {round}: {wait} does not keep Retry-After {retryAfter}");
            Assert.True(wait <= max || wait <= retryAfter * 1.1, $"round {round}: {wait} is longer than {max} and Retry-After {retryAfter}");
            if (source.FailureCount > 0) continue;
            var floor = Clamp(asked > source.Hints.MinimumInterval || source.Hints.MinimumInterval is null ? asked ?? TimeSpan.Zero : source.Hints.MinimumInterval.Value, TimeSpan.Zero, TimeSpan.FromDays(1));
            Assert.True(wait >= floor || wait >= max * 0.999, $"round {round}: {wait} does not keep the publisher's {floor}");
            if (next.Reason.Kind == ScheduleReasonKind.SkippedHours) Assert.False(source.Hints.Skips(next.At), $"round {round}: {next.At} is to be skipped");
        }

        TimeSpan? Maybe(int seconds) => random.Next(2) == 0 ? null : TimeSpan.FromSeconds(random.Next(1, seconds));
    }

    [Fact]
    public void Ten_thousand_hourly_sources_that_were_added_together_share_no_second()
    {
        var policy = new RefreshPolicy(new RefreshOptions());
        var seconds = Enumerable.Range(1, 10_000).Select(id => At(policy, Known(PostingRhythm.Unknown).Source with { Id = id, CreatedAt = Now, NextFetchAt = Now }, Now));
        AssertEven(seconds, 10_000 / 3600.0);
    }

    [Fact]
    public void Ten_thousand_hourly_sources_spread_again_after_we_stood_still()
    {
        var policy = new RefreshPolicy(new RefreshOptions());
        var due = Enumerable.Range(1, 10_000).Select(id => Known(PostingRhythm.Unknown).Source with { Id = id, NextFetchAt = Now.AddHours(-5) }).ToList();
        AssertEven(due.Select(source => At(policy, source, Now)), 10_000 / 3600.0);
    }

    [Fact]
    public void Ten_thousand_sources_that_may_be_asked_once_an_hour_stay_spread_for_a_day()
    {
        var policy = new RefreshPolicy(new RefreshOptions());
        var hints = new PollingHints { MinimumInterval = TimeSpan.FromHours(1) };
        var due = Enumerable.Range(1, 10_000).Select(id => (Id: id, At: Now)).ToList();
        var first = true;
        for (var end = Now.AddDays(1); due.Min(source => source.At) < end;)
        {
            due = [.. due.Select(source => source.At >= end
                ? source
                : (source.Id, At(policy, Known(EveryFiveMinutes, hints: hints).Source with { Id = source.Id, CreatedAt = first ? Now : default, NextFetchAt = source.At }, source.At)))];
            first = false;
        }

        // Whose phases are independent of each other meet by chance as a Poisson process does: eight in a second, seldom.
        var busiest = due.GroupBy(source => source.At.ToUnixTimeSeconds()).Max(group => group.Count());
        Assert.InRange(busiest, 1, 3 * 10_000 / 3600.0 * 2);
    }

    [Fact]
    public void Waits_end_in_no_first_second_of_an_hour_when_skipped_hours_end()
    {
        var policy = new RefreshPolicy(new RefreshOptions());
        var seconds = Enumerable.Range(1, 10_000)
            .Select(id => At(policy, Known(EveryFiveMinutes, hints: PollingHints.Of(null, [10, 11], [])).Source with { Id = id, NextFetchAt = Now }, Now)).ToList();
        Assert.All(seconds, at => Assert.Equal(12, at.Hour));
        AssertEven(seconds, 10_000 / 3600.0);
    }

    [Theory]
    [InlineData("00:00:10", "*/10 * * * * *")]
    [InlineData("00:01:00", "*/1 * * * *")]
    [InlineData("00:15:00", "*/15 * * * *")]
    public void Writes_the_check_as_a_cron_expression(string every, string cron)
    {
        var options = new RefreshOptions { CheckEvery = TimeSpan.Parse(every, System.Globalization.CultureInfo.InvariantCulture) };
        Assert.Null(options.Problem());
        Assert.Equal(cron, options.CheckCron());
    }

    [Theory]
    [InlineData("00:00:00"), InlineData("00:00:00.5"), InlineData("00:01:30"), InlineData("01:00:00")]
    public void Refuses_a_check_that_no_cron_expression_says(string every) =>
        Assert.Contains("Refresh:CheckEvery", new RefreshOptions { CheckEvery = TimeSpan.Parse(every, System.Globalization.CultureInfo.InvariantCulture) }.Problem(), StringComparison.Ordinal);

    [Fact]
    public void Refuses_an_eagerness_and_a_hub_interval_that_cannot_be_meant()
    {
        Assert.Contains("Refresh:Eagerness", new RefreshOptions { Eagerness = 0 }.Problem(), StringComparison.Ordinal);
        Assert.Contains("Refresh:Eagerness", new RefreshOptions { Eagerness = double.NaN }.Problem(), StringComparison.Ordinal);
        Assert.Contains("Refresh:HubInterval", new RefreshOptions { HubInterval = TimeSpan.Zero }.Problem(), StringComparison.Ordinal);
    }

    private static DateTimeOffset At(RefreshPolicy policy, Source source, DateTimeOffset now) =>
        policy.Next(source, null, now, SourceRefresher.JitterOf(source.Id, now)).At;

    private static void AssertEven(IEnumerable<DateTimeOffset> times, double mean) =>
        Assert.InRange(times.GroupBy(at => at.ToUnixTimeSeconds()).Max(group => group.Count()), 1, 3 * mean);

    private static TimeSpan Clamp(TimeSpan time, TimeSpan min, TimeSpan max) => time < min ? min : time > max ? max : time;

    private static PostingRhythm Every(TimeSpan gap, int count, DateTimeOffset newest) =>
        PostingRhythm.Of(Enumerable.Range(0, count).Select(entry => newest - (gap * entry)), Now);

    private static PostingRhythm JustMissed(PostingRhythm rhythm)
    {
        for (var look = 0; look < 10; look++) rhythm = rhythm.With([Now.AddMinutes(-39)], Now.AddMinutes(-40), Now);
        return rhythm;
    }

    private static Facts Known(
        PostingRhythm rhythm, int failures = 0, PollingHints? hints = null, TimeSpan? min = null, TimeSpan? max = null, DateTimeOffset? hubLease = null) =>
        new(new Source
        {
            Id = 1,
            Url = "https://example.org/feed",
            State = SourceState.Active,
            CreatedAt = Now.AddYears(-3),
            NextFetchAt = Now,
            Rhythm = rhythm,
            FailureCount = failures,
            Hints = hints ?? new PollingHints(),
            MinInterval = min,
            MaxInterval = max,
            HubLeaseUntil = hubLease,
        }, Now, new RefreshOptions());

    public sealed record Facts(Source Source, DateTimeOffset At, RefreshOptions Options);

    public sealed record Situation(string Words, Facts Facts, TimeSpan? WaitAtLeast, ScheduleReasonKind? Kind, string From, string To)
    {
        public override string ToString() => Words;
    }
}
