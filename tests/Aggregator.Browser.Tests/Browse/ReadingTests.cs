using Aggregator.Server.Tests.Browse;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Browse;

public sealed class ReadingTests(Browsers browsers, SampleSiteFixture fixture) : IClassFixture<SampleSiteFixture>
{
    private readonly RunningSite _site = fixture.Site;

    /// <summary>Every kind of page, in both languages, on a phone and on a desk.</summary>
    public static IEnumerable<TheoryDataRow<string, string, string, int>> Views() =>
        from page in new[]
        {
            ("home", "/"), ("category", "/categories/domestic"), ("category-paged", "/categories/world"), ("source", "/sources/2"), ("article-zh", "zh-1"),
            ("article-audio", "zh-5"), ("article-en", "en-1"), ("article-ar", "ar-1"), ("not-found", "/no/such/page"), ("sign-in", "/sign-in"),
        }
        from locale in new[] { "zh-CN", "en-US" }
        from width in new[] { 360, 1280 }
        select new TheoryDataRow<string, string, string, int>(page.Item1, page.Item2, locale, width);

    [Theory]
    [MemberData(nameof(Views))]
    public async Task A_page_fits_its_window_and_breaks_no_rule_of_its_own(string name, string address, string locale, int width)
    {
        await using var visit = await browsers.VisitAsync(_site.Address, locale, width);
        var page = await visit.NewPageAsync();
        var complaints = new List<string>();
        var strangers = new List<string>();
        page.Console += (_, message) =>
        {
            // A 404 is what the page is about; Chromium reports it as an error all the same.
            if (message.Type is "error" or "warning" && !message.Text.Contains("404", StringComparison.Ordinal)) complaints.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_site.Address.ToString(), StringComparison.Ordinal)) strangers.Add(request.Url);
        };

        await page.GotoAsync(address.StartsWith('/') ? address : await _site.ArticleAsync(address));
        await page.EvaluateAsync("Promise.all([...document.images].map(image => { image.loading = 'eager'; return image.decode(); }))");
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await page.ScreenshotAsync(new PageScreenshotOptions
            {
                Path = Path.Combine(Browsers.Artifacts, $"{name}.{locale[..2]}.{width}.{scheme}.png"),
                FullPage = true,
            });
        }

        Assert.Equal(locale[..2], (await page.Locator("html").GetAttributeAsync("lang"))![..2]);
        Assert.Equal(
            await page.EvaluateAsync<int>("document.documentElement.clientWidth"),
            await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(complaints);
        Assert.Empty(strangers);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_stands_out_from_its_ground(ColorScheme scheme)
    {
        await using var visit = await browsers.VisitAsync(_site.Address, scheme: scheme);
        var page = await visit.NewPageAsync();
        foreach (var address in new[] { "/", "/categories/world", await _site.ArticleAsync("zh-1"), "/sign-in" })
        {
            await page.GotoAsync(address);
            Assert.Empty(await page.EvaluateAsync<string[]>(FaintTexts));
        }
    }

    [Fact]
    public async Task A_reader_finds_an_article_and_the_next_page_without_scripts()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, "en-US", width: 360, scripts: false);
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/");
        await page.Locator("nav.categories").GetByRole(AriaRole.Link, new() { Name = "World" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Older articles →" }).ClickAsync();
        var title = (await page.Locator(".entries h2").First.TextContentAsync())!.Trim();
        await page.GetByRole(AriaRole.Link, new() { Name = title, Exact = true }).ClickAsync();

        Assert.Equal(title, await page.Locator("article h1").TextContentAsync());
        await page.GetByText("The text is what the source’s feed said").WaitForAsync();

        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "← Newer articles" }).ClickAsync();
        Assert.Equal(SampleSite.EnglishTitle, await page.Locator(".entries h2").First.TextContentAsync());
        Assert.Equal(_site.Address + "categories/world", await page.Locator("link[rel=canonical]").GetAttributeAsync("href"));
    }

    [Fact]
    public async Task A_reader_finds_the_three_addresses_without_scripts()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, width: 360, scripts: false);
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/categories/domestic");
        Assert.True(await page.GetByRole(AriaRole.Link, new() { Name = "Atom", Exact = true }).IsVisibleAsync());

        var address = page.GetByText($"{_site.Address}categories/domestic.rss", new() { Exact = true });
        Assert.False(await address.IsVisibleAsync());
        await page.GetByText("怎样订阅？").ClickAsync();
        Assert.True(await address.IsVisibleAsync());
    }

    [Fact]
    public async Task A_choice_of_language_lasts()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, "zh-CN");
        var page = await visit.NewPageAsync();
        await page.GotoAsync(await _site.ArticleAsync("zh-1"));
        await page.GetByRole(AriaRole.Link, new() { Name = "English", Exact = true }).ClickAsync();
        Assert.Equal("en", await page.Locator("html").GetAttributeAsync("lang"));
        Assert.Equal(SampleSite.ChineseTitle, await page.Locator("article h1").TextContentAsync());

        await page.GotoAsync("/");
        Assert.Equal("en", await page.Locator("html").GetAttributeAsync("lang"));
    }

    [Fact]
    public async Task Whatever_slips_through_the_sanitiser_runs_nothing()
    {
        await using var site = await RunningSite.StartAsync();
        await SampleSite.AddArticleAsync(site.Services, site.Clock.GetUtcNow(), """
            <p id="here">text</p><script>document.title = 'script ran'</script>
            <img src="data:," onerror="document.title = 'handler ran'"><style>#here { color: rgb(1, 2, 3) }</style>
            <iframe src="/"></iframe><form action="https://evil.example/"></form><base href="https://evil.example/">
            """);
        await using var visit = await browsers.VisitAsync(site.Address);
        var page = await visit.NewPageAsync();
        await page.GotoAsync(await site.ArticleAsync("1"), new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });
        Assert.DoesNotContain("ran", await page.TitleAsync(), StringComparison.Ordinal);
        Assert.NotEqual("rgb(1, 2, 3)", await page.Locator("#here").EvaluateAsync<string>("e => getComputedStyle(e).color"));
        Assert.Equal(site.Address.ToString(), await page.EvaluateAsync<string>("document.baseURI.replace(/articles.*/, '')"));
    }

    [Fact]
    public async Task The_keyboard_reaches_the_text_first()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, "en-US");
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/categories/world");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to content", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Atom", await page.EvaluateAsync<string>("document.activeElement.textContent"));
    }

    /// <summary>Texts whose contrast is below 4.5:1 (WCAG 2.2, 1.4.3), with their colours.</summary>
    private const string FaintTexts = """
        () => {
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgb = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
          const luminance = ([r, g, b]) => { const f = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
          const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255]; };
          const faint = [];
          for (const e of document.body.querySelectorAll('*')) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
            const [a, b] = [luminance(rgb(getComputedStyle(e).color)), luminance(ground(e))].sort((x, y) => y - x);
            const ratio = (a + .05) / (b + .05);
            if (ratio < 4.5) faint.push(`${e.tagName} “${e.textContent.trim().slice(0, 30)}” ${ratio.toFixed(2)}`);
          }
          return faint;
        }
        """;
}
