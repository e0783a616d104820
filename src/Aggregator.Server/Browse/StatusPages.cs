using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;

namespace Aggregator.Server.Browse;

/// <summary>Answers without a body, and exceptions, as pages in the visitor's language: what happened, and where to go from here.</summary>
internal static class StatusPages
{
    /// <summary>
    /// Comes first in the pipeline, before authentication and the endpoints. Only browsers get pages: a feed reader or a program
    /// that does not ask for HTML gets the bare status code. An exception's text is logged and never shown.
    /// </summary>
    public static IApplicationBuilder UseStatusPages(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // What Kestrel refuses (a body that is too large, a broken form) is the visitor's affair, not ours.
            ExceptionHandler = context => ExplainAsync(context, context.Features.Get<IExceptionHandlerFeature>()?.Error switch
            {
                BadHttpRequestException refused => refused.StatusCode,
                AntiforgeryValidationException => StatusCodes.Status400BadRequest,
                InvalidDataException when HttpMethods.IsPost(context.Request.Method) => StatusCodes.Status400BadRequest,
                _ => StatusCodes.Status500InternalServerError,
            }),
        });
        return app.UseStatusCodePages(context => ExplainAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
    }

    private static Task ExplainAsync(HttpContext context, int statusCode)
    {
        context.Response.StatusCode = statusCode;
        // It may have failed before it came to where this is told.
        context.RequestServices.GetRequiredService<RenderedFor>().Visit = context;
        return context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? PageResult.Status(statusCode).ExecuteAsync(context)
            : Task.CompletedTask;
    }
}
