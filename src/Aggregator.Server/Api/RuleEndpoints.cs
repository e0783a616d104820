using Aggregator.Server.Routing;

namespace Aggregator.Server.Api;

/// <summary>The addresses of the rules of categories and sources; <see cref="RuleRequests"/> answers.</summary>
internal static class RuleEndpoints
{
    private const string OfCategory = "/categories/{slug}/rules";
    private const string OfSource = "/sources/{id:long}/rules";
    private const string Order = "/order";
    private const string Test = "/test";
    private const string One = "/{place:int}";

    public static void MapRules(this IEndpointRouteBuilder api)
    {
        Reads<RulesDocument>(api.MapGet(OfCategory, static (string slug, RuleRequests rules, CancellationToken ct) => rules.ReadAsync(rules.OfAsync(slug, ct), ct)), "All rules of a category, in their order.");
        Reads<RulesDocument>(api.MapGet(OfSource, static (long id, RuleRequests rules, CancellationToken ct) => rules.ReadAsync(rules.OfAsync(id, ct), ct)), "All rules of a source, in their order.");
        Reads<RulesDocument.RuleDocument>(api.MapGet(OfCategory + One, static (string slug, int place, RuleRequests rules, CancellationToken ct) => rules.ReadOneAsync(rules.OfAsync(slug, ct), place, ct)), "One rule of a category, by its place from 1.");
        Reads<RulesDocument.RuleDocument>(api.MapGet(OfSource + One, static (long id, int place, RuleRequests rules, CancellationToken ct) => rules.ReadOneAsync(rules.OfAsync(id, ct), place, ct)), "One rule of a source, by its place from 1.");

        var trial = $"What rules would do with the newest {RuleAdmin.TrialEntries} entries; nothing is changed. Without a text: those that there are.";
        Reads<RuleTrialDocument>(api.MapPost(OfCategory + Test, static (string slug, RulesChange change, RuleRequests rules, CancellationToken ct) => rules.TestAsync(rules.OfAsync(slug, ct), change, ct)), trial)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        Reads<RuleTrialDocument>(api.MapPost(OfSource + Test, static (long id, RulesChange change, RuleRequests rules, CancellationToken ct) => rules.TestAsync(rules.OfAsync(id, ct), change, ct)), trial)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        Writes(api.MapPut(OfCategory, static (string slug, RulesChange change, HttpContext http, RuleRequests rules) => rules.WriteAsync(http, rules.OfAsync(slug, http.RequestAborted), change)), "Writes all rules of a category.");
        Writes(api.MapPut(OfSource, static (long id, RulesChange change, HttpContext http, RuleRequests rules) => rules.WriteAsync(http, rules.OfAsync(id, http.RequestAborted), change)), "Writes all rules of a source.");
        Writes(api.MapPost(OfCategory, static (string slug, RuleChange change, HttpContext http, RuleRequests rules) => rules.AddAsync(http, rules.OfAsync(slug, http.RequestAborted), change)), "Adds a rule to those of a category.");
        Writes(api.MapPost(OfSource, static (long id, RuleChange change, HttpContext http, RuleRequests rules) => rules.AddAsync(http, rules.OfAsync(id, http.RequestAborted), change)), "Adds a rule to those of a source.");
        Writes(api.MapPost(OfCategory + Order, static (string slug, RuleOrder order, HttpContext http, RuleRequests rules) => rules.OrderAsync(http, rules.OfAsync(slug, http.RequestAborted), order)), "Puts the rules of a category into another order.");
        Writes(api.MapPost(OfSource + Order, static (long id, RuleOrder order, HttpContext http, RuleRequests rules) => rules.OrderAsync(http, rules.OfAsync(id, http.RequestAborted), order)), "Puts the rules of a source into another order.");
        Writes(api.MapPut(OfCategory + One, static (string slug, int place, RuleChange change, HttpContext http, RuleRequests rules) => rules.ReplaceAsync(http, rules.OfAsync(slug, http.RequestAborted), place, change)), "Writes one rule of a category anew.");
        Writes(api.MapPut(OfSource + One, static (long id, int place, RuleChange change, HttpContext http, RuleRequests rules) => rules.ReplaceAsync(http, rules.OfAsync(id, http.RequestAborted), place, change)), "Writes one rule of a source anew.");
        Writes(api.MapDelete(OfCategory + One, static (string slug, int place, HttpContext http, RuleRequests rules) => rules.RemoveAsync(http, rules.OfAsync(slug, http.RequestAborted), place)), "Takes one rule of a category away.");
        Writes(api.MapDelete(OfSource + One, static (long id, int place, HttpContext http, RuleRequests rules) => rules.RemoveAsync(http, rules.OfAsync(id, http.RequestAborted), place)), "Takes one rule of a source away.");
    }

    private static RouteHandlerBuilder Reads<TDocument>(RouteHandlerBuilder route, string summary) =>
        route.RequireAuthorization(ApiPolicies.Read).WithSummary(summary).Produces<TDocument>().Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static void Writes(RouteHandlerBuilder route, string summary) => route
        .RequireAuthorization(ApiPolicies.Write).WithSummary(summary + " If-Match has to name the ETag that all of them were answered with.")
        .Produces<RulesDocument>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status428PreconditionRequired);
}
