using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Model;

public sealed class PollingHintsTests
{
    [Fact]
    public void Knows_the_hours_and_days_to_skip_in_universal_time()
    {
        var hints = PollingHints.Of(null, [0, 23, 24, -1], [DayOfWeek.Sunday, (DayOfWeek)9]);
        Assert.True(hints.Skips(new DateTimeOffset(2026, 9, 7, 23, 59, 59, TimeSpan.Zero)));
        Assert.True(hints.Skips(new DateTimeOffset(2026, 9, 8, 7, 30, 0, TimeSpan.FromHours(8))));
        Assert.False(hints.Skips(new DateTimeOffset(2026, 9, 7, 1, 0, 0, TimeSpan.Zero)));
        Assert.True(hints.Skips(new DateTimeOffset(2026, 9, 6, 12, 0, 0, TimeSpan.Zero)));
        Assert.False(hints.SkipsEverything);
        Assert.True(PollingHints.Of(null, Enumerable.Range(0, 24), []).SkipsEverything);
    }
}
