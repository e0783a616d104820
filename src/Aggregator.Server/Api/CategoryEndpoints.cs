using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Categories;
using Aggregator.Server.Resources;

namespace Aggregator.Server.Api;

/// <summary>The categories: seeing and changing them, with what the dashboard changes them with.</summary>
internal static class CategoryEndpoints
{
    public static void MapCategories(this IEndpointRouteBuilder api)
    {
        api.MapGet("/categories", ListAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("All categories in the order of lists.").Produces<ApiPage<CategoryDocument>>().Produces(StatusCodes.Status304NotModified);
        api.MapGet("/categories/{slug}", FindAsync).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("One category.").Produces<CategoryDocument>().Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/categories", CreateAsync).RequireAuthorization(ApiPolicies.Write)
            .WithSummary("Adds a category.").Produces<CategoryDocument>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapPut("/categories/{slug}", UpdateAsync).RequireAuthorization(ApiPolicies.Write)
            .WithSummary("Changes a category; a slug that it gives up goes on leading to it. If-Match has to name its ETag.")
            .Produces<CategoryDocument>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status428PreconditionRequired);
        api.MapDelete("/categories/{slug}", DeleteAsync).RequireAuthorization(ApiPolicies.Write)
            .WithSummary("Deletes a category; its sources and entries stay. If-Match has to name its ETag.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ICategoryStore categories, CancellationToken cancellationToken) =>
        Paging.Answer(context, (await categories.ListAsync(cancellationToken)).Select(CategoryDocument.Of).ToArray(), next: null);

    private static async Task<IResult> FindAsync(string slug, ICategoryStore categories, CancellationToken cancellationToken) =>
        await categories.FindAsync(slug, cancellationToken) is { } category ? ApiDocument.Of(CategoryDocument.Of(category)) : None();

    private static async Task<IResult> CreateAsync(CategoryChange change, HttpContext context, CategoryAdmin admin, CancellationToken cancellationToken)
    {
        var (category, problems) = await admin.CreateAsync(change.ToDraft(), AuditTrail.NameOf(context.User), cancellationToken);
        if (category is null) return Refused(problems);
        context.Response.Headers.Location = context.Request.PathBase + ApiEndpoints.Path + "/categories/" + category.Slug;
        return ApiDocument.Of(CategoryDocument.Of(category), StatusCodes.Status201Created);
    }

    private static async Task<IResult> UpdateAsync(
        string slug, CategoryChange change, HttpContext context, ICategoryStore categories, CategoryAdmin admin, CancellationToken cancellationToken)
    {
        if (await categories.FindAsync(slug, cancellationToken) is not { } before) return None();
        if (ApiDocument.Of(CategoryDocument.Of(before)).RefuseChange(context.Request) is { } refused) return refused;
        var (category, problems) = await admin.UpdateAsync(
            before.Id, change.ToDraft(), AuditTrail.NameOf(context.User), cancellationToken, ApiDocument.MeansAny(context.Request) ? null : before);
        return category is null ? Refused(problems) : ApiDocument.Of(CategoryDocument.Of(category));
    }

    private static async Task<IResult> DeleteAsync(
        string slug, HttpContext context, ICategoryStore categories, CategoryAdmin admin, CancellationToken cancellationToken)
    {
        if (await categories.FindAsync(slug, cancellationToken) is not { } before) return None();
        if (ApiDocument.Of(CategoryDocument.Of(before)).RefuseChange(context.Request) is { } refused) return refused;
        return await admin.DeleteAsync(before.Id, AuditTrail.NameOf(context.User), cancellationToken, ApiDocument.MeansAny(context.Request) ? null : before) switch
        {
            CategoryUpdate.Done => TypedResults.NoContent(),
            CategoryUpdate.Changed => ApiDocument.ChangedMeanwhile(),
            _ => None(),
        };
    }

    private static IResult Refused(IReadOnlyList<CategoryProblem> problems) => problems.Contains(CategoryProblem.Gone) ? None()
        : problems.Contains(CategoryProblem.Changed) ? ApiDocument.ChangedMeanwhile()
        : ApiProblems.OfFields(
            StatusCodes.Status422UnprocessableEntity, problems.Select(static problem => (FieldOf(problem), Text.In(SiteLanguage.English).Of(problem))));

    private static string FieldOf(CategoryProblem problem) => problem switch
    {
        CategoryProblem.Title => "title",
        CategoryProblem.Slug or CategoryProblem.SlugTaken => "slug",
        CategoryProblem.Description => "description",
        CategoryProblem.Language => "language",
        CategoryProblem.Position => "position",
        CategoryProblem.Republish => "republish",
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "There is no field for this problem."),
    };

    private static IResult None() => ApiProblems.NotFound("There is no category of that slug.");
}
