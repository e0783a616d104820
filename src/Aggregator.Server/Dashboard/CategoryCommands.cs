using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
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
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var slug = context.UriMatch.Groups["slug"].Value;
        var categories = http.RequestServices.GetRequiredService<ICategoryStore>();
        if (await categories.FindAsync(slug, http.RequestAborted) is not { } category || !await categories.SetShowAttributionAsync(slug, show, now, http.RequestAborted))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await http.RequestServices.GetRequiredService<AuditTrail>().RecordAsync(
            http.User, "category.edit", "category:" + slug, new { category.ShowAttribution }, new { ShowAttribution = show });
        SourcesPage.BackToList(http, show ? "attribution-shown" : "attribution-hidden");
    }
}
