using System.Net;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class StatusPagesTests
{
    [Theory]
    [InlineData(400, "无法理解这个请求", "This request makes no sense to us")]
    [InlineData(403, "没有权限", "Not allowed")]
    [InlineData(404, "找不到这个页面", "Page not found")]
    [InlineData(410, "这篇文章已被移除", "This article was removed")]
    [InlineData(429, "请求太频繁", "Too many requests")]
    [InlineData(500, "出了点问题", "Something went wrong")]
    [InlineData(503, "暂时无法提供服务", "Temporarily unavailable")]
    [InlineData(418, "无法显示这个页面", "This page cannot be shown")]
    public async Task A_bare_status_code_is_explained_in_the_visitors_language(int status, string chinese, string english)
    {
        await using var site = await RunningSite.StartAsync();
        foreach (var (language, title) in new[] { ("zh-CN", chinese), ("en-US", english) })
        {
            using var browser = site.CreateBrowser(language);
            var page = await browser.GetPageAsync($"/answers/{status}", (HttpStatusCode)status);
            Assert.Equal(title, page.TextOf("h1"));
            Assert.Equal("/", page.AttributeOf("main .button", "href"));
        }
    }

    [Fact]
    public async Task A_program_that_asks_for_no_page_gets_the_bare_status_code()
    {
        await using var site = await RunningSite.StartAsync();
        using var reader = new HttpClient { BaseAddress = site.Address };
        reader.DefaultRequestHeaders.Accept.ParseAdd("application/atom+xml, */*;q=0.1");
        using var response = await reader.GetAsync(new Uri("/nothing.atom", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("text/html", "zh-CN", "<h1>出了点问题</h1>")]
    [InlineData("text/html", "en-GB", "<h1>Something went wrong</h1>")]
    [InlineData("application/json", "en-GB", "")]
    public async Task An_exception_becomes_a_page_that_shows_nothing_of_it(string accept, string language, string expected)
    {
        await using var site = await RunningSite.StartWithSamplesAsync();
        await using (var connection = new SqliteConnection(site.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "alter table category rename to a_secret_name";
            await command.ExecuteNonQueryAsync();
        }

        using var browser = new HttpClient { BaseAddress = site.Address };
        browser.DefaultRequestHeaders.Accept.ParseAdd(accept);
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        using var response = await browser.GetAsync(new Uri("/", UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        foreach (var inside in (string[])["secret", "no such table", "SQLite", "Exception", "Aggregator.Server", ".cs:line", "\n   at "])
            Assert.DoesNotContain(inside, text, StringComparison.Ordinal);
    }
}
