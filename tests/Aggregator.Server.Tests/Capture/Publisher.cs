using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Aggregator.Testing;
using Microsoft.AspNetCore.Http;

namespace Aggregator.Server.Tests.Capture;

/// <summary>A publisher with a feed and pages on a host of its own; what it answers, a test writes down while it runs.</summary>
internal sealed class Publisher : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private Publisher(LoopbackServer server) => _server = server;

    /// <summary>Answers by path; what is not here is 404.</summary>
    public ConcurrentDictionary<string, RequestDelegate> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>What was asked for and when, in order.</summary>
    public ConcurrentQueue<(string Path, DateTimeOffset At)> Asked { get; } = new();

    /// <summary>Requests in progress now, and the most there ever were.</summary>
    public (int Now, int Most) InProgress { get; private set; }

    public string FeedUrl => Url("/feed.xml");

    public static async Task<Publisher> StartAsync()
    {
        Publisher? publisher = null;
        var gate = new Lock();
        var server = await LoopbackServer.StartAsync(async context =>
        {
            publisher!.Asked.Enqueue((context.Request.Path, DateTimeOffset.UtcNow));
            lock (gate) publisher.InProgress = (publisher.InProgress.Now + 1, Math.Max(publisher.InProgress.Most, publisher.InProgress.Now + 1));
            try
            {
                if (publisher.Answers.TryGetValue(context.Request.Path, out var answer)) await answer(context);
                else context.Response.StatusCode = 404;
            }
            finally
            {
                lock (gate) publisher.InProgress = (publisher.InProgress.Now - 1, publisher.InProgress.Most);
            }
        });
        return publisher = new Publisher(server);
    }

    public string Url(string path) => new Uri(_server.Address, path).AbsoluteUri;

    /// <summary>How often a path was asked for.</summary>
    public int Count(string path) => Asked.Count(asked => asked.Path == path);

    /// <summary>Publishes a feed of these articles, each with a short text.</summary>
    public void Feed(DateTimeOffset published, params (string Path, string Title, string Text)[] articles) => Answers["/feed.xml"] = context => WriteAsync(
        context, "application/rss+xml", $"""
            <rss version="2.0"><channel><title>滨海日报</title><link>{Url("/")}</link><language>zh-CN</language>
            {string.Join('\n', articles.Select(article => $"""
                <item><guid isPermaLink="false">{article.Path}</guid><link>{WebUtility.HtmlEncode(Url(article.Path))}</link><title>{article.Title}</title>
                <pubDate>{published.UtcDateTime.ToString("r", CultureInfo.InvariantCulture)}</pubDate><description>{article.Text}</description></item>
                """))}
            </channel></rss>
            """);

    public void Page(string path, string title, string text, string head = "", string tail = "") =>
        Answers[path] = context => WriteAsync(context, "text/html; charset=utf-8", PageOf(title, text, head, tail));

    public static string PageOf(string title, string text, string head = "", string tail = "") => $"""
        <!doctype html><html lang="zh-CN"><head><title>{title}_滨海日报</title>{head}</head><body><div class="nav"><a href="/">首页</a></div>
        <div class="article"><h1>{title}</h1><div class="info">2026年11月20日 10:20 来源：滨海通讯社</div>
        <div class="content"><p>{text}</p><p>本报讯 记者从市交通局获悉，大桥检修期间公交车辆将绕行解放路，预计工期两周，请市民提前规划出行路线。</p>
        <p>市政府表示，将加派人手，尽快修复并恢复通行，检修费用由市财政承担，后续进展将及时向社会公布。</p><p>（责任编辑：李明）</p></div></div>{tail}</body></html>
        """;

    public static Task WriteAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
