using Aggregator.Server.Browse;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class TextDirectionTests
{
    [Theory]
    [InlineData("zh-CN", "ltr")]
    [InlineData("en", "ltr")]
    [InlineData("ar", "rtl")]
    [InlineData("AR-eg", "rtl")]
    [InlineData("he", "rtl")]
    [InlineData("pa-Arab-PK", "rtl")]
    [InlineData("ar-Latn", "ltr")]
    [InlineData("not a language", "ltr")]
    [InlineData("", "auto")]
    [InlineData(null, "auto")]
    public void The_language_decides_or_the_letters_do(string? language, string expected) =>
        Assert.Equal(expected, TextDirection.Of(language));
}
