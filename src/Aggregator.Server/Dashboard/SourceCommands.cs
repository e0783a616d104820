using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Crawl;
using Hangfire;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>What an admin does to one source of the list: pause, resume, refresh now. POST only.</summary>
internal sealed class SourceCommands : IDashboardDispatcher
{
    /// <summary>Its places under the dashboard.</summary>
    public const string Route = "/sources/(?<source>[0-9]{1,18})/(?<command>pause|resume|refresh)";

    /// <summary>Has a source refreshed as soon as a worker is free.</summary>
    public static void RefreshSoon(IServiceProvider services, long sourceId) =>
        services.GetRequiredService<IBackgroundJobClient>().Enqueue<RefreshSourceJob>(job => job.RunAsync(sourceId, CancellationToken.None));

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var id = long.Parse(context.UriMatch.Groups["source"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        var sources = http.RequestServices.GetRequiredService<ISourceStore>();
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var before = await sources.FindAsync(id, http.RequestAborted);
        var done = context.UriMatch.Groups["command"].Value switch
        {
            "pause" => await sources.SetStateAsync(id, SourceState.Paused, now, http.RequestAborted) ? "paused" : null,
            "resume" => await sources.SetStateAsync(id, SourceState.Active, now, http.RequestAborted) ? "resumed" : null,
            _ => "refreshing",
        };
        if (done is null || before is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (done == "refreshing") RefreshSoon(http.RequestServices, id);
        await http.RequestServices.GetRequiredService<AuditTrail>().RecordAsync(
            http.User, "source." + context.UriMatch.Groups["command"].Value, string.Create(CultureInfo.InvariantCulture, $"source:{id}"),
            new { before.Url, before.State },
            new { before.Url, State = done switch { "paused" => SourceState.Paused, "resumed" => SourceState.Active, _ => before.State } });
        SourcesPage.BackToList(http, done);
    }
}
