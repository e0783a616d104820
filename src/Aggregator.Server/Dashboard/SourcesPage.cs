using System.Globalization;
using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Resources;
using Aggregator.Server.Sources;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>The list of sources (GET) and adding one (POST).</summary>
internal sealed class SourcesPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/sources";

    /// <summary>Sources on a page.</summary>
    private const int PageSize = 100;

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (HttpMethods.IsPost(http.Request.Method)) await AddAsync(context, http);
        else if (HttpMethods.IsGet(http.Request.Method)) await ShowAsync(context, problem: null, entered: null);
        else http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
    }

    /// <summary>Sends the browser back to the list.</summary>
    /// <param name="http">The request.</param>
    /// <param name="done">What was done: a key of the notices.</param>
    public static void BackToList(HttpContext http, string done) => DashboardRequest.SeeOther(http, $"{Route}?done={done}");

    /// <summary>Sends the browser to the list as a filter shows it.</summary>
    public static void BackToList(HttpContext http, SourceFilter filter, string done, int count, long? undo = null)
    {
        var number = count.ToString(CultureInfo.InvariantCulture);
        (string, string)[] others = undo is { } id
            ? [("done", done), ("count", number), ("undo", id.ToString(CultureInfo.InvariantCulture))]
            : [("done", done), ("count", number)];
        DashboardRequest.SeeOther(http, Route + SourceListAddress.Of(filter, SourceOrder.Title, null, others));
    }

    /// <summary>Answers with the list.</summary>
    /// <param name="context">The request.</param>
    /// <param name="problem">Why what was asked for is not done, or null.</param>
    /// <param name="entered">The address that was refused, or null.</param>
    public static async Task ShowAsync(DashboardContext context, string? problem, string? entered)
    {
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        var store = services.GetRequiredService<ISourceAdminStore>();
        var frame = DashboardFrame.Of(context);
        var query = SourceListAddress.Read(name => http.Request.Query[name], PageSize);
        var sources = await store.ListAsync(query with { Limit = PageSize + 1 }, frame.Now, http.RequestAborted);
        await DashboardMarkup.WriteAsync<SourceList>(context, text.DashboardSources, new SourceListModel(
            [.. sources.Take(PageSize)],
            query,
            sources.Count > PageSize ? sources[PageSize - 1].Key : null,
            await store.CountAsync(query.Filter, frame.Now, http.RequestAborted),
            await services.GetRequiredService<ICategoryStore>().ListAsync(http.RequestAborted),
            Notice(http.Request.Query, text),
            long.TryParse(http.Request.Query["undo"], NumberStyles.None, CultureInfo.InvariantCulture, out var undo) ? undo : null,
            problem, entered, frame),
            problem is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
    }

    private static async Task AddAsync(DashboardContext context, HttpContext http)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        var entered = form["url"].ToString().Trim();
        var categories = await services.GetRequiredService<ICategoryStore>().ListAsync(http.RequestAborted);
        var chosen = form["category"].ToString();
        var category = categories.FirstOrDefault(category => category.Slug == chosen);
        if (category is null && chosen.Length > 0)
        {
            await ShowAsync(context, text.DashboardNoSuchCategory, entered);
            return;
        }

        var report = await services.GetRequiredService<SourceAdministration>().AddAsync(
            new AddSources([entered], category?.Id), context.Admin(), http.RequestAborted);
        switch (report[0])
        {
            case { Outcome: AddOutcome.Refused, Problem: { } problem }:
                await ShowAsync(context, text.Of(problem), ShownAddress.Of(entered));
                break;
            case { Outcome: AddOutcome.Alike, Title: { } title }:
                await ShowAsync(context, text.AddAlike(title), ShownAddress.Of(entered));
                break;
            case { Outcome: var outcome }:
                BackToList(http, outcome == AddOutcome.Known ? "known" : "added");
                break;
        }
    }

    private static string? Notice(IQueryCollection query, Text text)
    {
        _ = int.TryParse(query["count"], NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        return query["done"].ToString() switch
        {
            "added" => text.DashboardAdded,
            "known" => text.DashboardKnown,
            "paused" => text.DashboardPaused,
            "resumed" => text.DashboardResumed,
            "attribution-shown" => text.DashboardAttributionShown,
            "attribution-hidden" => text.DashboardAttributionHidden,
            "refresh" => text.SourcesDidRefresh(count),
            "pause" => text.SourcesDidPause(count),
            "resume" => text.SourcesDidResume(count),
            "move" => text.SourcesDidMove(count),
            "delete" => text.SourcesDidDelete(count),
            "restore" => text.SourcesDidRestore(count),
            _ => null,
        };
    }
}
