using Aggregator.Core.Crawling;
using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Crawling;

public sealed class RefreshPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 5, 10, 0, 0, TimeSpan.Zero);
    private static readonly RefreshPolicy Policy = new(new RefreshOptions());

    [Theory]
    [InlineData(60, 10, 30, "posts about every 60 minutes")]
    [InlineData(2, 1, 5, "posts about every 2 minutes")]
    [InlineData(60, 60 * 24 * 8, 60 * 24, "nothing new has come for 8 days")]
    [InlineData(60 * 24 * 400, 60 * 24 * 10, 60 * 24 * 7, "posts about every 400 days")]
    public void Follows_the_rhythm_within_the_bounds(int gapMinutes, int idleMinutes, int expectedMinutes, string reason)
    {
        var rhythm = new PostingRhythm(TimeSpan.FromMinutes(gapMinutes), Now.AddMinutes(-idleMinutes));
        var next = Policy.AfterSuccess(rhythm, null, Now, jitter: 0);
        Assert.Equal(Now.AddMinutes(expectedMinutes), next.At);
        Assert.Contains(reason, next.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Asks_a_source_without_a_rhythm_every_hour() =>
        Assert.Equal(Now.AddHours(1), Policy.AfterSuccess(PostingRhythm.Unknown, null, Now, jitter: 0).At);

    [Theory]
    [InlineData(20, 30)]
    [InlineData(45, 45)]
    [InlineData(60 * 24 * 365, 60 * 24)]
    public void Keeps_the_publishers_floor_up_to_a_day(int askedMinutes, int expectedMinutes)
    {
        var rhythm = new PostingRhythm(TimeSpan.FromHours(1), Now);
        Assert.Equal(Now.AddMinutes(expectedMinutes), Policy.AfterSuccess(rhythm, TimeSpan.FromMinutes(askedMinutes), Now, jitter: 0).At);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(4, 40)]
    [InlineData(10, 60 * 24)]
    [InlineData(int.MaxValue, 60 * 24)]
    public void Doubles_the_wait_with_each_failure_up_to_a_day(int failures, int expectedMinutes) =>
        Assert.Equal(Now.AddMinutes(expectedMinutes), Policy.AfterFailure(failures, null, Now, jitter: 0).At);

    [Fact]
    public void Waits_as_long_as_Retry_After_says_but_not_for_ever()
    {
        Assert.Equal(Now.AddHours(3), Policy.AfterFailure(1, TimeSpan.FromHours(3), Now, jitter: 0).At);
        Assert.Equal(Now.AddDays(7), Policy.AfterFailure(1, TimeSpan.FromDays(365), Now, jitter: 0).At);
        Assert.Equal(Now.AddMinutes(5), Policy.AfterFailure(1, TimeSpan.FromSeconds(1), Now, jitter: 0).At);
    }

    [Fact]
    public void Spreads_by_jitter_later_and_never_sooner()
    {
        var rhythm = new PostingRhythm(TimeSpan.FromHours(2), Now);
        Assert.Equal(Now.AddHours(1), Policy.AfterSuccess(rhythm, null, Now, jitter: 0).At);
        Assert.Equal(Now.AddMinutes(66), Policy.AfterSuccess(rhythm, null, Now, jitter: 1).At);
    }

    [Fact]
    public void Learns_the_rhythm_from_the_newest_dates_and_not_from_the_future()
    {
        DateTimeOffset[] dates = [Now.AddYears(1), Now.AddHours(-1), Now.AddHours(-2), Now.AddHours(-3), Now.AddHours(-30)];
        var rhythm = PostingRhythm.Of(dates, Now);
        Assert.Equal(TimeSpan.FromHours(1), rhythm.TypicalGap);
        Assert.Equal(Now.AddHours(-1), rhythm.NewestAt);
        Assert.Equal(PostingRhythm.Unknown, PostingRhythm.Of([], Now));
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
}
