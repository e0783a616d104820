using Aggregator.Browser.Tests.Browse;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.EndToEnd;

/// <summary>A take-down as a visitor and an admin see it, in both languages; the visitor's browser runs no script.</summary>
public sealed class TakedownTests(Browsers browsers)
{
    [Theory]
    [InlineData("zh-CN", "申请移除这篇文章", "提交申请", "申请编号：1。", "移除申请", "依法移除（451）", "这篇文章已被移除")]
    [InlineData("en-GB", "Ask to have this article taken down", "Send the request", "Its number is 1.", "Take-downs", "Take down for legal reasons (451)", "This article was removed")]
    public async Task A_visitor_asks_and_an_admin_takes_the_article_down(
        string locale, string ask, string send, string number, string takedowns, string legally, string removed)
    {
        Assert.SkipUnless(Browsers.AreInstalled, Browsers.IsMissing);
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 1, EntriesPerSource = 3 }, cancellation);
        using var folder = new TemporaryFolder();
        var catalogue = Directory.CreateDirectory(folder.File("catalogue")).FullName;
        await File.WriteAllTextAsync(Path.Combine(catalogue, "upstream.opml"), upstream.Opml, cancellation);
        await using var server = await RunningAggregator.StartAsync(
            folder.Path, cancellation, $"--Aggregator:Catalogue={catalogue}", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00");
        var items = await RunningAggregator.UntilAsync(
            () => server.ItemsAsync("all.json", cancellation), items => items.Count == 3, TimeSpan.FromSeconds(30), items => $"{items.Count} entries", cancellation);
        var article = "/articles/" + items[0].Id[(items[0].Id.LastIndexOf('/') + 1)..];

        await using var visit = await browsers.VisitAsync(server.Http.BaseAddress!, locale, width: 360, scripts: false);
        var visitor = await visit.NewPageAsync();
        await visitor.GotoAsync(article);
        await Accessibility.CheckAsync(visitor, locale);
        await visitor.GetByRole(AriaRole.Link, new() { Name = ask }).ClickAsync();
        await Accessibility.CheckAsync(visitor, locale);
        await visitor.Locator("#reason").SelectOptionAsync("Legal");
        await visitor.Locator("#message").FillAsync("法院的决定 / a court's decision");
        await ShotAsync(visitor, "takedown-form", locale);
        await visitor.GetByRole(AriaRole.Button, new() { Name = send }).ClickAsync();
        await visitor.GetByText(number).WaitForAsync();
        await Accessibility.CheckAsync(visitor, locale);

        await using var office = await browsers.VisitAsync(server.Http.BaseAddress!, locale, width: 1280);
        var admin = await office.NewPageAsync();
        await admin.GotoAsync(server.Process.StandardOutput.Single(line => line.Contains("/setup?token=", StringComparison.Ordinal)).Split(' ')[^1]);
        await admin.Locator("#name").FillAsync("admin");
        await admin.Locator("#password").FillAsync("a long enough sentence");
        await admin.Locator("#password-again").FillAsync("a long enough sentence");
        await admin.Locator("main button[type=submit]").ClickAsync();
        await admin.WaitForURLAsync("**/hangfire");
        await admin.GetByRole(AriaRole.Link, new() { Name = takedowns, Exact = true }).ClickAsync();
        await admin.GetByText("法院的决定").WaitForAsync();
        await ShotAsync(admin, "takedown-dashboard", locale);
        await admin.GetByRole(AriaRole.Button, new() { Name = legally }).ClickAsync();
        await admin.GetByRole(AriaRole.Status).WaitForAsync();
        Assert.Equal(1, await admin.Locator("button[value=undo]").CountAsync());
        await ShotAsync(admin, "takedown-decided", locale);

        var gone = await visitor.GotoAsync(article);
        Assert.Equal(451, gone!.Status);
        await visitor.GetByRole(AriaRole.Heading, new() { Name = removed }).WaitForAsync();
        await Accessibility.CheckAsync(visitor, locale);
        Assert.True(await visitor.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        await ShotAsync(visitor, "takedown-tombstone", locale);
    }

    private static Task ShotAsync(IPage page, string name, string locale) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"{name}.{locale[..2]}.png"), FullPage = true });
}
