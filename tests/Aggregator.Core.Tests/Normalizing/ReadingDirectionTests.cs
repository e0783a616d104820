using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Xunit;

namespace Aggregator.Core.Tests.Normalizing;

public sealed class ReadingDirectionTests
{
    [Theory]
    [InlineData("zh-CN", "新闻", "ltr")]
    [InlineData("ar", "أخبار اليوم", "rtl")]
    [InlineData("en-US", "חדשות היום בישראל", "rtl")]
    [InlineData("en-US", "חברת Microsoft Israel הודיעה היום על השקעה חדשה בתל אביב", "rtl")]
    [InlineData("fa", "Breaking news from Tehran", "ltr")]
    [InlineData("he", "2026-09-05", "rtl")]
    [InlineData("ar-Latn", "", "ltr")]
    [InlineData(null, "ئۇيغۇرچە", "rtl")]
    [InlineData(null, "12:30", "auto")]
    [InlineData(null, null, "auto")]
    public void The_letters_tell_and_where_there_are_none_the_language(string? language, string? text, string expected) =>
        Assert.Equal(expected, ReadingDirection.Of(language, text));

    [Fact]
    public void An_entry_knows_its_direction_and_its_length()
    {
        var entry = new Entry { Key = "k", Title = "مرحبا", Language = "en", Content = "<p>one two</p><p>三个字 &amp; four</p>", ContentHash = new byte[32] };
        Assert.Equal("rtl", entry.Direction);
        Assert.Equal(new TextLength(6, 14), entry.CountText());
        Assert.Equal(new TextLength(2, 4), (entry with { Content = null, Summary = "ab cd" }).CountText());
    }

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
    public void Without_a_text_the_language_decides(string? language, string expected) =>
        Assert.Equal(expected, ReadingDirection.Of(language));
}
