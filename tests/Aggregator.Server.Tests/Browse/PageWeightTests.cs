using Aggregator.Server.Browse;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class PageWeightTests
{
    private const int MaxBytes = 60 * 1024;

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_full_list_with_its_stylesheet_and_script_is_light(string coding)
    {
        await using var site = await RunningSite.StartAsync();
        await SampleSite.AddVariedAsync(site.Services, site.Clock.GetUtcNow(), 2 * EntryPager.PageSize);
        using var browser = site.CreateBrowser("zh");
        var page = await browser.GetPageAsync("/categories/varied");
        Assert.Equal(EntryPager.PageSize, page.QuerySelectorAll(".entries h3").Length);

        string[] files = [.. page.QuerySelectorAll("link[rel=stylesheet]").Select(static link => link.GetAttribute("href")!), .. page.QuerySelectorAll("script[src]").Select(static script => script.GetAttribute("src")!)];
        Assert.NotEmpty(files);
        browser.DefaultRequestHeaders.Add("Accept-Encoding", coding);
        long sum = 0;
        foreach (var address in files.Prepend("/categories/varied"))
        {
            using var answer = await browser.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute));
            Assert.Equal([coding], answer.Content.Headers.ContentEncoding);
            Assert.Contains("Accept-Encoding", answer.Headers.Vary);
            sum += (await answer.Content.ReadAsByteArrayAsync()).Length;
        }

        Assert.InRange(sum, 1, MaxBytes);
    }
}
