using System.Security.Claims;
using System.Security.Cryptography;
using Aggregator.Core.Stores;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Accounts;

/// <summary>
/// The signed-in state: a random token in the cookie, whose hash stands in the store. What the store no longer has is over,
/// whatever the cookie says; and the role is always the one that the account has now.
/// </summary>
internal static class AdminSession
{
    private const string Token = "session";
    private const string Number = "session-number";

    private static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(1);

    /// <summary>Opens a session with a token of its own, and ends the one that the browser brought along.</summary>
    public static async Task OpenAsync(HttpContext context, Admin admin)
    {
        var services = context.RequestServices;
        var store = services.GetRequiredService<ISessionStore>();
        if (NumberOf(context.User) is { } earlier) await store.EndAsync(earlier, adminId: null, context.RequestAborted);

        var token = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var number = await store.OpenAsync(
            HashOf(token), admin.Id, SignInThrottle.Network(context.Connection.RemoteIpAddress), context.Request.Headers.UserAgent.ToString(),
            UnusedSince(services), now, context.RequestAborted);
        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme, PrincipalOf(admin, token, number), new AuthenticationProperties { IsPersistent = true });
    }

    public static async Task CloseAsync(HttpContext context)
    {
        if (NumberOf(context.User) is { } number)
            await context.RequestServices.GetRequiredService<ISessionStore>().EndAsync(number, adminId: null, context.RequestAborted);
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }

    /// <summary>The number of the session of this request, or null.</summary>
    public static long? NumberOf(ClaimsPrincipal user) =>
        long.TryParse(user.FindFirst(Number)?.Value, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Sessions that were not used since then are over.</summary>
    public static DateTimeOffset UnusedSince(IServiceProvider services) =>
        services.GetRequiredService<TimeProvider>().GetUtcNow() - services.GetRequiredService<IOptions<AccountOptions>>().Value.SessionTime;

    /// <summary>Looks the session up on every request that carries a cookie.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var store = services.GetRequiredService<ISessionStore>();
        var cancellation = context.HttpContext.RequestAborted;
        if (context.Principal?.FindFirst(Token)?.Value is not { } token
            || await store.FindAsync(HashOf(token), UnusedSince(services), cancellation) is not { } session)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            return;
        }

        context.ReplacePrincipal(PrincipalOf(session.Admin, token, session.Id));
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (now - session.SeenAt >= NotedEvery) await store.TouchAsync(session.Id, now, cancellation);
    }

    private static ClaimsPrincipal PrincipalOf(Admin admin, string token, long number) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, admin.Name),
            new Claim(ClaimTypes.Role, AccountPolicies.RoleOf(admin.Role)),
            new Claim(Token, token),
            new Claim(Number, number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ],
        CookieAuthenticationDefaults.AuthenticationScheme));

    private static byte[] HashOf(string token) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token));
}
