using Aggregator.Core.Normalizing;
using Xunit;

namespace Aggregator.Core.Tests.Normalizing;

public sealed class TextCutTests
{
    [Theory]
    [InlineData("", 3, "")]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("新闻聚合", 2, "新闻")]
    [InlineData("ab😀", 3, "ab")]
    [InlineData("ab😀", 4, "ab😀")]
    [InlineData("a😀b", 3, "a😀")]
    [InlineData("😀", 1, "")]
    public void Cuts_no_character_in_two(string text, int length, string beginning) => Assert.Equal(beginning, TextCut.To(text, length));

    [Fact]
    public void Says_where_something_was_cut()
    {
        Assert.Equal("ab😀", TextCut.WithEllipsis("ab😀", 4));
        Assert.Equal("ab…", TextCut.WithEllipsis("ab😀", 3));
    }
}
