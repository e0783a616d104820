using System.Globalization;
using System.Net;
using System.Text;
using Aggregator.Testing;
using Microsoft.AspNetCore.Http;

namespace Aggregator.Browser.Tests.Dashboard;

/// <summary>The publishers of an admin's day: feeds that work, a site that names its feeds, one that is broken until mended, and one that is slow.</summary>
internal sealed class AdminDayUpstream : IAsyncDisposable
{
    /// <summary>Longer than what counts as slow.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5.2);

    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow;

    private readonly LoopbackServer _server;

    private AdminDayUpstream(LoopbackServer server) => _server = server;

    /// <summary>The feed with a number; 1 to 5 are about a harbour, the others about a valley.</summary>
    public string Feed(int number) => Of(string.Create(CultureInfo.InvariantCulture, $"feeds/{number}.xml"));

    /// <summary>A page for people that names the feeds 101 and 102 in its head.</summary>
    public string Site => Of("site/");

    /// <summary>A subscription list with the feeds 51 and 52.</summary>
    public string List => Of("list.opml");

    /// <summary>Answers 503 always.</summary>
    public string Broken => Of("broken.xml");

    /// <summary>Answers well after five seconds.</summary>
    public string Slow => Of("slow.xml");

    public static async Task<AdminDayUpstream> StartAsync() => new(await LoopbackServer.StartAsync(AnswerAsync));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string Of(string path) => new Uri(_server.Address, path).AbsoluteUri;

    private static async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/site/")
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(
                """
                <!doctype html><html lang="zh"><head><title>山谷日报 Valley Daily</title>
                <link rel="alternate" type="application/rss+xml" title="山谷日报 · 要闻 Headlines" href="/feeds/101.xml">
                <link rel="alternate" type="application/rss+xml" title="山谷日报 · 评论 Opinion" href="/feeds/102.xml"></head><body><h1>山谷日报</h1></body></html>
                """);
        }
        else if (path == "/list.opml")
        {
            await context.Response.WriteAsync(
                $"<opml version=\"2.0\"><body><outline text=\"列表 List\">{string.Concat(new[] { 51, 52 }.Select(number => $"<outline text=\"{number}\" xmlUrl=\"http://{context.Request.Host}/feeds/{number}.xml\"/>"))}</outline></body></opml>");
        }
        else if (path == "/slow.xml")
        {
            await Task.Delay(Late, context.RequestAborted);
            await FeedAsync(context, "一家慢的来源 A slow source", "slow");
        }
        else if (path.StartsWith("/feeds/", StringComparison.Ordinal) && int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            await FeedAsync(context, string.Create(CultureInfo.InvariantCulture, $"{(number <= 5 ? "港口新闻 Harbour news" : "山谷新闻 Valley news")} {number:00}"), number.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            context.Response.StatusCode = path == "/broken.xml" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status404NotFound;
        }
    }

    private static async Task FeedAsync(HttpContext context, string title, string name)
    {
        var feed = new StringBuilder($"<rss version=\"2.0\"><channel><title>{WebUtility.HtmlEncode(title)}</title><link>http://{context.Request.Host}/{name}</link>");
        for (var item = 1; item <= 3; item++)
            feed.Append(CultureInfo.InvariantCulture, $"<item><title>{title}：第 {item} 条 story {item}</title><link>http://{context.Request.Host}/{name}/{item}</link><guid>{name}-{item}</guid><pubDate>{Start.AddHours(-item):R}</pubDate><description>夜里，港口有四盏灯亮着。Four lamps burn in the harbour at night.</description></item>");
        context.Response.ContentType = "application/rss+xml; charset=utf-8";
        await context.Response.WriteAsync(feed.Append("</channel></rss>").ToString());
    }
}
