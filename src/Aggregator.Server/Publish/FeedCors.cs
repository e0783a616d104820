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
        response.Headers.AccessControlAllowHeaders = "A-IM, Accept-Datetime, Cache-Control, If-Modified-Since, If-None-Match";
        response.Headers.AccessControlMaxAge = ((int)PreflightAge.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Maps the answer to OPTIONS at addresses that scripts of other sites read.</summary>
    public static void MapPreflight(this IEndpointRouteBuilder routes, params ReadOnlySpan<string> patterns)
    {
        foreach (var pattern in patterns)
            routes.MapMethods(pattern, [HttpMethods.Options], static (HttpContext context) =>
            {
                AnswerPreflight(context.Response);
                return Task.CompletedTask;
            });
    }
}
