using Aggregator.Core.Publishing;
using Microsoft.Extensions.Primitives;

namespace Aggregator.Server.Publish;

/// <summary>
/// Answers a request with a rendering, or with 304 when the client has it already (RFC 9110 §13).
/// </summary>
/// <remarks>
/// What caches have to tell apart is the address and what <c>Vary</c> names, and nothing else: <c>Accept-Encoding</c>, <c>A-IM</c>
/// and, of Atom and RSS, <c>Sec-Fetch-Dest</c>.
/// </remarks>
internal static class FeedResponse
{
    private static readonly StringValues VaryOfXml = "Accept-Encoding, Sec-Fetch-Dest, A-IM";
    private static readonly StringValues VaryOfJson = "Accept-Encoding, A-IM";
    private static readonly StringValues Vary = "Accept-Encoding";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Brotli = "br";
    private static readonly StringValues Gzip = "gzip";
    private static readonly StringValues PageType = "application/xml; charset=utf-8";
    private static readonly StringValues PagePolicy = "default-src 'none'; style-src 'self'";
    private static readonly StringValues[] Types = [.. Enum.GetValues<FeedFormat>().Select(static format => new StringValues(format.MediaType() + "; charset=utf-8"))];

    /// <summary>Writes the answer. HEAD gets the headers of GET.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rendering">The feed.</param>
    /// <param name="delta">What changed in it since the instance that the client holds, for a client that wants no more (RFC 3229), and which that is.</param>
    /// <param name="cacheControl">The value of <c>Cache-Control</c>.</param>
    /// <param name="now">The moment: a date that is still to come is not sent (RFC 9110 §8.8.2.1).</param>
    public static Task WriteAsync(HttpContext context, Rendering rendering, (Rendering Changes, string Base)? delta, StringValues cacheControl, DateTimeOffset now)
    {
        var (request, response) = (context.Request, context.Response);
        var asPage = IsOpenedInBrowser(request, rendering.Format);
        var tags = rendering.Tags(asPage);
        var coding = AcceptedCodings.Select(request, tags, out var held);

        var headers = response.Headers;
        headers.ETag = tags[(int)coding];
        if (rendering.LastModified is { } modified && modified <= now) headers.LastModified = rendering.LastModifiedHeader;
        headers.CacheControl = cacheControl;
        headers.Vary = IsXml(rendering.Format) ? VaryOfXml : rendering.Format is FeedFormat.Json ? VaryOfJson : Vary;
        headers.Link = rendering.LinkHeader;
        headers.XContentTypeOptions = NoSniff;
        FeedCors.Allow(headers);

        if (held || IsUnmodified(request, rendering))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        if (delta is { } since)
        {
            // The tag is that of the feed as it stands: with what the client holds, this makes it up.
            response.StatusCode = StatusCodes.Status226IMUsed;
            headers["IM"] = DeltaRequest.Manipulation;
            headers["Delta-Base"] = since.Base;
        }

        headers.ContentType = asPage ? PageType : Types[(int)rendering.Format];
        if (coding is ContentCoding.Brotli) headers.ContentEncoding = Brotli;
        else if (coding is ContentCoding.Gzip) headers.ContentEncoding = Gzip;
        // Nothing in a feed runs; when a browser shows one as a page, it must not either.
        if (asPage) headers.ContentSecurityPolicy = PagePolicy;
        var body = (delta?.Changes ?? rendering).BodyAsync(coding);
        return body.IsCompletedSuccessfully ? PackedBytes.WriteAsync(context, body.Result) : WriteAsync(context, body);
    }

    private static async Task WriteAsync(HttpContext context, ValueTask<byte[]> body) =>
        await PackedBytes.WriteAsync(context, await body.AsTask().WaitAsync(context.RequestAborted));

    /// <summary>
    /// Whether a person opens the address in a browser tab. Browsers apply a stylesheet to <c>application/xml</c> but show
    /// <c>application/atom+xml</c> and <c>application/rss+xml</c> as source text (Chromium 156, tried), so such a request gets the same
    /// bytes under the generic type. Feed readers never send this header (Fetch Metadata, W3C).
    /// </summary>
    private static bool IsOpenedInBrowser(HttpRequest request, FeedFormat format) =>
        IsXml(format) && request.Headers.TryGetValue("Sec-Fetch-Dest", out var destination) && destination == "document";

    private static bool IsXml(FeedFormat format) => format is FeedFormat.Atom or FeedFormat.Rss;

    // If-Modified-Since counts only without If-None-Match (RFC 9110 §13.1.3), even when the latter cannot be read.
    private static bool IsUnmodified(HttpRequest request, Rendering rendering) =>
        request.Headers.IfModifiedSince.Count > 0
        && request.Headers.IfNoneMatch.Count == 0
        && rendering.LastModified is { } modified
        && request.GetTypedHeaders().IfModifiedSince is { } since
        && modified <= since;
}
