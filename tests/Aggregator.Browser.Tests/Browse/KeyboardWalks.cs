using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Browse;

/// <summary>Going through pages as people do who have no mouse.</summary>
internal static class KeyboardWalks
{
    private const int MostTabs = 400;

    /// <summary>Walks by the Tab key, back with Shift, to the next that this selector names; where it cannot be reached so nobody gets without a mouse.</summary>
    public static async Task TabToAsync(this IPage page, string selector, bool back = false)
    {
        for (var step = 0; step < MostTabs; step++)
        {
            await page.Keyboard.PressAsync(back ? "Shift+Tab" : "Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) === true", selector)) return;
        }

        Assert.Fail($"The keyboard does not lead to {selector} on {page.Url}.");
    }

    /// <summary>Walks to a button or a link, presses it, and waits for the page that it leads to.</summary>
    public static async Task EnterAsync(this IPage page, string selector, bool back = false)
    {
        await page.TabToAsync(selector, back);
        await page.EnterAsync();
    }

    /// <summary>Presses what has the focus, and waits for the page that it leads to.</summary>
    public static async Task EnterAsync(this IPage page)
    {
        await page.EvaluateAsync("() => { window.isLeft = true; }");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => !window.isLeft && document.readyState !== 'loading'");
    }
}
