using Aggregator.Browser.Tests.Browse;
using Aggregator.Server.Tests.Browse;
using Aggregator.Server.Tests.Stories;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Stories;

public sealed class StoryTests(Browsers browsers)
{
    [Theory]
    [InlineData("zh-CN", 360, ColorScheme.Light)]
    [InlineData("en-US", 1280, ColorScheme.Dark)]
    public async Task A_visitor_goes_from_a_list_to_the_story_and_compares_its_sources(string locale, int width, ColorScheme scheme)
    {
        await using var site = await RunningSite.StartAsync();
        await StorySamples.FillAsync(site.Services, site.Clock.GetUtcNow());
        await using var visit = await browsers.VisitAsync(site.Address, locale, width, scheme);
        var page = await visit.NewPageAsync();

        await page.GotoAsync("/categories/harbour");
        Assert.Equal(2, await page.Locator(".entries > li").CountAsync());
        await CheckAsync(page, locale, $"story-list.{locale[..2]}.{width}");

        await page.Locator(".entries .also").ClickAsync();
        Assert.Equal(3, await page.Locator(".story-entries > li").CountAsync());
        await CheckAsync(page, locale, $"story.{locale[..2]}.{width}");

        await page.Locator(".story-entries .compare").ClickAsync();
        Assert.Contains("The Wire", await page.Locator("#difference").TextContentAsync(), StringComparison.Ordinal);
        await page.Locator(".story-entries > li > a").Nth(1).ClickAsync();
        Assert.Equal(2, await page.Locator(".story .story-entries > li").CountAsync());
        await page.Locator(".story").ScrollIntoViewIfNeededAsync();
        await CheckAsync(page, locale, $"story-article.{locale[..2]}.{width}");
    }

    private static async Task CheckAsync(IPage page, string locale, string name)
    {
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, name + ".png"), FullPage = true });
        await Accessibility.CheckAsync(page, locale);
        Assert.Equal(await page.EvaluateAsync<int>("document.documentElement.clientWidth"), await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
    }
}
