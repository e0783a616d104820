namespace Aggregator.Server.Accounts;

/// <summary>
/// Keeps answers that set a cookie out of shared caches, whoever made them: the session is looked at, renewed and ended on every
/// address, also on those of feeds, which everybody may share.
/// </summary>
internal static class CookieCaching
{
    /// <summary>Has to stand before the authentication: what is registered first is asked last, when all cookies are set.</summary>
    public static IApplicationBuilder UseCookieCaching(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        context.Response.OnStarting(
            static response =>
            {
                var headers = ((HttpResponse)response).Headers;
                if (headers.SetCookie.Count > 0 && headers.CacheControl.ToString().Contains("public", StringComparison.OrdinalIgnoreCase))
                    headers.CacheControl = "private, no-store";
                return Task.CompletedTask;
            },
            context.Response);
        return next(context);
    });
}
