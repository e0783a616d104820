using System.Globalization;
using System.Net;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Categories;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Resources;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>The list of categories (GET) and making one (POST).</summary>
internal sealed class CategoriesPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/categories";

    private static readonly Dictionary<string, Func<Text, string>> Notices = new(StringComparer.Ordinal)
    {
        ["deleted"] = static text => text.CategoryDeleted,
    };

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (HttpMethods.IsPost(http.Request.Method)) await CreateAsync(context, http);
        else if (HttpMethods.IsGet(http.Request.Method)) await ShowAsync(context, http, new CategoryDraft("", "", "", LanguageOf(http), "", ShowAttribution: true), []);
        else http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
    }

    /// <summary>The page of a category.</summary>
    public static string PathOf(long categoryId) => string.Create(CultureInfo.InvariantCulture, $"{Route}/{categoryId}");

    /// <summary>A category as a form has it.</summary>
    public static CategoryDraft DraftOf(IFormCollection form) => new(
        form["title"].ToString(), form["slug"].ToString(), form["description"].ToString(), form["language"].ToString(), form["position"].ToString(),
        form["attribution"].ToString() == "show", form.ContainsKey("republish") ? form["republish"].ToString() : null);

    /// <summary>A category as its form shows it.</summary>
    public static CategoryDraft DraftOf(Category category) => new(
        category.Title, category.Slug, category.Description ?? "", category.Language, category.Position.ToString(CultureInfo.InvariantCulture), category.ShowAttribution,
        category.Republish?.Name() ?? "");

    private static async Task CreateAsync(DashboardContext context, HttpContext http)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var draft = DraftOf(form);
        var (category, problems) = await http.RequestServices.GetRequiredService<CategoryAdmin>().CreateAsync(draft, context.Admin(), http.RequestAborted);
        if (category is null) await ShowAsync(context, http, draft, problems);
        else DashboardRequest.SeeOther(http, PathOf(category.Id) + "?done=created");
    }

    private static async Task ShowAsync(DashboardContext context, HttpContext http, CategoryDraft draft, IReadOnlyList<CategoryProblem> problems)
    {
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        var categories = services.GetRequiredService<ICategoryStore>();
        await DashboardMarkup.WriteAsync<CategoryList>(
            context, text.Categories,
            new CategoryListModel(
                await categories.ListAsync(http.RequestAborted), await categories.CountSourcesAsync(http.RequestAborted), draft, problems,
                Notices.TryGetValue(http.Request.Query["done"].ToString(), out var notice) ? notice(text) : null,
                DashboardRequest.TokenOf(http), http.Request.PathBase),
            problems.Count == 0 ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
    }

    private static string LanguageOf(HttpContext http) => http.RequestServices.GetRequiredService<PageContext>().Language.Code;
}
