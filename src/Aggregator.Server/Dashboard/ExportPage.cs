using System.Globalization;
using System.Net;
using Aggregator.Server.Audits;
using Aggregator.Server.Subscriptions;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>The subscription list as a file. A POST, so that no link of a stranger can make a browser write passwords to a disk.</summary>
internal sealed class ExportPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = CategoriesPage.Route + "/export";

    public async Task Dispatch(DashboardContext context)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var http = context.GetHttpContext();
        var slug = form["category"].ToString();
        var request = new ExportRequest(slug.Length == 0 ? null : slug, form["failing"] == "yes", form["secrets"] == "yes");
        var services = http.RequestServices;
        if (await services.GetRequiredService<SubscriptionExport>().CreateAsync(request, http.RequestAborted) is not { } list)
        {
            http.Response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        await services.GetRequiredService<AuditTrail>().RecordAsync(
            context.Admin(), request.WithSecrets ? "opml.export-with-secrets" : "opml.export", "export:" + (request.Slug ?? "everything"),
            after: new { list.Sources });
        var name = string.Create(CultureInfo.InvariantCulture, $"aggregator-{request.Slug ?? "all"}-{services.GetRequiredService<TimeProvider>().GetUtcNow():yyyyMMdd}.opml");
        http.Response.ContentType = "text/x-opml; charset=utf-8";
        http.Response.ContentLength = list.Document.Length;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.WriteAsync(list.Document, http.RequestAborted);
    }
}
