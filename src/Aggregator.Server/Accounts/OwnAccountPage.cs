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

/// <summary>One's own password, sessions and, for admins, API keys: seeing them (GET) and changing them (POST, field <c>command</c>).</summary>
internal sealed class OwnAccountPage : IDashboardDispatcher
{
    /// <summary>Its place under the dashboard.</summary>
    public const string Route = "/account";

    private static readonly int[] Lifetimes = [30, 90, 365];

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (await http.RequestServices.GetRequiredService<IAdminStore>().FindAsync(http.User.Identity?.Name ?? "", http.RequestAborted) is not { } self)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
        else if (HttpMethods.IsGet(http.Request.Method))
        {
            await ShowAsync(context, self, http.Request.Query["done"] == "1" ? TextOf(http).AccountChanged : null, problem: null, newKey: null);
        }
        else if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        }
        else if (await PostedForm.ReadAsync(http, http.RequestAborted) is not { } form)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        else
        {
            await ChangeAsync(context, http, self, form);
        }
    }

    private static async Task ChangeAsync(DashboardContext context, HttpContext http, Admin self, IFormCollection form)
    {
        var services = http.RequestServices;
        var sessions = services.GetRequiredService<ISessionStore>();
        var audit = services.GetRequiredService<AuditTrail>();
        var text = TextOf(http);
        var subject = "account:" + self.Name;
        string? problem = null;
        switch (form["command"].ToString())
        {
            case "password":
                problem = await ChangePasswordAsync(http, self, form);
                break;
            case "end-others":
                var ended = await sessions.EndOthersAsync(self.Id, AdminSession.NumberOf(http.User), http.RequestAborted);
                await audit.RecordAsync(http.User, "session.end", subject, before: null, new { Ended = ended });
                break;
            case "end-one" when Number(form["session"]) is { } session:
                if (!await sessions.EndAsync(session, self.Id, http.RequestAborted)) problem = text.SessionUnknown;
                else await audit.RecordAsync(http.User, "session.end", string.Create(CultureInfo.InvariantCulture, $"session:{session}"));
                break;
            case "add-key":
                if (self.Role != AccountRole.Admin)
                {
                    http.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return;
                }

                if (await AddKeyAsync(http, self, form) is { } added)
                {
                    await ShowAsync(context, self, text.KeyMade, problem: null, added.Value);
                    return;
                }

                problem = text.KeyRefused(IApiKeyStore.MaxNameLength);
                break;
            case "revoke-key" when Number(form["key"]) is { } key:
                if (!await services.GetRequiredService<IApiKeyStore>().RevokeAsync(key, self.Id, http.RequestAborted)) problem = text.KeyUnknown;
                else await audit.RecordAsync(http.User, "key.revoke", string.Create(CultureInfo.InvariantCulture, $"key:{key}"));
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
                return;
        }

        if (problem is not null)
        {
            await ShowAsync(context, self, notice: null, problem, newKey: null);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = $"{http.Request.PathBase}{Route}?done=1";
    }

    private static async Task<string?> ChangePasswordAsync(HttpContext http, Admin self, IFormCollection form)
    {
        var services = http.RequestServices;
        var accounts = services.GetRequiredService<AdminAccounts>();
        var throttle = services.GetRequiredService<SignInThrottle>();
        var text = TextOf(http);
        var password = form["password"].ToString();
        if (password != form["password-again"].ToString()) return text.Of(AccountProblem.PasswordsDiffer);

        // Whoever found a browser signed in guesses here as he would at the door.
        var address = http.Connection.RemoteIpAddress;
        if (throttle.Begin(self.Name, address, isKnown: true) is { } wait) return text.LockedOut((int)Math.Ceiling(wait.TotalMinutes));
        if (await accounts.CheckAsync(self.Name, form["current-password"].ToString(), http.RequestAborted) is null) return text.WrongCurrentPassword;
        throttle.Succeeded(self.Name, address);

        if (await accounts.SaveAsync(self.Name, password, http.RequestAborted) is AccountOutcome.Refused refused) return text.Of(refused.Problem);
        await services.GetRequiredService<AuditTrail>().RecordAsync(http.User, "account.password", "account:" + self.Name);

        // The new password ended every session; this browser goes on with a new one.
        await AdminSession.OpenAsync(http, self);
        return null;
    }

    private static async Task<ApiKeyToken?> AddKeyAsync(HttpContext http, Admin self, IFormCollection form)
    {
        var name = form["key-name"].ToString().Trim();
        var scopes = ApiScopes.None;
        foreach (var scope in form["scope"])
            scopes |= scope switch { "read" => ApiScopes.Read, "refresh" => ApiScopes.Refresh, "write" => ApiScopes.Write, _ => ApiScopes.None };
        if (name.Length is 0 or > IApiKeyStore.MaxNameLength || name.Any(char.IsControl) || scopes == ApiScopes.None) return null;

        var services = http.RequestServices;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        DateTimeOffset? expires = Number(form["days"]) is { } days && Lifetimes.Contains((int)days) ? now.AddDays(days) : null;
        var token = ApiKeyToken.Create();
        if (await services.GetRequiredService<IApiKeyStore>().AddAsync(
            new NewApiKey(ApiKeyToken.HashOf(token.Value)!, token.Hint, name, self.Id, scopes, expires), now, http.RequestAborted) is not { } id) return null;
        await services.GetRequiredService<AuditTrail>().RecordAsync(
            http.User, "key.add", string.Create(CultureInfo.InvariantCulture, $"key:{id}"), before: null, new { Name = name, Scopes = scopes, ExpiresAt = expires });
        return token;
    }

    private static async Task ShowAsync(DashboardContext context, Admin self, string? notice, string? problem, string? newKey)
    {
        var http = context.GetHttpContext();
        var services = http.RequestServices;
        http.Response.Headers.CacheControl = "no-store";
        await DashboardMarkup.WriteAsync<OwnAccount>(
            context, TextOf(http).OwnAccount,
            new OwnAccountModel
            {
                Account = self,
                Sessions = await services.GetRequiredService<ISessionStore>().ListAsync(
                    self.Id, AdminSession.UnusedSince(services), ISessionStore.MaxPerAccount, http.RequestAborted),
                CurrentSession = AdminSession.NumberOf(http.User),
                Keys = await services.GetRequiredService<IApiKeyStore>().ListAsync(self.Id, http.RequestAborted),
                NewKey = newKey,
                Notice = notice,
                Problem = problem,
                Token = FormToken.Of(http, services.GetRequiredService<IAntiforgery>()),
                DashboardPath = http.Request.PathBase,
                Now = services.GetRequiredService<TimeProvider>().GetUtcNow(),
            },
            problem is null ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity);
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Text TextOf(HttpContext http) => http.RequestServices.GetRequiredService<PageContext>().Text;
}
