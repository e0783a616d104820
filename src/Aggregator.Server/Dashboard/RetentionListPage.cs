using System.Globalization;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Retention;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>How long everything is kept: the general rules, those of categories, and those of sources. GET only; <see cref="RetentionPage"/> sets them.</summary>
internal sealed class RetentionListPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/retention";

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        _ = long.TryParse(http.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var after);
        await DashboardMarkup.WriteAsync<RetentionList>(
            context, http.RequestServices.GetRequiredService<PageContext>().Text.Retention,
            new RetentionListModel(await http.RequestServices.GetRequiredService<RetentionAdmin>().ReadAsync(after, http.RequestAborted), http.Request.PathBase));
    }
}
