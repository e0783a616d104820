using System.Globalization;
using System.Net;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Retention;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>How long what is of a category or a source is kept, and who says so (GET), and setting it (POST).</summary>
internal sealed class RetentionPage : IDashboardDispatcher
{
    /// <summary>Its places under the dashboard.</summary>
    public const string Route = "/(?<kind>categories|sources)/(?<id>[0-9]{1,18})/retention";

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        var id = context.NumberOf("id");
        var topic = context.UriMatch.Groups["kind"].Value == "sources" ? Topic.Source(id) : Topic.Category(id);
        if (await http.RequestServices.GetRequiredService<RetentionAdmin>().FindAsync(topic, http.RequestAborted) is not { } state)
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (HttpMethods.IsGet(http.Request.Method))
            await ShowAsync(context, state, RetentionDraft.Of(state.Own), problem: null);
        else await SetAsync(context, state);
    }

    /// <summary>The page of a source or a category, under the dashboard.</summary>
    public static string PathOf(Topic topic) => topic switch
    {
        Topic.OfSource { SourceId: var id } => string.Create(CultureInfo.InvariantCulture, $"/sources/{id}/retention"),
        Topic.OfCategory { CategoryId: var id } => string.Create(CultureInfo.InvariantCulture, $"/categories/{id}/retention"),
        _ => throw new ArgumentException("Retention is set for a source or a category.", nameof(topic)),
    };

    private static async Task SetAsync(DashboardContext context, RetentionState state)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var http = context.GetHttpContext();
        var text = http.RequestServices.GetRequiredService<PageContext>().Text;
        var draft = new RetentionDraft(Entered("entry-days"), Entered("entry-count"), Entered("version-days"), Entered("version-count"));
        if (draft.Read(out _) is not { } settings)
        {
            await ShowAsync(
                context, state, draft, text.RetentionProblem(RetentionRule.MaxDays, RetentionRule.MaxCount, RetentionSettings.MinVersionCount), HttpStatusCode.BadRequest);
            return;
        }

        switch (await http.RequestServices.GetRequiredService<RetentionAdmin>().SetAsync(state.Topic, settings, context.Admin(), http.RequestAborted))
        {
            case RetentionUpdate.Done:
                DashboardRequest.SeeOther(http, PathOf(state.Topic) + "?done=saved");
                break;
            case RetentionUpdate.Changed:
                await ShowAsync(context, state, draft, text.ProblemChanged, HttpStatusCode.Conflict);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }

        string Entered(string name) => form[name].ToString().Trim();
    }

    private static Task ShowAsync(
        DashboardContext context, RetentionState state, RetentionDraft draft, string? problem, HttpStatusCode status = HttpStatusCode.OK)
    {
        var http = context.GetHttpContext();
        var text = http.RequestServices.GetRequiredService<PageContext>().Text;
        return DashboardMarkup.WriteAsync<RetentionEditor>(
            context, text.Retention,
            new RetentionEditorModel(
                state, draft, http.Request.Query["done"] == "saved" ? text.RetentionSaved : null, problem, DashboardFrame.Of(context)),
            status);
    }
}
