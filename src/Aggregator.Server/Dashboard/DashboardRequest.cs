using System.Globalization;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Antiforgery;

namespace Aggregator.Server.Dashboard;

/// <summary>What pages of ours in the dashboard do with a request before they look at it.</summary>
internal static class DashboardRequest
{
    /// <summary>The name of the admin who asks, for what is told of changes.</summary>
    public static string Admin(this DashboardContext context) => context.GetHttpContext().User.Identity?.Name ?? "";

    /// <summary>The token for the forms of an answer.</summary>
    public static FormToken TokenOf(HttpContext http) => FormToken.Of(http, http.RequestServices.GetRequiredService<IAntiforgery>());

    /// <summary>A number in the address, where its route allows digits only.</summary>
    public static long NumberOf(this DashboardContext context, string group) =>
        long.Parse(context.UriMatch.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>
    /// The posted form of somebody who may change something; null when the request was answered with its refusal. Hangfire's
    /// middleware has refused forged requests before.
    /// </summary>
    public static async Task<IFormCollection?> PostedFormAsync(this DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return null;
        }

        if (context.IsReadOnly)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync(http.RequestServices.GetRequiredService<PageContext>().Text.ReadOnlyAccount, http.RequestAborted);
            return null;
        }

        var form = await PostedForm.ReadAsync(http, http.RequestAborted);
        if (form is null) http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return form;
    }

    /// <summary>Sends the browser to a page of the dashboard (303).</summary>
    /// <param name="http">The request.</param>
    /// <param name="place">Where to, behind the dashboard's path; it is ours and never what was posted.</param>
    public static void SeeOther(HttpContext http, string place)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = http.Request.PathBase + place;
    }
}
