using Aggregator.Core.Extracting;
using Xunit;
using static Aggregator.Core.Tests.Extracting.PageSamples;

namespace Aggregator.Core.Tests.Extracting;

public sealed class ArticlePagesTests
{
    [Theory]
    [InlineData("http://e.com/n1/c1001-31153719.html", "<a href='/n1/c1001-31153719-2.html'>【2】</a>", "http://e.com/n1/c1001-31153719-2.html")]
    [InlineData("http://e.com/n1/c1001-31153719-2.html", "<a href='/n1/c1001-31153719.html'>【1】</a><a href='/n1/c1001-31153719-3.html'>【3】</a>", "http://e.com/n1/c1001-31153719-3.html")]
    [InlineData("http://e.com/w/2019_09_07_516891.shtml", "<a href='/w/2019_09_07_516891_2.shtml'>2</a><a>下一页</a>", "http://e.com/w/2019_09_07_516891_2.shtml")]
    [InlineData("http://e.com/a.html?page=2", "<a href='?page=1'>1</a><a href='?page=3'>下一页</a>", "http://e.com/a.html?page=3")]
    [InlineData("http://e.com/a/", "<a href='/a/2/'>2</a>", "http://e.com/a/2/")]
    [InlineData("http://e.com/a/", "<a rel=next href='/a/page/2/'>Older</a>", "http://e.com/a/page/2/")]
    [InlineData("http://e.com/a_1.html", "<a href='a_2.html'>Next page</a>", "http://e.com/a_2.html")]
    [InlineData("http://e.com/n1/100.html", "<a href='/n1/101.html'>下一篇</a>", null)]
    [InlineData("http://e.com/n1/100.html", "<a href='/n1/101.html'>下一页</a>", null)]
    [InlineData("http://e.com/post/12/", "<a href='/post/13/'>下一页</a>", null)]
    [InlineData("http://e.com/2023/07/12/one/", "<a rel=next href='/2023/07/13/two/'>Next post</a>", null)]
    [InlineData("http://e.com/a.html", "<a href='http://other.com/a_2.html'>下一页</a>", null)]
    [InlineData("http://e.com/a.html", "<a href='/a_3.html'>3</a>", null)]
    [InlineData("http://e.com/a.html", "<a href='/a_2.html'>另一篇文章</a>", null)]
    public void The_next_page_is_this_address_with_the_next_number(string url, string links, string? expected) =>
        Assert.Equal(expected, Extract(ChinesePage(behind: $"<div>{links}</div>"), url).NextPageUrl?.AbsoluteUri);

    [Fact]
    public void Pages_are_joined_in_order_without_what_they_repeat()
    {
        var first = Extract(ChinesePage("<div>2023-07-12 11:45 来源：桥城日报</div>", inside: "<p><img src=/p/20230701.jpg></p><p>栏杆边的长椅由回收木材制成，傍晚坐满了人。</p>"), "http://e.com/a.html");
        var second = Extract(
            ChinesePage("<div>2023-07-12 11:45 来源：桥城日报</div>", behind: "<div>责编：张晓明</div>", inside: "<p>市交通部门表示，下一步将在桥头增设自行车停放点。</p><p><img src=/p/20230702.jpg></p><p>公交线路也将调整，方便市民换乘。</p>"),
            "http://e.com/a_2.html");
        var joined = ArticlePages.Join([first, second]);
        Assert.Equal(first.Title, joined.Title);
        Assert.Equal(1, joined.Text.Split(Chinese[0]).Length - 1);
        Assert.Equal(1, joined.Content.Split(Chinese[0]).Length - 1);
        Assert.True(joined.Text.IndexOf("回收木材制成", StringComparison.Ordinal) < joined.Text.IndexOf("自行车停放点", StringComparison.Ordinal));
        Assert.Equal(["http://e.com/p/20230701.jpg", "http://e.com/p/20230702.jpg"], joined.Images);
        Assert.Equal("张晓明", Assert.Single(joined.Credits).Name);
        Assert.Null(joined.NextPageUrl);
    }

    [Fact]
    public void More_pages_than_the_limit_are_left_out_and_noted()
    {
        var page = Extract(ChinesePage());
        var joined = ArticlePages.Join([.. Enumerable.Repeat(page, ExtractionLimits.MaxPages + 5)]);
        Assert.Contains(joined.Notes, static note => note.Contains("the first 20 are kept", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => ArticlePages.Join([]));
    }
}
