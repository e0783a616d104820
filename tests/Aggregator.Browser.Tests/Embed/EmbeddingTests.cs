using System.Collections.Concurrent;
using System.Globalization;
using Aggregator.Browser.Tests.Browse;
using Aggregator.Server.Tests.Browse;
using Aggregator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Embed;

/// <summary>A page on another origin, with a strict policy of its own, that shows our lists.</summary>
public sealed class EmbeddingTests(Browsers browsers, SampleSiteFixture fixture) : IClassFixture<SampleSiteFixture>
{
    private readonly RunningSite _site = fixture.Site;

    /// <summary>Every way to embed, in both languages, light and dark.</summary>
    public static IEnumerable<TheoryDataRow<string, string, ColorScheme>> Views() =>
        from layout in new[] { "headlines", "list", "cards" }
        from language in new[] { "zh", "en" }
        from scheme in new[] { ColorScheme.Light, ColorScheme.Dark }
        select new TheoryDataRow<string, string, ColorScheme>(layout, language, scheme);

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Element_and_frame_show_the_same_list_under_a_strict_policy(string layout, string language, ColorScheme scheme)
    {
        await using var visit = await browsers.VisitAsync(_site.Address, scheme: scheme);
        var (script, integrity) = await ScriptAsync();
        await using var host = await HostAsync(script, integrity, $"""
            <main lang="{language}"><h1>Somebody else’s page</h1>
            <aggregator-feed category="world" count="5" layout="{layout}" lang="{language}" excerpt><a href="{_site.Address}categories/world">World</a></aggregator-feed>
            <iframe src="{_site.Address}embed/world?count=5&amp;layout={layout}&amp;lang={language}&amp;excerpt=1" title="World" width="480" height="100"></iframe></main>
            """);
        var page = await visit.NewPageAsync();
        var complaints = Complaints(page);
        await page.GotoAsync(host.Address.ToString());
        await Assertions.Expect(page.Locator("aggregator-feed li.item")).ToHaveCountAsync(5);
        var frame = page.FrameLocator("iframe");
        await Assertions.Expect(frame.Locator("li")).ToHaveCountAsync(5);

        var titles = await page.Locator("aggregator-feed .title").AllInnerTextsAsync();
        Assert.Equal("<script>alert('title')</script> & other <b>markup</b>", titles[2]);
        Assert.Equal(titles, await frame.Locator(".title").AllInnerTextsAsync());
        Assert.Equal("rtl", await page.Locator("aggregator-feed li").Nth(1).GetAttributeAsync("dir"));
        foreach (var list in new[] { page.Locator("aggregator-feed li.item"), frame.Locator("li") })
        {
            await Assertions.Expect(list.Nth(0).Locator(".source")).ToBeVisibleAsync();
            await Assertions.Expect(list.Nth(0).Locator("time")).ToBeVisibleAsync();
        }

        Assert.Contains(language == "zh" ? "更多内容" : "More at", await page.Locator("aggregator-feed .more").InnerTextAsync(), StringComparison.Ordinal);

        // The frame was made 100 pixels high; it says itself how high its list is.
        var inner = await frame.Locator("html").EvaluateAsync<int>("html => Math.ceil(html.getBoundingClientRect().height)");
        await Assertions.Expect(page.Locator("iframe")).ToHaveAttributeAsync("height", inner.ToString(CultureInfo.InvariantCulture));
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"embed-{layout}.{language}.{scheme}.png"), FullPage = true });
        Assert.Empty(complaints);
        Assert.Empty(await visit.CookiesAsync());
    }

    [Fact]
    public async Task Five_elements_make_a_request_each_and_a_304_when_asked_again()
    {
        await using var visit = await browsers.VisitAsync(_site.Address);
        var (script, integrity) = await ScriptAsync();
        var elements = string.Concat(Enumerable.Range(1, 5).Select(count =>
            string.Create(CultureInfo.InvariantCulture, $"<aggregator-feed category=\"world\" count=\"{count}\" lang=\"en\"></aggregator-feed>")));
        await using var host = await HostAsync(script, integrity, elements);
        var page = await visit.NewPageAsync();
        var complaints = Complaints(page);
        var answers = new ConcurrentQueue<string>();
        page.Response += (_, response) =>
        {
            if (response.Url.Contains("/embed/world.json", StringComparison.Ordinal)) answers.Enqueue(response.Url);
        };
        await page.GotoAsync(host.Address.ToString());
        await Assertions.Expect(page.Locator("aggregator-feed li.item")).ToHaveCountAsync(15);
        Assert.Equal(5, answers.Count);
        Assert.Equal(5, answers.Distinct().Count());

        // The browser answers the script from its cache after the server's 304: what went over the wire tells.
        var session = await visit.NewCDPSessionAsync(page);
        var statuses = new ConcurrentQueue<int>();
        await session.SendAsync("Network.enable");
        session.Event("Network.responseReceivedExtraInfo").OnEvent += (_, json) => statuses.Enqueue(json!.Value.GetProperty("statusCode").GetInt32());
        await page.EvaluateAsync("Promise.all([...document.querySelectorAll('aggregator-feed')].map(feed => feed.refresh()))");
        await page.WaitForTimeoutAsync(200);
        Assert.Equal([304, 304, 304, 304, 304], statuses);
        await Assertions.Expect(page.Locator("aggregator-feed li.item")).ToHaveCountAsync(15);
        Assert.Empty(complaints);
    }

    [Theory]
    [InlineData("headlines", 360)]
    [InlineData("headlines", 1280)]
    [InlineData("list", 360)]
    [InlineData("list", 1280)]
    [InlineData("cards", 360)]
    [InlineData("cards", 1280)]
    public async Task Nothing_moves_when_the_list_arrives(string layout, int width)
    {
        await using var visit = await browsers.VisitAsync(_site.Address, width: width);
        var (script, integrity) = await ScriptAsync();
        await using var host = await HostAsync(script, integrity, $"""
            <aggregator-feed category="world" count="5" layout="{layout}" lang="en"><a href="https://example.org/">World</a></aggregator-feed><p id="below">Below</p>
            """);
        var page = await visit.NewPageAsync();
        var hold = new TaskCompletionSource();
        await page.RouteAsync("**/embed/world.json*", async route =>
        {
            await hold.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync(host.Address.ToString());
        await Assertions.Expect(page.Locator("aggregator-feed [aria-busy] li")).ToHaveCountAsync(5);
        var before = await page.Locator("#below").EvaluateAsync<double>("p => p.getBoundingClientRect().top");
        // What made room for the list is told with the next frame, which may be late: it is not what the list moves.
        await page.EvaluateAsync("""
            () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
                moved = 0;
                shifts = new PerformanceObserver(list => { for (const entry of list.getEntries()) moved += entry.value; });
                shifts.observe({ type: 'layout-shift' });
                done();
            })))
            """);
        hold.SetResult();
        await Assertions.Expect(page.Locator("aggregator-feed li.item")).ToHaveCountAsync(5);
        var after = await page.Locator("#below").EvaluateAsync<double>("p => p.getBoundingClientRect().top");
        Assert.InRange(after - before, -2, 2);
        // The picture with the list in it is behind the next frame; what it moved is told then, or waits to be taken.
        var moved = await page.EvaluateAsync<double>("""
            () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
                for (const entry of shifts.takeRecords()) moved += entry.value;
                done(moved);
            })))
            """);
        // The two pixels that a line of text differs by are no shift that anybody sees.
        Assert.InRange(moved, 0, 0.001);
    }

    [Theory]
    [InlineData("headlines")]
    [InlineData("list")]
    [InlineData("cards")]
    public async Task Hostile_titles_stay_text_in_element_and_frame(string layout)
    {
        string[] titles = ["\"><img src=x onerror=alert(1)>", "</title><script>alert(2)</script>", "\u202Egnp.exe\u2066 {{7*7}} javascript:alert(3)", "&lt;b&gt;&amp;amp;"];
        await using var site = await RunningSite.StartAsync();
        var now = site.Clock.GetUtcNow();
        await SampleSite.AddDatedAsync(site.Services, now, [.. titles.Select((title, i) => (title, now.AddMinutes(-i)))]);
        await using var visit = await browsers.VisitAsync(site.Address);
        var (script, integrity) = await ScriptAsync(site);
        await using var host = await HostAsync(script, integrity, $"""
            <aggregator-feed category="dated" count="4" layout="{layout}" lang="en"></aggregator-feed>
            <iframe src="{site.Address}embed/dated?count=4&amp;layout={layout}&amp;lang=en" title="Dated" width="480" height="100"></iframe><p id="after">After</p>
            """, site.Address);
        var page = await visit.NewPageAsync();
        var complaints = Complaints(page);
        page.Dialog += (_, dialog) => complaints.Enqueue(dialog.Message);
        await page.GotoAsync(host.Address.ToString());
        await Assertions.Expect(page.Locator("aggregator-feed li.item")).ToHaveCountAsync(4);
        Assert.Equal(titles, await page.Locator("aggregator-feed .title").AllTextContentsAsync());
        Assert.Equal(titles, await page.FrameLocator("iframe").Locator(".title").AllTextContentsAsync());
        foreach (var elements in new[] { page.Locator("aggregator-feed img, aggregator-feed script"), page.FrameLocator("iframe").Locator("img, body script") })
            Assert.Equal(0, await elements.CountAsync());

        // What turns its own text round turns nothing beside it.
        Assert.Equal("Dated", await page.Locator("aggregator-feed li").Nth(2).Locator(".source").TextContentAsync());
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"embed-hostile.{layout}.png"), FullPage = true });
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task An_unknown_category_and_a_missing_script_leave_the_plain_link()
    {
        var (script, integrity) = await ScriptAsync();
        const string Element = """<aggregator-feed category="no-such"><a href="https://example.org/all">All the news</a></aggregator-feed>""";
        await using var host = await HostAsync(script, integrity, Element);
        foreach (var scripts in new[] { true, false })
        {
            await using var visit = await browsers.VisitAsync(_site.Address, scripts: scripts);
            var page = await visit.NewPageAsync();
            await page.GotoAsync(host.Address.ToString());
            await Assertions.Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "All the news" })).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_site_that_is_not_allowed_cannot_frame()
    {
        await using var site = await RunningSite.StartWithSamplesAsync(("Embed:Categories:domestic:0", "https://partner.example"));
        await using var visit = await browsers.VisitAsync(site.Address);
        await using var host = await HostAsync(null, null, $"""<iframe src="{site.Address}embed/domestic" title="a"></iframe><iframe src="{site.Address}embed/world" title="b"></iframe>""", site.Address);
        var page = await visit.NewPageAsync();
        var complaints = Complaints(page);
        await page.GotoAsync(host.Address.ToString());
        await Assertions.Expect(page.FrameLocator("iframe[title=b]").Locator("li").First).ToBeVisibleAsync();
        Assert.Equal(0, await page.FrameLocator("iframe[title=a]").Locator("li").CountAsync());
        Assert.Contains(complaints, complaint => complaint.Contains("frame-ancestors", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("zh-CN", 360)]
    [InlineData("en-US", 1280)]
    public async Task A_site_owner_puts_it_together_without_script(string locale, int width)
    {
        await using var visit = await browsers.VisitAsync(_site.Address, locale, width, scripts: false);
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/embed");
        await page.Locator("#category").SelectOptionAsync("world");
        await page.Locator("#layout").SelectOptionAsync("cards");
        await page.Locator("#count").FillAsync("4");
        await page.Locator("main form button").ClickAsync();
        await Assertions.Expect(page.FrameLocator("iframe").Locator("li")).ToHaveCountAsync(4);
        Assert.Contains("layout=\"cards\"", await page.Locator("#element").InputValueAsync(), StringComparison.Ordinal);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"embed-page.{locale[..2]}.{width}.png"), FullPage = true });
    }

    private static ConcurrentQueue<string> Complaints(IPage page)
    {
        var complaints = new ConcurrentQueue<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
        return complaints;
    }

    private async Task<(string Address, string Integrity)> ScriptAsync(RunningSite? site = null)
    {
        using var client = (site ?? _site).CreateBrowser("en");
        var page = await client.GetStringAsync(new Uri("/embed", UriKind.Relative));
        var code = System.Net.WebUtility.HtmlDecode(System.Net.WebUtility.HtmlDecode(page));
        string Between(string before) => code[(code.IndexOf(before, StringComparison.Ordinal) + before.Length)..].Split('"')[0];
        return (Between("<script src=\""), Between("integrity=\""));
    }

    private Task<LoopbackServer> HostAsync(string? script, string? integrity, string body, Uri? site = null) => LoopbackServer.StartAsync(async context =>
    {
        // What a careful site sends: nothing runs but the script with that hash, no inline style, no foreign picture.
        var ours = site ?? _site.Address;
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src {(integrity is null ? "'none'" : $"'{integrity}'")}; connect-src {ours}; frame-src {ours}; img-src data:; base-uri 'none'";
        context.Response.ContentType = "text/html; charset=utf-8";
        var tag = script is null ? "" : $"""<script src="{script}" integrity="{integrity}" crossorigin="anonymous" defer></script>""";
        await context.Response.WriteAsync($"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><link rel=\"icon\" href=\"data:,\"><title>Host</title>{tag}</head><body>{body}</body></html>");
    });
}
