using Aggregator.Core.Extracting;
using Xunit;

namespace Aggregator.Core.Tests.Extracting;

public sealed class RobotsDirectivesTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 5, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("noarchive", false)]
    [InlineData("NOARCHIVE, NOFOLLOW", false)]
    [InlineData("nocache", false)]
    [InlineData("nosnapshot", false)]
    [InlineData("all", true)]
    [InlineData("noindex", true)]
    [InlineData("none", false)]
    [InlineData("max-snippet:-1, max-image-preview:large", true)]
    [InlineData("googlebot: noarchive", true)]
    [InlineData("googlebot: noarchive, nofollow", true)]
    [InlineData("Aggregator: noarchive", false)]
    [InlineData("otherbot: nofollow, aggregator: noarchive", false)]
    [InlineData("*: noarchive", false)]
    [InlineData("unavailable_after: 25 Jun 2010 15:00:00 PST", false)]
    [InlineData("unavailable_after: Friday, 25-Jun-10 15:00:00 UTC", false)]
    [InlineData("unavailable_after: 2010-06-25", false)]
    [InlineData("unavailable_after: 2030-06-25", true)]
    [InlineData("unavailable_after: 2030-06-25, noarchive", false)]
    [InlineData("unavailable_after: never", true)]
    public void A_header_says_whether_a_copy_may_be_kept(string header, bool mayBeKept) =>
        Assert.Equal(mayBeKept, RobotsDirectives.FromHeaders([header], "Aggregator").MayBeKept(Now));

    [Fact]
    public void Each_directive_is_kept_apart()
    {
        var robots = RobotsDirectives.FromHeaders(["none, noimageindex", "nosnippet, unavailable_after: Fri, 05 Sep 2031 10:00:00 GMT", "unavailable_after: 2030-09-05T10:00:00Z"], "Aggregator");
        Assert.True(robots is { NoIndex: true, NoFollow: true, NoImageIndex: true, NoSnippet: true, NoArchive: false, NoSnapshot: false });
        Assert.Equal(Now.AddYears(4), robots.UnavailableAfter);
    }

    [Theory]
    [InlineData("robots", true)]
    [InlineData("Robots", true)]
    [InlineData("aggregator", true)]
    [InlineData("googlebot", false)]
    [InlineData(null, false)]
    public void A_meta_element_counts_by_its_name(string? name, bool counts) =>
        Assert.Equal(counts, RobotsDirectives.FromMeta(name, "noarchive", "Aggregator").NoArchive);
}
