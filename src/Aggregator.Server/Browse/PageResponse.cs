using Aggregator.Server.Publish;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Browse;

/// <summary>Answers a request with a page that everybody of a language may share, or with 304 when the visitor has it already (RFC 9110 §13).</summary>
internal static class PageResponse
{
    private const string NoStore = "no-store";

    // Made once: a header of one value costs an array otherwise.
    private static readonly StringValues Vary = "Accept-Language, Cookie, Accept-Encoding";
    private static readonly StringValues Html = "text/html; charset=utf-8";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Referrer = "strict-origin-when-cross-origin";

    /// <summary>Writes the answer. HEAD gets the headers of GET.</summary>
    public static Task WriteAsync(HttpContext context, PageBody page, PageHeaders about)
    {
        var (request, response) = (context.Request, context.Response);
        var headers = response.Headers;

        // An answer that sets a cookie, be it ours or the session's end, is nobody else's.
        var isShared = headers.SetCookie.Count == 0;
        headers.ContentSecurityPolicy = about.ContentSecurityPolicy;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = Referrer;
        headers.ContentLanguage = about.Language.Tag;
        headers.Vary = Vary;
        headers.CacheControl = isShared ? about.CacheControl : NoStore;
        if (about.Link is not null) headers.Link = about.Link;

        var coding = Select(request, page, out var held);
        headers.ETag = page.TagOf(coding);
        if (held && isShared)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var body = page.In(coding);
        headers.ContentType = Html;
        headers.ContentLength = body.Length;
        if (coding is ContentCoding.Brotli) headers.ContentEncoding = "br";
        else if (coding is ContentCoding.Gzip) headers.ContentEncoding = "gzip";
        if (HttpMethods.IsHead(request.Method)) return Task.CompletedTask;
        var written = response.BodyWriter.WriteAsync(body, context.RequestAborted);
        return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
    }

    /// <summary>Among the codings that the client accepts, one whose tag it names goes before all others.</summary>
    private static ContentCoding Select(HttpRequest request, PageBody page, out bool held)
    {
        Span<ContentCoding> acceptable = stackalloc ContentCoding[3];
        acceptable = acceptable[..AcceptedCodings.Read(request.Headers.AcceptEncoding, acceptable)];
        var named = request.Headers.IfNoneMatch;
        if (named.Count > 0 && EntityTagHeaderValue.TryParseList(named, out var tags))
            foreach (var coding in acceptable)
            {
                var own = new EntityTagHeaderValue(page.TagOf(coding));
                if (!tags.Any(tag => tag.Compare(own, useStrongComparison: false) || tag.Equals(EntityTagHeaderValue.Any))) continue;
                held = true;
                return coding;
            }

        held = false;
        return acceptable[0];
    }
}
