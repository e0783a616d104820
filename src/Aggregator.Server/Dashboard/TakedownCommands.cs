using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Takedown;
using Hangfire;
using Hangfire.Dashboard;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Dashboard;

/// <summary>What an admin decides about a take-down request. POST only; Hangfire's middleware has refused forged requests before we see them.</summary>
internal sealed class TakedownCommands : IDashboardDispatcher
{
    /// <summary>Its places under the dashboard; the form's field <c>decision</c> says which.</summary>
    public const string Route = "/takedowns/(?<request>[0-9]{1,18})";

    public async Task Dispatch(DashboardContext context)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        var note = form["note"].ToString().Trim();
        if (note.Length > ITakedownStore.MaxNoteLength)
        {
            await TakedownsPage.ShowAsync(context, text.DashboardNoteTooLong(ITakedownStore.MaxNoteLength));
            return;
        }

        var id = context.NumberOf("request");
        var decision = form["decision"].ToString();
        if (await DecideAsync(context, id, decision, note.Length == 0 ? null : note) is not { } outcome)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        switch (outcome)
        {
            case TakedownOutcome.Done:
                // No word of the request or the article: the purge erases those everywhere.
                await services.GetRequiredService<AuditTrail>().RecordAsync(
                    http.User, "takedown." + decision switch { "refuse" => "refuse", "undo" => "undo", _ => "approve" },
                    string.Create(CultureInfo.InvariantCulture, $"takedown:{id}"), before: null, new { Decision = decision });
                TakedownsPage.BackToList(http, decision switch { "refuse" => "refused", "undo" => "undone", _ => "approved" });
                break;
            case TakedownOutcome.NotFound:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
            default:
                await TakedownsPage.ShowAsync(context, text.Of(outcome));
                break;
        }
    }

    private static async Task<TakedownOutcome?> DecideAsync(DashboardContext context, long id, string decision, string? note)
    {
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        var takedowns = services.GetRequiredService<ITakedownStore>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var admin = context.Admin();
        switch (decision)
        {
            case "approve" or "approve-legal":
                var grace = services.GetRequiredService<IOptions<TakedownOptions>>().Value.Grace;
                var outcome = await takedowns.ApproveAsync(id, decision == "approve-legal", note, admin, grace, now, http.RequestAborted);
                if (outcome == TakedownOutcome.Done)
                    services.GetRequiredService<IBackgroundJobClient>().Schedule<PurgeJob>(job => job.RunAsync(CancellationToken.None), grace + TimeSpan.FromSeconds(1));
                return outcome;
            case "refuse":
                return await takedowns.RefuseAsync(id, note, admin, now, http.RequestAborted);
            case "undo":
                return await takedowns.UndoAsync(id, now, http.RequestAborted);
            default:
                return null;
        }
    }
}
