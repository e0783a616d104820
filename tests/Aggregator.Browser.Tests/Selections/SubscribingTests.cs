using Aggregator.Browser.Tests.Browse;
using Aggregator.Server.Tests.Browse;
using Aggregator.Server.Tests.Selections;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Selections;

public sealed class SubscribingTests(Browsers browsers, SelectionSiteFixture fixture) : IClassFixture<SelectionSiteFixture>
{
    private readonly RunningSite _site = fixture.Site;

    [Theory]
    [InlineData("zh-CN", 360, ColorScheme.Light)]
    [InlineData("zh-CN", 1280, ColorScheme.Dark)]
    [InlineData("en-US", 360, ColorScheme.Dark)]
    [InlineData("en-US", 1280, ColorScheme.Light)]
    public async Task A_visitor_follows_reads_carries_it_to_a_second_browser_and_forgets_without_scripts(string locale, int width, ColorScheme scheme)
    {
        var (follow, unfollow) = locale == "zh-CN" ? ("关注", "取消关注") : ("Follow", "Unfollow");
        await using var phone = await browsers.VisitAsync(_site.Address, locale, width, scheme, scripts: false);
        var page = await phone.NewPageAsync();
        await page.GotoAsync("/");
        await page.Locator("header .to-subscriptions").ClickAsync();
        await LookAsync(page, "subscriptions-none", locale, width);

        await page.GetByLabel("World", new() { Exact = true }).CheckAsync();
        await page.Locator("form[action$='/picks'] button").ClickAsync();
        Assert.Equal(30, await page.Locator(".entries h3").CountAsync());
        await page.Locator("[rel=next]").ClickAsync();
        await page.Locator("[rel=prev]").ClickAsync();

        await page.GotoAsync("/search?q=%E6%B8%AF%E5%8F%A3");
        await page.GetByRole(AriaRole.Button, new() { Name = follow, Exact = true }).ClickAsync();
        Assert.Equal("港口", await page.Locator(".told bdi").TextContentAsync());
        await page.GotoAsync("/sources/1");
        await page.GetByRole(AriaRole.Button, new() { Name = follow, Exact = true }).ClickAsync();
        Assert.Equal(SampleSite.ChineseTitle, (await page.Locator(".entries h3").First.TextContentAsync())!.Trim());
        await LookAsync(page, "subscriptions-list", locale, width);
        await page.Locator(".entries h3 a").First.ClickAsync();
        Assert.Equal(SampleSite.ChineseTitle, await page.Locator("article h1").TextContentAsync());
        Assert.Equal("", await page.EvaluateAsync<string>("document.referrer"));

        await page.GotoAsync("/subscriptions/picks");
        await page.Locator(".followed li", new() { HasText = "港口" }).GetByRole(AriaRole.Button, new() { Name = unfollow }).ClickAsync();
        Assert.Equal(1, await page.Locator(".followed li").CountAsync());
        await LookAsync(page, "subscriptions-picks", locale, width);
        var address = (await page.Locator(".address code").TextContentAsync())!;

        await using var desk = await browsers.VisitAsync(_site.Address, locale, width, scheme, scripts: false);
        var there = await desk.NewPageAsync();
        await there.GotoAsync(address);
        await LookAsync(there, "subscriptions-adopt", locale, width);
        await there.Locator("form[action$='/adopt'] button").First.ClickAsync();
        Assert.Equal(SampleSite.ChineseTitle, (await there.Locator(".entries h3").First.TextContentAsync())!.Trim());
        Assert.DoesNotContain(address[^32..], there.Url, StringComparison.Ordinal);

        await there.Locator(".choose").ClickAsync();
        await there.Locator("form[action$='/forget'] button").ClickAsync();
        await LookAsync(there, "subscriptions-forgotten", locale, width);
        Assert.Equal(404, (await there.GotoAsync(address))!.Status);
        Assert.DoesNotContain(await desk.CookiesAsync(), cookie => cookie.Name == "aggregator-subscriptions");
        await page.GotoAsync("/subscriptions");
        Assert.Equal(0, await page.Locator(".entries").CountAsync());
        Assert.Equal(1, await page.Locator(".told").CountAsync());
    }

    [Fact]
    public async Task The_keyboard_alone_follows_stops_and_forgets()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, "en-US");
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/categories/world");
        await page.Locator(".subscribe summary").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Follow", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".told").WaitForAsync();
        Assert.Equal("World", await page.Locator(".told bdi").TextContentAsync());

        // The page is everybody's; the script of this browser knows what it follows.
        await page.GotoAsync("/categories/world");
        await page.Locator(".follow button").FocusAsync();
        Assert.Equal("Unfollow", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".picks").WaitForAsync();
        Assert.Equal(0, await page.Locator("[name=category]:checked").CountAsync());
        await page.EnterAsync("form[action$='/forget'] button");
        Assert.StartsWith("Forgotten.", await page.Locator(".told").TextContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(await visit.CookiesAsync(), cookie => cookie.Name == "aggregator-subscriptions");
        await page.GotoAsync("/categories/world");
        Assert.Equal("Follow", await page.Locator(".follow button").TextContentAsync());
    }

    [Fact]
    public async Task One_tap_copies_the_private_address_and_a_readers_list_is_brought_along()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, "en-US", width: 360);
        await visit.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/subscriptions");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload
        {
            Name = "feeds.opml",
            MimeType = "text/x-opml",
            Buffer = """
                <opml version="2.0"><body><outline text="Daily" xmlUrl="http://daily.example.cn/rss.xml"/><outline text="A blog that nobody here knows" xmlUrl="https://blog.example/a/very/long/address/of/a/feed/that/has/to/break/somewhere.xml"/></body></opml>
                """u8.ToArray(),
        });
        await page.Locator("form[action$='/import'] button").ClickAsync();
        Assert.Equal("Of the list’s feeds we carry 1; you follow 1 of them now.", await page.Locator("section.told > p").First.TextContentAsync());
        await page.Locator("section.told summary").ClickAsync();
        await LookAsync(page, "subscriptions-import", "en-US", 360);
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy the private address" }).ClickAsync();
        Assert.Equal(await page.Locator(".address code").TextContentAsync(), await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Theory]
    [InlineData(320)]
    [InlineData(2560)]
    public async Task Nothing_scrolls_sideways_on_the_smallest_phone_or_the_widest_wall(int width)
    {
        await using var visit = await browsers.VisitAsync(_site.Address, "en-US", width);
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/categories/world");
        await page.Locator(".follow button").ClickAsync();
        foreach (var address in new[] { "/subscriptions", "/subscriptions/picks" })
        {
            await page.GotoAsync(address);
            foreach (var summary in await page.Locator(".panel > summary").AllAsync()) await summary.ClickAsync();
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address);
        }
    }

    [Theory]
    [InlineData("zh-CN", 360)]
    [InlineData("en-US", 1280)]
    public async Task Its_pages_break_no_rule_and_ask_nothing_of_strangers(string locale, int width)
    {
        await using var visit = await browsers.VisitAsync(_site.Address, locale, width);
        var page = await visit.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_site.Address.ToString(), StringComparison.Ordinal)) complaints.Add(request.Url);
        };
        await page.GotoAsync("/sources/1");
        await page.Locator(".follow button").ClickAsync();
        await RulesAsync(page);
        await page.GotoAsync("/subscriptions/picks");
        await RulesAsync(page);
        var address = (await page.Locator(".address code").TextContentAsync())!;
        await using var other = await browsers.VisitAsync(_site.Address, locale, width);
        var there = await other.NewPageAsync();
        await there.GotoAsync(address);
        await RulesAsync(there);
        Assert.Empty(complaints);
    }

    private static async Task RulesAsync(IPage page)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            var found = await page.RunAxe();
            Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.Select(violation =>
                $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}")));
        }
    }

    /// <summary>A picture for people; and the basics of a page, and no way to scroll sideways.</summary>
    private static async Task LookAsync(IPage page, string name, string locale, int width)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"{name}.{locale[..2]}.{width}.{scheme}.png"), FullPage = true });
        }

        await Accessibility.CheckAsync(page, locale);
        Assert.True(await page.Locator("html").EvaluateAsync<bool>("e => e.scrollWidth <= e.clientWidth"), $"{name} scrolls sideways at {width} px.");
    }
}
