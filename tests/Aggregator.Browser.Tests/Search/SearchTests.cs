using System.Globalization;
using Aggregator.Browser.Tests.Browse;
using Aggregator.Server.Tests.Browse;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Search;

public sealed class SearchTests(Browsers browsers, SampleSiteFixture fixture) : IClassFixture<SampleSiteFixture>
{
    private readonly RunningSite _site = fixture.Site;

    [Theory]
    [InlineData("zh-CN", 360)]
    [InlineData("zh-CN", 1280)]
    [InlineData("en-US", 360)]
    [InlineData("en-US", 1280)]
    public async Task A_visitor_searches_narrows_and_reads_without_scripts(string locale, int width)
    {
        await using var visit = await browsers.VisitAsync(_site.Address, locale, width, scripts: false);
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/");
        await page.Locator("header a[rel=search]").ClickAsync();
        await page.Locator("input[name=q]").FillAsync("港口");
        await page.Locator("input[name=q]").PressAsync("Enter");
        Assert.Equal("港口", await page.Locator(".entries h2 mark").First.TextContentAsync());
        await PictureAsync(page, $"search-found.{locale[..2]}.{width}");

        await page.Locator("form.search summary").ClickAsync();
        await page.Locator("select[name=lang]").SelectOptionAsync("en");
        await page.Locator("form.search button").ClickAsync();
        Assert.Equal(0, await page.Locator(".entries > li").CountAsync());
        await PictureAsync(page, $"search-nothing.{locale[..2]}.{width}");

        await page.Locator("input[name=q]").FillAsync("dispatch");
        await page.Locator("form.search button").ClickAsync();
        Assert.Equal(30, await page.Locator(".entries > li").CountAsync());
        await PictureAsync(page, $"search-many.{locale[..2]}.{width}");
        await page.Locator("a[rel=next]").ClickAsync();
        await page.Locator(".entries h2 a").First.ClickAsync();
        Assert.Contains("Dispatch", await page.Locator("article h1").TextContentAsync(), StringComparison.Ordinal);

        await page.GotoAsync("/about");
        await PictureAsync(page, $"about.{locale[..2]}.{width}");
    }

    [Fact]
    public async Task The_keyboard_alone_searches_pages_and_reads()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, "en-US");
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/");
        await page.EnterAsync("header a[rel=search]");
        await page.TabToAsync("input[name=q]");
        await page.Keyboard.TypeAsync("dispatch");
        await page.EnterAsync();
        var first = await page.Locator(".entries h2").First.TextContentAsync();
        await page.EnterAsync("a[rel=next]");
        Assert.NotEqual(first, await page.Locator(".entries h2").First.TextContentAsync());
        await page.EnterAsync(".entries h2 a");
        Assert.Contains("Dispatch", await page.Locator("article h1").TextContentAsync(), StringComparison.Ordinal);

        await page.GotoAsync("/categories/world");
        first = await page.Locator(".entries h3").First.TextContentAsync();
        await page.EnterAsync(".paging [rel=next]");
        Assert.NotEqual(first, await page.Locator(".entries h3").First.TextContentAsync());
        await page.EnterAsync(".paging [rel=prev]");
        Assert.Equal(first, await page.Locator(".entries h3").First.TextContentAsync());
    }

    [Fact]
    public async Task Times_are_those_of_the_zone_that_the_foot_of_the_page_names()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, "en-US", zone: "America/New_York");
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/search?q=dispatch");
        Assert.Contains("Eastern", await page.Locator(".zone").TextContentAsync(), StringComparison.Ordinal);
        var time = page.Locator(".entries time").First;
        var at = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture);
        var there = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));
        Assert.EndsWith(there.ToString("HH:mm", CultureInfo.InvariantCulture), await time.TextContentAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zh-CN", 360)]
    [InlineData("en-US", 1280)]
    public async Task The_page_fits_its_window(string locale, int width)
    {
        await using var visit = await browsers.VisitAsync(_site.Address, locale, width, ColorScheme.Dark);
        var page = await visit.NewPageAsync();
        foreach (var address in new[] { "/search", "/search?q=harbour&versions=1", "/about" })
        {
            await page.GotoAsync(address);
            Assert.Equal(
                await page.EvaluateAsync<int>("document.documentElement.clientWidth"), await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }

        await page.GotoAsync("/search?q=harbour&versions=1");
        await PictureAsync(page, $"search-dark.{locale[..2]}.{width}");
    }

    private static Task PictureAsync(IPage page, string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, name + ".png") });
}
