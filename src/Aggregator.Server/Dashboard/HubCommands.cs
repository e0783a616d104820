using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Hub;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>Ends a subscription at our hub, or has it tried again. POST only.</summary>
internal sealed class HubCommands : IDashboardDispatcher
{
    /// <summary>Its places under the dashboard.</summary>
    public const string Route = "/hub/(?<subscription>[0-9]{1,18})/(?<action>end|retry)";

    /// <summary>What the callback is told.</summary>
    private const string Reason = "The operator of this site ended the subscription.";

    public async Task Dispatch(DashboardContext context)
    {
        if (await context.PostedFormAsync() is null) return;
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        var store = services.GetRequiredService<ISubscriberStore>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var id = context.NumberOf("subscription");
        var ends = context.UriMatch.Groups["action"].Value == "end";
        var before = ends ? await store.EndAsync(id, Reason, now, http.RequestAborted) : await store.RetryAsync(id, now, http.RequestAborted);
        if (before is null)
        {
            await HubPage.ShowAsync(context, services.GetRequiredService<PageContext>().Text.HubGone);
            return;
        }

        // The callback's query may be a capability: not on record either.
        var told = new { Topic = before.TopicUrl, Callback = ShownCallback.Of(before.Callback), before.Delivered, before.Attempts, before.Failure };
        await services.GetRequiredService<AuditTrail>().RecordAsync(
            http.User, ends ? "hub.end" : "hub.retry", string.Create(CultureInfo.InvariantCulture, $"hub:{id}"), told, ends ? null : told with { Attempts = 0, Failure = null });
        services.GetRequiredService<HubStarter>().Start();
        DashboardRequest.SeeOther(http, HubPage.Route + (ends ? "?done=ended" : "?done=retried"));
    }
}
