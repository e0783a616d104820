using Aggregator.Storage.Databases;
using Xunit;

namespace Aggregator.Storage.Tests.Databases;

public sealed class StorableTextTests
{
    // Not as attributes: those are UTF-8 already, which has no halves of pairs.
    public static readonly IEnumerable<TheoryDataRow<int>> Rows = Enumerable.Range(0, Texts.Length).Select(i => new TheoryDataRow<int>(i));

    private static (string Text, string Stored)[] Texts =>
    [
        ("", ""),
        ("plain", "plain"),
        ("国内 😀 𠮷", "国内 😀 𠮷"),
        ("a\0b\0", "ab"),
        ("\uD83D", "\uFFFD"),
        ("\uDE00\uD83D", "\uFFFD\uFFFD"),
        ("a\uD83Db", "a\uFFFDb"),
        ("\uD83D\uD83D\uDE00", "\uFFFD😀"),
        ("\u0001\u0008\uFFFE", "\u0001\u0008\uFFFE"),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Keeps_everything_but_nul_and_halves_of_pairs(int row) => Assert.Equal(Texts[row].Stored, StorableText.Of(Texts[row].Text));

    [Fact]
    public void Copies_nothing_that_is_storable()
    {
        const string Text = "国内 😀";
        Assert.Same(Text, StorableText.Of(Text));
        Assert.Null(StorableText.Of(null));
    }
}
