using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Microsoft.AspNetCore.Authorization;

namespace Aggregator.Server.Api;

/// <summary>Reading the entries.</summary>
internal static class EntryEndpoints
{
    public static void MapEntries(this IEndpointRouteBuilder api)
    {
        api.MapGet("/entries", ListAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("The entries of everything, of a category (by slug) or of a source (by number), newest first, without their bodies; what strangers may see of them, or with stored=true, for the scope write, all that is stored.")
            .Produces<ApiPage<EntryDocument>>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/entries/{id:long}", FindAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("One entry with its body, as strangers may see it; with stored=true, for the scope write, as it is stored.").Produces<EntryDocument>().Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status410Gone).ProducesProblem(StatusCodes.Status451UnavailableForLegalReasons);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, IEntryStore entries, IEntryArchive archive, ICategoryStore categories, ISourceStore sources, IAuthorizationService authorization,
        string? category, long? source, string? before, int? limit, bool? stored, CancellationToken cancellationToken)
    {
        if (stored is true && !await MaySeeStoredAsync(context, authorization)) return NotForThisKey();
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

        var query = new EntryQuery { Topic = topic, Before = place, Limit = size + 1 };
        var list = stored is true ? await archive.ListAsync(query, cancellationToken) : await entries.ListAsync(query, cancellationToken);
        var page = list.Take(size).ToArray();
        var documents = stored is true ? await StoredAsync(page, sources, cancellationToken) : [.. page.Select(EntryDocument.Of)];
        if (stored is true) filter += "&stored=true";
        return Paging.Answer(
            context, documents,
            list.Count > size ? string.Create(CultureInfo.InvariantCulture, $"/entries?before={new PageKey(page[^1].SortAt, page[^1].Id)}{filter}&limit={size}") : null);
    }

    private static async Task<IResult> FindAsync(
        HttpContext context, long id, IEntryStore entries, IEntryArchive archive, ISourceStore sources, ITakedownStore takedowns, IAuthorizationService authorization,
        bool? stored, CancellationToken cancellationToken)
    {
        if (stored is true && !await MaySeeStoredAsync(context, authorization)) return NotForThisKey();
        if (await takedowns.FindTombstoneAsync(id, cancellationToken) is { } tombstone)
        {
            return tombstone.IsLegal
                ? ApiProblems.Of(StatusCodes.Status451UnavailableForLegalReasons, "This entry was taken down for legal reasons.")
                : ApiProblems.Of(StatusCodes.Status410Gone, "This entry was taken down.");
        }

        if (stored is true)
        {
            return await archive.FindAsync(id, cancellationToken) is { } kept && await StoredAsync([kept], sources, cancellationToken) is [var document]
                ? ApiDocument.Of(document)
                : None(id);
        }

        return await entries.FindAsync(id, cancellationToken) is { } entry ? ApiDocument.Of(EntryDocument.Of(entry)) : None(id);
    }

    // Programs with a key for reading show others what they read; all that is stored is for those who may change what is shown.
    private static async Task<bool> MaySeeStoredAsync(HttpContext context, IAuthorizationService authorization) =>
        (await authorization.AuthorizeAsync(context.User, ApiPolicies.Write)).Succeeded;

    private static IResult NotForThisKey() =>
        ApiProblems.Of(StatusCodes.Status403Forbidden, "What is stored beyond what strangers may see (stored=true) is for keys with the scope write.");

    private static async Task<EntryDocument[]> StoredAsync(IReadOnlyList<StoredEntry> entries, ISourceStore sources, CancellationToken cancellationToken)
    {
        var found = (await sources.FindManyAsync([.. entries.Select(entry => entry.SourceId).Distinct()], cancellationToken)).ToDictionary(source => source.Id);
        // A source that is gone between two questions has taken its entries along.
        return [.. entries.Where(entry => found.ContainsKey(entry.SourceId)).Select(entry => EntryDocument.Of(entry, found[entry.SourceId]))];
    }

    private static IResult None(long id) => ApiProblems.NotFound(string.Create(CultureInfo.InvariantCulture, $"There is no entry {id}."));
}
