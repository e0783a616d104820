using Aggregator.Core.Crawling;
using Xunit;

namespace Aggregator.Core.Tests.Crawling;

public sealed class VersionBudgetTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 5, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false, 0, 0, true)]
    [InlineData(false, 23, 1, true)]
    [InlineData(false, 24, 59, false)]
    [InlineData(false, 24, 60, true)]
    [InlineData(true, 1, 1, true)]
    [InlineData(true, 2, 359, false)]
    [InlineData(true, 2, 360, true)]
    public void Keeps_a_first_few_versions_and_spaces_the_others(bool isVolatile, int recent, int minutesAgo, bool allowed) =>
        Assert.Equal(allowed, VersionBudget.Allows(isVolatile, recent, Now.AddMinutes(-minutesAgo), Now));

    [Theory]
    [InlineData(false, 48)]
    [InlineData(true, 6)]
    public void Never_keeps_more_than_so_many_a_day_and_keeps_taking_new_ones(bool isVolatile, int most)
    {
        var taken = new List<DateTimeOffset>();
        for (var at = Now; at < Now.AddDays(5); at = at.AddMinutes(5))
        {
            var recent = taken.Where(time => time > at - VersionBudget.Window).ToList();
            if (VersionBudget.Allows(isVolatile, recent.Count, recent.DefaultIfEmpty(DateTimeOffset.MinValue).Max(), at)) taken.Add(at);
        }

        Assert.All(taken, time => Assert.InRange(taken.Count(other => other >= time && other < time.AddDays(1)), 1, most));
        Assert.True(taken.Zip(taken.Skip(1), (one, next) => next - one).Max() <= (isVolatile ? VersionBudget.VolatileGap : VersionBudget.Gap));
    }

    [Fact]
    public void Recognises_a_source_that_changes_everything_after_about_ten_polls_and_forgives_it_sooner()
    {
        var churn = 0;
        var polls = 0;
        while (!VersionBudget.IsVolatile(churn)) (churn, polls) = (VersionBudget.Churn(churn, 19, 20), polls + 1);
        Assert.InRange(polls, 8, 12);

        for (polls = 0; VersionBudget.IsVolatile(churn); polls++) churn = VersionBudget.Churn(churn, 0, 20);
        Assert.InRange(polls, 1, 4);
    }

    [Fact]
    public void Takes_a_lively_source_and_a_document_of_two_entries_for_nothing_special()
    {
        var churn = 0;
        for (var poll = 0; poll < 1000; poll++) churn = VersionBudget.Churn(churn, 5, 20);
        Assert.InRange(churn, 200, 260);
        Assert.Equal(500, VersionBudget.Churn(500, 2, 2));
    }
}
