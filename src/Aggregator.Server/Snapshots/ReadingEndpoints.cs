using System.Globalization;
using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Stories;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aggregator.Server.Snapshots;

/// <summary>The pages of an article: as it is now, as each snapshot has it, and what changed between two; and the way there in time.</summary>
internal static class ReadingEndpoints
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Registers what the pages need. <see cref="SiteLinks"/>, the stores and the pages' frame are registered elsewhere.</summary>
    public static IServiceCollection AddReading(this IServiceCollection services) =>
        services.AddMementoLinks().AddSingleton<ArticleReader>().AddSingleton<ArticleDrafts>().AddSingleton<StoryDrafts>()
            .AddSingleton<RelatedArticles>().AddHostedService(provider => provider.GetRequiredService<RelatedArticles>());

    /// <summary>Registers the links between snapshots, for whoever answers with one.</summary>
    public static IServiceCollection AddMementoLinks(this IServiceCollection services)
    {
        services.TryAddSingleton<MementoLinks>();
        return services;
    }

    /// <summary>Maps <c>/articles/{id}</c>, <c>/articles/{id}/snapshots/{yyyyMMddHHmmss}</c>, and what leads to them.</summary>
    public static IEndpointRouteBuilder MapReading(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/articles/{id:long}", GetAndHead, ArticleAsync);
        routes.MapMethods("/articles/{id:long}/snapshots/{stamp}", GetAndHead, SnapshotAsync);
        routes.MapMementos();
        routes.MapDiffs();
        return routes;
    }

    private static async Task<IResult> ArticleAsync(
        HttpContext context, long id, ArticleDrafts articles, ISnapshotStore snapshots, CancellationToken cancellationToken) =>
        await CachedPages.GetAsync(context, string.Create(CultureInfo.InvariantCulture, $"/articles/{id}"), stopping => articles.ReadAsync(id, stopping))
        ?? PageResult.Status((await snapshots.ListLastAsync(id, 1, cancellationToken)).Count > 0 ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound);

    private static async Task<IResult> SnapshotAsync(
        HttpContext context, long id, string stamp, ArticleDrafts drafts, ArticleReader articles, ISnapshotStore snapshots, MementoLinks mementos,
        CancellationToken cancellationToken)
    {
        if (SnapshotStamp.Parse(stamp) is not { } second || await snapshots.FindAtAsync(id, second, cancellationToken) is not { } snapshot)
            return PageResult.Status(StatusCodes.Status404NotFound);
        var address = string.Create(CultureInfo.InvariantCulture, $"/articles/{id}/snapshots/{SnapshotStamp.Of(snapshot.CapturedAt)}");
        if (await CachedPages.GetAsync(context, address, stopping => drafts.ReadAtAsync(snapshot, stopping)) is { } page) return page;

        context.Response.Headers.Append("Link", mementos.Of(id, null, await mementos.PlaceAsync(id, snapshot, cancellationToken)).ToHeader());
        return PageResult.Private<LostSnapshotPage>(
            await articles.ReadLostAsync(snapshot, cancellationToken), snapshot.IsWithheld ? StatusCodes.Status404NotFound : StatusCodes.Status410Gone);
    }
}
