using Aggregator.Core.Related;
using Xunit;

namespace Aggregator.Core.Tests.Related;

public sealed class RelatedPassageTests
{
    [Theory]
    [InlineData("港口今天开放。", "港口", "港口今天开放。")]
    [InlineData("The harbour opens today.", "harbour", "The harbour opens today.")]
    [InlineData("Nothing in common.", "harbour", "Nothing in common.")]
    [InlineData("", "harbour", "")]
    public void A_short_text_is_its_own_passage(string text, string shared, string expected) => Assert.Equal(expected, Cut(text, shared));

    [Fact]
    public void Begins_with_the_sentence_in_which_it_stands()
    {
        var text = Repeat("今天天气很好，大家都很高兴。", 15) + "港口的调度系统开始试运行。" + Repeat("明天也会是晴天，适合外出。", 15);

        var passage = Cut(text, "港口的调度系统");

        Assert.StartsWith("…港口的调度系统开始试运行。", passage, StringComparison.Ordinal);
        Assert.EndsWith("…", passage, StringComparison.Ordinal);
        Assert.InRange(passage.Length, 60, 95);
    }

    [Fact]
    public void Begins_with_the_clause_or_the_word_where_the_sentence_is_long()
    {
        var clauses = Repeat("这是很长的一句话里的一个分句，", 20) + "港口开始试运行，" + Repeat("后面还有很多分句，", 20);
        Assert.StartsWith("…港口开始试运行，", Cut(clauses, "港口"), StringComparison.Ordinal);

        var words = Repeat("many words follow one another ", 20) + "harbour opens " + Repeat("and still more of them ", 20);
        var passage = Cut(words, "harbour");
        Assert.StartsWith("…", passage, StringComparison.Ordinal);
        Assert.Contains("harbour opens", passage, StringComparison.Ordinal);
        Assert.Contains(passage.Trim('…').Split(' ')[0], "many words follow one another".Split(' '));
        Assert.Contains(passage.Trim('…').Split(' ')[^1], "and still more of them".Split(' '));
    }

    [Fact]
    public void Prefers_where_most_of_what_they_share_stands_together()
    {
        var text = "The harbour. " + Repeat("Something else entirely happened. ", 12) + "In the harbour the gates of Zandvliet opened. " + Repeat("Later it rained on. ", 12);

        Assert.StartsWith("…In the harbour the gates of Zandvliet opened.", Cut(text, "harbour gates Zandvliet"), StringComparison.Ordinal);
    }

    [Fact]
    public void Cuts_no_character_into_halves_and_reads_no_more_than_its_limit()
    {
        for (var shift = 0; shift < 4; shift++)
        {
            var passage = Cut(new string('x', shift) + Repeat("𠮷😀野屋 ", 3_000) + "港口", "𠮷😀野屋");
            Assert.True(passage.Length < 200);
            Assert.Equal(passage, new string([.. passage.EnumerateRunes().SelectMany(rune => rune.ToString())]));
            Assert.DoesNotContain('\uFFFD', passage);
        }
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Cut(string text, string shared) => RelatedPassage.Of(text, RelatedTerms.Of("", shared).Keys.ToDictionary(term => term, _ => 1f));
}
