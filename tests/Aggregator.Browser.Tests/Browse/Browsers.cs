using System.Collections;
using Aggregator.Browser.Tests.Browse;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Browsers))]

namespace Aggregator.Browser.Tests.Browse;

/// <summary>
/// Debian's Chromium for all browser tests, started once: the one without windows where there is one, for each window of the other draws its own
/// bars and menus too. Tests are skipped with the reason where neither is installed.
/// </summary>
public sealed class Browsers : IAsyncLifetime
{
    /// <summary>Why tests are skipped where it is not installed.</summary>
    public const string IsMissing = "There is no chromium-headless-shell: apt-get install chromium-headless-shell";

    private static readonly string? Chromium = Array.Find(["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"], File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where screenshots go: for people to look at, and never into the repository.</summary>
    public static string Artifacts { get; } = Path.Combine(AppContext.BaseDirectory, "artifacts");

    public static bool AreInstalled => Chromium is not null;

    public async ValueTask InitializeAsync()
    {
        if (!AreInstalled) return;
        Directory.CreateDirectory(Artifacts);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Headless = true,
            Env = EnvironmentWithUtf8(),
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    // Without a locale, as on a server that was just set up, Chromium uploads no file whose name is not ASCII.
    private static IEnumerable<KeyValuePair<string, string>> EnvironmentWithUtf8() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string)variable.Value!))
            .Where(variable => variable.Key != "LC_ALL")
            .Append(KeyValuePair.Create("LC_ALL", "C.UTF-8"));

    /// <summary>A visitor with a clean profile.</summary>
    public async Task<IBrowserContext> VisitAsync(Uri site, string locale = "zh-CN", int width = 1280, ColorScheme scheme = ColorScheme.Light, bool scripts = true, string? zone = null)
    {
        Assert.SkipUnless(AreInstalled, IsMissing);
        return await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = site.ToString(),
            Locale = locale,
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
            DeviceScaleFactor = width < 600 ? 2 : 1,
            IsMobile = width < 600,
            HasTouch = width < 600,
            ColorScheme = scheme,
            JavaScriptEnabled = scripts,
            TimezoneId = zone,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
