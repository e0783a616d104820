namespace Aggregator.Server.Publish;

/// <summary>
/// Cross-origin access to what is public anyway: any site's script may read a feed, and with it the headers that make its next request
/// a conditional one. No cookies are involved.
/// </summary>
internal static class FeedCors
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromDays(1);

    /// <summary>Lets every origin read this response.</summary>
    public static void Allow(IHeaderDictionary headers)
    {
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "ETag, Last-Modified, Link, IM, Delta-Base";
    }

    /// <summary>Answers OPTIONS: the methods, and the request headers that a script may set.</summary>
    public static void AnswerPreflight(HttpResponse response)
    {
        Allow(response.Headers);
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.Allow = "GET, HEAD, OPTIONS";
        response.Headers.AccessControlAllowMethods = "GET, HEAD, OPTIONS";
        response.Headers.AccessControlAllowHeaders = "If-None-Match, If-Modified-Since, Cache-Control, A-IM";
        response.Headers.AccessControlMaxAge = ((int)PreflightAge.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
