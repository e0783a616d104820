using System.Collections.Concurrent;
using System.Text;
using Aggregator.Core.Capturing;
using Aggregator.Core.Crawling;
using Aggregator.Core.Extracting;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Aggregator.Core.Tests.Capturing;

/// <summary>A publisher on loopback whose answers a test writes down, and what reads its pages. The clock moves when a test says so.</summary>
internal sealed class ReadingSite : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly HttpFeedFetcher _fetcher;

    private ReadingSite(LoopbackServer server, FetchingOptions fetching, CaptureOptions options, TimeProvider time)
    {
        _server = server;
        var budget = new ByteBudget(fetching.MaxBytesInFlight);
        Gate = new HostGate(fetching, time);
        _fetcher = new HttpFeedFetcher(fetching, new GuardedConnector(new TargetGuard(fetching.AllowedTargets)), "Aggregator/1.0", time, NullLogger<HttpFeedFetcher>.Instance, budget);
        var polite = new PoliteFetcher(_fetcher, Gate, fetching, time);
        Robots = new RobotsCache(polite, options, budget, time);
        Reader = new PageReader(polite, Robots, new ArticleExtractor(new ContentSanitizer()), options, fetching, budget, time);
    }

    /// <summary>Answers by path and query; what is not here is 404.</summary>
    public ConcurrentDictionary<string, RequestDelegate> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>The paths that were asked for, in order, each with its headers.</summary>
    public ConcurrentQueue<(string Path, IHeaderDictionary Headers)> Asked { get; } = new();

    public Uri Address => _server.Address;

    public HostGate Gate { get; }

    public RobotsCache Robots { get; }

    public PageReader Reader { get; }

    public static async Task<ReadingSite> StartAsync(TimeProvider? time = null, Action<FetchingOptions>? fetching = null, Action<CaptureOptions>? options = null)
    {
        ReadingSite? site = null;
        var server = await LoopbackServer.StartAsync(async context =>
        {
            var path = context.Request.Path + context.Request.QueryString;
            site!.Asked.Enqueue((path, new HeaderDictionary(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value))));
            if (site.Answers.TryGetValue(path, out var answer)) await answer(context);
            else context.Response.StatusCode = 404;
        });
        var fetchingOptions = new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], PerHostGap = TimeSpan.Zero };
        fetching?.Invoke(fetchingOptions);
        var captureOptions = new CaptureOptions();
        options?.Invoke(captureOptions);
        return site = new ReadingSite(server, fetchingOptions, captureOptions, time ?? TimeProvider.System);
    }

    public static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, 123, 456, TimeSpan.Zero));

    public string Url(string path) => new Uri(Address, path).AbsoluteUri;

    public void Page(string path, string title, string text, string head = "", string tail = "") => Html(path, PageOf(title, text, head, tail));

    public void Html(string path, string html) => Answers[path] = context => WriteAsync(context, "text/html; charset=utf-8", html);

    public void Text(string path, string text) => Answers[path] = context => WriteAsync(context, "text/plain", text);

    public void Status(string path, int status, string? header = null, string? value = null) => Answers[path] = context =>
    {
        context.Response.StatusCode = status;
        if (header is not null) context.Response.Headers[header] = value;
        return Task.CompletedTask;
    };

    public static string PageOf(string title, string text, string head = "", string tail = "") => $"""
        <!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body><nav><a href="/">Home</a></nav>
        <article><h1>{title}</h1><p>{text}</p><p>The committee met on Tuesday and agreed that the bridge has to be repaired before winter, said its chair.</p>
        <p>Work is to begin within the month, and one lane stays open for buses, ambulances and everybody who lives beyond it.</p></article>{tail}</body></html>
        """;

    public static Task WriteAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();
    }

    public Task<PageReading> ReadAsync(string path, Source? source = null, ContentSelectors? selectors = null, Validators? validators = null) =>
        Reader.ReadAsync(source ?? ASource(), path.StartsWith("http", StringComparison.Ordinal) ? path : Url(path), selectors ?? ContentSelectors.None, validators, Xunit.TestContext.Current.CancellationToken);

    public Source ASource(string? url = null) => new()
    {
        Id = 1,
        Url = url ?? Url("/feed"),
        State = SourceState.Active,
        NextFetchAt = DateTimeOffset.UnixEpoch,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    public async ValueTask DisposeAsync()
    {
        Reader.Dispose();
        _fetcher.Dispose();
        await _server.DisposeAsync();
    }
}
