using System.Globalization;
using System.Net;
using Aggregator.Core.Capturing;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Resources;
using Aggregator.Server.Sources;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>The page of one source: its health, its schedule, its settings. GET only; <see cref="SourceCommands"/> changes it.</summary>
internal sealed class OneSourcePage : IDashboardDispatcher
{
    /// <summary>Its places under the dashboard.</summary>
    public const string Route = "/sources/(?<source>[0-9]{1,18})";

    /// <summary>How many of its entries the page shows.</summary>
    private const int NewestEntries = 10;

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (!HttpMethods.IsGet(http.Request.Method)) http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        else if (await FindAsync(context) is not { } detail) http.Response.StatusCode = StatusCodes.Status404NotFound;
        else await ShowAsync(context, detail, null, Notice(http, detail), problem: null);
    }

    /// <summary>The source that the address names, or null.</summary>
    public static Task<SourceDetail?> FindAsync(DashboardContext context)
    {
        var http = context.GetHttpContext();
        return http.RequestServices.GetRequiredService<ISourceAdminStore>()
            .FindAsync(context.NumberOf("source"), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), http.RequestAborted);
    }

    /// <summary>Sends the browser to a source's page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="id">The source.</param>
    /// <param name="done">What was done.</param>
    public static void BackTo(HttpContext http, long id, string done) =>
        DashboardRequest.SeeOther(http, string.Create(CultureInfo.InvariantCulture, $"/sources/{id}?done={done}"));

    /// <summary>Answers with the page.</summary>
    public static async Task ShowAsync(DashboardContext context, SourceDetail detail, SourcePreview? preview, string? notice, string? problem, CapturePolicy? capture = null, PageReading? page = null)
    {
        var http = context.GetHttpContext();
        var newest = await http.RequestServices.GetRequiredService<IEntryArchive>().ListAsync(
            new EntryQuery { Topic = Topic.Source(detail.Source.Id), Limit = NewestEntries }, http.RequestAborted);
        await DashboardMarkup.WriteAsync<OneSource>(
            context, detail.Source.DisplayTitle,
            new OneSourceModel(
                detail, await http.RequestServices.GetRequiredService<ICategoryStore>().ListAsync(http.RequestAborted), preview, notice, problem,
                DashboardFrame.Of(context))
            {
                Capture = capture ?? detail.Source.Capture,
                Page = page,
                Newest = [.. newest.Select(entry => (entry, RepublishRule.LevelOf(detail.Source.Level, entry.Entry.Wishes)))],
            },
            problem is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
    }

    private static string? Notice(HttpContext http, SourceDetail detail)
    {
        var text = http.RequestServices.GetRequiredService<PageContext>().Text;
        return http.Request.Query["done"].ToString() switch
        {
            "saved" => text.SourceSaved,
            "paused" => text.SourcePaused,
            "resumed" => text.DashboardResumed,
            "restored" => text.SourceRestored,
            "waits" => text.SourceRefreshWaits,
            "refreshed" => Outcome(detail.Fetches is [var newest, ..] ? newest : null, text),
            _ => null,
        };
    }

    // A failure stands in the page in words of its own.
    private static string? Outcome(FetchRecord? fetch, Text text) => fetch switch
    {
        null or { Kind: FetchRecordKind.Failed } => null,
        { Added: 0, Changed: 0 } => text.SourceRefreshSame,
        _ => text.SourceRefreshed(fetch.Added, fetch.Changed),
    };
}
