using Aggregator.Browser.Tests.Browse;
using Aggregator.Core.Snapshots;
using Aggregator.Server.Tests.Snapshots;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Snapshots;

/// <summary>A reader looks at what an article said before, in both languages, on a phone and on a desk, without scripts.</summary>
public sealed class VersionsTests(Browsers browsers)
{
    private static readonly string Unchanged = string.Concat(Enumerable.Range(1, 5).Select(number =>
        $"<p>第{number}段：据市交通局介绍，检测单位将在封闭期间对主梁、拉索和支座逐一检查，并及时公布结果，请市民提前安排出行路线。</p>"));

    [Theory]
    [InlineData("zh-CN", 360, "与第 1 版对比", "第 1 版与第 2 版的对比", "5 段未更改", "2 个版本")]
    [InlineData("en-US", 1280, "Compare with version 1", "Changes between version 1 and version 2", "Unchanged paragraphs: 5", "2 versions")]
    public async Task A_reader_walks_from_an_article_to_what_changed_and_to_what_it_said_before(
        string locale, int width, string compare, string title, string folded, string versions)
    {
        await using var article = await EditedArticle.StartAsync();
        var first = await article.PublishAsync("大桥今起封闭三天", "陈港生", $"<p>大桥今天起封闭三天。</p><p>以下为说明。</p>{Unchanged}<p>以上。</p><p>本报将继续关注。</p>");
        await article.PublishAsync("大桥今起限行三天", "陈港生、李晓", $"<p>大桥今天起限行三天，公交车除外。</p><p>以下为说明。</p>{Unchanged}<p>以上。</p><p>Buses may still cross the bridge.</p>");
        await using var visit = await browsers.VisitAsync(article.Site.Address, locale, width, scripts: false);
        var page = await visit.NewPageAsync();

        await page.GotoAsync(article.Page);
        Assert.Equal(versions, await page.Locator(".versions h2").TextContentAsync());
        await Accessibility.CheckAsync(page, locale);
        await ShowAsync(page, $"versions.{locale[..2]}");

        await page.GetByRole(AriaRole.Link, new() { Name = compare }).ClickAsync();
        Assert.Equal(title, await page.Locator("h1").TextContentAsync());
        var hidden = page.GetByText("第3段", new() { Exact = false });
        Assert.False(await hidden.IsVisibleAsync());
        await Accessibility.CheckAsync(page, locale);
        await ShowAsync(page, $"diff.{locale[..2]}");
        await page.GetByText(folded).ClickAsync();
        Assert.True(await hidden.IsVisibleAsync());

        await page.Locator(".diff header a").First.ClickAsync();
        Assert.EndsWith($"{article.Page}/snapshots/{SnapshotStamp.Of(first.CapturedAt)}", page.Url, StringComparison.Ordinal);
        Assert.Equal("大桥今起封闭三天", await page.Locator("article h1").TextContentAsync());
        Assert.True(await page.Locator(".frozen").IsVisibleAsync());
        await Accessibility.CheckAsync(page, locale);
        await ShowAsync(page, $"snapshot.{locale[..2]}");

        await page.Locator(".where a").Last.ClickAsync();
        Assert.Equal("大桥今起限行三天", await page.Locator("article h1").TextContentAsync());
    }

    [Fact]
    public async Task Changes_are_told_by_more_than_colour()
    {
        await using var article = await EditedArticle.StartAsync();
        await article.PublishAsync("旧", "甲", "<p>今天开会。</p>");
        await article.PublishAsync("新", "甲", "<p>明天开会。</p>");
        await using var visit = await browsers.VisitAsync(article.Site.Address);
        var page = await visit.NewPageAsync();
        await page.GotoAsync(article.Page + "/diff");

        Assert.Equal("line-through", await LineOf("article del"));
        Assert.Equal("underline", await LineOf("article ins"));
        Assert.Equal("删除：", await page.Locator("article del .visually-hidden").First.TextContentAsync());
        Assert.Equal("新增：", await page.Locator("article ins .visually-hidden").First.TextContentAsync());

        Task<string> LineOf(string selector) => page.Locator(selector).First.EvaluateAsync<string>("element => getComputedStyle(element).textDecorationLine");
    }

    /// <summary>Takes the pictures for people, and sees that nothing sticks out of the window.</summary>
    private static async Task ShowAsync(IPage page, string name)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"{name}.{scheme}.png"), FullPage = true });
        }

        var content = (await page.Locator("main").BoundingBoxAsync())!;
        foreach (var block in await page.Locator("main p, main li, main dd, main code").AllAsync())
            if (await block.BoundingBoxAsync() is { } box)
                Assert.InRange(box.X + box.Width, 0, content.X + content.Width + 1);
    }
}
