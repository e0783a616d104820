using System.Globalization;
using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Sources;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>Adding sources: paste addresses of feeds or of sites, look at what they bring, add the chosen ones.</summary>
internal sealed class AddSourcesPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/sources/add";

    /// <summary>The longest text that is pasted, in characters.</summary>
    private const int LongestText = AddSources.Most * (SourceAddress.MaxLength + 2);

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (HttpMethods.IsGet(http.Request.Method)) await ShowAsync(context, await CategoriesAsync(http), "", null, [], [], null);
        else await PostAsync(context, http);
    }

    private static async Task PostAsync(DashboardContext context, HttpContext http)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        var categories = await CategoriesAsync(http);
        // After a look, those that are chosen; before, what was pasted.
        var isChoice = form["action"] == "choose";
        var entered = form["addresses"].ToString();
        if (entered.Length > LongestText)
        {
            await ShowAsync(context, categories, "", null, [], [], text.AddTooMany(AddSources.Most));
            return;
        }

        IReadOnlyList<string> addresses = isChoice
            ? [.. form["address"].OfType<string>().Distinct(StringComparer.Ordinal)]
            : AddSources.Lines(entered);
        long? category = long.TryParse(form["category"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        var problem = addresses.Count == 0 ? text.AddNothing
            : addresses.Count > AddSources.Most ? text.AddTooMany(AddSources.Most)
            : category is not null && categories.All(known => known.Id != category) ? text.ProblemCategory
            : null;
        if (problem is not null)
            await ShowAsync(context, categories, entered, null, [], [], problem);
        else if (form["action"] == "preview")
            await ShowAsync(context, categories, entered, category, await services.GetRequiredService<SourcePreviewer>().LookAsync(addresses, http.RequestAborted), [], null);
        else
            await ShowAsync(
                context, categories, "", category, [],
                await services.GetRequiredService<SourceAdministration>().AddAsync(
                    // Who chose from a preview has seen what looks alike.
                    new AddSources(addresses, category, isChoice || form["alike"].Count > 0), context.Admin(), http.RequestAborted),
                null);
    }

    private static Task<IReadOnlyList<Core.Model.Category>> CategoriesAsync(HttpContext http) =>
        http.RequestServices.GetRequiredService<ICategoryStore>().ListAsync(http.RequestAborted);

    private static Task ShowAsync(
        DashboardContext context, IReadOnlyList<Core.Model.Category> categories, string entered, long? category, IReadOnlyList<LookedAtAddress> looked,
        IReadOnlyList<AddedAddress> report, string? problem) =>
        DashboardMarkup.WriteAsync<AddSourcesForm>(
            context, context.GetHttpContext().RequestServices.GetRequiredService<PageContext>().Text.AddTitle,
            new AddSourcesModel(categories, entered, category, looked, report, problem, DashboardFrame.Of(context)),
            problem is null && !(report.Count > 0 && report.All(line => line.Outcome == AddOutcome.Refused)) ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
}
