using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Resources;
using Aggregator.Server.Stories;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>The stories that changed last, each with its entries, to take one out or to join two. GET only; <see cref="StoryCommands"/> decides.</summary>
internal sealed class StoriesPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/stories";

    /// <summary>Stories on a page.</summary>
    private const int PageSize = 30;

    private static readonly Dictionary<string, Func<Text, string>> Notices = new(StringComparer.Ordinal)
    {
        ["split"] = text => text.DashboardStorySplitDone,
        ["join"] = text => text.DashboardStoryJoined,
    };

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (HttpMethods.IsGet(http.Request.Method)) await ShowAsync(context, problem: null);
        else http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
    }

    /// <summary>Answers with the list.</summary>
    /// <param name="context">The request.</param>
    /// <param name="problem">Why what was asked for is not done, or null.</param>
    public static async Task ShowAsync(DashboardContext context, string? problem)
    {
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        var found = await services.GetRequiredService<IStoryStore>().ListAsync(PageKey.Parse(http.Request.Query["before"]), PageSize + 1, http.RequestAborted);
        var sources = services.GetRequiredService<ISourceStore>();
        var stories = new List<StoryList>();
        foreach (var (story, _) in found.Take(PageSize))
            stories.Add(new StoryList(story.Id, await StoryList.WithSourcesAsync(story.Members, sources, http.RequestAborted)));
        await DashboardMarkup.WriteAsync<StoryDecisions>(
            context, text.DashboardStories,
            new StoryListModel(
                stories,
                found.Count > PageSize ? found[PageSize - 1].Place : null,
                Notices.TryGetValue(http.Request.Query["done"].ToString(), out var notice) ? notice(text) : null,
                problem,
                DashboardRequest.TokenOf(http),
                http.Request.PathBase),
            problem is null ? HttpStatusCode.OK : HttpStatusCode.Conflict);
    }
}
