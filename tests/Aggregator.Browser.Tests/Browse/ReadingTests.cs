using System.Globalization;
using Aggregator.Server.Tests.Browse;
using Deque.AxeCore.Playwright;
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
            ("narrowed", "/categories/world?language=en&source=2"), ("sources", "/sources"), ("search", "/search?q=%E6%B8%AF%E5%8F%A3"), ("about", "/about"), ("bot", "/bot"),
            ("gone", "/answers/410"), ("too-many", "/answers/429"), ("error", "/answers/500"),
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
            // A status is what some pages are about; Chromium reports it as an error all the same.
            if (message.Type is "error" or "warning" && !message.Text.Contains("Failed to load resource", StringComparison.Ordinal)) complaints.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_site.Address.ToString(), StringComparison.Ordinal)) strangers.Add(request.Url);
        };

        await page.GotoAsync(address.StartsWith('/') ? address : await _site.ArticleAsync(address));
        await page.EvaluateAsync("Promise.all([...document.images].map(image => { image.loading = 'eager'; return image.decode(); }))");
        Assert.Equal(0, await page.EvaluateAsync<double>(Shift));
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await page.ScreenshotAsync(new PageScreenshotOptions
            {
                Path = Path.Combine(Browsers.Artifacts, $"{name}.{locale[..2]}.{width}.{scheme}.png"),
                FullPage = true,
            });
            var found = await page.RunAxe();
            Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.Select(violation =>
                $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}")));
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
        var title = (await page.Locator(".entries h3").First.TextContentAsync())!.Trim();
        await page.GetByRole(AriaRole.Link, new() { Name = title, Exact = true }).ClickAsync();

        Assert.Equal(title, await page.Locator("article h1").TextContentAsync());
        await page.GetByText("The text is what the source’s feed said").WaitForAsync();

        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "← Newer articles" }).ClickAsync();
        Assert.Equal(SampleSite.EnglishTitle, await page.Locator(".entries h3").First.TextContentAsync());
        Assert.Equal(_site.Address + "categories/world", await page.Locator("link[rel=canonical]").GetAttributeAsync("href"));
    }

    [Fact]
    public async Task A_reader_finds_the_three_addresses_without_scripts()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, width: 360, scripts: false);
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/categories/domestic");
        var address = page.GetByText($"{_site.Address}categories/domestic.rss", new() { Exact = true });
        Assert.False(await address.IsVisibleAsync());
        Assert.False(await page.GetByRole(AriaRole.Button, new() { Name = "复制 Atom 地址" }).IsVisibleAsync());
        await page.Locator(".subscribe summary").ClickAsync();
        Assert.True(await address.IsVisibleAsync());
        Assert.True(await page.GetByRole(AriaRole.Link, new() { Name = "Atom", Exact = true }).IsVisibleAsync());
    }

    [Theory]
    [InlineData(320)]
    [InlineData(2560)]
    public async Task Nothing_scrolls_sideways_on_the_smallest_phone_or_the_widest_wall(int width)
    {
        await using var visit = await browsers.VisitAsync(_site.Address, width: width);
        var page = await visit.NewPageAsync();
        foreach (var address in new[] { "/", "/categories/world", "/sources", "/search?q=dispatch", "/about", await _site.ArticleAsync("zh-1"), await _site.ArticleAsync("en-1"), await _site.ArticleAsync("ar-1"), "/nowhere" })
        {
            await page.GotoAsync(address);
            foreach (var summary in await page.Locator(".panel > summary").AllAsync()) await summary.ClickAsync();
            Assert.True(
                await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"width-{width}{address.Replace('/', '-').Split('?')[0]}.png") });
        }
    }

    [Fact]
    public async Task Letters_keep_to_a_measure_that_eyes_can_follow()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, width: 2560);
        var page = await visit.NewPageAsync();
        await page.GotoAsync(await _site.ArticleAsync("zh-1"));
        Assert.InRange(await page.EvaluateAsync<double>("document.querySelector('.body').clientWidth / parseFloat(getComputedStyle(document.querySelector('.body p')).fontSize)"), 34, 40);
    }

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en-US")]
    public async Task Every_language_has_its_faces_and_the_room_that_its_lines_need(string locale)
    {
        await using var visit = await browsers.VisitAsync(_site.Address, locale);
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/");
        Task<string> FaceAsync(string lang) => page.EvaluateAsync<string>(Face, lang);
        const string Latin = "Segoe UI 1.6", Simplified = "PingFang SC 1.7", Traditional = "PingFang TC 1.7";
        Assert.Equal(locale == "zh-CN" ? Simplified : Latin, await FaceAsync(""));
        foreach (var (lang, expected) in new[]
        {
            ("zh", Simplified), ("zh-Hans-CN", Simplified), ("zh-Hant", Traditional), ("zh-TW", Traditional), ("zh-HK", Traditional),
            ("ja", "Hiragino Sans 1.7"), ("ko", "Apple SD Gothic Neo 1.7"), ("en-GB", Latin),
        })
            Assert.Equal((lang, expected), (lang, await FaceAsync(lang)));

        // What is read and not scanned has the faces of books, and Chinese the most room.
        foreach (var (key, face, line) in new[] { ("zh-1", "PingFang SC", 1.9), ("en-1", "Charter", 1.65), ("ar-1", "Segoe UI", 1.65) })
        {
            await page.GotoAsync(await _site.ArticleAsync(key));
            var body = await page.Locator(".body").EvaluateAsync<string[]>("e => { const s = getComputedStyle(e); return [s.fontFamily, String(parseFloat(s.lineHeight) / parseFloat(s.fontSize))]; }");
            Assert.Contains(face, body[0], StringComparison.Ordinal);
            Assert.Equal(line, double.Parse(body[1], CultureInfo.InvariantCulture), 0.01);
        }
    }

    [Fact]
    public async Task What_is_printed_is_the_text_dark_on_white_and_where_it_leads()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, scheme: ColorScheme.Dark);
        var page = await visit.NewPageAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        foreach (var (address, shown) in new[] { (await _site.ArticleAsync("zh-1"), ".article h1, .body, .notice"), ("/categories/world", ".head h1, .entries h3") })
        {
            await page.GotoAsync(address);
            foreach (var part in await page.Locator(shown + ", header.site .name, footer.site .what").AllAsync()) Assert.True(await part.IsVisibleAsync(), shown);
            foreach (var part in await page.Locator("nav, .tools, .list-tools, .paging, .related, .more-of, .versions, .skip, .check, footer.site .ways").AllAsync())
                Assert.False(await part.IsVisibleAsync(), await part.EvaluateAsync<string>("e => e.outerHTML.slice(0, 100)"));
            Assert.Equal("rgba(0, 0, 0, 0) rgb(0, 0, 0)", await page.EvaluateAsync<string>("(s => `${s.backgroundColor} ${s.color}`)(getComputedStyle(document.documentElement))"));
            Assert.Empty(await page.EvaluateAsync<string[]>(FaintTexts));
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"print{address.Replace('/', '-')}.png"), FullPage = true });
        }

        await page.GotoAsync(await _site.ArticleAsync("zh-1"));
        Assert.True(await page.Locator(".body a").EvaluateAsync<bool>("a => getComputedStyle(a, '::after').content.includes(a.href)"));
    }

    [Fact]
    public async Task Nothing_moves_for_who_wants_it_still()
    {
        await using var visit = await browsers.VisitAsync(_site.Address);
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/categories/world");
        foreach (var (motion, expected) in new[] { (ReducedMotion.NoPreference, true), (ReducedMotion.Reduce, false) })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = motion });
            Assert.Equal(expected, await page.EvaluateAsync<bool>("getComputedStyle(document.documentElement).scrollBehavior === 'smooth'"));
            Assert.Equal(expected, await page.EvaluateAsync<bool>("[...document.querySelectorAll('*')].map(e => getComputedStyle(e)).some(s => /[1-9]/.test(s.transitionDuration) || s.animationName !== 'none')"));
        }
    }

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task Pictures_whose_size_nobody_gave_push_no_line_away(int width)
    {
        await using var site = await RunningSite.StartAsync();
        await SampleSite.AddArticleAsync(site.Services, site.Clock.GetUtcNow(), $"""
            <p>Before <img src="{site.Address}pictures/harbour.svg?1" alt="a harbour"> between</p><figure><img src="{site.Address}pictures/harbour.svg?2" width="400" alt=""><figcaption>half of a size</figcaption></figure><p id="last">After</p>
            """);
        await using var visit = await browsers.VisitAsync(site.Address, "en-US", width);
        var page = await visit.NewPageAsync();
        var shown = new TaskCompletionSource();
        await page.RouteAsync("**/pictures/*", async route =>
        {
            await shown.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync(await site.ArticleAsync("1"), new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        await page.WaitForFunctionAsync("getComputedStyle(document.querySelector('.body img')).display === 'block'"); // The stylesheet may come after the document.
        await page.EvaluateAsync("for (const image of document.images) image.loading = 'eager'");
        var before = await page.Locator("#last").EvaluateAsync<double>("e => e.getBoundingClientRect().top");
        shown.SetResult();
        await page.EvaluateAsync("Promise.all([...document.images].map(image => image.decode()))");
        Assert.Equal(0, await page.EvaluateAsync<double>(Shift));
        Assert.Equal(before, await page.Locator("#last").EvaluateAsync<double>("e => e.getBoundingClientRect().top"));
        Assert.Equal("1600 1600", await page.EvaluateAsync<string>("[...document.querySelectorAll('.body img')].map(image => image.naturalWidth).join(' ')"));
    }

    [Fact]
    public async Task What_came_since_the_last_visit_is_marked_in_this_browser_only()
    {
        await using var site = await RunningSite.StartAsync();
        var now = site.Clock.GetUtcNow();
        await SampleSite.AddDatedAsync(site.Services, now.AddHours(-3), ("old", now.AddHours(-4)));
        await using var visit = await browsers.VisitAsync(site.Address, "en-US");
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/categories/dated");
        Assert.Equal(0, await page.Locator(".new").CountAsync());

        // The last visit was an hour ago.
        await page.EvaluateAsync("const visits = JSON.parse(localStorage.visits); for (const path in visits) visits[path].at -= 36e5; localStorage.visits = JSON.stringify(visits)");
        await SampleSite.AddMoreAsync(site.Services, now, "https://dated.example.org/feed", ("fresh", now.AddHours(-1)));
        site.Clock.Advance(TimeSpan.FromSeconds(2));
        await page.ReloadAsync();
        Assert.Equal("fresh", await page.Locator(".new h3 a").EvaluateAsync<string>("link => link.lastChild.textContent"));
        Assert.Equal("1 new since your last visit", await page.Locator(".since").TextContentAsync());
        await page.ReloadAsync();
        Assert.Equal(1, await page.Locator(".new").CountAsync());

        await page.EvaluateAsync("localStorage.setItem('visits', '[{broken')");
        await page.ReloadAsync();
        Assert.Equal(0, await page.Locator(".new").CountAsync());

        await using var other = await browsers.VisitAsync(site.Address, "en-US");
        var elsewhere = await other.NewPageAsync();
        await elsewhere.GotoAsync("/categories/dated");
        Assert.Equal(0, await elsewhere.Locator(".new").CountAsync());
    }

    [Fact]
    public async Task Times_are_told_from_now_and_days_are_those_of_the_reader()
    {
        await using var site = await RunningSite.StartAsync();
        var now = DateTimeOffset.UtcNow;
        await SampleSite.AddDatedAsync(site.Services, now, ("just now", now.AddMinutes(-12)), ("night", new DateTimeOffset(2026, 1, 20, 23, 30, 0, TimeSpan.Zero)));
        await using var visit = await browsers.VisitAsync(site.Address, "en-US", zone: "Asia/Tokyo");
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/categories/dated");
        Assert.Contains("minutes ago", await page.Locator(".day time").First.TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal("08:30", await page.Locator(".day time").Last.TextContentAsync());
        Assert.Equal("2026-01-21", await page.Locator(".day").Last.GetAttributeAsync("data-day"));
        Assert.Contains("January 21", await page.Locator(".day > h2").Last.TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("Japan Standard Time", await page.Locator(".zone").TextContentAsync(), StringComparison.Ordinal);

        await using var plain = await browsers.VisitAsync(site.Address, "en-US", scripts: false, zone: "Asia/Tokyo");
        var still = await plain.NewPageAsync();
        await still.GotoAsync("/categories/dated");
        Assert.Equal("23:30", await still.Locator(".day time").Last.TextContentAsync());
        Assert.Contains("20 January", await still.Locator(".day > h2").Last.TextContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_tap_copies_an_address()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, "en-US", width: 360);
        await visit.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/categories/domestic");
        await page.Locator(".subscribe summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy the RSS address" }).ClickAsync();
        Assert.Equal($"{_site.Address}categories/domestic.rss", await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, "subscribe.en.360.png") });
    }

    [Fact]
    public async Task A_reader_narrows_a_list_and_goes_from_article_to_article_without_scripts()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, "en-US", width: 360, scripts: false);
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/categories/world");
        await page.Locator(".filter summary").ClickAsync();
        await page.Locator(".filter select[name=language]").SelectOptionAsync("ar");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        Assert.Equal(1, await page.Locator(".entries > li").CountAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear the filter" }).ClickAsync();
        await page.Locator(".entries h3 a").First.ClickAsync();
        await page.Locator(".neighbours [rel=next]").ClickAsync();
        Assert.Equal(SampleSite.ArabicTitle, await page.Locator("article h1").TextContentAsync());
        await page.Locator(".neighbours [rel=prev]").ClickAsync();
        Assert.Equal(SampleSite.EnglishTitle, await page.Locator("article h1").TextContentAsync());
        Assert.Equal(0, await page.Locator(".neighbours [rel=prev]").CountAsync());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/categories/world")]
    public async Task A_list_is_light(string address)
    {
        await using var visit = await browsers.VisitAsync(_site.Address);
        var page = await visit.NewPageAsync();
        var sizes = new List<(string Url, int Size)>();
        page.RequestFinished += async (_, request) =>
        {
            if (request.ResourceType is not ("document" or "stylesheet" or "script")) return;
            var size = (await request.SizesAsync()).ResponseBodySize;
            lock (sizes) sizes.Add((request.Url, size));
        };
        await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });
        Assert.Equal(3, sizes.Count);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', sizes));
        Assert.InRange(sizes.Sum(file => file.Size), 1, 60 * 1024);
    }

    [Fact]
    public async Task The_keyboard_alone_subscribes_narrows_and_reads()
    {
        await using var visit = await browsers.VisitAsync(_site.Address, "en-US");
        var page = await visit.NewPageAsync();
        await page.GotoAsync("/categories/world");
        await page.Locator(".subscribe summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.True(await page.Locator(".subscribe code").First.IsVisibleAsync());
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Atom", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.Locator(".subscribe summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Follow", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Filter", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal(SampleSite.EnglishTitle, await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("article.article h1").WaitForAsync();
        Assert.Equal(SampleSite.EnglishTitle, await page.Locator("article h1").TextContentAsync());
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
        Assert.Equal("Subscribe", await page.EvaluateAsync<string>("document.activeElement.textContent"));
    }

    /// <summary>How far what is seen has jumped since the page was opened, as browsers count it (Layout Instability, W3C).</summary>
    private const string Shift = """
        () => new Promise(done => {
          let sum = 0;
          // What a browser moves about inside its own player is its affair, and has no node that a page could name.
          const isOurs = ({ node }) => node && !(node.closest ? node : node.parentElement).closest('audio, video');
          new PerformanceObserver(list => { for (const entry of list.getEntries()) if (entry.sources.some(isOurs)) sum += entry.value; }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => done(sum), 100);
        })
        """;

    /// <summary>The first face in the stack of a text of that language that only its stack has, and how high its lines are; of the page itself for none.</summary>
    private const string Face = """
        lang => {
          const text = document.body.appendChild(document.createElement('p'));
          if (lang) text.lang = lang;
          const style = getComputedStyle(text);
          const faces = style.fontFamily.split(', ').map(face => face.replaceAll('"', ''));
          const line = (parseFloat(style.lineHeight) / parseFloat(style.fontSize)).toFixed(2).replace(/0$/, '');
          text.remove();
          return `${faces.find(face => !['system-ui', '-apple-system'].includes(face))} ${line}`;
        }
        """;

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
