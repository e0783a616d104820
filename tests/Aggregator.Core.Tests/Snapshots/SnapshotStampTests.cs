using Aggregator.Core.Snapshots;
using Xunit;

namespace Aggregator.Core.Tests.Snapshots;

public sealed class SnapshotStampTests
{
    [Fact]
    public void Is_the_second_in_UTC_and_comes_back()
    {
        var at = new DateTimeOffset(2023, 7, 12, 19, 45, 19, 999, TimeSpan.FromHours(8));
        Assert.Equal("20230712114519", SnapshotStamp.Of(at));
        Assert.Equal(new DateTimeOffset(2023, 7, 12, 11, 45, 19, TimeSpan.Zero), SnapshotStamp.Parse("20230712114519"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2023071211451")]
    [InlineData("202307121145190")]
    [InlineData("20230230000000")]
    [InlineData("20230712114560")]
    [InlineData("2023071211451x")]
    [InlineData("２０２３０７１２１１４５１９")]
    [InlineData(" 2023071211451")]
    public void Is_nothing_when_it_names_no_second(string? stamp) => Assert.Null(SnapshotStamp.Parse(stamp));
}
