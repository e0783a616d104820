using Aggregator.Core.Publishing;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Publish;

/// <summary>
/// Answers a request with a rendering, or with 304 when the client has it already (RFC 9110 §13).
/// </summary>
/// <remarks>
/// Each content coding is a representation of its own and has a strong entity tag of its own (§8.8.3.3): the rendering's hash, with
/// <c>-br</c> or <c>-gzip</c> for the coded ones. Among the codings that the client accepts, one whose tag it names goes before all
/// others: what it holds is then as good as what we would have sent, so a cache that holds any of the three gets its 304.
/// </remarks>
internal static class FeedResponse
{
    /// <summary>Writes the answer. HEAD gets the headers of GET.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rendering">The feed.</param>
    /// <param name="delta">What changed in it since the instance that the client holds, for a client that wants no more (RFC 3229), and which that is.</param>
    /// <param name="cacheControl">The value of <c>Cache-Control</c>.</param>
    /// <param name="now">The moment: a date that is still to come is not sent (RFC 9110 §8.8.2.1).</param>
    public static async Task WriteAsync(HttpContext context, Rendering rendering, (Rendering Changes, string Base)? delta, string cacheControl, DateTimeOffset now)
    {
        var (request, response) = (context.Request, context.Response);
        var asPage = IsOpenedInBrowser(request, rendering.Format);
        var conditions = request.GetTypedHeaders();
        var coding = Select(request, rendering, asPage, out var held);

        var headers = response.Headers;
        headers.ETag = Tag(rendering, coding, asPage);
        if (rendering.LastModified is { } modified && modified <= now) headers.LastModified = FeedDates.Rfc822(modified);
        headers.CacheControl = cacheControl;
        headers.Vary = IsXml(rendering.Format) ? "Accept-Encoding, Sec-Fetch-Dest, A-IM" : rendering.Format is FeedFormat.Json ? "Accept-Encoding, A-IM" : "Accept-Encoding";
        headers.Link = rendering.LinkHeader;
        headers.XContentTypeOptions = "nosniff";
        FeedCors.Allow(headers);

        if (held || IsUnmodified(request, conditions, rendering))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (delta is { } since)
        {
            // The tag is that of the feed as it stands: with what the client holds, this makes it up.
            response.StatusCode = StatusCodes.Status226IMUsed;
            headers["IM"] = DeltaRequest.Manipulation;
            headers["Delta-Base"] = since.Base;
        }

        var body = (delta?.Changes ?? rendering).Body(coding);
        headers.ContentType = asPage ? "application/xml; charset=utf-8" : rendering.Format.MediaType() + "; charset=utf-8";
        headers.ContentLength = body.Length;
        if (coding is ContentCoding.Brotli) headers.ContentEncoding = "br";
        else if (coding is ContentCoding.Gzip) headers.ContentEncoding = "gzip";
        // Nothing in a feed runs; when a browser shows one as a page, it must not either.
        if (asPage) headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'";
        if (!HttpMethods.IsHead(request.Method)) await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>
    /// Whether a person opens the address in a browser tab. Browsers apply a stylesheet to <c>application/xml</c> but show
    /// <c>application/atom+xml</c> and <c>application/rss+xml</c> as source text (Chromium 156, tried), so such a request gets the same
    /// bytes under the generic type. Feed readers never send this header (Fetch Metadata, W3C).
    /// </summary>
    private static bool IsOpenedInBrowser(HttpRequest request, FeedFormat format) =>
        IsXml(format) && request.Headers.TryGetValue("Sec-Fetch-Dest", out var destination) && destination == "document";

    private static bool IsXml(FeedFormat format) => format is FeedFormat.Atom or FeedFormat.Rss;

    private static ContentCoding Select(HttpRequest request, Rendering rendering, bool asPage, out bool held)
    {
        Span<ContentCoding> acceptable = stackalloc ContentCoding[3];
        acceptable = acceptable[..AcceptedCodings.Read(request.Headers.AcceptEncoding, acceptable)];
        var named = request.Headers.IfNoneMatch;
        if (named.Count > 0 && EntityTagHeaderValue.TryParseList(named, out var tags))
        {
            foreach (var coding in acceptable)
            {
                var own = new EntityTagHeaderValue(Tag(rendering, coding, asPage));
                if (!tags.Any(tag => tag.Compare(own, useStrongComparison: false) || tag.Equals(EntityTagHeaderValue.Any))) continue;
                held = true;
                return coding;
            }
        }

        held = false;
        return acceptable[0];
    }

    // If-Modified-Since counts only without If-None-Match (RFC 9110 §13.1.3), even when the latter cannot be read.
    private static bool IsUnmodified(HttpRequest request, RequestHeaders conditions, Rendering rendering) =>
        request.Headers.IfNoneMatch.Count == 0
        && rendering.LastModified is { } modified
        && conditions.IfModifiedSince is { } since
        && modified <= since;

    private static string Tag(Rendering rendering, ContentCoding coding, bool asPage) => string.Concat(
        "\"", rendering.Tag,
        asPage ? "-page" : "",
        coding switch { ContentCoding.Brotli => "-br\"", ContentCoding.Gzip => "-gzip\"", _ => "\"" });
}
