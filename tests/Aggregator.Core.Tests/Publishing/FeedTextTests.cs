using Aggregator.Core.Publishing;
using Xunit;

namespace Aggregator.Core.Tests.Publishing;

public sealed class FeedTextTests
{
    [Fact]
    public void Keeps_every_character_that_xml_allows_and_no_other()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var legal = FeedText.Legal($"a{(char)c}b");
            var isControl = c is >= 0x7f and <= 0x9f;
            Assert.Equal(System.Xml.XmlConvert.IsXmlChar((char)c) && !isControl ? 3 : 2, legal.Length);
        }
    }

    [Fact]
    public void Keeps_whole_surrogate_pairs_and_drops_halves()
    {
        Assert.Equal("😀", FeedText.Legal("😀"));
        Assert.Equal("a😀b", FeedText.Legal("a\ud83d😀\ude00b"));
        Assert.Equal("", FeedText.Legal("\ud83d"));
    }

    [Theory]
    [InlineData("  a\r\n\tb \u3000 c ", "a b c")]
    [InlineData("\u0000 \u0001", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Makes_one_line(string? text, string? line) => Assert.Equal(line, FeedText.Line(text));

    [Theory]
    [InlineData("AT&T", false)]
    [InlineData("a < b > c", false)]
    [InlineData("R & D", false)]
    [InlineData("5 <3", false)]
    [InlineData("<b", true)]
    [InlineData("</", true)]
    [InlineData("<!--", true)]
    [InlineData("&amp;", true)]
    [InlineData("&#60", true)]
    [InlineData("&copy 2026", true)]
    [InlineData("&notanentity", false)]
    [InlineData("<", false)]
    [InlineData("&", false)]
    public void Knows_markup_when_it_sees_it(string text, bool markup)
    {
        Assert.Equal(markup, FeedText.LooksLikeMarkup(text));
        Assert.Equal(markup, FeedText.Unambiguous(text) != text);
        Assert.False(FeedText.LooksLikeMarkup(FeedText.Unambiguous(text)));
    }

    [Fact]
    public void Cuts_between_characters_as_people_see_them()
    {
        Assert.Equal("👨‍👩‍👧‍👦e\u0301…", FeedText.Beginning("👨‍👩‍👧‍👦e\u0301x", 2));
        Assert.Equal("ab", FeedText.Beginning("ab", 2));
    }
}
