using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class BotPageTests(SampleSiteFixture fixture) : IClassFixture<SampleSiteFixture>
{
    [Theory]
    [InlineData("en", "About our fetcher", "410 Gone")]
    [InlineData("zh", "关于本站的抓取程序", "410 Gone")]
    public async Task Tells_operators_who_fetches_and_how_to_stop_it(string language, string title, string remedy)
    {
        using var browser = fixture.Site.CreateBrowser(language);
        var page = await browser.GetPageAsync("/bot");
        Assert.Equal(title, page.TextOf("main h1"));
        Assert.Contains(remedy, page.TextOf("main article"), StringComparison.Ordinal);
        Assert.Contains("Retry-After", page.TextOf("main article"), StringComparison.Ordinal);
        Assert.Contains("robots.txt", page.TextOf("main article"), StringComparison.Ordinal);
        Assert.Equal($"(+{fixture.Site.Address}bot)", page.TextOf("main code").Split(' ', 2)[1]);
    }
}
