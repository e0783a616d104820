using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Stores;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Aggregator.Server.Accounts;

/// <summary>The signed-in state of an admin, kept in a cookie: who it is, and a mark of the password it was opened with.</summary>
internal static class AdminSession
{
    private const string PasswordMark = "password-mark";

    public static Task OpenAsync(HttpContext context, Admin admin) =>
        context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, admin.Name),
                new Claim(ClaimTypes.Role, AccountPolicies.Admin),
                new Claim(PasswordMark, MarkOf(admin)),
            ],
            CookieAuthenticationDefaults.AuthenticationScheme)), new AuthenticationProperties { IsPersistent = true });

    public static Task CloseAsync(HttpContext context) =>
        context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);

    /// <summary>A cookie outlives neither its account nor its password: both are looked up on every request that carries one.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var store = context.HttpContext.RequestServices.GetRequiredService<IAdminStore>();
        var admin = context.Principal?.Identity?.Name is { } name
            ? await store.FindAsync(name, context.HttpContext.RequestAborted)
            : null;
        if (admin is not null && context.Principal!.HasClaim(PasswordMark, MarkOf(admin))) return;

        context.RejectPrincipal();
        await CloseAsync(context.HttpContext);
    }

    private static string MarkOf(Admin admin) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(admin.PasswordHash)).AsSpan(0, 16));
}
