using Aggregator.Core.Searching;
using Xunit;

namespace Aggregator.Core.Tests.Searching;

public sealed class MatchMarkerTests
{
    [Theory]
    [InlineData("新款手機發布", "手机", "新款[手機]發布")]
    [InlineData("Apple and APPLE", "apple", "[Apple] and [APPLE]")]
    [InlineData("apples", "apple", "apples")]
    [InlineData("数字孪生港口", "数字 孪生 港口", "[数字][孪生][港口]")]
    [InlineData("数字孪生", "数字孪 字孪生", "[数字孪][生]")]
    [InlineData("a <b> c", "b", "a <[b]> c")]
    [InlineData("text", "-text", "text")]
    [InlineData("text", "author:text", "text")]
    [InlineData("text", "title:text", "[text]")]
    public void Marks_what_was_looked_for_as_it_was_written(string title, string query, string expected) =>
        Assert.Equal(expected, Write(MatchMarker.Mark(title, SearchQuery.Parse(query), SearchField.Title)));

    [Fact]
    public void Loses_nothing_of_the_text_and_marks_a_bounded_number_of_times()
    {
        var text = string.Concat(Enumerable.Repeat("a b ", 5_000));

        var pieces = MatchMarker.Mark(text, SearchQuery.Parse("a"), SearchField.Title);

        Assert.Equal(text, string.Concat(pieces.Select(piece => piece.Text)));
        Assert.InRange(pieces.Count(piece => piece.IsMatch), 1, 200);
    }

    [Fact]
    public void The_passage_is_where_most_of_it_stands_together()
    {
        var text = "港口。" + new string('中', 300) + "。数字孪生港口开始试运行" + new string('文', 300);

        var passage = MatchMarker.Passage(text, SearchQuery.Parse("数字孪生 港口"))!;

        Assert.Equal(["数字孪生", "港口"], passage.Where(piece => piece.IsMatch).Select(piece => piece.Text));
        Assert.Equal("…", passage[0].Text);
        Assert.Equal("…", passage[^1].Text);
        Assert.InRange(passage.Sum(piece => piece.Text.Length), 100, MatchMarker.PassageLength + 4);
    }

    [Fact]
    public void A_short_text_is_its_own_passage_and_one_without_it_has_none()
    {
        Assert.Equal("[港口]今天开放", Write(MatchMarker.Passage("港口今天开放", SearchQuery.Parse("港口"))!));
        Assert.Null(MatchMarker.Passage("港口今天开放", SearchQuery.Parse("机场")));
        Assert.Null(MatchMarker.Passage("", SearchQuery.Parse("机场")));
    }

    [Fact]
    public void Cuts_no_character_into_halves()
    {
        for (var shift = 0; shift < 5; shift++)
        {
            var passage = MatchMarker.Passage(new string('x', shift) + string.Concat(Enumerable.Repeat("😀𠮷", 200)) + "港口" + string.Concat(Enumerable.Repeat("😀𠮷", 200)), SearchQuery.Parse("港口"))!;
            Assert.All(passage, piece => Assert.DoesNotContain(piece.Text.EnumerateRunes(), rune => rune == System.Text.Rune.ReplacementChar));
        }
    }

    private static string Write(IEnumerable<TextPiece> pieces) => string.Concat(pieces.Select(piece => piece.IsMatch ? $"[{piece.Text}]" : piece.Text));
}
