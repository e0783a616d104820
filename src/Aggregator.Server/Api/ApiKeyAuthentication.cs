using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Audits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Api;

/// <summary>
/// Who asks: a key in <c>Authorization: Bearer</c> (RFC 6750 §2.1), or for GET the session of a browser. A cookie alone never changes
/// anything, so that no page of a stranger can make a browser do it.
/// </summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IApiKeyStore keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "Api";

    /// <summary>The claims that say what a request may be used for: a member of <see cref="ApiScopes"/> each.</summary>
    public const string ScopeClaim = "api-scope";

    /// <summary>The claim with the number of the key.</summary>
    public const string KeyClaim = "api-key";

    private const string Prefix = "Bearer ";

    private static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(1);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.Count == 0) return await OfSessionAsync();
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.Fail("It is not a bearer token.");

        var now = TimeProvider.GetUtcNow();
        if (ApiKeyToken.HashOf(header[Prefix.Length..].Trim()) is not { } hash || await keys.FindAsync(hash, now, Context.RequestAborted) is not { } key)
            return AuthenticateResult.Fail("The key is unknown, revoked or expired.");
        if (key.LastUsedAt is not { } used || now - used >= NotedEvery) await keys.TouchAsync(key.Id, now, Context.RequestAborted);

        var identity = new ClaimsIdentity(SchemeName);
        identity.AddClaim(new Claim(ClaimTypes.Name, key.Admin.Name));
        identity.AddClaim(new Claim(ClaimTypes.Role, AccountPolicies.RoleOf(key.Admin.Role)));
        identity.AddClaim(new Claim(AuditTrail.KeyNameClaim, key.Name));
        identity.AddClaim(new Claim(KeyClaim, key.Id.ToString(CultureInfo.InvariantCulture)));
        foreach (var scope in (ReadOnlySpan<ApiScopes>)[ApiScopes.Read, ApiScopes.Refresh, ApiScopes.Write])
            if (key.Scopes.HasFlag(scope))
                identity.AddClaim(new Claim(ScopeClaim, scope.ToString()));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = Request.Headers.Authorization.Count == 0
            ? "Bearer realm=\"Aggregator\""
            : "Bearer realm=\"Aggregator\", error=\"invalid_token\"";
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        Response.Headers.WWWAuthenticate = "Bearer realm=\"Aggregator\", error=\"insufficient_scope\"";
        return Task.CompletedTask;
    }

    private async Task<AuthenticateResult> OfSessionAsync()
    {
        if (!HttpMethods.IsGet(Request.Method)) return AuthenticateResult.NoResult();
        var session = await Context.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        if (session.Principal?.Identity is not ClaimsIdentity { IsAuthenticated: true } signedIn) return AuthenticateResult.NoResult();
        var identity = new ClaimsIdentity(signedIn.Claims, SchemeName);
        identity.AddClaim(new Claim(ScopeClaim, nameof(ApiScopes.Read)));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
