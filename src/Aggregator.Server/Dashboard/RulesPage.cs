using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Resources;
using Aggregator.Server.Routing;
using Hangfire;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>
/// The rules of a category or a source (GET); trying them, saving them, applying them to what is stored, and letting in again what
/// they kept out (POST, by the button that was pressed).
/// </summary>
internal sealed class RulesPage : IDashboardDispatcher
{
    /// <summary>Its places under the dashboard.</summary>
    public const string Route = "/(?<kind>categories|sources)/(?<id>[0-9]{1,18})/rules";

    /// <summary>How many dropped entries the page shows.</summary>
    private const int ShownDropped = 50;

    private static readonly Dictionary<string, Func<Text, string>> Notices = new(StringComparer.Ordinal)
    {
        ["saved"] = static text => text.RulesSaved,
        ["applying"] = static text => text.RulesApplying,
        ["forgotten"] = static text => text.RulesForgotten,
    };

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        var id = context.NumberOf("id");
        var owner = context.UriMatch.Groups["kind"].Value == "sources" ? RuleOwner.Source(id) : RuleOwner.Category(id);
        if (await http.RequestServices.GetRequiredService<RuleAdmin>().FindAsync(owner, http.RequestAborted) is not { } found)
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (HttpMethods.IsPost(http.Request.Method)) await ActAsync(context, http, owner, found.Title);
        else if (HttpMethods.IsGet(http.Request.Method)) await ShowAsync(context, http, owner, found.Title, found.Rules ?? "", problem: null, trial: null);
        else http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
    }

    private static async Task ActAsync(DashboardContext context, HttpContext http, RuleOwner owner, string title)
    {
        if (await context.PostedFormAsync() is not { } form) return;
        var services = http.RequestServices;
        var admin = services.GetRequiredService<RuleAdmin>();
        var text = services.GetRequiredService<PageContext>().Text;
        var written = form["rules"].ToString().ReplaceLineEndings("\n").Trim();
        switch (form["command"].ToString())
        {
            case "try":
                var (trial, wrong) = await admin.TryAsync(owner, written, http.RequestAborted);
                await ShowAsync(context, http, owner, title, written, wrong is null ? null : text.Of(wrong), trial);
                break;
            case "save":
                var problem = await admin.SaveAsync(owner, written, context.Admin(), http.RequestAborted);
                if (problem is null) Back(http, owner, "saved");
                else await ShowAsync(context, http, owner, title, written, text.Of(problem), trial: null);
                break;
            case "apply":
                var drops = form["drop"] == "yes";
                var by = context.Admin();
                // Asking is told now and the outcome when the job has it, for a job that dies tells nothing.
                await services.GetRequiredService<AuditTrail>().RecordAsync(by, drops ? "rules.apply-and-drop" : "rules.apply", owner.ToString());
                services.GetRequiredService<IBackgroundJobClient>().Enqueue<ApplyRulesJob>(job => job.RunAsync(owner.IsSource, owner.Id, drops, by, CancellationToken.None));
                Back(http, owner, "applying");
                break;
            case "forget":
                var forgotten = await services.GetRequiredService<IRoutingStore>().ForgetDroppedAsync(owner.Topic, http.RequestAborted);
                await services.GetRequiredService<AuditTrail>().RecordAsync(
                    context.Admin(), "rules.forget-dropped", owner.ToString(), new { Dropped = forgotten }, new { Dropped = 0 });
                Back(http, owner, "forgotten");
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                break;
        }
    }

    private static void Back(HttpContext http, RuleOwner owner, string done) => DashboardRequest.SeeOther(http, $"{owner.Path}?done={done}");

    private static async Task ShowAsync(
        DashboardContext context, HttpContext http, RuleOwner owner, string title, string rules, string? problem, RuleTrial? trial)
    {
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        await DashboardMarkup.WriteAsync<Rules>(
            context, text.RulesTitle,
            new RulesModel(
                owner, title, rules, problem, trial,
                await services.GetRequiredService<IRoutingStore>().ListDroppedAsync(owner.Topic, ShownDropped, http.RequestAborted),
                Notices.TryGetValue(http.Request.Query["done"].ToString(), out var notice) ? notice(text) : null,
                DashboardRequest.TokenOf(http), http.Request.PathBase),
            problem is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest);
    }
}
