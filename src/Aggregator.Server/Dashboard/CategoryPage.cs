using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Categories;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Resources;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>One category (GET) and changing it (POST), or deleting it once that was confirmed (POST to <c>…/delete</c>).</summary>
internal sealed class CategoryPage : IDashboardDispatcher
{
    /// <summary>Its places under the dashboard.</summary>
    public const string Route = CategoriesPage.Route + "/(?<category>[0-9]{1,18})(?<delete>/delete)?";

    private static readonly Dictionary<string, Func<Text, string>> Notices = new(StringComparer.Ordinal)
    {
        ["created"] = static text => text.CategoryCreated,
        ["saved"] = static text => text.CategorySaved,
    };

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        var id = context.NumberOf("category");
        var deletes = context.UriMatch.Groups["delete"].Success;
        if (HttpMethods.IsPost(http.Request.Method) && deletes) await DeleteAsync(context, http, id);
        else if (HttpMethods.IsPost(http.Request.Method)) await UpdateAsync(context, http, id);
        else if (HttpMethods.IsGet(http.Request.Method)) await ShowAsync(context, http, id, deletes, draft: null, []);
        else http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
    }

    private static async Task UpdateAsync(DashboardContext context, HttpContext http, long id)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var draft = CategoriesPage.DraftOf(form);
        var (category, problems) = await http.RequestServices.GetRequiredService<CategoryAdmin>().UpdateAsync(id, draft, context.Admin(), http.RequestAborted);
        if (category is null) await ShowAsync(context, http, id, deletes: false, draft, problems);
        else DashboardRequest.SeeOther(http, CategoriesPage.PathOf(id) + "?done=saved");
    }

    private static async Task DeleteAsync(DashboardContext context, HttpContext http, long id)
    {
        if (await http.RequestServices.GetRequiredService<CategoryAdmin>().DeleteAsync(id, context.Admin(), http.RequestAborted) == CategoryUpdate.Done)
            DashboardRequest.SeeOther(http, CategoriesPage.Route + "?done=deleted");
        else
            http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task ShowAsync(
        DashboardContext context, HttpContext http, long id, bool deletes, CategoryDraft? draft, IReadOnlyList<CategoryProblem> problems)
    {
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        var categories = services.GetRequiredService<ICategoryStore>();
        if (await categories.FindAsync(id, http.RequestAborted) is not { } category)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var model = new CategoryEditorModel(
            category,
            [.. (await categories.OldSlugsAsync(http.RequestAborted))[id]],
            (await categories.CountSourcesAsync(http.RequestAborted)).GetValueOrDefault(id),
            draft ?? CategoriesPage.DraftOf(category),
            problems,
            Notices.TryGetValue(http.Request.Query["done"].ToString(), out var notice) ? notice(text) : null,
            DashboardRequest.TokenOf(http), http.Request.PathBase);
        var status = problems.Count == 0 ? HttpStatusCode.OK : HttpStatusCode.BadRequest;
        if (deletes) await DashboardMarkup.WriteAsync<CategoryDeletion>(context, text.CategoryDelete, model, status);
        else await DashboardMarkup.WriteAsync<CategoryEditor>(context, category.Title, model, status);
    }
}
