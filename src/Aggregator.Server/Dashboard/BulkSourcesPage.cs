using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Sources;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>What an admin does to several sources of the list. POST only; deleting asks back first.</summary>
internal sealed class BulkSourcesPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/sources/bulk";

    /// <summary>How many of those to be deleted are named.</summary>
    private const int Named = 20;

    public async Task Dispatch(DashboardContext context)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        var filter = SourceListAddress.ReadFilter(name => form["filter-" + name]);
        SourceSelection selection = form["all"].Count > 0
            ? new SourceSelection.Matching(filter)
            : new SourceSelection.Chosen([.. form["id"].Select(value => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0)]);
        if (!Enum.TryParse<SourceAction>(form["action"], ignoreCase: true, out var action) || !Enum.IsDefined(action) || char.IsAsciiDigit(form["action"].ToString()[0]))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (selection is SourceSelection.Chosen { Ids.Count: 0 })
        {
            await SourcesPage.ShowAsync(context, text.SourcesNothingSelected, entered: null);
            return;
        }

        long? category = null;
        if (action == SourceAction.Move)
        {
            var categories = await services.GetRequiredService<ICategoryStore>().ListAsync(http.RequestAborted);
            category = long.TryParse(form["to"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? categories.FirstOrDefault(category => category.Id == id)?.Id : null;
            if (category is null && form["to"].ToString() != "none")
            {
                await SourcesPage.ShowAsync(context, text.ProblemCategory, entered: null);
                return;
            }
        }

        if (action == SourceAction.Delete && form["confirmed"].Count == 0)
        {
            await ConfirmAsync(context, selection, filter);
            return;
        }

        var changed = await services.GetRequiredService<SourceAdministration>().ApplyAsync(selection, action, category, context.Admin(), http.RequestAborted);
        var only = selection is SourceSelection.Chosen { Ids: [var single] } ? single : (long?)null;
        // Who deletes everything that a filter finds would look at an empty list; it says so, and leads to the deleted ones.
        SourcesPage.BackToList(http, action == SourceAction.Restore ? new SourceFilter() : filter, action.ToString().ToLowerInvariant(), changed, action == SourceAction.Delete ? only ?? 0 : null);
    }

    private static async Task ConfirmAsync(DashboardContext context, SourceSelection selection, SourceFilter filter)
    {
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var count = await services.GetRequiredService<SourceAdministration>().CountAsync(selection, http.RequestAborted);
        var named = selection switch
        {
            SourceSelection.Matching matching => (await services.GetRequiredService<ISourceAdminStore>().ListAsync(
                new SourceQuery { Filter = matching.Filter, Limit = Named }, now, http.RequestAborted)).Select(listed => listed.Source),
            SourceSelection.Chosen chosen => await services.GetRequiredService<ISourceStore>().FindManyAsync([.. chosen.Ids.Take(Named)], http.RequestAborted),
            _ => [],
        };
        await DashboardMarkup.WriteAsync<SourceDeletion>(
            context, services.GetRequiredService<PageContext>().Text.SourcesConfirmTitle,
            new SourceDeletionModel(
                count, [.. named], selection is SourceSelection.Chosen ids ? ids.Ids : null, filter, DashboardFrame.Of(context)));
    }
}
