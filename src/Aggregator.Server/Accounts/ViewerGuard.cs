using Aggregator.Server.Dashboard;

namespace Aggregator.Server.Accounts;

/// <summary>
/// Refuses what a viewer posts, for all pages of the dashboard at once: one that forgets to ask is safe too. Hangfire's own
/// commands are refused by its read-only mode as well.
/// </summary>
internal static class ViewerGuard
{
    // Hangfire's pages post to /stats for their numbers; and one's own password and sessions are one's own.
    private static readonly string[] ForEverybody = ["/stats", OwnAccountPage.Route];

    /// <summary>Comes after authorization, which has asked visitors to sign in.</summary>
    public static IApplicationBuilder UseViewerGuard(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (IsSafe(context.Request.Method)
            || !context.Request.Path.StartsWithSegments(DashboardEndpoints.Path, out var page)
            || context.User.IsInRole(AccountPolicies.Admin)
            || Array.Exists(ForEverybody, path => page.Equals(path, StringComparison.OrdinalIgnoreCase)))
            return next(context);

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
