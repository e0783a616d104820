using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Dashboard;
using Aggregator.Server.Hosting;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Antiforgery;

namespace Aggregator.Server.Settings;

/// <summary>What is configured, what the store is, and the button for a backup. GET only.</summary>
internal sealed class SettingsPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/settings";

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var services = http.RequestServices;
        var settings = services.GetRequiredService<ServerSettings>();
        var backup = services.GetRequiredService<BackupArchive>();
        http.Response.Headers.CacheControl = "no-store";
        await DashboardMarkup.WriteAsync<SettingsList>(
            context, services.GetRequiredService<PageContext>().Text.Settings,
            new SettingsModel(
                EffectiveSetting.Read(settings.Configuration), await services.GetRequiredService<IStoreFacts>().ReadAsync(http.RequestAborted),
                settings.JobStorage.ToString(), CoreServices.Version, backup.IsPossible && http.User.IsInRole(AccountPolicies.Admin), backup.IsPossible,
                FormToken.Of(http, services.GetRequiredService<IAntiforgery>()), http.Request.PathBase));
    }

    /// <summary>The name of a backup made at that moment.</summary>
    public static string NameOf(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"aggregator-{now.UtcDateTime:yyyyMMdd-HHmmss}.zip");
}
