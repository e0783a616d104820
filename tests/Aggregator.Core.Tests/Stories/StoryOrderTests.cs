using Aggregator.Core.Stories;
using Xunit;

namespace Aggregator.Core.Tests.Stories;

public sealed class StoryOrderTests
{
    [Theory]
    [InlineData("A: B: C:", "A B C")] // nobody names anybody: in time
    [InlineData("A: B:C C:", "C A B")] // who is named leads
    [InlineData("B:A C:B A:", "A B C")] // … and who that one has it from, where both are named once
    [InlineData("B:A C:B D:B A:", "A B C D")] // … and where it is named more often
    [InlineData("A:B B:A C:A", "A B C")] // a circle says nothing more than the votes
    [InlineData("A:Nobody B:", "A B")]
    public void The_one_that_it_comes_from_leads_and_the_others_follow_in_time(string story, string expected)
    {
        var start = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
        var tellers = story.Split(' ').Select((teller, i) => teller.Split(':') is [var source, var named]
            ? new StoryTeller(i + 1, i + 1, Called(source), null, start.AddMinutes(i), named.Length == 0 ? null : Called(named))
            : throw new ArgumentException(teller, nameof(story))).ToList();

        Assert.Equal(expected, string.Join(' ', StoryOrder.Of(tellers).Select(teller => teller.SourceTitle[^1])));
    }

    private static string Called(string letter) => letter == "Nobody" ? "Somebody Else" : $"{letter}{letter} Daily {letter}";
}
