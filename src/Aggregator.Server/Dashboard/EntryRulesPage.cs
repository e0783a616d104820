using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Routing;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>Why an entry is where it is.</summary>
internal sealed class EntryRulesPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = CategoriesPage.Route + "/entries/(?<entry>[0-9]{1,18})";

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        if (await services.GetRequiredService<RuleAdmin>().ExplainAsync(context.NumberOf("entry"), http.RequestAborted) is not { } explanation)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await DashboardMarkup.WriteAsync<EntryRules>(
            context, services.GetRequiredService<PageContext>().Text.RulesWhy, new EntryRulesModel(explanation, http.Request.PathBase));
    }
}
