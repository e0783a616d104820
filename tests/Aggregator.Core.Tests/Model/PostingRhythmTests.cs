using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Model;

public sealed class PostingRhythmTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 7, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Expects_entries_in_the_hours_in_which_they_came()
    {
        var rhythm = PostingRhythm.Of(Enumerable.Range(0, 60).Select(day => Now.AddDays(-day).AddHours(-1)), Now);
        var perHour = Expected(rhythm, Now);
        Assert.True(At(perHour, Now.AddHours(-1)) > 5 * At(perHour, Now.AddHours(8)));
        Assert.InRange(perHour.Sum(), 5, 9);
    }

    [Fact]
    public void Expects_little_on_days_without_entries()
    {
        var rhythm = PostingRhythm.Of(
            Enumerable.Range(0, 60).Select(day => Now.AddDays(-day)).Where(at => at.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)), Now);
        var perHour = Expected(rhythm, Now);
        Assert.True(perHour[24..48].Sum() > 2 * perHour[..24].Sum());
        Assert.True(perHour[24..48].Sum() > 2 * perHour[144..].Sum());
    }

    [Fact]
    public void Takes_an_hour_that_it_never_watched_for_an_ordinary_one_and_not_for_silent()
    {
        // A document of a frequent source reaches back six hours; of the other hours it says nothing.
        var rhythm = PostingRhythm.Of(Enumerable.Range(0, 60).Select(entry => Now.AddMinutes(-6 * entry)), Now);
        Assert.InRange(At(Expected(rhythm, Now), Now.AddHours(10)), 5, 12);
    }

    [Fact]
    public void Learns_a_new_rhythm_within_weeks()
    {
        var rhythm = PostingRhythm.Of(Enumerable.Range(0, 60).Select(day => Now.AddDays(-day)), Now);
        var at = Now;
        for (var day = 1; day <= 42; day++)
        {
            // It posts at 22:00 from now on, and we look twice a day.
            at = Now.AddDays(day).AddHours(-11);
            rhythm = rhythm.With([at.AddHours(-1)], at.AddHours(-12), at);
        }

        var perHour = Expected(rhythm, at);
        Assert.True(perHour.Where((_, hour) => hour % 24 == 22).Sum() > 2 * perHour.Where((_, hour) => hour % 24 == 10).Sum());
    }

    [Fact]
    public void Expects_less_and_less_of_a_source_that_fell_silent()
    {
        var rhythm = PostingRhythm.Of(Enumerable.Range(0, 200).Select(entry => Now.AddHours(-entry)), Now);
        var totals = new[] { 0, 7, 30, 90, 365 }.Select(days => Expected(rhythm, Now.AddDays(days)).Sum()).ToList();
        Assert.Equal(totals.OrderDescending(), totals);
        Assert.True(totals[^1] < totals[0] / 50);
    }

    [Fact]
    public void Counts_nothing_that_was_moved_or_dug_out()
    {
        var rhythm = PostingRhythm.Of([Now.AddDays(-9), Now.AddDays(-3)], Now);
        Assert.Same(rhythm, rhythm.With(Enumerable.Repeat<DateTimeOffset?>(Now.AddDays(-30), 200), Now.AddHours(-1), Now));
        Assert.Same(rhythm, rhythm.With([], Now.AddHours(-1), Now));
    }

    [Fact]
    public void Places_entries_without_a_usable_date_between_the_two_looks()
    {
        var rhythm = PostingRhythm.Of([], Now);
        Assert.Equal(Now.AddHours(1), rhythm.With([null], Now, Now.AddHours(2)).NewestAt);
        Assert.Equal(Now.AddHours(1), rhythm.With([Now.AddYears(1)], Now, Now.AddHours(2)).NewestAt);
        Assert.Equal(Now.AddHours(1), rhythm.With([Now.AddHours(-3)], Now, Now.AddHours(2)).NewestAt);
        Assert.Equal(Now.AddMinutes(110), rhythm.With([Now.AddMinutes(110)], Now, Now.AddHours(2)).NewestAt);
    }

    [Fact]
    public void Notices_that_it_posts_right_after_our_looks()
    {
        var rhythm = PostingRhythm.Of([Now.AddDays(-9), Now.AddDays(-3)], Now);
        Assert.Equal(0.5, rhythm.Waited);
        for (var hour = 1; hour < 12; hour++) rhythm = rhythm.With([Now.AddHours(hour).AddMinutes(-58)], Now.AddHours(hour - 1), Now.AddHours(hour));
        Assert.InRange(rhythm.Waited, 0.9, 1);
    }

    [Fact]
    public void Is_stored_in_less_than_a_kibibyte_and_read_as_it_was()
    {
        var rhythm = PostingRhythm.Of(Enumerable.Range(0, 300).Select(entry => Now.AddHours(-entry)), Now).With([Now.AddMinutes(20)], Now, Now.AddHours(1));
        var bytes = rhythm.ToBytes();
        Assert.True(bytes.Length == PostingRhythm.Size && bytes.Length <= 1024);
        Assert.Equal(rhythm, PostingRhythm.FromBytes(bytes));
        Assert.NotEqual(rhythm, PostingRhythm.Unknown);
        Assert.Empty(PostingRhythm.Unknown.ToBytes());
        Assert.Equal(PostingRhythm.Of([], Now), PostingRhythm.FromBytes(PostingRhythm.Of([], Now).ToBytes()));
    }

    [Fact]
    public void Whatever_is_damaged_is_learnt_anew()
    {
        var bytes = PostingRhythm.Of(Enumerable.Range(0, 300).Select(entry => Now.AddHours(-entry)), Now).ToBytes();
        Assert.False(PostingRhythm.FromBytes([]).IsKnown);
        Assert.False(PostingRhythm.FromBytes(bytes.AsSpan(1)).IsKnown);
        var random = new Random(7);
        for (var round = 0; round < 5000; round++)
        {
            var damaged = bytes.ToArray();
            for (var change = 0; change < 8; change++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            Assert.All(Expected(PostingRhythm.FromBytes(damaged), Now), rate => Assert.True(rate > 0 && double.IsFinite(rate)));
        }
    }

    private static double[] Expected(PostingRhythm rhythm, DateTimeOffset now)
    {
        var perHour = new double[PostingRhythm.HoursOfWeek];
        rhythm.Expect(now, perHour);
        return perHour;
    }

    private static double At(double[] perHour, DateTimeOffset at) => perHour[PostingRhythm.HourOfWeek(at)];
}
