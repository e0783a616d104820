using System.Globalization;
using System.Net;
using Aggregator.Core.Hub;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Resources;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>Who has subscribed at our hub, and how it goes. GET only; <see cref="HubCommands"/> ends and retries.</summary>
internal sealed class HubPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/hub";

    /// <summary>Subscriptions on a page.</summary>
    private const int PageSize = 50;

    private static readonly Dictionary<string, Func<Text, string>> Notices = new(StringComparer.Ordinal)
    {
        ["ended"] = static text => text.HubEnded,
        ["retried"] = static text => text.HubRetried,
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
        var store = services.GetRequiredService<ISubscriberStore>();
        var failingOnly = http.Request.Query["show"] == "failing";
        long? before = long.TryParse(http.Request.Query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : null;
        var listed = await store.ListAsync(before, failingOnly, PageSize + 1, http.RequestAborted);
        var page = listed.Take(PageSize).ToList();
        await DashboardMarkup.WriteAsync<HubSubscriptions>(
            context, text.HubTitle,
            new HubListModel(
                page, await store.CountAsync(http.RequestAborted), listed.Count > PageSize ? page[^1].Id : null, failingOnly,
                services.GetRequiredService<HubOptions>().Enabled,
                Notices.TryGetValue(http.Request.Query["done"].ToString(), out var notice) ? notice(text) : null, problem,
                DashboardRequest.TokenOf(http), http.Request.PathBase, services.GetRequiredService<TimeProvider>().GetUtcNow()),
            problem is null ? HttpStatusCode.OK : HttpStatusCode.NotFound);
    }
}
