using System.Globalization;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Publishing;
using Aggregator.Server.Categories;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Publish;

/// <summary>
/// The published feeds: <c>/all.*</c>, <c>/categories/{slug}.*</c> and <c>/sources/{id}.*</c> as Atom, RSS, JSON Feed and OPML. The
/// addresses are a contract (see <see cref="SiteLinks"/>). Query strings have no meaning yet and are ignored.
/// </summary>
internal static class PublishEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Options];

    /// <summary>Adds what the endpoints need. <see cref="SiteLinks"/> and the stores are the program's to add.</summary>
    public static IServiceCollection AddPublishing(this IServiceCollection services)
    {
        services.AddOptions<PublishOptions>().BindConfiguration(PublishOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PublishOptions>, PublishOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TopicDirectory>();
        services.TryAddSingleton<FeedRenderer>();
        services.TryAddSingleton<FeedCache>();
        return services;
    }

    /// <summary>Maps the feeds and their stylesheet.</summary>
    public static IEndpointRouteBuilder MapPublishing(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/all.{extension}", Methods, static (HttpContext context, string extension) =>
            AnswerAsync(context, TopicName.Everything, extension));
        endpoints.MapMethods("/categories/{slug}.{extension}", Methods, static (HttpContext context, string slug, string extension) =>
            AnswerAsync(context, TopicName.Category(slug), extension));
        endpoints.MapMethods("/sources/{id}.{extension}", Methods, static (HttpContext context, string id, string extension) =>
            AnswerAsync(context, SourceName(id), extension));
        endpoints.MapMethods("/feed.css", [HttpMethods.Get, HttpMethods.Head], static (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=86400";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return TypedResults.Text(FeedStylesheet.Css, "text/css; charset=utf-8");
        });
        return endpoints;
    }

    private static async Task AnswerAsync(HttpContext context, TopicName? name, string extension)
    {
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            FeedCors.AnswerPreflight(context.Response);
            return;
        }

        var telemetry = context.RequestServices.GetService<AggregatorTelemetry>();
        var format = FeedFormats.FromExtension(extension);
        var rendering = name is { } topic && format is { } known
            ? await context.RequestServices.GetRequiredService<FeedCache>().FindAsync(topic, known, context.RequestAborted)
            : null;
        if (rendering is null && name?.Slug is { } slug && format is not null && await CategoryRedirects.TargetAsync(context, slug, extension) is { } target)
        {
            CategoryRedirects.Answer(context, target);
            telemetry?.FeedServed(context.Response.StatusCode, extension);
            return;
        }

        if (rendering is null)
        {
            await AnswerNotFoundAsync(context);
            telemetry?.FeedServed(context.Response.StatusCode, "none");
            return;
        }

        await FeedResponse.WriteAsync(context, rendering, CacheControl(context));
        telemetry?.FeedServed(context.Response.StatusCode, extension);
    }

    private static async Task AnswerNotFoundAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status404NotFound;
        response.Headers.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        FeedCors.Allow(response.Headers);
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.WriteAsync("There is no feed at this address.\n这个地址没有订阅源。\n", context.RequestAborted);
    }

    // Only the number as we write it: every other spelling would be a second address of the same feed.
    private static TopicName? SourceName(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number.ToString(CultureInfo.InvariantCulture) == id
            ? TopicName.Source(number)
            : null;

    private static string CacheControl(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<PublishOptions>>().Value;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"public, max-age={(long)options.MaxAge.TotalSeconds}, stale-while-revalidate={(long)options.StaleWhileRevalidate.TotalSeconds}");
    }
}
