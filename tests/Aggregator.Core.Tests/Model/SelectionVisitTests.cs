using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Model;

public sealed class SelectionVisitTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_came_is_new_for_as_long_as_the_visit_lasts_and_no_longer()
    {
        var first = SelectionVisit.First(Noon.AddMinutes(7));
        Assert.Equal(new SelectionVisit(Noon.AddMinutes(7), Noon.AddMinutes(7), Noon), first);

        // The next day: what came at eight is new, after reloading too.
        var next = Noon.AddDays(1);
        var visit = first.Begin(next).Show(Noon.AddHours(20), next);
        Assert.Equal(Noon.AddMinutes(7), visit.SeenAt);
        visit = visit.Begin(next.AddMinutes(29)).Show(Noon.AddHours(20), next.AddMinutes(29));
        Assert.Equal(Noon.AddMinutes(7), visit.SeenAt);

        // Whoever keeps reading keeps his visit; an hour away ends it.
        visit = visit.Begin(next.AddMinutes(50)).Show(Noon.AddHours(20), next.AddMinutes(50));
        Assert.Equal(next.AddMinutes(30), visit.At);
        Assert.Equal(Noon.AddMinutes(7), visit.Begin(next.AddMinutes(89)).SeenAt);
        Assert.Equal(Noon.AddHours(20), visit.Begin(next.AddMinutes(90)).SeenAt);
    }

    [Fact]
    public void Neither_an_older_page_nor_a_clock_that_went_back_takes_anything_back()
    {
        var visit = SelectionVisit.First(Noon);
        Assert.Equal(visit, visit.Begin(Noon.AddHours(-5)).Show(Noon.AddHours(-9), Noon.AddHours(-5)));
    }
}
