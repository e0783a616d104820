using Aggregator.Core.Model;

namespace Aggregator.Benchmarks.Schedule;

/// <summary>
/// Posts on and on as a recorded feed posted. The recording gives two things: the profile of its week (hour of day times
/// weekday, drawn to what all recordings together show where it is short), and the gaps between entries on a clock that
/// runs with that profile. A year is made of blocks of successive gaps drawn at random, put back on the wall clock: bursts,
/// pauses, nights and week-ends stay as they were. Policies see nothing of this but what a poll shows.
/// </summary>
internal sealed class PostingProcess
{
    private const int Week = PostingRhythm.HoursOfWeek;

    /// <summary>How many successive gaps are drawn together, on average: bursts are more than one gap.</summary>
    private const double BlockLength = 5;

    private readonly double[] _clock = new double[Week + 1];
    private readonly double[] _gaps;

    private PostingProcess(RecordedRhythm recording, double[] hours, double[] days)
    {
        Recording = recording;
        for (var hour = 0; hour < Week; hour++) _clock[hour + 1] = _clock[hour] + (hours[hour % 24] * days[hour / 24]);
        _gaps = [.. recording.Dates.Zip(recording.Dates.Skip(1), (earlier, later) => OnClock(later) - OnClock(earlier))];
    }

    /// <summary>Where it comes from.</summary>
    public RecordedRhythm Recording { get; }

    /// <summary>Fits one to each recording.</summary>
    public static IReadOnlyList<PostingProcess> Fit(IReadOnlyList<RecordedRhythm> recordings)
    {
        var even = (Hours: Enumerable.Repeat(1.0, 24).ToArray(), Days: Enumerable.Repeat(1.0, 7).ToArray());
        var wholeWeeks = recordings.Where(recording => recording.Dates[^1] - recording.Dates[0] > TimeSpan.FromDays(7)).Select(recording => Profile(recording, even.Hours, even.Days)).ToList();
        var hours = Enumerable.Range(0, 24).Select(hour => wholeWeeks.Average(profile => profile.Hours[hour])).ToArray();
        var days = Enumerable.Range(0, 7).Select(day => wholeWeeks.Average(profile => profile.Days[day])).ToArray();
        return [.. recordings.Select(recording =>
        {
            var profile = Profile(recording, hours, days);
            return new PostingProcess(recording, profile.Hours, profile.Days);
        })];
    }

    /// <summary>The dates of the entries from the beginning to the end, ascending, and before it as many as a document holds.</summary>
    public DateTimeOffset[] Make(DateTimeOffset from, DateTimeOffset to, Random random)
    {
        // One stretch of the clock before the beginning fills the first document.
        var before = new List<double>();
        var at = OnClock(from) - (random.NextDouble() * _gaps[random.Next(_gaps.Length)]);
        foreach (var gap in Gaps(random).Take(Recording.Length))
        {
            before.Add(at);
            at -= gap;
        }

        before.Reverse();
        at = before[^1];
        var end = OnClock(to);
        foreach (var gap in Gaps(random))
        {
            at += gap;
            if (at >= end) break;
            before.Add(at);
        }

        return [.. before.Select(OffClock).Order()];
    }

    private IEnumerable<double> Gaps(Random random)
    {
        while (true)
        {
            var index = random.Next(_gaps.Length);
            do
            {
                // A little noise, so that no gap of the year is the same as another to the second.
                yield return _gaps[index] * (0.9 + (0.2 * random.NextDouble()));
                index = (index + 1) % _gaps.Length;
            }
            while (random.NextDouble() > 1 / BlockLength);
        }
    }

    private static (double[] Hours, double[] Days) Profile(RecordedRhythm recording, double[] usualHours, double[] usualDays)
    {
        const double strength = 3;
        var dates = recording.Dates;
        var rate = (dates.Length - 1) / (dates[^1] - dates[0]).TotalHours;
        double[] hourCounts = new double[24], hourSeen = new double[24], dayCounts = new double[7], daySeen = new double[7];
        foreach (var date in dates.Skip(1))
        {
            hourCounts[date.Hour]++;
            dayCounts[(int)date.DayOfWeek]++;
        }

        for (var at = dates[0]; at < dates[^1]; at += TimeSpan.FromMinutes(30))
        {
            hourSeen[at.Hour] += rate / 2;
            daySeen[(int)at.DayOfWeek] += rate / 2;
        }

        var hours = Enumerable.Range(0, 24).Select(hour =>
            usualHours[hour] * (Smooth(hourCounts, hour) + strength) / (Smooth(hourSeen, hour, usualHours) + strength)).ToArray();
        var days = Enumerable.Range(0, 7).Select(day => usualDays[day] * (dayCounts[day] + strength) / ((daySeen[day] * usualDays[day]) + strength)).ToArray();
        return (Even(hours), Even(days));

        static double[] Even(double[] values)
        {
            var mean = values.Average();
            return [.. values.Select(value => value / mean)];
        }

        static double Smooth(double[] values, int hour, double[]? weights = null) =>
            (At(values, weights, hour + 23) / 4) + (At(values, weights, hour) / 2) + (At(values, weights, hour + 1) / 4);

        static double At(double[] values, double[]? weights, int hour) => values[hour % 24] * (weights?[hour % 24] ?? 1);
    }

    private double OnClock(DateTimeOffset at)
    {
        var hours = (at - Sunday).TotalHours;
        var weeks = Math.Floor(hours / Week);
        var rest = hours - (weeks * Week);
        var hour = Math.Min((int)rest, Week - 1);
        return (weeks * _clock[Week]) + _clock[hour] + ((rest - hour) * (_clock[hour + 1] - _clock[hour]));
    }

    private DateTimeOffset OffClock(double clock)
    {
        var weeks = Math.Floor(clock / _clock[Week]);
        var rest = clock - (weeks * _clock[Week]);
        var hour = Array.BinarySearch(_clock, rest);
        if (hour < 0) hour = ~hour - 1;
        hour = Math.Min(hour, Week - 1);
        return Sunday.AddHours((weeks * Week) + hour + ((rest - _clock[hour]) / (_clock[hour + 1] - _clock[hour])));
    }

    private static readonly DateTimeOffset Sunday = new(2000, 1, 2, 0, 0, 0, TimeSpan.Zero);
}
