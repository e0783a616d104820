using Aggregator.Browser.Tests.Browse;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.EndToEnd;

/// <summary>What a newcomer sees of the real program with the catalogue that comes with it: pages, a feed, the dashboard.</summary>
public sealed class NewcomerTests(Browsers browsers)
{
    [Theory]
    [InlineData("zh-CN", "来源", "来源", "快照", "作业")]
    [InlineData("en-GB", "Source", "Sources", "snapshot", "Jobs")]
    public async Task Reads_an_article_and_manages_the_sources(string locale, string source, string sources, string notice, string jobs)
    {
        Assert.SkipUnless(Browsers.AreInstalled, Browsers.IsMissing);
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var server = await RunningAggregator.StartAsync(
            folder.Path, cancellation, $"--Aggregator:Catalogue={Path.Combine(Repository.Root, "feeds")}", "--Fetching:Timeout=00:00:05");
        await RunningAggregator.UntilAsync(
            () => server.ItemsAsync("all.json", cancellation), items => items.Count >= 33, TimeSpan.FromSeconds(30), items => $"{items.Count} entries", cancellation);
        await using var visit = await browsers.VisitAsync(server.Http.BaseAddress!, locale, width: 1280);
        var page = await visit.NewPageAsync();

        await page.GotoAsync("/");
        await ShotAsync(page, "newcomer-home", locale);
        await page.GetByRole(AriaRole.Link, new() { Name = "国内 Domestic" }).First.ClickAsync();
        Assert.EndsWith("/categories/domestic", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "云溪县：三千亩晚稻开镰，山谷梯田迎来丰收季" }).First.ClickAsync();
        Assert.Contains("/articles/", page.Url, StringComparison.Ordinal);
        var article = await page.Locator("main").InnerTextAsync();
        Assert.Contains(source, article, StringComparison.Ordinal);
        Assert.Contains(notice, article, StringComparison.OrdinalIgnoreCase);
        await ShotAsync(page, "newcomer-article", locale);

        // A browser that opens a feed shows it and does not download it.
        var feed = await page.GotoAsync("/categories/domestic.atom");
        Assert.Equal(200, feed!.Status);
        Assert.Contains("云溪县", (await page.Locator("feed").TextContentAsync())!, StringComparison.Ordinal);
        await ShotAsync(page, "newcomer-feed", locale);

        await page.GotoAsync(server.Process.StandardOutput.Single(line => line.Contains("/setup?token=", StringComparison.Ordinal)).Split(' ')[^1]);
        await page.Locator("#name").FillAsync("admin");
        await page.Locator("#password").FillAsync("a long enough sentence");
        await page.Locator("#password-again").FillAsync("a long enough sentence");
        await page.Locator("main button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/hangfire");
        await page.GetByRole(AriaRole.Link, new() { Name = sources, Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/hangfire/sources");
        await page.GetByRole(AriaRole.Heading, new() { Name = sources, Level = 1 }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = jobs }).First.WaitForAsync();
        Assert.Equal(66, await page.Locator("table").First.Locator("tbody tr").CountAsync());
        await ShotAsync(page, "newcomer-sources", locale);

        var row = page.Locator("tbody tr").Filter(new() { HasText = "catalogue:samples/yunxi-news.xml" });
        await row.Locator("form[action$='/pause'] button").ClickAsync();
        await row.Locator("form[action$='/resume']").WaitForAsync();

        // The visible line of attribution goes and comes with a click.
        Assert.Contains("快照时间", await FeedAsync(server, cancellation), StringComparison.Ordinal);
        await page.Locator("form[action$='/categories/domestic/hide-attribution'] button").ClickAsync();
        await page.Locator("form[action$='/categories/domestic/show-attribution']").WaitForAsync();
        await RunningAggregator.UntilAsync(
            () => FeedAsync(server, cancellation), feed => !feed.Contains("快照时间", StringComparison.Ordinal), TimeSpan.FromSeconds(5), feed => feed, cancellation);
    }

    private static Task<string> FeedAsync(RunningAggregator server, CancellationToken cancellationToken) =>
        server.Http.GetStringAsync("/categories/domestic.json", cancellationToken);

    private static Task ShotAsync(IPage page, string name, string locale) => page.ScreenshotAsync(
        new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"{name}.{locale}.png"), FullPage = false });
}
