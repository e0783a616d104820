using System.Globalization;
using Aggregator.Server.Accounts;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Antiforgery;

namespace Aggregator.Server.Dashboard;

/// <summary>What our pages in the dashboard read of a request and give to their forms. Hangfire has refused forged requests before.</summary>
internal static class DashboardForm
{
    /// <summary>The token for the forms of an answer.</summary>
    public static FormToken TokenOf(HttpContext http) => FormToken.Of(http, http.RequestServices.GetRequiredService<IAntiforgery>());

    /// <summary>Who asks.</summary>
    public static string AdminOf(HttpContext http) => http.User.Identity?.Name ?? "";

    /// <summary>A number in the address.</summary>
    public static long NumberOf(DashboardContext context, string group) =>
        long.Parse(context.UriMatch.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Sends the browser to another page of the dashboard, after a change.</summary>
    public static void GoTo(HttpContext http, string path)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = http.Request.PathBase + path;
    }

    /// <summary>The posted form, or null after the request was answered because it has none.</summary>
    public static async Task<IFormCollection?> ReadAsync(HttpContext http)
    {
        var form = await PostedForm.ReadAsync(http, http.RequestAborted);
        if (form is null) http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return form;
    }
}
