using System.Net;
using Aggregator.Core.Snapshots;
using Aggregator.Server.Tests.Browse;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Aggregator.Server.Tests.Snapshots;

/// <summary>The article as it is now and as each snapshot has it, read as a visitor reads them.</summary>
public sealed class ArticlePageTests : IAsyncLifetime
{
    private EditedArticle _article = null!;

    public async ValueTask InitializeAsync() => _article = await EditedArticle.StartAsync();

    public ValueTask DisposeAsync() => _article.DisposeAsync();

    [Fact]
    public async Task Shows_what_it_is_a_copy_of_how_many_versions_there_are_and_when_its_title_changed()
    {
        var first = await _article.PublishAsync("大桥封闭", "陈港生", "<p>大桥今天封闭。</p>");
        var second = await _article.PublishAsync("大桥限行", "陈港生", "<p>大桥今天限行。</p>");
        var third = await _article.PublishAsync("大桥限行", "李晓", "<p>大桥今天限行。</p>");
        using var browser = _article.Site.CreateBrowser("zh");

        var page = await browser.GetPageAsync(_article.Page);

        Assert.Equal(["首页", "国内"], page.TextsOf(".where li"));
        Assert.Equal("/categories/domestic", page.AttributeOf(".where li:last-child a", "href"));
        Assert.Equal("大桥限行", page.TextOf("h1"));
        Assert.Equal("noindex", page.AttributeOf("meta[name=robots]", "content"));
        Assert.Equal(EditedArticle.Original, page.AttributeOf("link[rel=canonical]", "href"));
        Assert.Contains("并非原网页的抓取", page.TextOf(".notice"), StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(third.Sha256.Span), page.TextOf(".notice"), StringComparison.Ordinal);
        Assert.Equal("3 个版本", page.TextOf(".versions h2"));
        var changedAt = TimeZoneInfo.ConvertTime(second.CapturedAt, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        Assert.Equal($"标题更改于 {changedAt:yyyy-MM-dd HH:mm}。", page.TextOf(".versions > p"));
        Assert.Equal(["更改：作者", "更改：标题、正文", "最初的版本"], page.TextsOf(".versions .changes"));
        Assert.Equal(
            [$"{_article.Page}/diff?from=2&to=3", $"{_article.Page}/diff?from=1&to=2"], page.QuerySelectorAll(".versions .compare").Select(link => link.GetAttribute("href")));
        Assert.Equal(
            new[] { third, second, first }.Select(Address), page.QuerySelectorAll(".versions li > a:first-child").Select(link => link.GetAttribute("href")));
        Assert.Contains("本页所示", page.TextOf(".versions li[aria-current]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_in_English_too_that_an_article_has_one_version_and_how_to_check_it()
    {
        var only = await _article.PublishAsync("One", "Ann", "<p>One.</p>");
        using var browser = _article.Site.CreateBrowser("en");

        var page = await browser.GetPageAsync(_article.Page);

        Assert.Equal("1 version", page.TextOf(".versions h2"));
        Assert.Equal("No change has been seen since it was first taken.", page.TextOf(".versions > p"));
        Assert.Equal(Address(only) + ".json", page.AttributeOf(".check a", "href"));
        var bytes = await browser.GetByteArrayAsync(page.AttributeOf(".check a", "href"));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), page.TextOf(".notice dd > code"));
    }

    [Fact]
    public async Task A_snapshot_goes_on_saying_what_it_said()
    {
        var first = await _article.PublishAsync("大桥封闭", "陈港生", "<p>大桥今天封闭。</p>");
        await _article.PublishAsync("大桥限行", "李晓", "<p>大桥今天限行。</p>");
        using var browser = _article.Site.CreateBrowser("zh");

        using var answer = await browser.GetAsync(Address(first));
        var page = await answer.ReadPageAsync();

        Assert.Equal(first.CapturedAt.ToString("r"), answer.Headers.GetValues("Memento-Datetime").Single());
        Assert.Equal("大桥封闭", page.TextOf("h1"));
        Assert.Equal("大桥今天封闭。", page.TextOf(".body"));
        Assert.Contains("陈港生", page.TextOf("article header"), StringComparison.Ordinal);
        Assert.Contains("此页内容不再改变", page.TextOf(".frozen"), StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(first.Sha256.Span), page.TextOf(".notice"), StringComparison.Ordinal);
        Assert.Equal("noindex", page.AttributeOf("meta[name=robots]", "content"));
    }

    [Fact]
    public async Task A_captured_page_says_so_and_names_its_credits()
    {
        await _article.PublishAsync("大桥封闭", "陈港生", "<p>摘要。</p>");
        var capture = await _article.CaptureAsync("大桥封闭", "<p>全文第一段。</p><p>全文第二段。</p>", new Credit("责任编辑", "李明"), new Credit("审核", "王芳"));
        using var browser = _article.Site.CreateBrowser("zh");

        var page = await browser.GetPageAsync(_article.Page);

        Assert.Equal("全文第一段。全文第二段。", page.TextOf(".body").Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(["责任编辑", "审核"], page.TextsOf(".credits dt"));
        Assert.Equal(["李明", "王芳"], page.TextsOf(".credits dd"));
        Assert.Contains("滨海通讯社", page.TextOf("article header"), StringComparison.Ordinal);
        Assert.Contains("原网页的抓取快照", page.TextOf(".notice"), StringComparison.Ordinal);
        Assert.DoesNotContain("并非", page.TextOf(".notice"), StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(capture.Sha256.Span), page.TextOf(".notice"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_headline_that_only_the_page_changed_stands_above_its_text_and_a_newer_one_of_the_feed_says_so()
    {
        await _article.PublishAsync("大桥封闭", "陈港生", "<p>摘要。</p>");
        await _article.CaptureAsync("大桥限行", "<p>全文。</p>");
        using var browser = _article.Site.CreateBrowser("zh");

        var silent = await browser.GetPageAsync(_article.Page);
        Assert.Equal(("大桥限行", "全文。"), (silent.TextOf("h1"), silent.TextOf(".body")));
        Assert.Contains("陈港生", silent.TextOf("article header"), StringComparison.Ordinal);
        Assert.DoesNotContain("取自第", silent.TextOf(".notice"), StringComparison.Ordinal);

        await _article.PublishAsync("大桥恢复通行", "陈港生", "<p>摘要。</p>");
        var aloud = await browser.GetPageAsync(_article.Page);
        Assert.Equal(("大桥恢复通行", "全文。"), (aloud.TextOf("h1"), aloud.TextOf(".body")));
        Assert.Contains("取自第 3 版", aloud.TextOf(".notice"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "清理")]
    [InlineData(3, "按要求移除")]
    public async Task Says_of_a_text_that_is_no_longer_kept_that_it_was_and_why_it_went(int removal, string why)
    {
        var first = await _article.PublishAsync("一", "甲", "<p>一</p>");
        await _article.PublishAsync("二", "甲", "<p>二</p>");
        using (var connection = new SqliteConnection(_article.Site.ConnectionString))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"delete from snapshot_document where snapshot_id = {first.Id}; update snapshot set removal = {removal} where id = {first.Id}";
            command.ExecuteNonQuery();
        }

        using var browser = _article.Site.CreateBrowser("zh");
        using var answer = await browser.GetAsync(Address(first));
        var page = await answer.ReadPageAsync(HttpStatusCode.Gone);

        Assert.False(answer.Headers.Contains("Memento-Datetime"));
        Assert.Contains(why, page.TextOf(".status"), StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(first.Sha256.Span), page.TextOf(".status"), StringComparison.Ordinal);
        Assert.Contains("正文已不再保留", page.TextOf(".versions li:last-child"), StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll(".versions .compare"));
    }

    [Theory]
    [InlineData("20000101000000")]
    [InlineData("today")]
    [InlineData("99999999999999")]
    [InlineData("2026-01-01")]
    [InlineData("%00")]
    [InlineData("２０２６０１０１００００００")]
    public async Task There_is_no_snapshot_at_a_time_at_which_none_was_taken(string stamp)
    {
        await _article.PublishAsync("一", "甲", "<p>一</p>");
        using var browser = _article.Site.CreateBrowser();
        using var answer = await browser.GetAsync($"{_article.Page}/snapshots/{stamp}");
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task Search_engines_may_list_articles_where_the_operator_says_so_and_never_the_past()
    {
        await using var open = await EditedArticle.StartAsync(("Site:IndexArticles", "true"));
        var snapshot = await open.PublishAsync("一", "甲", "<p>一</p>");
        using var browser = open.Site.CreateBrowser();

        var now = await browser.GetPageAsync(open.Page);
        var past = await browser.GetPageAsync($"{open.Page}/snapshots/{SnapshotStamp.Of(snapshot.CapturedAt)}");

        Assert.Null(now.QuerySelector("meta[name=robots]"));
        Assert.EndsWith(open.Page, now.AttributeOf("link[rel=canonical]", "href"), StringComparison.Ordinal);
        Assert.Equal("noindex", past.AttributeOf("meta[name=robots]", "content"));
    }

    private string Address(Snapshot snapshot) => $"{_article.Page}/snapshots/{SnapshotStamp.Of(snapshot.CapturedAt)}";
}
