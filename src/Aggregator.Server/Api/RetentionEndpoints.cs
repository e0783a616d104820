using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Retention;

namespace Aggregator.Server.Api;

/// <summary>How long what is of sources and categories is kept: seeing and setting it, with what the dashboard sets it with.</summary>
internal static class RetentionEndpoints
{
    public static void MapRetention(this IEndpointRouteBuilder api)
    {
        Describe(
            api.MapGet("/categories/{slug}/retention", async (string slug, ICategoryStore categories, RetentionAdmin admin, CancellationToken cancellationToken) =>
                await ReadAsync(await OfAsync(slug, categories, cancellationToken), admin, cancellationToken)),
            api.MapPut("/categories/{slug}/retention", async (string slug, RetentionDocument change, HttpContext http, ICategoryStore categories, RetentionAdmin admin, CancellationToken cancellationToken) =>
                await WriteAsync(await OfAsync(slug, categories, cancellationToken), change, http, admin, cancellationToken)),
            "category");
        Describe(
            api.MapGet("/sources/{id:long}/retention", (long id, RetentionAdmin admin, CancellationToken cancellationToken) => ReadAsync(Topic.Source(id), admin, cancellationToken)),
            api.MapPut("/sources/{id:long}/retention", (long id, RetentionDocument change, HttpContext http, RetentionAdmin admin, CancellationToken cancellationToken) =>
                WriteAsync(Topic.Source(id), change, http, admin, cancellationToken)),
            "source");
    }

    private static void Describe(RouteHandlerBuilder reading, RouteHandlerBuilder writing, string kind)
    {
        reading.RequireAuthorization(ApiPolicies.Read)
            .WithSummary($"How long what is of a {kind} is kept, as far as an admin set it.")
            .Produces<RetentionDocument>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound);
        writing.RequireAuthorization(ApiPolicies.Write)
            .WithSummary($"Sets how long what is of a {kind} is kept; null leaves it to others. If-Match has to name its ETag.")
            .Produces<RetentionDocument>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status428PreconditionRequired);
    }

    private static async Task<Topic?> OfAsync(string slug, ICategoryStore categories, CancellationToken cancellationToken) =>
        await categories.FindAsync(slug, cancellationToken) is { } category ? Topic.Category(category.Id) : null;

    private static async Task<IResult> ReadAsync(Topic? topic, RetentionAdmin admin, CancellationToken cancellationToken) =>
        topic is not null && await admin.FindAsync(topic, cancellationToken) is { } state ? ApiDocument.Of(RetentionDocument.Of(state.Own)) : None();

    private static async Task<IResult> WriteAsync(Topic? topic, RetentionDocument change, HttpContext http, RetentionAdmin admin, CancellationToken cancellationToken)
    {
        if (topic is null || await admin.FindAsync(topic, cancellationToken) is not { } state) return None();
        if (ApiDocument.Of(RetentionDocument.Of(state.Own)).RefuseChange(http.Request) is { } stale) return stale;
        var wanted = change.ToSettings();
        if (new RetentionSettings(wanted.Entries).Problem() is { } ofEntries) return Refused("entries", ofEntries);
        if (wanted.Problem() is { } ofVersions) return Refused("versions", ofVersions);
        return await admin.SetAsync(topic, wanted, AuditTrail.NameOf(http.User), cancellationToken, ApiDocument.MeansAny(http.Request) ? null : state.Own) switch
        {
            RetentionUpdate.Done => ApiDocument.Of(RetentionDocument.Of(wanted)),
            RetentionUpdate.Changed => ApiDocument.ChangedMeanwhile(),
            _ => None(),
        };
    }

    private static IResult Refused(string field, string sentence) => ApiProblems.OfFields(StatusCodes.Status422UnprocessableEntity, (field, sentence));

    private static IResult None() => ApiProblems.NotFound("There is no such category or source.");
}
