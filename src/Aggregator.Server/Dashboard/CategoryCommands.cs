using Aggregator.Server.Categories;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>What an admin does to a category: show or hide the line of attribution in its feeds. POST only.</summary>
internal sealed class CategoryCommands : IDashboardDispatcher
{
    /// <summary>Its places under the dashboard.</summary>
    public const string Route = "/categories/(?<slug>[a-z0-9-]{1,64})/(?<command>show|hide)-attribution";

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var show = context.UriMatch.Groups["command"].Value == "show";
        if (await http.RequestServices.GetRequiredService<CategoryAdmin>()
            .SetShowAttributionAsync(context.UriMatch.Groups["slug"].Value, show, http.User.Identity?.Name ?? "", http.RequestAborted))
            SourcesPage.BackToList(http, show ? "attribution-shown" : "attribution-hidden");
        else
            http.Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
