using Aggregator.Core.Capturing;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Sources;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>What an admin does to one source. POST only.</summary>
internal sealed class SourceCommands : IDashboardDispatcher
{
    /// <summary>Its places under the dashboard.</summary>
    public const string Route = "/sources/(?<source>[0-9]{1,18})/(?<command>pause|resume|refresh|restore|settings|preview|adopt|capture)";

    public async Task Dispatch(DashboardContext context)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var http = context.GetHttpContext();
        var command = context.UriMatch.Groups["command"].Value;
        if (await OneSourcePage.FindAsync(context) is not { } detail || (detail.Source.State == SourceState.Deleted && command != "restore"))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var administration = http.RequestServices.GetRequiredService<SourceAdministration>();
        var source = detail.Source;
        switch (command)
        {
            case "pause" or "resume":
                await administration.ApplyAsync(
                    new SourceSelection.Chosen([source.Id]), command == "pause" ? SourceAction.Pause : SourceAction.Resume, null, context.Admin(), http.RequestAborted);
                if (form["stay"].Count > 0) OneSourcePage.BackTo(http, source.Id, command + "d");
                else SourcesPage.BackToList(http, command + "d");
                break;
            case "restore":
                await administration.ApplyAsync(new SourceSelection.Chosen([source.Id]), SourceAction.Restore, null, context.Admin(), http.RequestAborted);
                OneSourcePage.BackTo(http, source.Id, "restored");
                break;
            case "refresh":
                var fetch = await administration.RefreshAsync(source, context.Admin(), http.RequestAborted);
                OneSourcePage.BackTo(http, source.Id, fetch is null ? "waits" : "refreshed");
                break;
            case "preview":
                var preview = await http.RequestServices.GetRequiredService<SourcePreviewer>().LookAsync(source, http.RequestAborted);
                await OneSourcePage.ShowAsync(context, detail, preview, notice: null, problem: null);
                break;
            case "adopt":
                await AdoptAsync(context, administration, detail, form["url"].ToString());
                break;
            case "capture":
                await CaptureAsync(context, administration, detail, form);
                break;
            default:
                var (edit, problem) = SourceForm.Read(form, SourceEdit.Of(source, detail.Categories));
                await EditAsync(context, administration, detail, edit, problem);
                break;
        }
    }

    private static async Task CaptureAsync(DashboardContext context, SourceAdministration administration, SourceDetail detail, IFormCollection form)
    {
        var http = context.GetHttpContext();
        var policy = SourceForm.Capture(form);
        var problem = policy is null ? new SourceProblem(SourceField.Capture)
            : form["try"].Count > 0 ? policy.Problem() is { } wrong ? new SourceProblem(SourceField.Capture, wrong) : null
            : await administration.SetCaptureAsync(detail.Source, policy, context.Admin(), http.RequestAborted);
        if (problem is not null)
        {
            await OneSourcePage.ShowAsync(context, detail, null, null, http.RequestServices.GetRequiredService<PageContext>().Text.Of(problem), policy);
            return;
        }

        if (form["try"].Count == 0)
        {
            OneSourcePage.BackTo(http, detail.Source.Id, "saved");
            return;
        }

        var page = await http.RequestServices.GetRequiredService<PageReader>()
            .ReadAsync(detail.Source, form["page"].ToString().Trim(), policy!.Selectors(), null, http.RequestAborted);
        await OneSourcePage.ShowAsync(context, detail, null, null, null, policy, page);
    }

    // Only what a redirect or the site itself proposed: anything else is an edit.
    private static Task AdoptAsync(DashboardContext context, SourceAdministration administration, SourceDetail detail, string url)
    {
        var state = detail.Source.FetchState;
        if (url != state.MovedTo && state.Proposals?.Any(feed => feed.Url == url) != true)
            return EditAsync(context, administration, detail, null, new SourceProblem(SourceField.Address));

        var now = SourceEdit.Of(detail.Source, detail.Categories);
        return EditAsync(context, administration, detail, now with { Url = url, FetchSettings = SourceForm.SettingsAt(url, now) }, null);
    }

    private static async Task EditAsync(DashboardContext context, SourceAdministration administration, SourceDetail detail, SourceEdit? edit, SourceProblem? problem)
    {
        var http = context.GetHttpContext();
        problem ??= await administration.EditAsync(detail.Source.Id, edit!, context.Admin(), http.RequestAborted);
        if (problem is null) OneSourcePage.BackTo(http, detail.Source.Id, "saved");
        else await OneSourcePage.ShowAsync(context, detail, null, null, http.RequestServices.GetRequiredService<PageContext>().Text.Of(problem));
    }
}
