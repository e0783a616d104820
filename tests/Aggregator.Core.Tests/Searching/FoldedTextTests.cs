using System.Text;
using Aggregator.Core.Searching;
using Xunit;

namespace Aggregator.Core.Tests.Searching;

public sealed class FoldedTextTests
{
    [Theory]
    [InlineData("Hello, World!", "hello world")]
    [InlineData("  a  -  b  ", "a b")]
    [InlineData("國際會議", "国际会议")]
    [InlineData("隨著 著名 瞭解 甚麼 憑藉 回覆 彷彿", "随着 着名 了解 什么 凭借 回复 仿佛")]
    [InlineData("ＡＢＣ１２３", "abc123")]
    [InlineData("ﾊﾟｿｺﾝ", "パソコン")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("ΟΔΟΣ ὁδός", "οδοσ ὁδόσ")]
    [InlineData("ﬁn de siècle", "fin de siècle")]
    [InlineData("a\u200Bb\u00ADc", "abc")]
    [InlineData("\u202Etxt\u202C", "txt")]
    [InlineData("\u1112\u1161\u11ABグル", "한グル")]
    [InlineData("𠮷野屋😀牛丼", "𠮷野屋 牛丼")]
    [InlineData("x\uFFFEy\uFFFF", "x y")]
    [InlineData("", "")]
    [InlineData("…—！", "")]
    public void Folds(string written, string expected)
    {
        Assert.Equal(expected, FoldedText.Fold(written));
        Assert.Equal(expected, FoldedText.Of(written, withPlaces: true).Text);
        Assert.Equal(expected, FoldedText.Fold(expected));
    }

    [Theory]
    [InlineData("Das Café: ＡＢＣ", "café", "Café")]
    [InlineData("Das Cafe\u0301!", "café", "Cafe\u0301")]
    [InlineData("新款手機iPhone", "手机", "手機")]
    [InlineData("ﾊﾟｿｺﾝの", "パソコン", "ﾊﾟｿｺﾝ")]
    [InlineData("a 𠮷野屋 b", "𠮷野", "𠮷野")]
    [InlineData("one, two", "one two", "one, two")]
    public void Knows_where_it_came_from(string written, string unit, string expected)
    {
        var folded = FoldedText.Of(written, withPlaces: true);

        var (start, end) = folded.Written(FoldedText.IndexOf(folded.Text, unit), unit.Length);

        Assert.Equal(expected, written[start..end]);
    }

    // No theory: the compiler makes whole characters of what stands in an attribute.
    [Fact]
    public void Half_a_character_stands_between_words() => Assert.Equal("x y", FoldedText.Fold("x\uD800y\uDC00"));

    [Fact]
    public void Every_character_folds_as_its_normal_form_does_and_folding_again_changes_nothing()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            if (!Rune.IsValid(c) || c == 0xFFFE) continue;
            var written = $"a {(char)c} b";
            var folded = FoldedText.Fold(written);

            Assert.Equal(FoldedText.Fold(written.Normalize(NormalizationForm.FormKC)), folded);
            Assert.Equal(folded, FoldedText.Fold(folded));
        }
    }

    [Theory]
    [InlineData("bridges bridge", "bridge", 8)]
    [InlineData("bridges", "bridge", -1)]
    [InlineData("iphone手机", "手机", 6)]
    [InlineData("iphone手机", "iphone", 0)]
    [InlineData("大手机器", "手机", 1)]
    [InlineData("abc", "", 0)]
    [InlineData("", "a", -1)]
    public void Finds_words_whole_and_runs_anywhere(string text, string unit, int expected) => Assert.Equal(expected, FoldedText.IndexOf(text, unit));

    [Fact]
    public void A_letter_with_a_thousand_marks_costs_no_more_than_it_is_long()
    {
        var folded = FoldedText.Fold("a" + new string('\u0301', 10_000) + " b");

        Assert.True(folded.Length <= 10_003);
        Assert.EndsWith(" b", folded, StringComparison.Ordinal);
    }

    [Fact]
    public void Agrees_with_the_frameworks_folding_where_nothing_is_special()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var text = string.Concat(Enumerable.Range(0, 20).Select(_ => new Rune(random.Next(4) switch { 0 => random.Next('a', 'z'), 1 => random.Next(0x4E00, 0x9FA5), 2 => random.Next(0x3041, 0x3096), _ => random.Next('A', 'Z') })));
            Assert.Equal(string.Concat(text.ToLowerInvariant().Select(SimplifiedCharacters.Of)), FoldedText.Fold(text));
        }
    }
}
