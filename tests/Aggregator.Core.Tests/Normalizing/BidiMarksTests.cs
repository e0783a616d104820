using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Normalizing;

public sealed class BidiMarksTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\u2068b\u2069c", "a\u2068b\u2069c")]
    [InlineData("a\u2067b\u2066c\u2069\u2069d", "a\u2067b\u2066c\u2069\u2069d")]
    [InlineData("a\u2067b", "ab")]
    [InlineData("a\u2069b\u2067c", "abc")]
    [InlineData("a\u2069\u2067b\u2069c", "abc")]
    public void Keeps_isolates_that_are_closed_and_no_others(string text, string expected) => Assert.Equal(expected, BidiMarks.Balanced(text));

    [Fact]
    public void Strips_every_mark_from_a_name_that_is_shown_as_it_stands() =>
        Assert.Equal("invoice_gpj.exe", BidiMarks.Strip("invoice_\u202Egpj\u2066.\u200Fe\u061Cxe\u2069"));

    [Theory]
    [InlineData("a \u202Eevil\u202C b", "a evil b")]
    [InlineData("a \u2067evil", "a evil")]
    [InlineData("שלום\u200F!", "שלום\u200F!")]
    public void Leaves_no_title_that_turns_the_page_around(string title, string expected) =>
        Assert.Equal(expected, PlainText.From(new ParsedText(title, ParsedTextKind.Plain), 100));

    [Fact]
    public void Leaves_none_open_where_a_title_is_cut() =>
        Assert.DoesNotContain('\u2067', PlainText.Collapse("a \u2067" + new string('b', 200) + "\u2069", 50));
}
