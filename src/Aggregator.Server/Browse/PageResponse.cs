using Microsoft.Extensions.Primitives;

namespace Aggregator.Server.Browse;

/// <summary>Answers a request with a page that everybody of a language may share, or with 304 when the visitor has it already (RFC 9110 §13).</summary>
internal static class PageResponse
{
    private const string NoStore = "no-store";

    private static readonly StringValues Vary = "Accept-Language, Cookie, Accept-Encoding";
    private static readonly StringValues Html = "text/html; charset=utf-8";
    private static readonly StringValues NoSniff = "nosniff";
    // Publishers whose pictures and films a page shows are not told whose page it is.
    private static readonly StringValues Referrer = "same-origin";

    /// <summary>Writes the answer. HEAD gets the headers of GET.</summary>
    public static Task WriteAsync(HttpContext context, PageBody page, PageHeaders about)
    {
        var headers = context.Response.Headers;

        // An answer that sets a cookie, be it ours or the session's end, is nobody else's.
        var isShared = headers.SetCookie.Count == 0;
        headers.ContentSecurityPolicy = about.ContentSecurityPolicy;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = Referrer;
        headers.ContentLanguage = about.Language.Tag;
        headers.Vary = Vary;
        headers.CacheControl = isShared ? about.CacheControl : NoStore;
        if (about.Link is not null) headers.Link = about.Link;
        if (about.MementoDatetime is not null) headers["Memento-Datetime"] = about.MementoDatetime;

        return page.WriteAsync(context, Html, isShared);
    }
}
