using System.Globalization;
using System.Net;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Dashboard;
using Aggregator.Server.Dashboard;
using Aggregator.Server.Resources;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Antiforgery;

namespace Aggregator.Server.Accounts;

/// <summary>The accounts and who is signed in (GET), and what admins do to them (POST, field <c>command</c>).</summary>
internal sealed class AccountsPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/accounts";

    private const int MaxSessions = 200;

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (HttpMethods.IsGet(http.Request.Method))
        {
            await ShowAsync(context, http.Request.Query["done"] == "1" ? TextOf(http).AccountChanged : null, problem: null);
        }
        else if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        }
        else if (await PostedForm.ReadAsync(http, http.RequestAborted) is not { } form)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        else if (await ChangeAsync(http, form) is { } problem)
        {
            await ShowAsync(context, notice: null, problem);
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = $"{http.Request.PathBase}{Route}?done=1";
        }
    }

    /// <summary>Does what was posted; why it is refused, or null.</summary>
    private static async Task<string?> ChangeAsync(HttpContext http, IFormCollection form)
    {
        var services = http.RequestServices;
        var accounts = services.GetRequiredService<AdminAccounts>();
        var store = services.GetRequiredService<IAdminStore>();
        var audit = services.GetRequiredService<AuditTrail>();
        var text = TextOf(http);
        string name = form["name"].ToString().Trim(), password = form["password"].ToString(), subject = "account:" + name;
        AccountRole? role = form["role"].ToString() switch { "admin" => AccountRole.Admin, "viewer" => AccountRole.Viewer, _ => null };
        var before = name.Length is > 0 and <= AccountRules.MaxNameLength ? await store.FindAsync(name, http.RequestAborted) : null;
        switch (form["command"].ToString())
        {
            case "add" when role is { } wanted:
                if (await accounts.AddAsync(name, password, wanted, http.RequestAborted) is var outcome && outcome is not AccountOutcome.Saved) return text.Of(outcome);
                await audit.RecordAsync(http.User, "account.add", subject, before: null, new { Role = wanted });
                return null;
            case "password" when before is not null:
                if (await accounts.SaveAsync(name, password, http.RequestAborted) is AccountOutcome.Refused refused) return text.Of(refused.Problem);
                await audit.RecordAsync(http.User, "account.password", subject);
                return null;
            case "role" when before is not null && role is { } wanted:
                if (await store.SetRoleAsync(name, wanted, http.RequestAborted) is var changed && changed != AccountChange.Done) return text.Of(changed);
                await audit.RecordAsync(http.User, "account.role", subject, new { before.Role }, new { Role = wanted });
                return null;
            case "disable" when before is not null:
                if (await store.SetDisabledAsync(name, services.GetRequiredService<TimeProvider>().GetUtcNow(), http.RequestAborted) is var disabled && disabled != AccountChange.Done)
                    return text.Of(disabled);
                await audit.RecordAsync(http.User, "account.disable", subject, new { Disabled = before.DisabledAt is not null }, new { Disabled = true });
                return null;
            case "enable" when before is not null:
                await store.SetDisabledAsync(name, disabledAt: null, http.RequestAborted);
                await audit.RecordAsync(http.User, "account.enable", subject, new { Disabled = before.DisabledAt is not null }, new { Disabled = false });
                return null;
            case "end" when before is not null:
                var ended = await services.GetRequiredService<ISessionStore>().EndOthersAsync(before.Id, AdminSession.NumberOf(http.User), http.RequestAborted);
                await audit.RecordAsync(http.User, "session.end", subject, before: null, new { Ended = ended });
                return null;
            case "end-one" when long.TryParse(form["session"], NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                if (!await services.GetRequiredService<ISessionStore>().EndAsync(number, adminId: null, http.RequestAborted)) return text.SessionUnknown;
                await audit.RecordAsync(http.User, "session.end", string.Create(CultureInfo.InvariantCulture, $"session:{number}"));
                return null;
            default:
                return text.Of(AccountChange.NotFound);
        }
    }

    private static async Task ShowAsync(DashboardContext context, string? notice, string? problem)
    {
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        var canChange = http.User.IsInRole(AccountPolicies.Admin);
        http.Response.Headers.CacheControl = "no-store";
        await DashboardMarkup.WriteAsync<AccountList>(
            context, TextOf(http).Accounts,
            new AccountListModel
            {
                Accounts = await services.GetRequiredService<IAdminStore>().ListAsync(http.RequestAborted),
                Sessions = canChange
                    ? await services.GetRequiredService<ISessionStore>().ListAsync(adminId: null, AdminSession.UnusedSince(services), MaxSessions, http.RequestAborted)
                    : [],
                Notice = notice,
                Problem = problem,
                Token = FormToken.Of(http, services.GetRequiredService<IAntiforgery>()),
                DashboardPath = http.Request.PathBase,
                Self = http.User.Identity?.Name ?? "",
            },
            problem is null ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity);
    }

    private static Text TextOf(HttpContext http) => http.RequestServices.GetRequiredService<PageContext>().Text;
}
