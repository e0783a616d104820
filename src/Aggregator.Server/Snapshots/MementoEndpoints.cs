using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Publish;
using Aggregator.Server.Takedown;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Snapshots;

/// <summary>
/// The way to the past for programs (RFC 7089): TimeGates, which lead to the snapshot of a wanted time, by article or by the address
/// of the original; and TimeMaps, which list all that there are, as links and as JSON.
/// </summary>
internal static class MementoEndpoints
{
    private const string TimeGatePath = "/timegate/";
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps <c>/timegate/{id}</c>, <c>/timegate/{url}</c> and <c>/timemap/{id}</c>.</summary>
    public static IEndpointRouteBuilder MapMementos(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/timegate/{id:long}", GetAndHead, ByArticleAsync);
        routes.MapMethods("/timegate/{**url}", GetAndHead, ByOriginalAsync);
        routes.MapMethods("/timemap/{id:long}", GetAndHead, TimeMapAsync);
        routes.MapMethods("/timemap/{id:long}.json", GetAndHead, TimeMapJsonAsync);
        routes.MapPreflight("/timegate/{**url}", "/timemap/{id:long}", "/timemap/{id:long}.json");
        return routes;
    }

    private static Task<IResult> ByArticleAsync(HttpContext context, long id, ISnapshotStore snapshots, MementoLinks mementos, SiteLinks links) =>
        NegotiateAsync(context, [id], snapshots, mementos, links);

    private static async Task<IResult> ByOriginalAsync(
        HttpContext context, ISnapshotStore snapshots, ITakedownStore takedowns, MementoLinks mementos, SiteLinks links)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var candidates = OriginalAddress.Candidates(OriginalAddress.Behind(TimeGatePath, target) ?? "");
        if (candidates.Count == 0)
        {
            context.Response.Headers.Append(HeaderNames.Vary, "accept-datetime");
            return Problem(context, StatusCodes.Status400BadRequest, "Ask for an address of the web: /timegate/https://example.org/article.");
        }

        foreach (var candidate in candidates)
            if (await snapshots.FindEntriesByUrlAsync(candidate, context.RequestAborted) is { Count: > 0 } entries)
                return await NegotiateAsync(context, entries, snapshots, mementos, links);
        foreach (var candidate in candidates)
            if (await takedowns.FindTombstoneByUrlAsync(candidate, context.RequestAborted) is { } tombstone)
                return new TombstoneResult(tombstone);
        return await NegotiateAsync(context, [], snapshots, mementos, links);
    }

    /// <summary>Several sources may have brought the same original: their snapshots are all snapshots of it.</summary>
    private static async Task<IResult> NegotiateAsync(
        HttpContext context, IReadOnlyList<long> entries, ISnapshotStore snapshots, MementoLinks mementos, SiteLinks links)
    {
        FeedCors.Allow(context.Response.Headers);
        context.Response.Headers.Append(HeaderNames.Vary, "accept-datetime");
        if (!AcceptDatetime.TryRead(context.Request.Headers[AcceptDatetime.Header], out var at))
            return Problem(context, StatusCodes.Status400BadRequest, "Accept-Datetime takes a date such as Thu, 01 Jan 2026 00:00:00 GMT.");

        Snapshot? nearest = null;
        foreach (var entry in entries)
            if (await snapshots.NearestAsync(entry, at, context.RequestAborted) is { } found && (nearest is null || IsNearer(found, nearest, at)))
                nearest = found;
        if (nearest is null) return Problem(context, StatusCodes.Status404NotFound, "There is no snapshot of this.");

        var document = await snapshots.ReadDocumentAsync(nearest.Id, context.RequestAborted);
        var place = await mementos.PlaceAsync(nearest.EntryId, nearest, context.RequestAborted);
        context.Response.Headers.Append("Link", mementos.Of(nearest.EntryId, document?.Url, place).ToHeader());
        context.Response.Headers.CacheControl = "public, max-age=60";
        context.Response.Headers.Location = links.Snapshot(nearest.EntryId, nearest.CapturedAt);
        return Results.StatusCode(StatusCodes.Status302Found);
    }

    // The state at a time is what was captured last before it; only before the first of all, the first one after it has to do.
    private static bool IsNearer(Snapshot candidate, Snapshot than, DateTimeOffset at)
    {
        var (before, thanBefore) = (IsBefore(candidate, at), IsBefore(than, at));
        return before != thanBefore ? before : before ? candidate.CapturedAt > than.CapturedAt : candidate.CapturedAt < than.CapturedAt;
    }

    private static bool IsBefore(Snapshot snapshot, DateTimeOffset at) => snapshot.CapturedAt.ToUnixTimeSeconds() <= at.ToUnixTimeSeconds();

    private static Task<IResult> TimeMapAsync(
        HttpContext context, long id, int? after, ISnapshotStore snapshots, MementoLinks mementos, SiteLinks links)
    {
        context.Response.Headers.Append(HeaderNames.Vary, "Accept");
        return ListAsync(context, id, after, WantsJson(context.Request), snapshots, mementos, links);
    }

    private static Task<IResult> TimeMapJsonAsync(
        HttpContext context, long id, int? after, ISnapshotStore snapshots, MementoLinks mementos, SiteLinks links) =>
        ListAsync(context, id, after, true, snapshots, mementos, links);

    private static async Task<IResult> ListAsync(
        HttpContext context, long id, int? after, bool asJson, ISnapshotStore snapshots, MementoLinks mementos, SiteLinks links)
    {
        FeedCors.Allow(context.Response.Headers);
        var listed = await snapshots.ListAsync(id, Math.Max(0, after ?? 0), context.RequestAborted);
        if (listed.Count == 0) return Problem(context, StatusCodes.Status404NotFound, "There are no snapshots of this.");
        var place = await mementos.PlaceAsync(id, null, context.RequestAborted);
        if (place is not { First: { } first, Last: { } last })
        {
            return listed[^1].IsWithheld
                ? Problem(context, StatusCodes.Status404NotFound, "The publisher does not allow copies of this article to be shown.")
                : Problem(context, StatusCodes.Status410Gone, "No text of this article is kept any more.");
        }

        // The original is what the newest text names; a page further back lists the same original.
        var original = (await snapshots.ReadDocumentAsync(last.Id, context.RequestAborted))?.Url ?? links.Article(id);
        var map = new TimeMap(id, original, Math.Max(0, after ?? 0), listed, first, last);
        context.Response.Headers.CacheControl = "public, max-age=60";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return asJson
            ? Results.Bytes(map.ToJson(links), "application/json; charset=utf-8")
            : Results.Text(map.ToLinks(links), LinkSet.Format);
    }

    /// <summary>Whether JSON is asked for before links are.</summary>
    internal static bool WantsJson(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return QualityOf("application/json") is { } json && json > (QualityOf(LinkSet.Format) ?? QualityOf("text/html") ?? 0);

        double? QualityOf(string type) =>
            accepted.Where(range => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(range => (double?)(range.Quality ?? 1)).Max();
    }

    /// <summary>A page for a browser, a sentence for a program.</summary>
    private static IResult Problem(HttpContext context, int status, string sentence) =>
        context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? PageResult.Status(status)
            : Results.Json(new { error = sentence }, statusCode: status);
}
