using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Core.Tests.Searching;

public sealed class SearchKeyTests
{
    [Fact]
    public void Is_read_as_it_was_written()
    {
        var key = new SearchKey(3, new PageKey(new DateTimeOffset(2026, 3, 1, 8, 0, 0, 123, TimeSpan.Zero), 42));

        Assert.Equal(key, SearchKey.Parse(key.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1")]
    [InlineData("-1.5-x")]
    [InlineData("999999999999.1-1")]
    [InlineData("1.x")]
    [InlineData("' or 1=1")]
    public void Nonsense_is_no_key(string? text) => Assert.Null(SearchKey.Parse(text));
}
