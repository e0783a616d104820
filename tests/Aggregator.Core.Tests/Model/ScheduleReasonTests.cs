using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Model;

public sealed class ScheduleReasonTests
{
    [Fact]
    public void Is_stored_without_words_and_read_as_it_was()
    {
        foreach (var kind in Enum.GetValues<ScheduleReasonKind>())
            foreach (var reason in new[] { new(kind, TimeSpan.FromMinutes(7)), new(kind, TimeSpan.FromDays(31), TimeSpan.FromSeconds(5), 3), new ScheduleReason(kind, TimeSpan.Zero, Count: int.MaxValue) })
                Assert.Equal(reason, ScheduleReason.Parse(reason.ToString()));
        Assert.Equal("Rhythm:1800:7200:", new ScheduleReason(ScheduleReasonKind.Rhythm, TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)).ToString());
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("Every 2 hours, because it posts about every 4 hours."), InlineData("Rhythm:x:1:"), InlineData("Rhythm::1:")]
    [InlineData("Nothing:1:1:1"), InlineData("4711:1:1:1"), InlineData("Rhythm:99999999999999999999:1:1"), InlineData("Rhythm:-5::")]
    public void What_is_no_reason_is_none(string? stored) => Assert.Null(ScheduleReason.Parse(stored));
}
