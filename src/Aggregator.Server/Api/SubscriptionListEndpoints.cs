using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Resources;
using Aggregator.Server.Subscriptions;
using Hangfire;
using Microsoft.AspNetCore.Mvc;

namespace Aggregator.Server.Api;

/// <summary>Subscription lists: writing ours without its secrets, taking another.</summary>
internal static class SubscriptionListEndpoints
{
    private const string MediaType = "text/x-opml";

    public static void MapSubscriptionLists(this IEndpointRouteBuilder api)
    {
        api.MapGet("/opml", ExportAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("The subscription list (OPML 2.0) of everything or of a category, without passwords and other secrets.")
            .Produces<string>(StatusCodes.Status200OK, MediaType).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/opml", ImportAsync).RequireAuthorization(ApiPolicies.Write)
            .WithMetadata(new RequestSizeLimitAttribute(SubscriptionImport.MaxBytes))
            .WithSummary("Takes a subscription list and imports it in the background; Location says where to look how far it is.")
            .Accepts<Stream>(MediaType, "application/xml", "text/xml", "application/octet-stream")
            .Produces<ImportDocument>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapGet("/imports/{id:long}", FindAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("How far an import is, and what came of it.").Produces<ImportDocument>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ExportAsync(
        HttpContext context, SubscriptionExport export, AuditTrail audit, string? category, CancellationToken cancellationToken)
    {
        if (await export.CreateAsync(new ExportRequest(category), cancellationToken) is not { } list) return ApiProblems.NotFound("There is no category of that slug.");
        await audit.RecordAsync(context.User, "opml.export", "export:" + (category ?? "everything"), after: new { list.Sources });
        return TypedResults.Bytes(list.Document, MediaType + "; charset=utf-8");
    }

    private static async Task<IResult> ImportAsync(
        HttpContext context, ISubscriptionImportStore imports, IBackgroundJobClient jobs, TimeProvider time, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, cancellationToken);
        var body = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        if (body.IsEmpty) return ApiProblems.Of(StatusCodes.Status422UnprocessableEntity, Text.In(SiteLanguage.English).ImportNothing);
        if (SubscriptionImport.Judge(body.Span) is { } refused) return ApiProblems.Of(StatusCodes.Status422UnprocessableEntity, Text.In(SiteLanguage.English).Of(refused));

        var id = await imports.AddAsync("API", body, time.GetUtcNow(), cancellationToken);
        var admin = AuditTrail.NameOf(context.User);
        jobs.Enqueue<ImportJob>(job => job.RunAsync(id, admin, CancellationToken.None));
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{context.Request.PathBase}{ApiEndpoints.Path}/imports/{id}");
        return await imports.FindAsync(id, cancellationToken) is { } state
            ? ApiDocument.Of(ImportDocument.Of(state), StatusCodes.Status202Accepted)
            : TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> FindAsync(long id, ISubscriptionImportStore imports, CancellationToken cancellationToken) =>
        await imports.FindAsync(id, cancellationToken) is { } state
            ? ApiDocument.Of(ImportDocument.Of(state))
            : ApiProblems.NotFound("There is no such import; only the last are remembered.");
}
