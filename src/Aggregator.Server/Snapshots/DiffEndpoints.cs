using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Publish;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Snapshots;

/// <summary>What changed between two versions of an article, as a page and as JSON.</summary>
internal static class DiffEndpoints
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps <c>/articles/{id}/diff?from=&amp;to=</c> and the same with <c>.json</c>; versions are named by number or by stamp.</summary>
    public static IEndpointRouteBuilder MapDiffs(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/articles/{id:long}/diff", GetAndHead, PageOrJsonAsync);
        routes.MapMethods("/articles/{id:long}/diff.json", GetAndHead, JsonAsync);
        routes.MapPreflight("/articles/{id:long}/diff.json");
        return routes;
    }

    private static Task<IResult> PageOrJsonAsync(
        HttpContext context, long id, string? from, string? to, ISnapshotStore snapshots, ICategoryStore categories, PageContext page)
    {
        context.Response.Headers.Append(HeaderNames.Vary, "Accept");
        return AnswerAsync(context, id, from, to, MementoEndpoints.WantsJson(context.Request), snapshots, categories, page);
    }

    private static Task<IResult> JsonAsync(
        HttpContext context, long id, string? from, string? to, ISnapshotStore snapshots, ICategoryStore categories, PageContext page) =>
        AnswerAsync(context, id, from, to, true, snapshots, categories, page);

    private static async Task<IResult> AnswerAsync(
        HttpContext context, long id, string? from, string? to, bool asJson, ISnapshotStore snapshots, ICategoryStore categories, PageContext page)
    {
        if (asJson) FeedCors.Allow(context.Response.Headers);
        (from, to) = (Given(from), Given(to));
        if (!VersionPair.IsName(from) || !VersionPair.IsName(to))
            return Problem(asJson, StatusCodes.Status400BadRequest, page.Text.VersionNotNamed);
        if (await VersionPair.FindAsync(snapshots, id, from, to, context.RequestAborted) is not { } pair)
            return Problem(asJson, StatusCodes.Status404NotFound, page.Text.NothingToCompare);

        if (pair.Earlier.IsWithheld || pair.Later.IsWithheld)
            return Problem(asJson, StatusCodes.Status404NotFound, page.Text.WithheldVersion);
        var earlier = await snapshots.ReadDocumentAsync(pair.Earlier.Id, context.RequestAborted);
        var later = await snapshots.ReadDocumentAsync(pair.Later.Id, context.RequestAborted);
        if (earlier is null || later is null)
            return Problem(asJson, StatusCodes.Status410Gone, page.Text.LostSnapshot);

        if (!asJson)
        {
            var model = new DiffModel(
                await categories.ListAsync(context.RequestAborted), pair.Earlier, pair.Later, later.Language ?? earlier.Language, later.Url, Compare(earlier, later));
            return PageResult.Shared<DiffPage>(model);
        }

        // What is compared never changes, but it can be taken down, and then caches have to forget it soon.
        context.Response.Headers.CacheControl = "public, max-age=60";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(
            DiffDocument.Write(pair, Compare(earlier, later), page.Links), "application/json; charset=utf-8",
            entityTag: new EntityTagHeaderValue(
                $"\"{Convert.ToHexStringLower(pair.Earlier.Sha256.Span[..16])}-{Convert.ToHexStringLower(pair.Later.Sha256.Span[..16])}\""));
    }

    // A form that was left empty asks for the usual versions.
    private static string? Given(string? name) => string.IsNullOrWhiteSpace(name) ? null : name.Trim();

    private static ArticleDiff Compare(SnapshotDocument earlier, SnapshotDocument later) => ArticleDiffer.Compare(Text(earlier), Text(later));

    private static ComparedText Text(SnapshotDocument document) =>
        new(document.Title, string.Join(", ", document.Authors.Select(author => author.Name)), document.Content ?? document.Summary);

    private static IResult Problem(bool asJson, int status, string sentence) =>
        asJson ? Results.Json(new { error = sentence }, statusCode: status) : PageResult.Status(status, sentence);
}
