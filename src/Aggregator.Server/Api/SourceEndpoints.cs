using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Crawl;
using Hangfire;

namespace Aggregator.Server.Api;

/// <summary>The sources: seeing them, and having one refreshed.</summary>
internal static class SourceEndpoints
{
    private const int MaxCursorLength = 40;

    public static void MapSources(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sources", ListAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("The sources by number, page by page.").Produces<ApiPage<SourceDocument>>();
        api.MapGet("/sources/{id:long}", FindAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("One source.").Produces<SourceDocument>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/sources/{id:long}/refresh", RefreshAsync).RequireAuthorization(ApiPolicies.Refresh)
            .WithSummary("Has a source refreshed as soon as a worker is free; the outcome stands on the source.")
            .Produces(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ISourceStore sources, string? after, int? limit, CancellationToken cancellationToken)
    {
        var size = limit ?? ApiPage<SourceDocument>.DefaultLimit;
        if (Paging.Refuse(size) is { } refused) return refused;
        if (!TryRead(after, out var place)) return ApiProblems.OfFields(StatusCodes.Status400BadRequest, ("after", "This is no place in the list: take the address that the page before names."));
        var found = await sources.ListAsync(place, size + 1, cancellationToken);
        var items = found.Take(size).Select(SourceDocument.Of).ToArray();
        return Paging.Answer(context, items, found.Count > size ? string.Create(CultureInfo.InvariantCulture, $"/sources?after={Write(items[^1].Id)}&limit={size}") : null);
    }

    private static async Task<IResult> FindAsync(long id, ISourceStore sources, CancellationToken cancellationToken) =>
        await ListingAsync(sources, id, cancellationToken) is { } listing ? ApiDocument.Of(SourceDocument.Of(listing)) : None(id);

    private static async Task<IResult> RefreshAsync(long id, HttpContext context, ISourceStore sources, IBackgroundJobClient jobs, AuditTrail audit, CancellationToken cancellationToken)
    {
        if (await sources.FindAsync(id, cancellationToken) is not { } source) return None(id);
        jobs.Enqueue<RefreshSourceJob>(job => job.RunAsync(id, CancellationToken.None));
        var state = new { source.Url, source.State };
        await audit.RecordAsync(context.User, "source.refresh", string.Create(CultureInfo.InvariantCulture, $"source:{id}"), state, state);
        return TypedResults.Accepted(string.Create(CultureInfo.InvariantCulture, $"{context.Request.PathBase}{ApiEndpoints.Path}/sources/{id}"));
    }

    private static async Task<SourceListing?> ListingAsync(ISourceStore sources, long id, CancellationToken cancellationToken) =>
        id > 0 && await sources.ListAsync(id - 1, 1, cancellationToken) is [var listing] && listing.Source.Id == id ? listing : null;

    private static IResult None(long id) => ApiProblems.NotFound(string.Create(CultureInfo.InvariantCulture, $"There is no source {id}."));

    // Opaque, so that nobody counts on what it is made of.
    private static string Write(long sourceId) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"s{sourceId}")));

    private static bool TryRead(string? cursor, out long sourceId)
    {
        sourceId = 0;
        if (cursor is null) return true;
        if (cursor.Length is 0 or > MaxCursorLength || !Base64Url.IsValid(cursor)) return false;
        var text = Encoding.Latin1.GetString(Base64Url.DecodeFromChars(cursor));
        return text.StartsWith('s') && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out sourceId);
    }
}
