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
        if (await context.PostedFormAsync() is null) return;
        var http = context.GetHttpContext();
        var show = context.UriMatch.Groups["command"].Value == "show";
        if (await http.RequestServices.GetRequiredService<CategoryAdmin>()
            .SetShowAttributionAsync(context.UriMatch.Groups["slug"].Value, show, context.Admin(), http.RequestAborted))
            SourcesPage.BackToList(http, show ? "attribution-shown" : "attribution-hidden");
        else
            http.Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
