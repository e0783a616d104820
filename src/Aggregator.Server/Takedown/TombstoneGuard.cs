using System.Globalization;
using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Publish;

namespace Aggregator.Server.Takedown;

/// <summary>
/// Stands before every address of an article (its page, snapshots, differences, TimeMap and TimeGate, whoever maps them): what was taken
/// down answers 410, or 451 (RFC 7725) when a law or an order was the reason, and nothing behind it is asked.
/// </summary>
internal static class TombstoneGuard
{
    /// <summary>How many hashes of versions the answer names.</summary>
    public const int MaxHashes = 100;

    private static readonly string[] Roots = ["/articles/", "/timemap/", "/timegate/"];

    /// <summary>Comes before the endpoints.</summary>
    public static IApplicationBuilder UseTombstones(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        if (EntryOf(context.Request.Path.Value) is { } entryId
            && await context.RequestServices.GetRequiredService<ITakedownStore>().FindTombstoneAsync(entryId, context.RequestAborted) is { } tombstone)
            await AnswerAsync(context, tombstone);
        else if (EntryOf(context.Request.Path.Value) is { } hidden
            && await context.RequestServices.GetRequiredService<ISourceAdminStore>().FindHidingAsync(hidden, context.RequestAborted) is { } hiding)
            await HideAsync(context, hiding);
        else
            await next(context);
    });

    /// <summary>The article that a path is about, or null.</summary>
    internal static long? EntryOf(string? path)
    {
        var root = path is null ? null : Array.Find(Roots, root => path.StartsWith(root, StringComparison.OrdinalIgnoreCase));
        if (root is null) return null;
        var rest = path.AsSpan(root.Length);
        var end = rest.IndexOfAny('/', '.');
        // As routes read a number: what they take for an article, with a sign or a space before it, has to be one here too.
        return long.TryParse(end < 0 ? rest : rest[..end], NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    // Not 410: a deleted source may come back, and a publisher may allow tomorrow what is not allowed today.
    private static async Task HideAsync(HttpContext context, EntryHiding hiding)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        if (hiding != EntryHiding.NotRepublished) return;
        await AnswerAsync(
            context, StatusCodes.Status404NotFound,
            () => new { status = StatusCodes.Status404NotFound, error = "The publisher of this article does not allow it to be shown here." },
            () => PageResult.Status(StatusCodes.Status404NotFound, context.RequestServices.GetRequiredService<PageContext>().Text.NotRepublished));
    }

    /// <summary>Says what became of an article, to a person or to a program.</summary>
    internal static async Task AnswerAsync(HttpContext context, Tombstone tombstone)
    {
        var services = context.RequestServices;
        var snapshots = await services.GetRequiredService<ISnapshotStore>().ListAsync(tombstone.EntryId, 0, context.RequestAborted);
        var status = tombstone.IsLegal ? StatusCodes.Status451UnavailableForLegalReasons : StatusCodes.Status410Gone;

        // RFC 7725 §4: who made it unavailable, which is us.
        if (tombstone.IsLegal) context.Response.Headers.Append("Link", $"<{services.GetRequiredService<SiteLinks>().Home}>; rel=\"blocked-by\"");
        await AnswerAsync(
            context, status,
            () => new
            {
                status,
                error = tombstone.IsLegal ? "This article was taken down for legal reasons." : "This article was taken down.",
                removed_at = FeedDates.Rfc3339(tombstone.RemovedAt),
                snapshots = snapshots.Take(MaxHashes).Select(snapshot => new
                {
                    snapshot = SnapshotStamp.Of(snapshot.CapturedAt),
                    sha256 = Convert.ToHexStringLower(snapshot.Sha256.Span),
                }),
            },
            () => PageResult.Private<TombstonePage>(new TombstoneModel(tombstone, [.. snapshots.Take(MaxHashes)], status), status));
    }

    // The same to a program and to a person; neither may be kept, for both may be otherwise tomorrow.
    private static Task AnswerAsync(HttpContext context, int status, Func<object> program, Func<IResult> person)
    {
        if (!WantsJson(context.Request)) return person().ExecuteAsync(context);
        FeedCors.Allow(context.Response.Headers);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Json(program(), statusCode: status).ExecuteAsync(context);
    }

    private static bool WantsJson(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        if (request.Path.Value!.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return true;
        if (accept.Contains("text/html", StringComparison.OrdinalIgnoreCase)) return false;
        return accept.Contains("json", StringComparison.OrdinalIgnoreCase) || !request.Path.StartsWithSegments("/articles");
    }
}
