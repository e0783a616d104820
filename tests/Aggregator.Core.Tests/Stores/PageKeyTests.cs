using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Core.Tests.Stores;

public sealed class PageKeyTests
{
    [Theory]
    [InlineData("1788602400000-42"), InlineData("0-1"), InlineData("-5-7"), InlineData("253402300799999-9223372036854775807")]
    public void Reads_what_it_wrote(string text) => Assert.Equal(text, PageKey.Parse(text)!.ToString());

    [Theory]
    [InlineData(null), InlineData(""), InlineData("-"), InlineData("1"), InlineData("1-"), InlineData("-1"), InlineData("1--1"), InlineData("1-x"), InlineData("x-1")]
    [InlineData("1.5-1"), InlineData("253402300800000-1"), InlineData("-99999999999999999-1"), InlineData("1-9223372036854775808"), InlineData(" 1-1"), InlineData("１-1")]
    [InlineData("11111111111111111111111111111111111111111-1")]
    public void Reads_nonsense_as_nothing(string? text) => Assert.Null(PageKey.Parse(text));
}
