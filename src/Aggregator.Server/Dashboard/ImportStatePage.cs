using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Subscriptions;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>How far one import is, shown anew by the browser until it has ended; then its report.</summary>
internal sealed class ImportStatePage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = CategoriesPage.Route + "/imports/(?<import>[0-9]{1,18})";

    /// <summary>Seconds until a browser looks again.</summary>
    private const string LookAgain = "2";

    /// <summary>The page of an import.</summary>
    public static string PathOf(long importId) => string.Create(CultureInfo.InvariantCulture, $"{CategoriesPage.Route}/imports/{importId}");

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        if (await services.GetRequiredService<ISubscriptionImportStore>().FindAsync(context.NumberOf("import"), http.RequestAborted) is not { } state)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // The header does what the element does, and may stand outside of a page's head.
        if (state.FinishedAt is null) http.Response.Headers["Refresh"] = LookAgain;
        await DashboardMarkup.WriteAsync<ImportProgressView>(
            context, services.GetRequiredService<PageContext>().Text.ImportAndExport, new ImportStateModel(state, ImportJob.ReportOf(state), http.Request.PathBase));
    }
}
