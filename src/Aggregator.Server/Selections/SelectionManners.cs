using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Selections;

/// <summary>
/// What holds for every answer under <c>/subscriptions</c>, whoever gives it: no search engine lists it, nobody between keeps it, and its
/// address is in no Referer, for it may be a secret.
/// </summary>
internal static class SelectionManners
{
    /// <summary>Comes before everything that answers, pages about errors among them.</summary>
    public static IApplicationBuilder UseSelectionManners(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments(SelectionCookie.Path, StringComparison.OrdinalIgnoreCase)) return next(context);
        context.Response.OnStarting(
            static response =>
            {
                var headers = ((HttpResponse)response).Headers;
                headers["Referrer-Policy"] = "no-referrer";
                headers["X-Robots-Tag"] = "noindex";
                if (!headers.CacheControl.ToString().StartsWith("private", StringComparison.Ordinal)) headers[HeaderNames.CacheControl] = "no-store";
                return Task.CompletedTask;
            },
            context.Response);
        return next(context);
    });
}
