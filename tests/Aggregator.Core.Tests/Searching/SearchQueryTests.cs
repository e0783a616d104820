using Aggregator.Core.Model;
using Aggregator.Core.Searching;
using Xunit;

namespace Aggregator.Core.Tests.Searching;

public sealed class SearchQueryTests
{
    [Theory]
    [InlineData("港口 调度", "港口 调度")]
    [InlineData("  Harbour\tTWIN  ", "harbour twin")]
    [InlineData("港口　港口", "港口")]
    [InlineData("\"digital twin\" quay", "\"digital twin\" quay")]
    [InlineData("“数字 孪生”", "\"数字 孪生\"")]
    [InlineData("-手机 －电脑", "-手机 -电脑")]
    [InlineData("-\"apple store\"", "-\"apple store\"")]
    [InlineData("title:苹果 标题：价格 標題:價格", "title:苹果 title:价格")]
    [InlineData("AUTHOR:Ann -source:日报", "author:ann -source:日报")]
    [InlineData("title:\"a b\"", "title:\"a b\"")]
    [InlineData("title: x", "title x")]
    [InlineData("a\"b c\"d", "a \"b c\" d")]
    [InlineData("\"never closed", "\"never closed\"")]
    [InlineData("- -- \"\" title:\"\" ", "")]
    [InlineData("OR AND NOT NEAR(x)", "or and not \"near x\"")]
    [InlineData("c++ .net", "c net")]
    [InlineData("e-mail", "\"e mail\"")]
    [InlineData("\0\uD800 \uDFFF", "")]
    [InlineData("\u202Eharbour\u202C", "harbour")]
    public void Reads_whatever_is_typed(string typed, string expected) => Assert.Equal(expected, SearchQuery.Parse(typed).Canonical);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\u3000")]
    public void Nothing_looks_for_nothing(string? typed) => Assert.True(SearchQuery.Parse(typed).IsEmpty);

    [Fact]
    public void The_canonical_spelling_reads_as_itself()
    {
        foreach (var typed in (string[])["港口 -\"数字 孪生\" title:Quay author:\"ann b\"", "ＡＢＣ １２３", "國際會議", "a -b source:c"])
        {
            var once = SearchQuery.Parse(typed);
            Assert.Equal(once, SearchQuery.Parse(once.Canonical));
            Assert.Equal(once.GetHashCode(), SearchQuery.Parse(once.Canonical).GetHashCode());
        }

        Assert.NotEqual(SearchQuery.Parse("a"), SearchQuery.Parse("-a"));
    }

    [Fact]
    public void Is_bounded()
    {
        Assert.True(SearchQuery.Parse(new string('a', SearchQuery.MaxLength + 1)).IsEmpty);
        Assert.Equal(SearchQuery.MaxUnits, SearchQuery.Parse(string.Join(' ', Enumerable.Range(0, 100))).Units.Count);
    }

    [Theory]
    [InlineData("手机", true)]
    [InlineData("phone", true)]
    [InlineData("phon", false)]
    [InlineData("\"new phone\"", true)]
    [InlineData("\"phone new\"", false)]
    [InlineData("title:价格", false)]
    [InlineData("author:张三", true)]
    [InlineData("-手机", false)]
    [InlineData("-机手 手", true)]
    [InlineData("-title:价格", true)]
    [InlineData("source:whatever 价", true)]
    public void Checks_a_document_letter_by_letter(string typed, bool expected)
    {
        var document = SearchText.Of("新手機 new Phone", null, "<p>價<b>格</b>很高</p>", [new Person("张三")], ["科技"]);

        Assert.Equal(expected, SearchQuery.Parse(typed).Matches(document));
    }
}
