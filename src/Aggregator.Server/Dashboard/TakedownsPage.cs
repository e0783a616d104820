using System.Globalization;
using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Resources;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Antiforgery;

namespace Aggregator.Server.Dashboard;

/// <summary>The take-down requests: those that wait, those that are decided. GET only; <see cref="TakedownCommands"/> decides.</summary>
internal sealed class TakedownsPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/takedowns";

    /// <summary>Decided requests on a page.</summary>
    private const int PageSize = 50;

    private static readonly Dictionary<string, Func<Text, string>> Notices = new(StringComparer.Ordinal)
    {
        ["approved"] = text => text.DashboardTakenDown,
        ["refused"] = text => text.DashboardTakedownRefused,
        ["undone"] = text => text.DashboardTakedownUndone,
    };

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (HttpMethods.IsGet(http.Request.Method)) await ShowAsync(context, problem: null);
        else http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
    }

    /// <summary>Sends the browser back to the list.</summary>
    /// <param name="http">The request.</param>
    /// <param name="done">What was done: <c>approved</c>, <c>refused</c> or <c>undone</c>.</param>
    public static void BackToList(HttpContext http, string done)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = $"{http.Request.PathBase}{Route}?done={done}";
    }

    /// <summary>Answers with the list.</summary>
    /// <param name="context">The request.</param>
    /// <param name="problem">Why what was asked for is not done, or null.</param>
    public static async Task ShowAsync(DashboardContext context, string? problem)
    {
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        var text = services.GetRequiredService<PageContext>().Text;
        var takedowns = services.GetRequiredService<ITakedownStore>();
        long? before = long.TryParse(http.Request.Query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : null;
        var decided = await takedowns.ListAsync(open: false, before, PageSize + 1, http.RequestAborted);
        var page = decided.Take(PageSize).ToList();
        var token = services.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http);
        await DashboardMarkup.WriteAsync<TakedownList>(
            context, text.DashboardTakedowns,
            new TakedownListModel(
                await takedowns.ListAsync(open: true, before: null, ITakedownStore.MaxListed, http.RequestAborted),
                page,
                decided.Count > PageSize ? page[^1].Id : null,
                Notices.TryGetValue(http.Request.Query["done"].ToString(), out var notice) ? notice(text) : null,
                problem, token.FormFieldName, token.RequestToken!,
                http.Request.PathBase,
                services.GetRequiredService<TimeProvider>().GetUtcNow()),
            problem is null ? HttpStatusCode.OK : HttpStatusCode.Conflict);
    }
}
