using Aggregator.Server.Components.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Browse;

/// <summary>Makes pages: a component with its model, a status code, and the headers that every page carries.</summary>
internal static class PageResult
{
    /// <summary>
    /// What a page may load and do: our stylesheet, pictures and media of the articles from anywhere, forms to ourselves, and
    /// nothing else; no script at all, so that whatever slipped through the sanitiser stays dead (CSP Level 3).
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; img-src * data:; media-src *; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static readonly string SharedFor = "public, max-age=" + TimeSpan.FromMinutes(1).TotalSeconds;

    /// <summary>A page that everybody of a language may share for a minute.</summary>
    /// <param name="model">What the page shows.</param>
    /// <param name="contentSecurityPolicy">Another policy than <see cref="ContentSecurityPolicy"/>, for a page that needs one.</param>
    public static IResult Shared<TPage>(object model, string? contentSecurityPolicy = null) where TPage : IComponent =>
        new Result<TPage>(model, StatusCodes.Status200OK, PageCaching.Shared) { Policy = contentSecurityPolicy ?? ContentSecurityPolicy };

    /// <summary>A page that stands in a frame of somebody else's: it says itself who may frame it and how long it keeps, and sets no cookie.</summary>
    public static IResult Framed<TPage>(object model, string contentSecurityPolicy, string cacheControl) where TPage : IComponent =>
        new Result<TPage>(model, StatusCodes.Status200OK, PageCaching.Shared) { Policy = contentSecurityPolicy, KeptFor = cacheControl, KeepsLanguage = false };

    /// <summary>A page for this visitor only.</summary>
    public static IResult Private<TPage>(object model, int statusCode = StatusCodes.Status200OK) where TPage : IComponent =>
        new Result<TPage>(model, statusCode, PageCaching.None);

    /// <summary>The page that explains a status code.</summary>
    public static IResult Status(int statusCode, string? sentence = null) => Private<StatusPage>(new StatusModel(statusCode, sentence), statusCode);

    private sealed class Result<TPage>(object model, int statusCode, PageCaching caching) : IResult where TPage : IComponent
    {
        public string Policy { get; init; } = ContentSecurityPolicy;

        public string KeptFor { get; init; } = SharedFor;

        public bool KeepsLanguage { get; init; } = true;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (KeepsLanguage && LanguageChoice.InAddress(httpContext.Request) is { } chosen) LanguageChoice.Keep(httpContext, chosen);

            var headers = httpContext.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = caching == PageCaching.Shared ? "strict-origin-when-cross-origin" : "same-origin";
            headers.ContentLanguage = httpContext.RequestServices.GetRequiredService<PageContext>().Language.Tag;
            headers.Append(HeaderNames.Vary, "Accept-Language, Cookie");

            // An answer that sets a cookie, be it ours or the session's end, is nobody else's.
            headers.CacheControl = caching == PageCaching.Shared && headers.SetCookie.Count == 0 ? KeptFor : "no-store";

            return new RazorComponentResult<TPage>(new Dictionary<string, object?> { ["Model"] = model })
            {
                StatusCode = statusCode,
                PreventStreamingRendering = true,
            }.ExecuteAsync(httpContext);
        }
    }
}
