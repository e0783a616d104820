using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Browse;

/// <summary>The basics by which people who do not see a page find their way in it (WCAG 2.2: 1.1.1, 1.3.1, 2.4.2, 2.4.4, 3.1.1, 4.1.2).</summary>
internal static class Accessibility
{
    private const string Problems = """
        () => {
            const problems = [];
            const all = selector => [...document.querySelectorAll(selector)];
            const textOf = element => (element.getAttribute('aria-label') || element.textContent || '').trim()
                || [...element.querySelectorAll('img[alt]')].map(image => image.alt).join('').trim() || (element.title || '').trim();
            if (!document.title.trim()) problems.push('no title');
            for (const one of ['main', 'h1']) if (all(one).length !== 1) problems.push(all(one).length + ' ' + one);
            for (const image of all('img')) if (!image.hasAttribute('alt')) problems.push('a picture without alt: ' + image.src);
            for (const field of all('input:not([type=hidden]), select, textarea'))
                if (!field.labels.length && !field.getAttribute('aria-label')) problems.push('a field without a label: ' + field.name);
            for (const link of all('a[href], button')) if (!textOf(link)) problems.push('without words: ' + link.outerHTML.slice(0, 120));
            const ids = all('[id]').map(element => element.id);
            for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) problems.push('twice: #' + id);
            let level = 0;
            for (const heading of all('h1, h2, h3, h4, h5, h6')) {
                const own = Number(heading.tagName[1]);
                if (own > level + 1) problems.push(heading.tagName + ' after level ' + level + ': ' + heading.textContent.trim());
                level = own;
            }
            return problems;
        }
        """;

    /// <summary>Fails with everything on the page that is not as it should be.</summary>
    public static async Task CheckAsync(IPage page, string locale)
    {
        Assert.StartsWith(locale[..2], await page.Locator("html").GetAttributeAsync("lang") ?? "", StringComparison.Ordinal);
        Assert.Empty(await page.EvaluateAsync<string[]>(Problems));
    }
}
