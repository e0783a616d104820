using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Crawl;
using Aggregator.Server.Resources;
using Aggregator.Server.Sources;
using Hangfire;
using Encoding = System.Text.Encoding;

namespace Aggregator.Server.Api;

/// <summary>The sources: seeing, adding, changing, deleting and refreshing them, with what the dashboard does it with.</summary>
internal static class SourceEndpoints
{
    private const int MaxCursorLength = 40;
    private const int MaxPatchDepth = 8;

    public static void MapSources(this IEndpointRouteBuilder api)
    {
        api.MapGet("/sources", ListAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("The sources by number, page by page.").Produces<ApiPage<SourceDocument>>().Produces(StatusCodes.Status304NotModified);
        api.MapGet("/sources/{id:long}", FindAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("One source.").Produces<SourceDocument>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/sources", AddAsync).RequireAuthorization(ApiPolicies.Write)
            .WithSummary("Adds a source and has it fetched. One that is there already, or looks the same, is a conflict.")
            .Produces<SourceDocument>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapDelete("/sources/{id:long}", DeleteAsync).RequireAuthorization(ApiPolicies.Write)
            .WithSummary("Deletes a source: it and its entries are shown no more, and can be brought back in the dashboard for a week.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/sources/{id:long}/settings", FindSettingsAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("What is set of a source, without secrets.").Produces<SourceSettingsDocument>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPatch("/sources/{id:long}/settings", ChangeSettingsAsync).RequireAuthorization(ApiPolicies.Write)
            .WithSummary("Changes what is set of a source, by a JSON merge patch (RFC 7396). If-Match has to name the ETag of its settings.")
            .Accepts<SourceChange>("application/merge-patch+json", "application/json").Produces<SourceSettingsDocument>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status428PreconditionRequired);
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

    private static async Task<IResult> AddAsync(
        SourceAddition addition, HttpContext context, ISourceStore sources, ICategoryStore categories, SourceAdministration administration, CancellationToken cancellationToken)
    {
        var category = addition.Category is { } slug ? await categories.FindAsync(slug, cancellationToken) : null;
        if (addition.Category is not null && category is null)
            return ApiProblems.OfFields(StatusCodes.Status422UnprocessableEntity, ("category", "There is no category of that slug."));
        var added = (await administration.AddAsync(
            new AddSources([addition.Url ?? ""], category?.Id, addition.EvenIfAlike), AuditTrail.NameOf(context.User), cancellationToken))[0];
        switch (added)
        {
            case { Outcome: AddOutcome.Refused, Problem: { } problem }:
                return Refused(problem);
            case { Outcome: AddOutcome.Known or AddOutcome.Alike, SourceId: { } known }:
                return ApiProblems.OfFields(StatusCodes.Status409Conflict, ("url", string.Create(
                    CultureInfo.InvariantCulture, $"Source {known} has this address already, or one that looks the same; evenIfAlike adds what only looks the same.")));
            default:
                var id = added.SourceId!.Value;
                context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{context.Request.PathBase}{ApiEndpoints.Path}/sources/{id}");
                return await ListingAsync(sources, id, cancellationToken) is { } listing
                    ? ApiDocument.Of(SourceDocument.Of(listing), StatusCodes.Status201Created)
                    : None(id);
        }
    }

    private static async Task<IResult> DeleteAsync(
        long id, HttpContext context, ISourceAdminStore store, SourceAdministration administration, TimeProvider time, CancellationToken cancellationToken) =>
        await DetailAsync(store, id, time, cancellationToken) is not null
        && await administration.ApplyAsync(new SourceSelection.Chosen([id]), SourceAction.Delete, null, AuditTrail.NameOf(context.User), cancellationToken) > 0
            ? TypedResults.NoContent()
            : None(id);

    private static async Task<IResult> FindSettingsAsync(long id, ISourceAdminStore store, TimeProvider time, CancellationToken cancellationToken) =>
        await DetailAsync(store, id, time, cancellationToken) is { } detail ? ApiDocument.Of(SourceSettingsDocument.Of(detail)) : None(id);

    private static async Task<IResult> ChangeSettingsAsync(
        long id, HttpContext context, ISourceAdminStore store, ICategoryStore categories, SourceAdministration administration, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (await DetailAsync(store, id, time, cancellationToken) is not { } before) return None(id);
        if (ApiDocument.Of(SourceSettingsDocument.Of(before)).RefuseChange(context.Request) is { } stale) return stale;
        JsonDocument patch;
        try
        {
            patch = await JsonDocument.ParseAsync(context.Request.Body, new JsonDocumentOptions { MaxDepth = MaxPatchDepth }, cancellationToken);
        }
        catch (JsonException)
        {
            return ApiProblems.Of(StatusCodes.Status400BadRequest, "The body is no JSON that can be read.");
        }

        using (patch)
        {
            if (SourcePatch.Unreadable(patch.RootElement) is { } field)
                return ApiProblems.OfFields(StatusCodes.Status400BadRequest, (field, "This is no text: it holds half a character (a lone surrogate), or is not UTF-8."));
            var seen = SourceEdit.Of(before.Source, before.Categories);
            var (edit, problems) = SourcePatch.Apply(patch.RootElement, seen, await categories.ListAsync(cancellationToken));
            if (edit is null) return ApiProblems.OfFields(StatusCodes.Status422UnprocessableEntity, problems);
            // With If-Match: * too: the patch is laid over what was read, and must not take back what somebody else sets meanwhile.
            if (await administration.EditAsync(id, edit, AuditTrail.NameOf(context.User), cancellationToken, seen) is { } problem) return Refused(problem);
        }

        return await DetailAsync(store, id, time, cancellationToken) is { } after ? ApiDocument.Of(SourceSettingsDocument.Of(after)) : None(id);
    }

    private static async Task<SourceDetail?> DetailAsync(ISourceAdminStore store, long id, TimeProvider time, CancellationToken cancellationToken) =>
        await store.FindAsync(id, time.GetUtcNow(), cancellationToken) is { Source.State: not SourceState.Deleted } detail ? detail : null;

    private static IResult Refused(SourceProblem problem) => problem.Field == SourceField.Changed
        ? ApiDocument.ChangedMeanwhile()
        : ApiProblems.OfFields(StatusCodes.Status422UnprocessableEntity, (FieldOf(problem.Field), Text.In(SiteLanguage.English).Of(problem)));

    private static string FieldOf(SourceField field) => field switch
    {
        SourceField.Address or SourceField.AddressLength or SourceField.PrivateAddress or SourceField.AddressMasked or SourceField.AddressTaken => "url",
        SourceField.Title => "title",
        SourceField.Category => "categories",
        SourceField.Zone => "zone",
        SourceField.Language => "language",
        SourceField.Interval => "minIntervalMinutes",
        SourceField.Request => "request",
        SourceField.ProxyMasked => "request.proxy",
        SourceField.Capture => "capture",
        SourceField.Republish => "republish",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "There is no field for this problem."),
    };

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
