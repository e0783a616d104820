using Aggregator.Server.Audits;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Http.Features;

namespace Aggregator.Server.Settings;

/// <summary>Sends a backup as a download. POST only, for it holds the passwords of sources, and nothing may fetch it by a link.</summary>
internal sealed class BackupCommand : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/settings/backup";

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        var backup = http.RequestServices.GetRequiredService<BackupArchive>();
        if (!HttpMethods.IsPost(http.Request.Method) || !backup.IsPossible)
        {
            http.Response.StatusCode = backup.IsPossible ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
            return;
        }

        var name = SettingsPage.NameOf(http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        await http.RequestServices.GetRequiredService<AuditTrail>().RecordAsync(http.User, "backup.download", "backup:" + name);
        http.Response.ContentType = "application/zip";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        http.Response.Headers.CacheControl = "no-store";
        // The runtime's zip entries end themselves with a synchronous write of their last block, whichever way they are closed.
        http.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        await backup.WriteAsync(http.Response.Body, http.RequestAborted);
    }
}
