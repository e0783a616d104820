using Aggregator.Core.Publishing;
using Xunit;
using static Aggregator.Core.Tests.Publishing.PublicationSamples;

namespace Aggregator.Core.Tests.Publishing;

public sealed class FeedDatesTests
{
    [Fact]
    public void Tells_entries_of_one_instant_apart_by_less_than_a_millisecond()
    {
        var dates = Enumerable.Range(1, 10_000).Select(id => FeedDates.UpdatedOf(Item(id).Stored)).ToList();
        Assert.Equal(dates.Count, dates.Distinct().Count());
        Assert.All(dates, date => Assert.InRange(date - Captured, TimeSpan.Zero, TimeSpan.FromMilliseconds(1) - TimeSpan.FromTicks(1)));
        Assert.Equal(dates.Count, dates.Select(FeedDates.Rfc3339).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Writes_utc_whatever_the_offset()
    {
        var date = new DateTimeOffset(2026, 9, 5, 17, 0, 0, TimeSpan.FromHours(8));
        Assert.Equal("2026-09-05T09:00:00Z", FeedDates.Rfc3339(date));
        Assert.Equal("Sat, 05 Sep 2026 09:00:00 GMT", FeedDates.Rfc822(date));
    }
}
