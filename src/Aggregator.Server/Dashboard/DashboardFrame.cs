using Aggregator.Server.Accounts;
using Hangfire.Dashboard;

namespace Aggregator.Server.Dashboard;

/// <summary>What every page of ours in the dashboard needs.</summary>
/// <param name="Path">Where the dashboard lies: what the page's links and forms go to begins with it.</param>
/// <param name="Token">The hidden field against forged requests.</param>
/// <param name="Now">The moment of the request.</param>
public sealed record DashboardFrame(string Path, FormToken Token, DateTimeOffset Now)
{
    internal static DashboardFrame Of(DashboardContext context)
    {
        var http = context.GetHttpContext();
        return new DashboardFrame(
            http.Request.PathBase, DashboardRequest.TokenOf(http),
            http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
    }
}
