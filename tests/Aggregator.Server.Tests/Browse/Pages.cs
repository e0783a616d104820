using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

/// <summary>Asking for pages and reading them as a browser would.</summary>
internal static class Pages
{
    public static async Task<IHtmlDocument> GetPageAsync(this HttpClient browser, string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await browser.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute));
        return await response.ReadPageAsync(expected);
    }

    public static async Task<IHtmlDocument> ReadPageAsync(this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var html = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{response.RequestMessage!.RequestUri} answered {(int)response.StatusCode}, expected {(int)expected}: {html}");
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        return new HtmlParser().ParseDocument(html);
    }

    /// <summary>The text of the first element that matches, with white space folded.</summary>
    public static string TextOf(this IHtmlDocument page, string selector) =>
        string.Join(' ', (page.QuerySelector(selector) ?? throw new InvalidOperationException($"No {selector} in {page.Source.Text}"))
            .TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static IReadOnlyList<string> TextsOf(this IHtmlDocument page, string selector) =>
        [.. page.QuerySelectorAll(selector).Select(element => element.TextContent.Trim())];

    public static string AttributeOf(this IHtmlDocument page, string selector, string attribute) =>
        page.QuerySelector(selector)?.GetAttribute(attribute)
        ?? throw new InvalidOperationException($"No {selector} with {attribute} in {page.Source.Text}");
}
