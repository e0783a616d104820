using System.Globalization;
using System.Text.Json;
using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Publish;

namespace Aggregator.Server.Snapshots;

/// <summary>
/// What lets a stranger check a snapshot without trusting us: its bytes as they were hashed, and the proof of its day.
/// <c>docs/verify-snapshot.py</c> does it in forty lines.
/// </summary>
internal static class ProofEndpoints
{
    private const string Json = "application/json; charset=utf-8";
    private const string DayFormat = "yyyy-MM-dd";
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds what the endpoints and the sealing need.</summary>
    public static IServiceCollection AddProofs(this IServiceCollection services) =>
        services.AddMementoLinks().AddSingleton<SealedTrees>().AddSingleton<SealJob>();

    /// <summary>Maps <c>/proof/{day}.json</c> and <c>/articles/{id}/snapshots/{stamp}.json</c>.</summary>
    public static IEndpointRouteBuilder MapProofs(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/articles/{id:long:min(1)}/snapshots/{stamp}.json", Methods, DocumentAsync);
        endpoints.MapMethods("/proof/latest.json", Methods, LatestAsync);
        endpoints.MapMethods("/proof/{day}.json", Methods, DayAsync);
        endpoints.MapPreflight("/articles/{id:long:min(1)}/snapshots/{stamp}.json", "/proof/{day}.json");
        return endpoints;
    }

    private static async Task<IResult> DocumentAsync(
        HttpContext context, long id, string stamp, ISnapshotStore snapshots, MementoLinks mementos, SiteLinks links)
    {
        FeedCors.Allow(context.Response.Headers);
        if (await FindAsync(snapshots, id, stamp, context.RequestAborted) is not { } snapshot)
            return Problem(StatusCodes.Status404NotFound, "There is no snapshot of this article at that time.");
        var kept = await snapshots.ReadBytesAsync(snapshot.Id, context.RequestAborted);
        var set = mementos.Of(id, kept is { } text ? OriginalOf(text) : null, await mementos.PlaceAsync(id, snapshot, context.RequestAborted));
        if (kept is not null) set.Add(links.Snapshot(id, snapshot.CapturedAt), "cite-as");
        context.Response.Headers.Append("Link", set.ToHeader());
        if (snapshot.IsWithheld)
            return Problem(StatusCodes.Status404NotFound, "The publisher does not allow copies of this article to be shown. The SHA-256 of this snapshot is " + Convert.ToHexStringLower(snapshot.Sha256.Span) + ".");
        if (kept is not { } bytes)
            return Problem(StatusCodes.Status410Gone, "The text of this snapshot is no longer kept. Its SHA-256 was " + Convert.ToHexStringLower(snapshot.Sha256.Span) + ".");

        // The same memento as its page, in the form that was hashed. A text that is taken down has to vanish from caches too.
        context.Response.Headers.AccessControlExposeHeaders = "ETag, Link, Memento-Datetime";
        context.Response.Headers["Memento-Datetime"] = LinkSet.Time(snapshot.CapturedAt);
        context.Response.Headers.CacheControl = "public, max-age=300";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(bytes, Json, entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{Convert.ToHexStringLower(snapshot.Sha256.Span)}\""));
    }

    // A document that somebody damaged is served as it is: whoever checks it is to find out.
    private static string? OriginalOf(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return SnapshotDocument.Read(bytes.Span).Url;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static async Task<IResult> LatestAsync(HttpContext context, ISealStore seals)
    {
        FeedCors.Allow(context.Response.Headers);
        return await seals.LastAsync(context.RequestAborted) is { } seal
            ? Results.Redirect(AddressOf(seal.Day))
            : Problem(StatusCodes.Status404NotFound, "No day has been sealed yet. The first is sealed ten minutes after it has ended (UTC).");
    }

    private static async Task<IResult> DayAsync(HttpContext context, string day, string? snapshot, bool? leaves, ISealStore seals, ISnapshotStore snapshots, SealedTrees trees)
    {
        FeedCors.Allow(context.Response.Headers);
        if (!DateOnly.TryParseExact(day, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return Problem(StatusCodes.Status404NotFound, "A day is written 2026-03-01.");
        var asked = snapshot is null ? null : await FindAsync(snapshots, snapshot, context.RequestAborted);
        if (snapshot is not null && asked is null)
            return Problem(StatusCodes.Status404NotFound, "There is no such snapshot. Ask for one as ?snapshot=ARTICLE/yyyyMMddHHmmss.");
        if (asked is { SealedOn: null })
            return Problem(StatusCodes.Status404NotFound, "The day of this snapshot is not sealed yet. That happens ten minutes after it has ended (UTC).");
        if (asked?.SealedOn is { } sealedOn && sealedOn != date)
            return Results.Redirect($"{AddressOf(sealedOn)}?snapshot={asked.EntryId}/{SnapshotStamp.Of(asked.CapturedAt)}");
        if (await seals.FindAsync(date, context.RequestAborted) is not { } seal)
            return Problem(StatusCodes.Status404NotFound, "This day is not sealed: it is not over yet, or nothing was stored on it.");

        var proof = asked is null ? null : await trees.ProveAsync(seal, asked.Id, context.RequestAborted);
        context.Response.Headers.CacheControl = "public, max-age=86400, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentType = Json;
        if (HttpMethods.IsHead(context.Request.Method)) return Results.Empty;

        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Indented = leaves is not true });
        WriteSeal(json, seal);
        if (asked is not null && proof is { } found) WriteProof(json, asked, found.Index, found.Path);
        if (leaves is true) await WriteLeavesAsync(json, seals.ReadLeavesAsync(seal.FirstId, seal.LastId, context.RequestAborted), context.RequestAborted);
        json.WriteEndObject();
        return Results.Empty;
    }

    private static void WriteSeal(Utf8JsonWriter json, Seal seal)
    {
        json.WriteStartObject();
        json.WriteString("day", seal.Day.ToString(DayFormat, CultureInfo.InvariantCulture));
        json.WriteNumber("count", seal.Count);
        json.WriteString("root", Convert.ToHexStringLower(seal.Root.Span));
        json.WriteString("previous", Convert.ToHexStringLower(seal.Previous.Span));
        if (seal.PreviousDay is { } previous) json.WriteString("previous_day", previous.ToString(DayFormat, CultureInfo.InvariantCulture));
        json.WriteString("hash", Convert.ToHexStringLower(seal.Hash()));
        json.WriteString("sealed_at", seal.SealedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("how", "root: Merkle tree of RFC 6962 with SHA-256 over the snapshots' SHA-256; hash: SHA-256 of day, count, root and previous, a line feed after each");
    }

    private static void WriteProof(Utf8JsonWriter json, Snapshot snapshot, long index, IReadOnlyList<byte[]> path)
    {
        json.WriteStartObject("snapshot");
        json.WriteNumber("article", snapshot.EntryId);
        json.WriteNumber("number", snapshot.Number);
        json.WriteString("captured", snapshot.CapturedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("sha256", Convert.ToHexStringLower(snapshot.Sha256.Span));
        json.WriteString("document", $"/articles/{snapshot.EntryId}/snapshots/{SnapshotStamp.Of(snapshot.CapturedAt)}.json");
        json.WriteNumber("index", index);
        json.WriteStartArray("path");
        foreach (var sibling in path) json.WriteStringValue(Convert.ToHexStringLower(sibling));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task WriteLeavesAsync(Utf8JsonWriter json, IAsyncEnumerable<SealLeaf> leaves, CancellationToken cancellationToken)
    {
        json.WriteStartArray("leaves");
        await foreach (var leaf in leaves)
        {
            json.WriteStringValue(Convert.ToHexStringLower(leaf.Sha256.Span));
            if (json.BytesPending > 32 * 1024) await json.FlushAsync(cancellationToken);
        }

        json.WriteEndArray();
    }

    private static string AddressOf(DateOnly day) => $"/proof/{day.ToString(DayFormat, CultureInfo.InvariantCulture)}.json";

    private static Task<Snapshot?> FindAsync(ISnapshotStore snapshots, string name, CancellationToken cancellationToken)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && long.TryParse(name.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var entryId)
            ? FindAsync(snapshots, entryId, name[(slash + 1)..], cancellationToken)
            : Task.FromResult<Snapshot?>(null);
    }

    private static async Task<Snapshot?> FindAsync(ISnapshotStore snapshots, long entryId, string stamp, CancellationToken cancellationToken) =>
        SnapshotStamp.Parse(stamp) is { } second ? await snapshots.FindAtAsync(entryId, second, cancellationToken) : null;

    private static IResult Problem(int status, string sentence) => Results.Json(new { error = sentence }, statusCode: status);
}
