using Aggregator.Core.Stores;
using Aggregator.Server.Tests.Browse;
using Aggregator.Server.Tests.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Search;

public sealed class SearchVersionsTests(MementoStory story) : IClassFixture<MementoStory>
{
    [Theory]
    [InlineData("zh", "见于较早的版本（")]
    [InlineData("en", "in an earlier version (")]
    public async Task What_only_an_earlier_version_says_is_found_when_asked_for_and_said_to_be_so(string language, string said)
    {
        var search = story.Article.Site.Services.GetRequiredService<ISearchStore>();
        while (await search.IndexAsync(ISearchStore.MaxBatch, story.Versions[^1].CapturedAt, TestContext.Current.CancellationToken) > 0)
        {
        }

        using var browser = story.Article.Site.CreateBrowser(language);
        var query = "/search?q=" + Uri.EscapeDataString("限行");
        Assert.Empty((await browser.GetPageAsync(query)).QuerySelectorAll(".entries > li"));

        var page = await browser.GetPageAsync(query + "&versions=1");

        Assert.Equal(MementoStory.Titles[2], page.TextOf(".entries h2"));
        Assert.StartsWith(said, page.TextOf(".entries .earlier"), StringComparison.Ordinal);
        Assert.Equal(story.AddressOf(story.Versions[2]).ToString(), new Uri(story.Article.Site.Address, page.AttributeOf(".entries h2 a", "href")).ToString());
        Assert.Empty((await browser.GetPageAsync("/search?versions=1&q=" + Uri.EscapeDataString("封闭"))).QuerySelectorAll(".earlier"));
    }
}
