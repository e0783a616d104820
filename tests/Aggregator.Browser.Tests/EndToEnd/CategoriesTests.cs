using Aggregator.Browser.Tests.Browse;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.EndToEnd;

/// <summary>Categories, subscription lists and rules as an admin sees them, in both languages.</summary>
public sealed class CategoriesTests(Browsers browsers)
{
    [Theory]
    [InlineData("zh-CN", "栏目", "创建栏目", "导入与导出", "导入", "已完成", "保存规则", "确认删除")]
    [InlineData("en-GB", "Categories", "Create the category", "Import and export", "Import", "Finished", "Save the rules", "Yes, delete it")]
    public async Task An_admin_makes_a_category_imports_a_list_and_routes_entries(
        string locale, string categories, string create, string lists, string import, string finished, string save, string delete)
    {
        Assert.SkipUnless(Browsers.AreInstalled, Browsers.IsMissing);
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackUpstream.StartAsync(new LoopbackUpstreamOptions { Sources = 2, EntriesPerSource = 3, Categories = 2 }, cancellation);
        using var folder = new TemporaryFolder();
        await using var server = await RunningAggregator.StartAsync(
            folder.Path, cancellation, "--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00");
        await using var office = await browsers.VisitAsync(server.Http.BaseAddress!, locale, width: 1280);
        var admin = await office.NewPageAsync();
        await admin.GotoAsync(server.Process.StandardOutput.Single(line => line.Contains("/setup?token=", StringComparison.Ordinal)).Split(' ')[^1]);
        await admin.Locator("#name").FillAsync("admin");
        await admin.Locator("#password").FillAsync("a long enough sentence");
        await admin.Locator("#password-again").FillAsync("a long enough sentence");
        await admin.Locator("main button[type=submit]").ClickAsync();
        await admin.WaitForURLAsync("**/hangfire");

        await admin.GetByRole(AriaRole.Link, new() { Name = categories, Exact = true }).ClickAsync();
        await admin.Locator("#category-title").FillAsync("精选 <script>alert(1)</script>");
        await admin.Locator("#category-slug").FillAsync("picked");
        await ShotAsync(admin, "category-new", locale);
        await admin.GetByRole(AriaRole.Button, new() { Name = create }).ClickAsync();
        await admin.GetByRole(AriaRole.Status).WaitForAsync();
        await admin.Locator("#category-slug").FillAsync("best");
        await admin.Locator("form button[type=submit].btn-primary").ClickAsync();
        await admin.GetByText("/categories/picked").WaitForAsync();
        await ShotAsync(admin, "category", locale);
        var category = admin.Url.Split('?')[0];

        await admin.GetByRole(AriaRole.Link, new() { Name = categories, Exact = true }).ClickAsync();
        await admin.GetByRole(AriaRole.Link, new() { Name = lists }).ClickAsync();
        await ShotAsync(admin, "import-and-export", locale);
        var list = folder.File("list.opml");
        await File.WriteAllTextAsync(list, upstream.Opml.Replace("</body>", "<outline text='坏 bad' xmlUrl='file:///etc/passwd'/></body>", StringComparison.Ordinal), cancellation);
        await admin.Locator("#import-file").SetInputFilesAsync(list);
        await admin.GetByRole(AriaRole.Button, new() { Name = import, Exact = true }).ClickAsync();
        // The page shows itself anew until the import has ended.
        await admin.Locator("table").WaitForAsync();
        Assert.Equal(3, await admin.Locator("tbody tr").CountAsync());
        await ShotAsync(admin, "import-report", locale);
        await admin.GotoAsync("/hangfire/categories/import");
        await admin.GetByText(finished).WaitForAsync();
        var download = await admin.RunAndWaitForDownloadAsync(() => admin.Locator("form[action$=export] button").ClickAsync());
        Assert.Contains(upstream.Sources[0].Url.AbsoluteUri, await File.ReadAllTextAsync(await download.PathAsync(), cancellation), StringComparison.Ordinal);

        await RunningAggregator.UntilAsync(
            () => server.ItemsAsync("all.json", cancellation), items => items.Count == 6, TimeSpan.FromSeconds(60), items => $"{items.Count} entries", cancellation);
        var title = upstream.Expected(0)[0].Title;
        await admin.GotoAsync("/hangfire/sources/1/rules");
        await admin.Locator("#rules").FillAsync($"# 精选\ntitle contains \"{title}\" then category \"picked\"\nlink contains \"http\" and not title contains \"{title}\" then tag \"自动\"");
        await admin.Locator("button[value=try]").ClickAsync();
        await admin.Locator("tbody tr").First.WaitForAsync();
        await ShotAsync(admin, "rules-tried", locale);
        await admin.GetByRole(AriaRole.Button, new() { Name = save }).ClickAsync();
        await admin.GetByRole(AriaRole.Status).WaitForAsync();
        await admin.Locator("#rules").FillAsync("title contains x then drop");
        await admin.Locator("button[value=save]").ClickAsync();
        await admin.Locator(".aggregator-page [role=alert]").WaitForAsync();
        await ShotAsync(admin, "rules-refused", locale);
        await admin.GotoAsync("/hangfire/sources/1/rules");
        await admin.Locator("button[value=apply]").ClickAsync();
        await admin.GetByRole(AriaRole.Status).WaitForAsync();
        var picked = await RunningAggregator.UntilAsync(
            () => server.ItemsAsync("categories/best.json", cancellation), items => items.Count > 0, TimeSpan.FromSeconds(60), items => $"{items.Count} entries", cancellation);
        await admin.GotoAsync("/hangfire/categories/entries/" + picked[0].Id[(picked[0].Id.LastIndexOf('/') + 1)..]);
        await admin.Locator(".panel-success").First.WaitForAsync();
        await ShotAsync(admin, "rules-why", locale);

        await admin.GotoAsync(category + "/delete");
        await ShotAsync(admin, "category-delete", locale);
        await admin.GetByRole(AriaRole.Button, new() { Name = delete }).ClickAsync();
        await admin.GetByRole(AriaRole.Status).WaitForAsync();
        await ShotAsync(admin, "categories", locale);
        Assert.Equal(404, (await admin.GotoAsync("/categories/best"))!.Status);
    }

    private static Task ShotAsync(IPage page, string name, string locale) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"{name}.{locale[..2]}.png"), FullPage = true });
}
