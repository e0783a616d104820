using System.Globalization;
using System.Net;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.Browse;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Stories;

public sealed class StoryPagesTests
{
    [Theory]
    [InlineData("zh", "另有 2 个来源")]
    [InlineData("en", "also at 2 sources")]
    public async Task Lists_show_a_story_once_and_say_where_else(string language, string also)
    {
        await using var site = await RunningSite.StartAsync();
        await StorySamples.FillAsync(site.Services, site.Clock.GetUtcNow());
        using var browser = site.CreateBrowser(language);

        foreach (var address in (string[])["/", "/categories/harbour"])
        {
            var list = await browser.GetPageAsync(address);
            Assert.Equal([StorySamples.First, StorySamples.Other], list.TextsOf(".day .entries h3"));
            Assert.Equal([StorySamples.First, StorySamples.Other], (await browser.GetPageAsync(address + "?language=zh")).TextsOf(".day .entries h3"));
            Assert.StartsWith(also, Assert.Single(list.TextsOf(".day .entries .also")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_article_names_the_other_sources_and_the_story_compares_them()
    {
        await using var site = await RunningSite.StartAsync();
        var ids = await StorySamples.FillAsync(site.Services, site.Clock.GetUtcNow());
        using var browser = site.CreateBrowser("en");

        var article = await browser.GetPageAsync(string.Create(CultureInfo.InvariantCulture, $"/articles/{ids["late"]}"));
        Assert.Equal(["滨海日报", "早报网"], article.TextsOf(".story .source"));
        Assert.Empty((await browser.GetPageAsync(string.Create(CultureInfo.InvariantCulture, $"/articles/{ids["other"]}"))).QuerySelectorAll(".story"));
        var address = article.AttributeOf(".story .more a", "href");
        Assert.StartsWith("/stories/", address, StringComparison.Ordinal);

        var story = await browser.GetPageAsync(address);
        Assert.Equal(StorySamples.First, story.TextOf("h1"));
        Assert.Equal(["滨海日报", "早报网", "The Wire"], story.TextsOf(".story-entries .source"));
        Assert.Equal(3, story.QuerySelectorAll(".story-entries time[datetime]").Length);
        Assert.Contains("3 sources carry this article", story.TextOf(".summary"), StringComparison.Ordinal);
        Assert.Equal("How 早报网 differs from the first", story.TextOf("#difference"));
        Assert.Contains("转自 滨海日报", story.TextOf("section article"), StringComparison.Ordinal);
        Assert.Empty(story.QuerySelectorAll("main script"));

        var other = await browser.GetPageAsync(story.AttributeOf(".story-entries .compare", "href"));
        Assert.Equal("How The Wire differs from the first", other.TextOf("#difference"));
        Assert.Contains("欢迎关注本站公众号", other.TextOf("section article"), StringComparison.Ordinal);
        foreach (var hostile in (string[])["?with=x", "?with=999999999999999999999", "?with=%00", "?with=1&with=2"])
            Assert.Equal(StorySamples.First, (await browser.GetPageAsync(address.Split('?')[0] + hostile)).TextOf("h1"));
        Assert.NotNull(await browser.GetPageAsync("/stories/999999", HttpStatusCode.NotFound));
        Assert.NotNull(await browser.GetPageAsync("/stories/x", HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task What_may_not_be_shown_in_full_is_not_compared_and_the_page_says_so()
    {
        await using var site = await RunningSite.StartAsync();
        var ids = await StorySamples.FillAsync(site.Services, site.Clock.GetUtcNow());
        var late = (await site.Services.GetRequiredService<IEntryStore>().FindAsync(ids["late"], default))!;
        var sources = site.Services.GetRequiredService<ISourceAdminStore>();
        var detail = (await sources.FindAsync(late.SourceId, site.Clock.GetUtcNow(), default))!;
        await sources.EditAsync(late.SourceId, SourceEdit.Of(detail.Source, detail.Categories) with { Republish = RepublishLevel.Summary }, site.Clock.GetUtcNow(), default);
        using var browser = site.CreateBrowser("en");

        var article = await browser.GetPageAsync(string.Create(CultureInfo.InvariantCulture, $"/articles/{ids["first"]}"));
        var story = await browser.GetPageAsync(article.AttributeOf(".story .more a", "href") + string.Create(CultureInfo.InvariantCulture, $"?with={ids["late"]}"));

        Assert.Equal("The text of one of the two may not be shown here in full, so they cannot be compared.", story.TextOf("#difference"));
    }

    [Fact]
    public async Task The_older_article_of_a_reprint_is_another_one()
    {
        await using var site = await RunningSite.StartAsync();
        var ids = await StorySamples.FillAsync(site.Services, site.Clock.GetUtcNow());
        using var browser = site.CreateBrowser("en");

        var late = await browser.GetPageAsync(string.Create(CultureInfo.InvariantCulture, $"/articles/{ids["late"]}"));

        Assert.Equal([StorySamples.Other], late.TextsOf("[rel=prev] bdi, [rel=next] bdi"));
    }

    [Fact]
    public async Task The_number_of_a_story_that_was_taken_into_another_leads_there()
    {
        await using var site = await RunningSite.StartAsync();
        var now = site.Clock.GetUtcNow();
        var ids = await StorySamples.FillAsync(site.Services, now);
        var stories = site.Services.GetRequiredService<IStoryStore>();
        var kept = (await stories.OfEntriesAsync([ids["first"]], default))[ids["first"]].Id;
        await stories.SplitAsync(ids["late"], "ann", now, default);
        await stories.JoinAsync(ids["late"], ids["other"], "ann", now, default);
        var taken = (await stories.OfEntriesAsync([ids["late"]], default))[ids["late"]].Id;
        await stories.JoinAsync(ids["other"], ids["first"], "ann", now, default);
        using var browser = site.CreateBrowser();

        using var answer = await browser.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"/stories/{taken}"), UriKind.Relative));

        Assert.Equal((HttpStatusCode.PermanentRedirect, string.Create(CultureInfo.InvariantCulture, $"/stories/{kept}")), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        Assert.Equal(4, (await browser.GetPageAsync(string.Create(CultureInfo.InvariantCulture, $"/stories/{kept}"))).QuerySelectorAll(".story-entries li").Length);
    }
}
