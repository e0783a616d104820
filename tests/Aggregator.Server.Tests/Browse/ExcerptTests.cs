using Aggregator.Server.Browse;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n\t")]
    public void Nothing_to_say_is_null(string? text) => Assert.Null(Excerpt.Of(text));

    [Theory]
    [InlineData("一句话新闻。")]
    [InlineData("One short line")]
    public void A_short_text_stays_whole(string text) => Assert.Equal(text, Excerpt.Of(text));

    [Fact]
    public void A_long_text_ends_with_its_last_whole_sentence_when_that_is_long_enough()
    {
        var sentence = "系统接入四千多个传感器，可提前两天排定泊位，首日靠泊的七艘集装箱船都按时离港。";
        Assert.Equal(sentence, Excerpt.Of(sentence + new string('长', 80)));
    }

    [Fact]
    public void A_closing_quotation_mark_stays_with_its_sentence()
    {
        var quoted = "调度员老周在电话里对记者说：“以前靠电话、靠经验，现在看一眼屏幕就知道哪条船该先动。”";
        Assert.Equal(quoted, Excerpt.Of(quoted + new string('长', 80)));
    }

    [Fact]
    public void A_full_stop_inside_a_number_ends_no_sentence()
    {
        var text = "Prices rose in every month of the year and in every one of the cities by 3.5 percent or "
            + string.Concat(Enumerable.Repeat("more ", 30));
        Assert.EndsWith(" more…", Excerpt.Of(text), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_Latin_sentence_is_cut_between_words()
    {
        var excerpt = Excerpt.Of(string.Concat(Enumerable.Repeat("harbour ", 40)))!;
        Assert.EndsWith("harbour…", excerpt, StringComparison.Ordinal);
        Assert.InRange(excerpt.Length, 170, 181);
    }

    [Fact]
    public void A_long_English_text_is_about_thirty_words()
    {
        const string Sentence = "The harbour master said that the new system had cut the time that ships wait outside the port by almost a third since the spring, ";
        var excerpt = Excerpt.Of(Sentence + Sentence + Sentence)!;
        Assert.InRange(excerpt.Split(' ').Length, 27, 35);
    }

    [Theory]
    [InlineData("The commission that looked into the matter over many months was led by a retired judge of the court, Mr. Aldous Brightwater, who had before been the head of the port and of its railway for years on end")]
    [InlineData("The commission that looked into the matter over many months found that not one of the agreements with the U.S. companies had been read by those who signed them, or by anybody else in the whole of the port")]
    public void A_shortened_word_ends_no_sentence(string text) => Assert.EndsWith("…", Excerpt.Of(text)!, StringComparison.Ordinal);

    [Fact]
    public void Korean_is_cut_between_words()
    {
        var excerpt = Excerpt.Of(string.Concat(Enumerable.Repeat("항만청장은 ", 40)))!;
        Assert.EndsWith("항만청장은…", excerpt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_Chinese_sentence_is_cut_at_sixty_characters_and_not_after_a_comma()
    {
        var excerpt = Excerpt.Of(new string('港', 59) + "，" + new string('口', 60))!;
        Assert.Equal(new string('港', 59) + "…", excerpt);
    }

    [Fact]
    public void A_word_longer_than_the_excerpt_is_cut_inside()
    {
        var excerpt = Excerpt.Of(new string('x', 1000))!;
        Assert.Equal(new string('x', 180) + "…", excerpt);
    }

    [Fact]
    public void A_character_beyond_the_basic_plane_is_not_torn_apart()
    {
        var excerpt = Excerpt.Of(string.Concat(Enumerable.Repeat("𠮷", 200)))!;
        Assert.All(excerpt.EnumerateRunes(), rune => Assert.NotEqual(System.Text.Rune.ReplacementChar, rune));
        Assert.Equal(string.Concat(Enumerable.Repeat("𠮷", 60)) + "…", excerpt);
    }
}
