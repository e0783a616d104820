using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Testing;

/// <summary>
/// A publisher of many feeds on loopback: four formats in turn, sources with an ETag, with Last-Modified, with both and with
/// neither, gzip for who accepts it, articles as pages, and new entries, edits and faults on demand. The same options publish
/// the same texts; only the ports differ.
/// </summary>
/// <remarks>All members may be called while requests run.</remarks>
public sealed class LoopbackUpstream : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly LoopbackUpstreamCounter _counter = new();
    private LoopbackUpstreamFeed[] _feeds = [];
    private int _answersLeft = int.MaxValue;
    private volatile TaskCompletionSource? _held;

    private LoopbackUpstream(WebApplication server) => _server = server;

    /// <summary>Its first address, without a path: <c>http://127.0.0.1:PORT/</c>.</summary>
    public Uri BaseAddress { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Its sources, in order of their index.</summary>
    public IReadOnlyList<LoopbackUpstreamSource> Sources { get; private set; } = [];

    /// <summary>What all sources together were asked and answered.</summary>
    public LoopbackUpstreamStatistics Statistics => _counter.Read();

    /// <summary>The address of <see cref="Opml"/>.</summary>
    public Uri OpmlUrl => new(BaseAddress, "/subscriptions.opml");

    /// <summary>Its sources as OPML 2.0: one outline for each category, with the slug as <c>agg:slug</c>, and the sources in it.</summary>
    public string Opml { get; private set; } = "";

    /// <summary>Starts a publisher; it answers when the task ends.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its bounds.</exception>
    /// <exception cref="IOException">A port could not be opened.</exception>
    public static async Task<LoopbackUpstream> StartAsync(LoopbackUpstreamOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new LoopbackUpstreamOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Sources, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.EntriesPerSource, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Categories, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Paragraphs, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxEntriesInDocument, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Hosts, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Hosts, 200, nameof(options));

        // The empty builder reads no environment variable and no appsettings.json: those belong to the program under test.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            for (var host = 1; host <= options.Hosts; host++)
                kestrel.Listen(new IPAddress([127, 0, 0, (byte)host]), 0);
        });
        var server = builder.Build();
        try
        {
            var upstream = new LoopbackUpstream(server);
            server.Run(upstream.AnswerAsync);
            await server.StartAsync(cancellationToken);
            upstream.Fill(options, server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses);
            return upstream;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every entry that the source ever published, oldest first, as the last edit left it.</summary>
    public IReadOnlyList<LoopbackUpstreamEntry> Expected(int sourceIndex) => _feeds[sourceIndex].Entries;

    /// <summary>Every entry of every source that lists in <paramref name="category"/>, by source and then oldest first.</summary>
    public IReadOnlyList<LoopbackUpstreamEntry> ExpectedOf(string category) =>
        [.. _feeds.Where(feed => string.Equals(feed.Source.Category, category, StringComparison.Ordinal)).SelectMany(feed => feed.Entries)];

    /// <summary>Adds new entries to a source, which changes its document and its validators.</summary>
    /// <returns>The new entries, oldest first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public IReadOnlyList<LoopbackUpstreamEntry> Publish(int sourceIndex, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return _feeds[sourceIndex].Publish(count);
    }

    /// <summary>Gives a source's newest entries another title and body under the same id, which changes its validators.</summary>
    /// <returns>The entries as they are now, oldest first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1 or more than the source has.</exception>
    public IReadOnlyList<LoopbackUpstreamEntry> Edit(int sourceIndex, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return _feeds[sourceIndex].Edit(count);
    }

    /// <summary>Makes a source misbehave from its next request on, or behave again.</summary>
    public void SetFault(int sourceIndex, LoopbackUpstreamFault? fault) => _feeds[sourceIndex].Fault = fault;

    /// <summary>Answers so many more requests for documents and lets the rest wait, so that a crawl cannot end before a test has seen its middle.</summary>
    public void HoldAfter(int answers)
    {
        _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _answersLeft, answers);
    }

    /// <summary>Answers whoever waits since <see cref="HoldAfter"/>, and everybody from now on.</summary>
    public void LetGo()
    {
        Interlocked.Exchange(ref _answersLeft, int.MaxValue);
        _held?.TrySetResult();
    }

    /// <summary>What one source was asked and answered.</summary>
    public LoopbackUpstreamStatistics StatisticsOf(int sourceIndex) => _feeds[sourceIndex].Counter.Read();

    /// <summary>Begins counting anew, for all sources.</summary>
    public void ResetStatistics()
    {
        _counter.Reset();
        foreach (var feed in _feeds) feed.Counter.Reset();
    }

    /// <summary>Stops answering and frees the ports; requests under way are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        // A client that keeps connections open must not hold up the end of a test.
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _server.StopAsync(atOnce.Token);
        await _server.DisposeAsync();
    }

    private void Fill(LoopbackUpstreamOptions options, ICollection<string> addresses)
    {
        var bases = addresses.Select(address => new Uri(address)).OrderBy(address => IPAddress.Parse(address.Host).GetAddressBytes()[3]).ToArray();
        var feeds = new LoopbackUpstreamFeed[options.Sources];
        for (var index = 0; index < feeds.Length; index++)
            feeds[index] = new LoopbackUpstreamFeed(options, Describe(index, bases[index % bases.Length], options.Categories));
        _feeds = feeds;
        BaseAddress = bases[0];
        Sources = [.. feeds.Select(feed => feed.Source)];
        Opml = WriteOpml(Sources);
    }

    private static LoopbackUpstreamSource Describe(int index, Uri host, int categories)
    {
        // Formats and validators turn at different speeds, so that sixteen sources show every pair.
        var chinese = index % 2 == 0;
        var validators = index / 4 % 4;
        return new LoopbackUpstreamSource
        {
            Index = index,
            Url = new Uri(host, string.Create(CultureInfo.InvariantCulture, $"/feeds/{index}")),
            Title = string.Create(CultureInfo.InvariantCulture, $"{(chinese ? "回环日报" : "Loopback Gazette")} {index}"),
            Category = string.Create(CultureInfo.InvariantCulture, $"category-{(index % categories) + 1}"),
            Language = chinese ? "zh-CN" : "en",
            Format = (LoopbackUpstreamFormat)((index + (index / 16)) % 4),
            SendsETag = validators is 0 or 1,
            SendsLastModified = validators is 0 or 2,
        };
    }

    private static string WriteOpml(IReadOnlyList<LoopbackUpstreamSource> sources)
    {
        XNamespace agg = "urn:aggregator:opml";
        var categories = sources.GroupBy(source => source.Category, StringComparer.Ordinal).Select((category, position) =>
            new XElement("outline",
                new XAttribute("text", category.Key),
                new XAttribute(agg + "slug", category.Key),
                new XAttribute(agg + "language", "en"),
                new XAttribute(agg + "position", position + 1),
                category.Select(source => new XElement("outline",
                    new XAttribute("type", "rss"),
                    new XAttribute("text", source.Title),
                    new XAttribute("title", source.Title),
                    new XAttribute("xmlUrl", source.Url.AbsoluteUri),
                    new XAttribute("language", source.Language)))));
        return new XDeclaration("1.0", "UTF-8", null) + "\n" + new XElement("opml",
            new XAttribute("version", "2.0"),
            new XAttribute(XNamespace.Xmlns + "agg", agg.NamespaceName),
            new XElement("head", new XElement("title", "Loopback upstream")),
            new XElement("body", categories)) + "\n";
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return EndAsync(context, HttpStatusCode.MethodNotAllowed);

        return (context.Request.Path.Value ?? "").Split('/') switch
        {
            ["", "feeds", var index] when FindFeed(index) is { } feed => AnswerFeedAsync(context, feed, faulty: true),
            ["", "moved", var index] when FindFeed(index) is { } feed => AnswerFeedAsync(context, feed, faulty: false),
            ["", "articles", var index, var serial]
                when FindFeed(index) is { } feed && FindEntry(feed, serial) is { } entry => WriteAsync(context, "text/html; charset=utf-8", Page(feed, entry)),
            ["", "subscriptions.opml"] => WriteAsync(context, "text/x-opml; charset=utf-8", Opml),
            _ => EndAsync(context, HttpStatusCode.NotFound),
        };
    }

    private LoopbackUpstreamFeed? FindFeed(string index) =>
        int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < _feeds.Length ? _feeds[number] : null;

    private static LoopbackUpstreamEntry? FindEntry(LoopbackUpstreamFeed feed, string serial) =>
        int.TryParse(serial, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? feed.Find(number) : null;

    private async Task AnswerFeedAsync(HttpContext context, LoopbackUpstreamFeed feed, bool faulty)
    {
        var headers = context.Request.Headers;
        var conditional = !StringValues.IsNullOrEmpty(headers.IfNoneMatch) || !StringValues.IsNullOrEmpty(headers.IfModifiedSince);
        Count(counter => counter.Begin(conditional));
        try
        {
            var fault = faulty ? feed.Fault : null;
            if (fault is not null) Count(counter => counter.Fault());
            switch (fault)
            {
                case LoopbackUpstreamFault.Status status:
                    if (status.RetryAfter is { } wait)
                        context.Response.Headers.RetryAfter = ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                    await EndAsync(context, status.Code);
                    return;
                case LoopbackUpstreamFault.HtmlPage:
                    await WriteAsync(context, "text/html; charset=utf-8",
                        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Welcome</title></head><body><h1>Welcome</h1><p>The feed has moved into our app.</p></body></html>\n");
                    return;
                case LoopbackUpstreamFault.EmptyBody:
                    context.Response.ContentType = LoopbackUpstreamRenderer.ContentType(feed.Source.Format);
                    context.Response.ContentLength = 0;
                    return;
                case LoopbackUpstreamFault.Redirect redirect:
                    context.Response.StatusCode = (int)redirect.Code;
                    context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"/moved/{feed.Source.Index}");
                    return;
                case LoopbackUpstreamFault.RedirectLoop:
                    context.Response.StatusCode = StatusCodes.Status302Found;
                    context.Response.Headers.Location = context.Request.Path.Value;
                    return;
                case LoopbackUpstreamFault.Slow slow:
                    await Task.Delay(slow.Delay, context.RequestAborted);
                    break;
            }

            if (Interlocked.Decrement(ref _answersLeft) < 0 && _held is { } held) await held.Task.WaitAsync(context.RequestAborted);
            await SendAsync(context, feed, fault);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client gave up; there is nobody to answer.
        }
        finally
        {
            Count(counter => counter.End());
        }

        void Count(Action<LoopbackUpstreamCounter> count)
        {
            count(_counter);
            count(feed.Counter);
        }
    }

    private async Task SendAsync(HttpContext context, LoopbackUpstreamFeed feed, LoopbackUpstreamFault? fault)
    {
        var document = feed.Document();
        var compressed = AcceptsGzip(context.Request.Headers.AcceptEncoding);
        var response = context.Response;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (feed.Source.SendsETag) response.Headers.ETag = $"\"{document.Tag}{(compressed ? "-gzip" : "")}\"";
        if (feed.Source.SendsLastModified) response.Headers.LastModified = LoopbackUpstreamRenderer.Rfc1123(document.ModifiedAt);
        if (fault is null or LoopbackUpstreamFault.Slow && IsCurrent(context.Request, feed.Source, document))
        {
            _counter.NotModified();
            feed.Counter.NotModified();
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var body = (compressed ? document.Gzip : document.Plain).AsMemory();
        if (fault is LoopbackUpstreamFault.TruncatedDocument)
        {
            // Half of a gzip stream would be another fault; this one is about the document.
            compressed = false;
            body = document.Plain.AsMemory(0, document.Plain.Length / 2);
        }

        if (compressed) response.Headers.ContentEncoding = "gzip";
        response.ContentType = LoopbackUpstreamRenderer.ContentType(feed.Source.Format);
        response.ContentLength = body.Length;
        if (fault is LoopbackUpstreamFault.AbortedBody)
        {
            await response.Body.WriteAsync(body[..(body.Length / 2)], context.RequestAborted);
            await response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
            return;
        }

        _counter.Document(compressed);
        feed.Counter.Document(compressed);
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }

    // RFC 9110 §13.2.2: where If-None-Match stands, If-Modified-Since does not count.
    private static bool IsCurrent(HttpRequest request, LoopbackUpstreamSource source, LoopbackUpstreamFeed.Rendered document)
    {
        if (source.SendsETag && request.Headers.IfNoneMatch is { Count: > 0 } tags)
            return EntityTagHeaderValue.TryParseList([.. tags.OfType<string>()], out var parsed)
                && parsed.Any(tag => tag.Tag == "*" || tag.Tag == $"\"{document.Tag}\"" || tag.Tag == $"\"{document.Tag}-gzip\"");
        return source.SendsLastModified
            && request.GetTypedHeaders().IfModifiedSince is { } since
            && since.ToUnixTimeSeconds() >= document.ModifiedAt.ToUnixTimeSeconds();
    }

    private static bool AcceptsGzip(StringValues acceptEncoding) =>
        StringWithQualityHeaderValue.TryParseList([.. acceptEncoding.OfType<string>()], out var encodings)
        && encodings.Any(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && encoding.Quality is null or > 0);

    private static string Page(LoopbackUpstreamFeed feed, LoopbackUpstreamEntry entry) =>
        $"""
        <!DOCTYPE html>
        <html lang="{feed.Source.Language}">
        <head><meta charset="utf-8"><title>{HtmlEncoder.Default.Encode(entry.Title)}</title></head>
        <body><nav><a href="/">Home</a></nav><article><h1>{HtmlEncoder.Default.Encode(entry.Title)}</h1>
        {entry.Html}</article><footer>Loopback</footer></body>
        </html>

        """;

    private static Task EndAsync(HttpContext context, HttpStatusCode status)
    {
        context.Response.StatusCode = (int)status;
        return WriteAsync(context, "text/plain; charset=utf-8", string.Create(CultureInfo.InvariantCulture, $"{(int)status} {status}\n"));
    }

    private static Task WriteAsync(HttpContext context, string contentType, string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
