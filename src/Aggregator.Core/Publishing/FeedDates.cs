using System.Globalization;
using Aggregator.Core.Model;

namespace Aggregator.Core.Publishing;

/// <summary>Dates as feeds write them.</summary>
public static class FeedDates
{
    /// <summary>The beginning of 1990, before the web: readers and validators take an earlier date of a feed for a mistake, which it mostly is.</summary>
    public static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// The date of an entry's version as we publish it: when we captured it, to the millisecond, and below that the entry's
    /// number in steps of 100 ns (modulo one millisecond). One refresh captures many entries in the same instant, and readers and
    /// validators take equal dates for a mistake; what we add is smaller than the clock's own step, and the same entry's
    /// version has the same date in every feed and for ever.
    /// </summary>
    public static DateTimeOffset UpdatedOf(StoredEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var captured = entry.CapturedAt.UtcTicks;
        return new DateTimeOffset(
            captured - (captured % TimeSpan.TicksPerMillisecond) + (entry.Id % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }

    /// <summary>RFC 3339 in UTC, with as many digits of the second as it needs, at most seven: <c>2026-09-05T08:01:00.25Z</c>.</summary>
    public static string Rfc3339(DateTimeOffset date) =>
        date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>RFC 822 with a year of four digits, in GMT and whole seconds: <c>Sat, 05 Sep 2026 08:01:00 GMT</c>.</summary>
    public static string Rfc822(DateTimeOffset date) => date.UtcDateTime.ToString("r", CultureInfo.InvariantCulture);
}
