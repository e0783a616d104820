using Aggregator.Core.Normalizing;
using Xunit;

namespace Aggregator.Core.Tests.Normalizing;

public sealed class TextLengthTests
{
    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("Two words.", 2, 9)]
    [InlineData("it's 5 o'clock", 3, 12)]
    [InlineData("中国新闻，今天", 6, 7)]
    [InlineData("买 iPhone 手机", 4, 9)]
    [InlineData("오늘의 뉴스", 2, 5)]
    public void Counts_words_and_characters_as_readers_do(string text, int words, int characters) =>
        Assert.Equal(new TextLength(words, characters), TextLength.Of(text));
}
