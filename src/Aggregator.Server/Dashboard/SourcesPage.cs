using System.Globalization;
using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Resources;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Antiforgery;

namespace Aggregator.Server.Dashboard;

/// <summary>The list of sources (GET) and adding one (POST). Hangfire's middleware has refused forged requests before we see them.</summary>
internal sealed class SourcesPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/sources";

    /// <summary>Sources on a page.</summary>
    private const int PageSize = 100;

    /// <summary>The longest address that can be added, in characters.</summary>
    private const int LongestUrl = 2000;

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (HttpMethods.IsPost(http.Request.Method)) await AddAsync(context, http);
        else if (HttpMethods.IsGet(http.Request.Method)) await ShowAsync(context, http, Notice(http), problem: null, entered: null);
        else http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
    }

    /// <summary>Sends the browser back to the list.</summary>
    /// <param name="http">The request.</param>
    /// <param name="done">A key of <see cref="Notices"/>: what was done.</param>
    public static void BackToList(HttpContext http, string done)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = $"{http.Request.PathBase}{Route}?done={done}";
    }

    private static readonly Dictionary<string, Func<Text, string>> Notices = new(StringComparer.Ordinal)
    {
        ["added"] = text => text.DashboardAdded,
        ["known"] = text => text.DashboardKnown,
        ["paused"] = text => text.DashboardPaused,
        ["resumed"] = text => text.DashboardResumed,
        ["refreshing"] = text => text.DashboardRefreshing,
        ["attribution-shown"] = text => text.DashboardAttributionShown,
        ["attribution-hidden"] = text => text.DashboardAttributionHidden,
    };

    private static async Task AddAsync(DashboardContext context, HttpContext http)
    {
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        if (!http.Request.HasFormContentType)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var entered = form["url"].ToString().Trim();
        if (entered.Length is 0 or > LongestUrl || !Uri.TryCreate(entered, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.AbsoluteUri.Length > NewSource.MaxUrlBytes)
        {
            await ShowAsync(context, http, notice: null, text.DashboardNotAnAddress, entered);
            return;
        }

        var categories = await services.GetRequiredService<ICategoryStore>().ListAsync(http.RequestAborted);
        var chosen = form["category"].ToString();
        var category = categories.FirstOrDefault(category => category.Slug == chosen);
        if (category is null && chosen.Length > 0)
        {
            await ShowAsync(context, http, notice: null, text.DashboardNoSuchCategory, entered);
            return;
        }

        var added = await services.GetRequiredService<ISourceStore>().AddAsync(
            new NewSource { Url = url.AbsoluteUri, CategoryIds = category is null ? [] : [category.Id] },
            services.GetRequiredService<TimeProvider>().GetUtcNow(), http.RequestAborted);
        if (added.IsNew) SourceCommands.RefreshSoon(services, added.Id);
        await services.GetRequiredService<AuditTrail>().RecordAsync(
            http.User, added.IsNew ? "source.add" : "source.edit", string.Create(CultureInfo.InvariantCulture, $"source:{added.Id}"),
            before: null, new { Url = url.AbsoluteUri, Category = category?.Slug });
        BackToList(http, added.IsNew ? "added" : "known");
    }

    private static async Task ShowAsync(DashboardContext context, HttpContext http, string? notice, string? problem, string? entered)
    {
        var services = http.RequestServices;
        var after = long.TryParse(http.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : 0;
        var sources = await services.GetRequiredService<ISourceStore>().ListAsync(after, PageSize + 1, http.RequestAborted);
        var page = sources.Take(PageSize).ToList();
        var token = services.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http);
        var text = services.GetRequiredService<PageContext>().Text;
        await DashboardMarkup.WriteAsync<SourceList>(context, text.DashboardSources, new SourceListModel(
            page,
            sources.Count > PageSize ? page[^1].Source.Id : null,
            await services.GetRequiredService<ICategoryStore>().ListAsync(http.RequestAborted),
            notice, problem, entered, token.FormFieldName, token.RequestToken!,
            http.Request.PathBase,
            services.GetRequiredService<TimeProvider>().GetUtcNow()),
            problem is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
    }

    private static string? Notice(HttpContext http) =>
        Notices.TryGetValue(http.Request.Query["done"].ToString(), out var notice)
            ? notice(http.RequestServices.GetRequiredService<PageContext>().Text)
            : null;
}
