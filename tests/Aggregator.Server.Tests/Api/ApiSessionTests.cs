using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Aggregator.Server.Tests.Accounts;
using Xunit;

namespace Aggregator.Server.Tests.Api;

public sealed class ApiSessionTests(AdminServer server) : IClassFixture<AdminServer>
{
    [Fact]
    public async Task A_session_reads_and_never_writes()
    {
        using var browser = await server.SignInAsync();
        var read = await browser.GetAsync("/api/v1/categories");
        Assert.Equal(HttpStatusCode.OK, read.Status);
        Assert.StartsWith("{\"items\":[", read.Html, StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/categories") { Content = JsonContent.Create(new { title = "Forged", language = "en", slug = "forged" }) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync(request)).Status);
        Assert.DoesNotContain("forged", (await browser.GetAsync("/api/v1/categories")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_dashboard_made_takes_a_list_and_tells_what_came_of_it()
    {
        using var browser = await server.SignInAsync();
        var key = await AccountsPageTests.MakeKeyAsync(browser, "lists", "read", "write");
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var list = new StringContent("""<opml version="2.0"><body><outline type="rss" text="x" xmlUrl="https://nowhere.invalid/feed"/></body></opml>""", new MediaTypeHeaderValue("text/x-opml"));
        using var taken = await http.PostAsync("/api/v1/opml", list, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);

        var import = await EndToEnd.RunningAggregator.UntilAsync(
            async () => await http.GetStringAsync(taken.Headers.Location, TestContext.Current.CancellationToken),
            text => !text.Contains("\"finishedAt\":null", StringComparison.Ordinal), TimeSpan.FromSeconds(30), text => text, TestContext.Current.CancellationToken);
        Assert.Contains("\"added\":1,\"known\":0,\"refused\":0", import, StringComparison.Ordinal);
        Assert.Contains("https://nowhere.invalid/feed", await http.GetStringAsync("/api/v1/sources", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
