using Aggregator.Browser.Tests.Browse;
using Aggregator.Server.Tests.EndToEnd;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Dashboard;

/// <summary>A browser in which somebody works in the dashboard, and what every page of it has to stand.</summary>
internal sealed class AdminDesk(IPage page, string locale)
{
    /// <summary>The passphrase of everybody in these tests.</summary>
    public const string Password = "a long enough sentence";

    // What is ours of a page of the dashboard; its frame is Hangfire's.
    private const string Ours = ".aggregator-page";

    private const int Wide = 1280;

    private const int Narrow = 360;

    private readonly List<string> _problems = [];

    public IPage Page => page;

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Opens a browser for the dashboard.</summary>
    public static async Task<AdminDesk> OpenAsync(IBrowserContext visit, string locale)
    {
        var page = await visit.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        return new AdminDesk(page, locale);
    }

    /// <summary>Makes the first account with the link that the program printed, signs out, and in again; by the keyboard alone.</summary>
    public async Task SetUpAsync(RunningAggregator server)
    {
        var line = await server.Process.WaitForLineAsync(line => line.Contains("/setup?token=", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        await page.GotoAsync(line.Split(' ')[^1]);
        await LookAtPublicPageAsync("set-up");
        await page.Locator("#name").FocusAsync();
        await TypeAsync("admin", Password, Password);
        await page.WaitForURLAsync("**/hangfire", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await page.GotoAsync("/sign-in");
        await page.Locator("form[action$='/sign-out'] button").PressAsync("Enter");
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        await page.GotoAsync("/hangfire");
        await LookAtPublicPageAsync("sign-in");
        await page.Locator("#name").FillAsync("admin");
        await page.Locator("#password").FillAsync("wrong");
        await page.Locator("#password").PressAsync("Enter");
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        await LookAtPublicPageAsync("sign-in-refused");
        await page.Locator("#name").FillAsync("");
        await SignInAsync("admin");
    }

    /// <summary>Signs in on the page that asks for it, by the keyboard alone.</summary>
    public async Task SignInAsync(string name)
    {
        await page.Locator("#name").FocusAsync();
        await TypeAsync(name, Password);
        await page.WaitForURLAsync("**/hangfire", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
    }

    /// <summary>
    /// Looks at the page as it is (nothing serious by axe's judgement in our part of it, nothing that leaves a narrow screen sideways), and keeps a
    /// picture of it at both widths.
    /// </summary>
    public async Task LookAsync(string name)
    {
        await JudgeAsync(name, Ours, new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        await JudgeLooksAsync(name, Ours);
        if (await page.EvaluateAsync<bool>("() => (scrollTo(0, 0), document.querySelector('.navbar').getBoundingClientRect().bottom > document.querySelector('.aggregator-page').getBoundingClientRect().top)"))
            _problems.Add($"{name} {page.Url}: the bar covers the page");
        if (await page.Locator("html").GetAttributeAsync("lang") is var language && language?.StartsWith(locale[..2], StringComparison.Ordinal) != true)
            _problems.Add($"{name} {page.Url} is in '{language}'");
        await ShotAsync(name);
    }

    /// <summary>The same for a page of the site, which is ours from edge to edge.</summary>
    private async Task LookAtPublicPageAsync(string name)
    {
        await JudgeAsync(name, "body", new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        await JudgeLooksAsync(name, "body");
        await ShotAsync(name);
    }

    /// <inheritdoc cref="KeyboardWalks.TabToAsync"/>
    public Task TabToAsync(string selector, bool back = false) => page.TabToAsync(selector, back);

    /// <inheritdoc cref="KeyboardWalks.EnterAsync(IPage, string, bool)"/>
    public Task EnterAsync(string selector, bool back = false) => page.EnterAsync(selector, back);

    /// <summary>Walks to a field and puts these words in the place of what it holds.</summary>
    public async Task WriteAsync(string selector, string words)
    {
        await TabToAsync(selector);
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(words);
    }

    /// <summary>Fails with everything that <see cref="LookAsync"/> found so far: one run tells of all pages.</summary>
    public void IsFine() => Assert.True(_problems.Count == 0, string.Join('\n', _problems));

    /// <summary>Says that something was done, and not that something is wrong.</summary>
    public async Task SaidAsync()
    {
        await page.GetByRole(AriaRole.Status).First.WaitForAsync();
        Assert.Equal(0, await page.Locator(".aggregator-page [role=alert]").CountAsync());
    }

    /// <summary>Presses a button and waits until the page says that it is done.</summary>
    public async Task DoAsync(string button)
    {
        await page.RunAndWaitForResponseAsync(() => page.Locator(button).First.ClickAsync(), answer => answer.Request.IsNavigationRequest && answer.Ok);
        await SaidAsync();
    }

    /// <summary>Chooses in a select what has these words.</summary>
    public Task ChooseAsync(string select, string label) => page.Locator(select).SelectOptionAsync(new SelectOptionValue { Label = label });

    /// <summary>The rows of the first table.</summary>
    public ILocator Rows => page.Locator(".aggregator-page table").First.Locator("tbody tr");

    private async Task JudgeLooksAsync(string name, string part)
    {
        // Colours and widths are the same in both languages, and English words are the longer ones.
        if (!locale.StartsWith("en", StringComparison.Ordinal)) return;
        // Hangfire's pages are dark where the reader wants it, and so is our part of them.
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await JudgeAsync(name + " (dark)", part, new AxeRunOptions { ResultTypes = [ResultType.Violations], RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "link-in-text-block"] } });
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(Narrow, 800);
        await JudgeAsync(name + " (narrow)", part, new AxeRunOptions { ResultTypes = [ResultType.Violations], RunOnly = new RunOnlyOptions { Type = "rule", Values = ["scrollable-region-focusable"] } });
        await page.SetViewportSizeAsync(Wide, 800);
    }

    private async Task JudgeAsync(string name, string part, AxeRunOptions options)
    {
        var result = await page.Locator(part).RunAxe(options);
        _problems.AddRange(result.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{name} {page.Url}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
    }

    /// <summary>Pictures at both widths; a narrow page that can be moved sideways is cut off for who does not think of it.</summary>
    private async Task ShotAsync(string name)
    {
        await ShotAsync(name, Wide);
        await page.SetViewportSizeAsync(Narrow, 800);
        await ShotAsync(name, Narrow);
        var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        var wide = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.aggregator-page *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-responsive, pre')).map(e => e.outerHTML.slice(0, 160)).slice(0, 3)");
        if (width > Narrow) _problems.Add($"{name} {page.Url} is {width} px wide on a screen of {Narrow}: {string.Join(" | ", wide)}");
        await page.SetViewportSizeAsync(Wide, 800);
    }

    private Task ShotAsync(string name, int width) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, $"admin-{name}.{locale[..2]}.{width}.png"), FullPage = true });

    private async Task TypeAsync(params string[] words)
    {
        foreach (var word in words)
        {
            await page.Keyboard.TypeAsync(word);
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("Enter");
    }
}
