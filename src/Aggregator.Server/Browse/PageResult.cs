using Aggregator.Server.Components.Pages;
using Microsoft.AspNetCore.Components;
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

    /// <summary>
    /// The same for lists, whose small script marks what is new and tells times from now: they hold nothing of a publisher's markup, only
    /// text, and nothing else of ours can be run as a script.
    /// </summary>
    public const string ListSecurityPolicy = ContentSecurityPolicy + "; script-src 'self'";

    /// <summary>How long everybody may keep a page that is the same for all visitors of a language.</summary>
    public static readonly string SharedFor = "public, max-age=" + TimeSpan.FromMinutes(1).TotalSeconds;

    /// <summary>A page that everybody of a language may share for a minute.</summary>
    /// <param name="model">What the page shows.</param>
    /// <param name="contentSecurityPolicy">Another policy than <see cref="ContentSecurityPolicy"/>, for a page that needs one.</param>
    public static IResult Shared<TPage>(object model, string? contentSecurityPolicy = null) where TPage : IComponent =>
        new Result<TPage>(model, StatusCodes.Status200OK, PageCaching.Shared) { Policy = contentSecurityPolicy ?? ContentSecurityPolicy };

    /// <summary>A page that stands in a frame of somebody else's: it says itself who may frame it and how long it keeps, and sets no cookie.</summary>
    public static IResult Framed<TPage>(object model, string contentSecurityPolicy, string cacheControl) where TPage : IComponent =>
        new Result<TPage>(model, StatusCodes.Status200OK, PageCaching.Shared) { Policy = contentSecurityPolicy, KeptFor = cacheControl, KeepsLanguage = false };

    /// <summary>A page for this visitor only.</summary>
    /// <param name="model">What the page shows.</param>
    /// <param name="statusCode">Its status.</param>
    /// <param name="contentSecurityPolicy">Another policy than <see cref="ContentSecurityPolicy"/>, for a page that needs one.</param>
    public static IResult Private<TPage>(object model, int statusCode = StatusCodes.Status200OK, string? contentSecurityPolicy = null) where TPage : IComponent =>
        new Result<TPage>(model, statusCode, PageCaching.None) { Policy = contentSecurityPolicy ?? ContentSecurityPolicy };

    /// <summary>The page that explains a status code.</summary>
    public static IResult Status(int statusCode, string? sentence = null) => Private<StatusPage>(new StatusModel(statusCode, sentence), statusCode);

    private sealed class Result<TPage>(object model, int statusCode, PageCaching caching) : IResult where TPage : IComponent
    {
        public string Policy { get; init; } = ContentSecurityPolicy;

        public string KeptFor { get; init; } = SharedFor;

        public bool KeepsLanguage { get; init; } = true;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            if (KeepsLanguage && LanguageChoice.InAddress(httpContext.Request) is { } chosen) LanguageChoice.Keep(httpContext, chosen);
            var services = httpContext.RequestServices;
            var language = services.GetRequiredService<PageContext>().Language;
            var page = await services.GetRequiredService<PageRenderer>().RenderAsync<TPage>(model, services);
            var headers = httpContext.Response.Headers;
            var tagged = headers.ETag;
            if (caching == PageCaching.Shared && statusCode == StatusCodes.Status200OK)
            {
                var link = headers.Link.Count > 0 ? headers.Link.ToString() : null;
                // Who knew the tag before anything was read has set it, and answered those who hold it.
                if (tagged.Count > 0) await WriteAsync(httpContext, page, language, KeptFor);
                else await PageResponse.WriteAsync(httpContext, new PageBody(page), new PageHeaders(language, Policy, KeptFor, link));
                return;
            }

            await WriteAsync(httpContext, page, language, caching == PageCaching.Shared ? KeptFor : "no-store");
        }

        /// <summary>Never packed: what a page for one visitor says next to what he sent could be told from its length (BREACH).</summary>
        private async Task WriteAsync(HttpContext context, byte[] page, SiteLanguage language, string keptFor)
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers.ContentLanguage = language.Tag;
            headers.Append(HeaderNames.Vary, "Accept-Language, Cookie");
            headers.CacheControl = headers.SetCookie.Count == 0 ? keptFor : "no-store";
            headers.ContentType = "text/html; charset=utf-8";
            headers.ContentLength = page.Length;
            context.Response.StatusCode = statusCode;
            if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(page, context.RequestAborted);
        }
    }
}
