using System.Text;
using Aggregator.Core.Extracting;
using Aggregator.Core.Normalizing;
using Xunit;

namespace Aggregator.Core.Tests.Extracting;

/// <summary>Small pages for single rules.</summary>
internal static class PageSamples
{
    internal static readonly DateTimeOffset Now = new(2026, 9, 5, 10, 0, 0, TimeSpan.Zero);

    internal static readonly string[] Chinese =
    [
        "本市第三座跨河步行桥昨天上午正式开放，桥面宽十二米，连接东岸的老城区与西岸的大学城。",
        "开放首日，不少市民带着孩子前来体验。家住东岸的居民表示，以前过河要绕行两公里。",
        "据建设单位介绍，桥梁采用钢木混合结构，栏杆使用回收木材，夜间照明由光伏板供电。",
    ];

    internal static readonly string[] English =
    [
        "The city opened its third footbridge on Wednesday, linking the old town with the university quarter across the river.",
        "Hundreds of residents crossed in the first hour, many of them with children, and said that the walk had shrunk.",
        "The bridge is built of steel and timber, its railings come from reclaimed wood, and panels feed the lights.",
    ];

    internal static ExtractResult Run(string html, string? url = "https://news.example.com/a/1.html", ContentSelectors? selectors = null, IReadOnlyList<string>? robotsTags = null) =>
        new ArticleExtractor(new ContentSanitizer()).Extract(
            Encoding.UTF8.GetBytes(html),
            new ExtractContext { FetchedAt = Now, Url = url is null ? null : new Uri(url), Selectors = selectors ?? ContentSelectors.None, RobotsTags = robotsTags ?? [] },
            TestContext.Current.CancellationToken);

    internal static ExtractedArticle Extract(string html, string? url = "https://news.example.com/a/1.html", ContentSelectors? selectors = null, IReadOnlyList<string>? robotsTags = null) =>
        Assert.IsType<ExtractResult.Extracted>(Run(html, url, selectors, robotsTags)).Article;

    /// <summary>A Chinese page whose parts can be put in.</summary>
    internal static string ChinesePage(string below = "", string behind = "", string head = "", string title = "第三座步行桥昨日开放", string heading = "<h1>第三座步行桥昨日开放</h1>", string inside = "", string before = "") =>
        $"<!DOCTYPE html><html><head><title>{title}_新闻_样例网</title>{head}</head><body><div class=nav><a href=/>首页</a> <a href=/s>社会</a></div><div class=main>{heading}{below}<div class=content>{before}"
        + string.Concat(Chinese.Select(static text => $"<p>{text}</p>")) + inside + $"</div>{behind}</div><div class=footer>版权所有 样例网</div></body></html>";

    /// <summary>An English page whose parts can be put in.</summary>
    internal static string EnglishPage(string head = "", string below = "", string inside = "") =>
        $"<!DOCTYPE html><html lang=en><head><title>Third footbridge opens in the city</title>{head}</head><body><article><h1>Third footbridge opens in the city</h1>{below}"
        + string.Concat(English.Select(static text => $"<p>{text}</p>")) + inside + "</article></body></html>";
}
