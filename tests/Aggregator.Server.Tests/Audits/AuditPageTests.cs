using System.Net;
using Aggregator.Server.Tests.Accounts;
using AngleSharp.Html.Parser;
using Xunit;

namespace Aggregator.Server.Tests.Audits;

public sealed class AuditPageTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task Every_change_in_the_dashboard_is_listed_with_who_and_before_and_after_and_no_secret()
    {
        using var browser = await server.SignInAsync();
        await browser.GetAsync("/hangfire/sources");
        await browser.SubmitAsync("/hangfire/sources", ("url", "https://reader:hunter2@example.org/feed?token=hunter2000000001"), ("category", ""));
        await browser.SubmitAsync("/hangfire/sources/1/pause");
        await browser.SubmitAsync("/hangfire/sources/1/resume");
        await browser.SubmitAsync("/hangfire/sources/1/refresh");

        var answer = await browser.GetAsync("/hangfire/audit?lang=en");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.DoesNotContain("hunter2", answer.Html, StringComparison.Ordinal);
        var rows = new HtmlParser().ParseDocument(answer.Html).QuerySelectorAll("tbody tr")
            .Select(row => row.QuerySelectorAll("td").Select(cell => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList()).ToList();
        Assert.Equal(["Source · refreshed", "Source · resumed", "Source · paused", "Source · added", "Account · added"], rows.Select(row => row[2]));
        Assert.All(rows, row => Assert.Equal("anna", row[1]));
        Assert.Equal("state: paused → active", rows[1][4]);
        Assert.Equal("state: active → paused", rows[2][4]);
        Assert.Equal("url: https://example.org/feed?…", rows[3][4]);

        var one = await browser.GetAsync("/hangfire/audit?lang=zh&subject=account:anna");
        Assert.Contains("账户 · 添加", one.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("source:1", one.Html, StringComparison.Ordinal);
    }
}
