using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Api;

/// <summary>Reading the entries.</summary>
internal static class EntryEndpoints
{
    public static void MapEntries(this IEndpointRouteBuilder api)
    {
        api.MapGet("/entries", ListAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("The entries of everything, of a category (by slug) or of a source (by number), newest first, without their bodies.")
            .Produces<ApiPage<EntryDocument>>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/entries/{id:long}", FindAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("One entry with its body.").Produces<EntryDocument>().Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status410Gone).ProducesProblem(StatusCodes.Status451UnavailableForLegalReasons);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, IEntryStore entries, ICategoryStore categories, ISourceStore sources,
        string? category, long? source, string? before, int? limit, CancellationToken cancellationToken)
    {
        var size = limit ?? ApiPage<EntryDocument>.DefaultLimit;
        if (Paging.Refuse(size) is { } refused) return refused;
        var place = PageKey.Parse(before);
        if (before is not null && place is null)
            return ApiProblems.OfFields(StatusCodes.Status400BadRequest, ("before", "This is no place in the list: take the address that the page before names."));

        var (topic, filter) = (Topic.Everything, "");
        if (category is not null && source is not null)
            return ApiProblems.OfFields(StatusCodes.Status400BadRequest, ("category", "Ask for a category or for a source, not for both."));
        if (category is not null)
        {
            if (await categories.FindAsync(category, cancellationToken) is not { } found) return ApiProblems.NotFound("There is no category of that slug.");
            (topic, filter) = (Topic.Category(found.Id), "&category=" + found.Slug);
        }
        else if (source is { } number)
        {
            if (await sources.FindAsync(number, cancellationToken) is null) return ApiProblems.NotFound(string.Create(CultureInfo.InvariantCulture, $"There is no source {number}."));
            (topic, filter) = (Topic.Source(number), string.Create(CultureInfo.InvariantCulture, $"&source={number}"));
        }

        var list = await entries.ListAsync(new EntryQuery { Topic = topic, Before = place, Limit = size + 1 }, cancellationToken);
        var page = list.Take(size).ToArray();
        return Paging.Answer(
            context, page.Select(EntryDocument.Of).ToArray(),
            list.Count > size ? string.Create(CultureInfo.InvariantCulture, $"/entries?before={new PageKey(page[^1].SortAt, page[^1].Id)}{filter}&limit={size}") : null);
    }

    private static async Task<IResult> FindAsync(long id, IEntryStore entries, ITakedownStore takedowns, CancellationToken cancellationToken)
    {
        if (await takedowns.FindTombstoneAsync(id, cancellationToken) is { } tombstone)
        {
            return tombstone.IsLegal
                ? ApiProblems.Of(StatusCodes.Status451UnavailableForLegalReasons, "This entry was taken down for legal reasons.")
                : ApiProblems.Of(StatusCodes.Status410Gone, "This entry was taken down.");
        }

        return await entries.FindAsync(id, cancellationToken) is { } entry
            ? ApiDocument.Of(EntryDocument.Of(entry))
            : ApiProblems.NotFound(string.Create(CultureInfo.InvariantCulture, $"There is no entry {id}."));
    }
}
