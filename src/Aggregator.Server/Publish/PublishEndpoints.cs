using System.Globalization;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Hub;
using Aggregator.Core.Publishing;
using Aggregator.Server.Categories;
using Aggregator.Server.Search;
using Aggregator.Server.Selections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Aggregator.Server.Publish;

/// <summary>
/// The published feeds: <c>/all.*</c>, <c>/categories/{slug}.*</c> and <c>/sources/{id}.*</c> as Atom, RSS, JSON Feed and OPML. The
/// addresses are a contract (see <see cref="SiteLinks"/>); <c>/search.*?q=</c>, and <c>/subscriptions/{token}.*</c>. <c>?stories=1</c> shows each
/// story once; what else a query may say is read by <see cref="FeedParameters"/>. Other parameters have no meaning and are ignored.
/// </summary>
internal static class PublishEndpoints
{
    // A reader may keep what it has and asks with its tag each time; nobody between may keep anything.
    private const string PrivateCacheControl = "private, no-cache";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds what the endpoints need. <see cref="SiteLinks"/> and the stores are the program's to add.</summary>
    public static IServiceCollection AddPublishing(this IServiceCollection services)
    {
        services.AddOptions<PublishOptions>().BindConfiguration(PublishOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PublishOptions>, PublishOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSearching();
        services.AddSelections();
        services.TryAddSingleton(new HubOptions());
        services.TryAddSingleton<StoreTrust>();
        services.TryAddSingleton<TopicDirectory>();
        services.TryAddSingleton<TopicPlaces>();
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
            AnswerAsync(context, TopicName.Source(id), extension));
        endpoints.MapMethods("/search.{extension}", Methods, static (HttpContext context, string extension) =>
            AnswerAsync(context, SearchName(context, extension), extension));
        endpoints.MapMethods("/subscriptions/{token}.{extension}", Methods, static (HttpContext context, string token, string extension) =>
            AnswerAsync(context, SelectionToken.Parse(token) is { } known ? TopicName.OfSelection(known) : null, extension));
        endpoints.MapPreflight(
            "/all.{extension}", "/categories/{slug}.{extension}", "/sources/{id}.{extension}", "/search.{extension}", "/subscriptions/{token}.{extension}");
        endpoints.MapMethods("/feed.css", Methods, static (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=86400";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return TypedResults.Text(FeedStylesheet.Css, "text/css; charset=utf-8");
        });
        return endpoints;
    }

    // One address for each search, whatever its spelling: the canonical one. Nothing to look for is no feed.
    private static TopicName? SearchName(HttpContext context, string extension)
    {
        var address = SearchAddress.Read(context.Request.Query);
        return address.Query.IsEmpty || extension == FeedFormat.Opml.Extension() ? null : TopicName.OfSearch(address.Canonical);
    }

    private static async Task AnswerAsync(HttpContext context, TopicName? name, string extension)
    {
        if (name is { IsUnbounded: true } && !context.RequestServices.GetRequiredService<SearchLimit>().Admit(context))
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            FeedCors.Allow(context.Response.Headers);
            return;
        }

        var telemetry = context.RequestServices.GetService<AggregatorTelemetry>();
        var format = FeedFormats.FromExtension(extension);
        var options = context.RequestServices.GetRequiredService<IOptions<PublishOptions>>().Value;
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var (view, problem) = format is FeedFormat.Opml ? default : FeedParameters.Read(context.Request.Query, options.EntriesPerFeed, now);
        if (problem is not null)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, problem);
            telemetry?.FeedServed(context.Response.StatusCode, format: null);
            return;
        }

        if (name is { Search: null } && format is not FeedFormat.Opml && context.Request.Query["stories"] == "1") name = name.Value with { OncePerStory = true };
        Rendering? rendering;
        (Rendering, string)? delta = null;
        try
        {
            rendering = name is { } topic && format is { } known
                ? await context.RequestServices.GetRequiredService<FeedCache>().FindAsync(new FeedKey(topic, known, view), context.RequestAborted)
                : null;
            if (rendering is not null && DeltaRequest.Read(context.Request, rendering) is { } held
                && await context.RequestServices.GetRequiredService<FeedCache>().FindDeltaAsync(
                    new FeedKey(name!.Value, rendering.Format, view, held.Position), rendering, context.RequestAborted) is { } changes)
                delta = (changes, held.Base);
        }
        catch (Exception failure) when (FeedCache.IsStoreFailure(failure))
        {
            context.RequestServices.GetRequiredService<ILogger<FeedCache>>().LogError(
                failure, "The store does not answer, and no rendering of {Path} is kept", name is { Selection: null } ? context.Request.Path.Value : "a selection");
            await AnswerUnavailableAsync(context);
            telemetry?.FeedServed(context.Response.StatusCode, format: null);
            return;
        }

        if (rendering is null && name?.Slug is { } slug && format is not null && await CategoryRedirects.TargetAsync(context, slug, extension) is { } target)
        {
            CategoryRedirects.Answer(context, target);
            telemetry?.FeedServed(context.Response.StatusCode, format);
            return;
        }

        if (rendering is null)
        {
            // What has no extension of ours is no feed's address: a browser gets the site's own page.
            if (format is null && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            else await AnswerNotFoundAsync(context);
            telemetry?.FeedServed(context.Response.StatusCode, format: null);
            return;
        }

        if (name?.Selection is { } token) await KeepAsync(context, token);
        await FeedResponse.WriteAsync(
            context, rendering, delta, name is { Selection: null } ? CacheControl(context, options, view, delta is not null) : PrivateCacheControl, now);
        telemetry?.FeedServed(context.Response.StatusCode, format);
    }

    /// <summary>Keeps a selection from expiring that is read as a feed only.</summary>
    private static async Task KeepAsync(HttpContext context, SelectionToken token)
    {
        try
        {
            await context.RequestServices.GetRequiredService<SelectionReader>().UseAsync(token, context.RequestAborted);
        }
        catch (Exception failure) when (FeedCache.IsStoreFailure(failure))
        {
            context.RequestServices.GetRequiredService<ILogger<FeedCache>>().LogWarning(failure, "The store does not answer; the day of a selection's use is kept with its next use");
        }
    }

    private static Task AnswerNotFoundAsync(HttpContext context) =>
        AnswerAsync(context, StatusCodes.Status404NotFound, "There is no feed at this address.\n这个地址没有订阅源。\n");

    private static Task AnswerUnavailableAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.RetryAfter = ((int)FeedCache.Pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "The feed cannot be read just now. Please ask again soon.\n暂时无法读取订阅源，请稍后再试。\n");
    }

    private static async Task AnswerAsync(HttpContext context, int status, string sentence)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        FeedCors.Allow(response.Headers);
        if (!HttpMethods.IsHead(context.Request.Method)) await response.WriteAsync(sentence, context.RequestAborted);
    }

    // Whoever takes deltas is answered by ourselves: a shared cache that knows nothing of them would ask for him with a tag of its own,
    // and hand him what follows on another instance than the one that he holds.
    private static StringValues CacheControl(HttpContext context, PublishOptions options, FeedView view, bool isDelta)
    {
        if (isDelta) return "no-store, im";
        var maxAge = view.Archive is null ? options.MaxAge : options.ArchiveMaxAge;
        return DeltaRequest.IsTaken(context.Request)
            ? string.Create(CultureInfo.InvariantCulture, $"private, max-age={(long)maxAge.TotalSeconds}")
            : view.Archive is null ? context.RequestServices.GetRequiredService<FeedCache>().CacheControl : options.ToCacheControl(maxAge);
    }
}
