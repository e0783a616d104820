using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Dashboard;
using Hangfire.Dashboard;

namespace Aggregator.Server.Audits;

/// <summary>The list of changes: who, when, what, before and after. GET only.</summary>
internal sealed class AuditPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/audit";

    /// <summary>Changes on a page.</summary>
    private const int PageSize = 100;

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var subject = http.Request.Query["subject"].ToString() is { Length: > 0 and <= AuditedChange.MaxNameLength } named ? named : null;
        long? before = long.TryParse(http.Request.Query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : null;
        var records = await http.RequestServices.GetRequiredService<IAuditStore>().ListAsync(subject, before, PageSize + 1, http.RequestAborted);
        var page = records.Take(PageSize).ToList();
        await DashboardMarkup.WriteAsync<AuditList>(
            context, http.RequestServices.GetRequiredService<PageContext>().Text.Audit,
            new AuditListModel(page, records.Count > PageSize ? page[^1].Id : null, subject, http.Request.PathBase));
    }
}
