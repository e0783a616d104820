using Aggregator.Server.Browse;
using Aggregator.Server.Dashboard;
using Aggregator.Server.Resources;
using Microsoft.AspNetCore.Http.Features;

namespace Aggregator.Server.Subscriptions;

/// <summary>Refuses an upload that is too large before anybody reads it: Hangfire reads every posted form to look for its token.</summary>
internal static class ImportBounds
{
    /// <summary>What a form adds to the file in it, in bytes.</summary>
    private const long FormBytes = 64 * 1024;

    /// <summary>Where lists are uploaded.</summary>
    private const string Path = DashboardEndpoints.Path + ImportPage.Route;

    /// <summary>Comes before everything that reads forms.</summary>
    public static IApplicationBuilder UseImportBounds(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.Path.Equals(Path, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        if (context.Request.ContentLength > SubscriptionImport.MaxBytes + FormBytes)
        {
            await RefuseAsync(context);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = SubscriptionImport.MaxBytes + FormBytes;
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge && !context.Response.HasStarted)
        {
            await RefuseAsync(context);
        }
    });

    private static async Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.Connection = "close";
        await context.Response.WriteAsync(Text.In(LanguageChoice.Of(context.Request)).ImportTooLarge((int)(SubscriptionImport.MaxBytes / 1024 / 1024)), context.RequestAborted);
    }
}
