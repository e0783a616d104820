using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Core.Tests.Snapshots;

public sealed class ThinningTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    // Ten versions of a feed, one a day, the newest of today.
    private static readonly ThinnableSnapshot[] Ten = [.. Enumerable.Range(1, 10).Select(number => new ThinnableSnapshot(100 + number, number, SnapshotKind.Feed, Now.AddDays(number - 10)))];

    [Theory]
    [InlineData(0, 0, "")]
    [InlineData(3, 0, "6 5 4 3 2")]
    [InlineData(0, 4, "6 5 4 3 2")]
    [InlineData(0, 2, "8 7 6 5 4 3 2")]
    [InlineData(5, 3, "7 6 5 4 3 2")]
    [InlineData(1, 100, "8 7 6 5 4 3 2")]
    [InlineData(100, 100, "")]
    public void Lets_old_and_surplus_versions_go_and_keeps_the_first_and_the_last(int days, int count, string gone) =>
        Assert.Equal(gone, string.Join(' ', Thinning.Choose(Ten, new RetentionRule(days, count), Now).Select(id => id - 100)));

    [Fact]
    public void Keeps_the_first_and_the_last_of_the_feed_and_of_the_pages()
    {
        ThinnableSnapshot[] versions =
        [
            .. Ten[..4],
            new(201, 11, SnapshotKind.Page, Now.AddDays(-9)), new(202, 12, SnapshotKind.Page, Now.AddDays(-8)), new(203, 13, SnapshotKind.Page, Now.AddDays(-7)),
        ];

        Assert.Equal([202, 103, 102], Thinning.Choose(versions, new RetentionRule(1), Now));
    }

    [Theory]
    [InlineData(5, 0, 7, 0, 7, 0)]
    [InlineData(5, 3, 0, 2, 0, 3)]
    [InlineData(0, 0, 1, 1, 0, 0)]
    public void Of_two_rules_the_joint_one_keeps_what_either_keeps(int days, int count, int otherDays, int otherCount, int bothDays, int bothCount) =>
        Assert.Equal(new RetentionRule(bothDays, bothCount), new RetentionRule(days, count).Or(new RetentionRule(otherDays, otherCount)));
}
