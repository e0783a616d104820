using Aggregator.Browser.Tests.Browse;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Dashboard;

/// <summary>An admin's day with sources in the real program and a real browser: what is broken and why, twenty new ones, five moved, a mistake undone.</summary>
public sealed class SourcesTests(Browsers browsers)
{
    [Theory]
    [InlineData("zh-CN", "failing", "请至少输入一个地址。", "抓取完成")]
    [InlineData("en-GB", "failing", "Enter at least one address.", "Fetched.")]
    public async Task An_admin_finds_what_is_broken_adds_twenty_moves_five_and_undoes_a_mistake(string locale, string failing, string nothing, string fetched)
    {
        Assert.SkipUnless(Browsers.AreInstalled, Browsers.IsMissing);
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 20, EntriesPerSource = 3 }, cancellation);
        using var folder = new TemporaryFolder();
        var catalogue = Directory.CreateDirectory(folder.File("catalogue")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(catalogue, "two.opml"),
            $"""
             <opml version="2.0"><head><title>two</title></head><body>
             <outline text="国内"><outline type="rss" text="Broken" xmlUrl="http://127.0.0.1:{FreePort.Next()}/feed.xml"/></outline>
             <outline text="国际"><outline type="rss" text="&lt;script&gt;document.title='ran'&lt;/script&gt;" xmlUrl="http://127.0.0.1:{FreePort.Next()}/other.xml"/></outline>
             </body></opml>
             """,
            cancellation);
        await using var server = await RunningAggregator.StartAsync(
            folder.Path, cancellation, $"--Aggregator:Catalogue={catalogue}", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00",
            "--Fetching:PerHostConcurrency=8");
        await using var visit = await browsers.VisitAsync(server.Http.BaseAddress!, locale, width: 1280);
        var page = await SignInAsync(visit, server);
        await ShotAsync(page, "sources-metrics", locale);

        // Twenty new ones, looked at first.
        await page.GotoAsync("/hangfire/sources/add");
        await page.Locator("#addresses").FillAsync("  ");
        await page.Locator("#paste button[value=add]").ClickAsync();
        Assert.Equal(nothing, (await page.Locator(".aggregator-page [role=alert]").TextContentAsync())!.Trim());
        await page.Locator("#addresses").FillAsync(string.Join('\n', upstream.Sources.Select(source => source.Url.AbsoluteUri)));
        await page.Locator("#category").SelectOptionAsync(new SelectOptionValue { Label = "国内" });
        await page.Locator("#paste button[value=preview]").ClickAsync();
        await page.Locator("#choice").WaitForAsync(new() { Timeout = 60_000 });
        Assert.Equal(20, await page.Locator("#choice input[name=address]:checked").CountAsync());
        await IsAccessibleAsync(page);
        await ShotAsync(page, "sources-add-preview", locale);
        await page.Locator("#choice button[value=choose]").ClickAsync();
        await page.Locator("#report").WaitForAsync();
        Assert.Equal(20, await page.Locator("#report tbody tr").CountAsync());
        await ShotAsync(page, "sources-add-report", locale);

        // Which are broken, and why: by the keyboard alone.
        await RunningAggregator.UntilAsync(
            () => server.ItemsAsync("all.json", cancellation), items => items.Count >= 50, TimeSpan.FromSeconds(60), items => $"{items.Count} entries", cancellation);
        await page.GotoAsync("/hangfire/sources");
        await page.Locator("#filter-health").FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        for (var step = 0; step < 3; step++) await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**health={failing}**");
        Assert.Equal(2, await page.Locator("table").First.Locator("tbody tr").CountAsync());
        await ShotAsync(page, "sources-failing", locale);
        await page.GetByRole(AriaRole.Link, new() { Name = "Broken" }).PressAsync("Enter");
        await page.Locator("#failure").WaitForAsync();
        await ShotAsync(page, "source-failing", locale);
        await IsAccessibleAsync(page);
        Assert.NotEqual("ran", await page.TitleAsync());

        // Its address is mended; the refresh shows its outcome.
        await page.Locator("#url").FillAsync(upstream.Sources[0].Url.AbsoluteUri);
        await page.Locator("#settings button[type=submit]").ClickAsync();
        await page.Locator(".aggregator-page [role=alert]").WaitForAsync(); // Another source has it.
        await page.Locator("#url").FillAsync(upstream.Sources[0].Url.AbsoluteUri + "?again");
        await page.Locator("#user").FillAsync("reader");
        await page.Locator("#settings #password").FillAsync("hunter2");
        await page.Locator("#settings button[type=submit]").ClickAsync();
        await page.GetByRole(AriaRole.Status).WaitForAsync();
        await page.Locator("form[action$='/refresh'] button").ClickAsync();
        await page.WaitForURLAsync("**done=refreshed**");
        Assert.Contains(fetched, await page.GetByRole(AriaRole.Status).InnerTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", await page.ContentAsync(), StringComparison.Ordinal);
        await page.Locator("form[action$='/preview'] button").ClickAsync();
        await page.Locator("#preview details summary").First.ClickAsync();
        await ShotAsync(page, "source-preview", locale);
        await IsAccessibleAsync(page);

        // Five to another category.
        await page.GotoAsync("/hangfire/sources?text=127.0.0.1&sort=newest");
        await IsAccessibleAsync(page);
        await ShotAsync(page, "sources-list", locale);
        for (var row = 0; row < 5; row++) await page.Locator("input[name=id]").Nth(row).CheckAsync();
        await page.Locator("#bulk-to").SelectOptionAsync(new SelectOptionValue { Label = "国际" });
        await page.Locator("#bulk button[value=move]").ClickAsync();
        await page.GetByRole(AriaRole.Status).WaitForAsync();
        await page.Locator("#filter-category").SelectOptionAsync(new SelectOptionValue { Label = "国际" });
        await page.Locator("form[role=search] button").ClickAsync();
        await page.WaitForURLAsync("**category=2**");
        Assert.Equal(6, await page.Locator("table").First.Locator("tbody tr").CountAsync());

        // All of them deleted by mistake, and they come back.
        await page.Locator("input[name=all]").CheckAsync();
        await page.Locator("#bulk button[value=delete]").ClickAsync();
        await page.Locator("input[name=confirmed]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await IsAccessibleAsync(page);
        await ShotAsync(page, "sources-confirm", locale);
        await page.Locator("button[value=delete]").ClickAsync();
        await page.GetByRole(AriaRole.Status).WaitForAsync();
        await ShotAsync(page, "sources-deleted", locale);
        await page.GetByRole(AriaRole.Status).GetByRole(AriaRole.Link).ClickAsync();
        await page.WaitForURLAsync("**state=deleted");
        Assert.Equal(6, await page.Locator("table").First.Locator("tbody tr").CountAsync());
        await page.Locator("input[name=all]").CheckAsync();
        await page.Locator("#bulk button[value=restore]").ClickAsync();
        await page.GetByRole(AriaRole.Status).WaitForAsync();
        Assert.Equal(22, await page.Locator("table").First.Locator("tbody tr").CountAsync());

        // One alone is undone with one click.
        await page.Locator("input[name=id]").First.CheckAsync();
        await page.Locator("#bulk button[value=delete]").ClickAsync();
        await page.Locator("input[name=confirmed]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.Locator("button[value=delete]").ClickAsync();
        await page.GetByRole(AriaRole.Status).Locator("button").ClickAsync();
        await page.WaitForURLAsync("**done=restored");
    }

    [Fact]
    public async Task A_page_of_rows_is_chosen_at_once_with_the_dashboards_own_script()
    {
        Assert.SkipUnless(Browsers.AreInstalled, Browsers.IsMissing);
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var server = await RunningAggregator.StartAsync(
            folder.Path, cancellation, $"--Aggregator:Catalogue={Path.Combine(Repository.Root, "feeds")}", "--Fetching:Timeout=00:00:05");
        await using var visit = await browsers.VisitAsync(server.Http.BaseAddress!, "en-GB", width: 1280);
        var page = await SignInAsync(visit, server);
        await page.GotoAsync("/hangfire/sources");
        await page.Locator(".js-jobs-list-select-all").ClickAsync();
        Assert.Equal(66, await page.Locator("input[name=id]:checked").CountAsync());
        await page.Locator("#bulk button[value=pause]").ClickAsync();
        await page.GetByRole(AriaRole.Status).GetByText("Sources paused: 66.").WaitForAsync();
    }

    private static async Task<IPage> SignInAsync(IBrowserContext visit, RunningAggregator server)
    {
        var page = await visit.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        var line = await server.Process.WaitForLineAsync(line => line.Contains("/setup?token=", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        await page.GotoAsync(line.Split(' ')[^1]);
        await page.Locator("#name").FillAsync("admin");
        await page.Locator("#password").FillAsync("a long enough sentence");
        await page.Locator("#password-again").FillAsync("a long enough sentence");
        await page.Locator("main button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/hangfire");
        return page;
    }

    /// <summary>Our part of the page: what Hangfire's frame around it does is Hangfire's.</summary>
    private static async Task IsAccessibleAsync(IPage page)
    {
        var result = await page.Locator(".aggregator-page").RunAxe();
        Assert.Empty(result.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{page.Url}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
    }

    private static Task ShotAsync(IPage page, string name, string locale) => page.ScreenshotAsync(
        new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"{name}.{locale[..2]}.png"), FullPage = true });
}
