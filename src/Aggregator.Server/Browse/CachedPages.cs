using Aggregator.Server.Accounts;
using Aggregator.Server.Publish;
using Microsoft.AspNetCore.Components;

namespace Aggregator.Server.Browse;

/// <summary>How requests meet the <see cref="PageCache"/>.</summary>
internal static class CachedPages
{
    private static readonly string[] Lists = ["/categories/", "/sources/", "/articles/"];

    // What programs post there, in any number, are their own affairs: subscriptions, and news that shows as soon as that of polls does.
    private static readonly PathString[] Told = ["/hub", "/websub"];

    /// <summary>
    /// Answers with pages that are in memory and current before anything else is asked. Only strangers' plain requests: a session is looked at,
    /// renewed and ended on every address, and an address with a query is read where it belongs.
    /// </summary>
    public static IApplicationBuilder UseCachedPages(this IApplicationBuilder app)
    {
        var pages = app.ApplicationServices.GetRequiredService<PageCache>();
        return app.Use(next => context => IsPlain(context.Request) ? AnswerAsync(context, pages, next) : next(context));
    }

    /// <summary>
    /// Tells services of a request's scope which request it is: behind the pages in memory, which need none of them. The framework's accessor
    /// would tell it of every request, and takes a copy of the execution context for that.
    /// </summary>
    public static IApplicationBuilder UseRenderedFor(this IApplicationBuilder app) => app.Use(static next => context =>
    {
        context.RequestServices.GetRequiredService<RenderedFor>().Visit = context;
        return next(context);
    });

    /// <summary>Has what was asked of the store before a change asked again: comes before whatever changes something.</summary>
    public static IApplicationBuilder UseStoreTrust(this IApplicationBuilder app)
    {
        var trust = app.ApplicationServices.GetRequiredService<StoreTrust>();
        return app.Use(next => context => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method)
            || Array.Exists(Told, path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal))
            ? next(context)
            : ChangeAsync(context, trust, next));
    }

    /// <summary>The answer to a request for a page, rendered only when it is not in memory; null when there is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="address">Path and query in their one spelling.</param>
    /// <param name="read">Reads the page; it must take nothing from the request.</param>
    public static async Task<IResult?> GetAsync(HttpContext context, string address, Func<CancellationToken, Task<PageDraft?>> read)
    {
        var pages = context.RequestServices.GetRequiredService<PageCache>();
        var language = LanguageChoice.Of(context.Request);
        return await pages.GetAsync(new PageName(address, language.Code), language, read, context.RequestAborted) is { } page ? new Result(page) : null;
    }

    /// <summary>The answer to a request for a page that shows nothing of the store but the categories in its header.</summary>
    public static Task<IResult?> GetStaticAsync<TPage>(HttpContext context, Navigation navigation, string address, object model) where TPage : IComponent =>
        GetAsync(context, address, async stopping => PageDraft.Of<TPage>(model, await navigation.ListAsync(stopping), []));

    private static async Task ChangeAsync(HttpContext context, StoreTrust trust, RequestDelegate next)
    {
        var refused = false;
        try
        {
            await next(context);
            refused = context.Response.StatusCode is >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError;
        }
        finally
        {
            // What was refused has changed nothing, and must not make every reader's next request ask the store.
            if (!refused) trust.End();
        }
    }

    private static bool IsPlain(HttpRequest request)
    {
        if (request.QueryString.HasValue || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))) return false;
        var path = request.Path.Value;
        return path is not null
            && (path == "/" || Array.Exists(Lists, list => path.StartsWith(list, StringComparison.Ordinal)))
            && (request.Headers.Cookie.Count == 0 || !request.Cookies.ContainsKey(AccountEndpoints.SessionCookie));
    }

    private static async Task AnswerAsync(HttpContext context, PageCache pages, RequestDelegate next)
    {
        var name = new PageName(context.Request.Path.Value!, LanguageChoice.Of(context.Request).Code);
        if (await pages.FindAsync(name, context.RequestAborted) is { } page) await PageResponse.WriteAsync(context, page.Body, page.Headers);
        else await next(context);
    }

    private sealed class Result(CachedPage page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (LanguageChoice.InAddress(httpContext.Request) is { } chosen) LanguageChoice.Keep(httpContext, chosen);
            return PageResponse.WriteAsync(httpContext, page.Body, page.Headers);
        }
    }
}
