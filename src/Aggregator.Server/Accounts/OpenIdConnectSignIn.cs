using System.Security.Claims;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Aggregator.Server.Accounts;

/// <summary>
/// Signing in with an OpenID Connect provider (Core 1.0 §3.1, authorization code with PKCE, RFC 7636). The provider says who it is and
/// which role he has; the session is ours, as with a password, and ends where ours end.
/// </summary>
internal static class OpenIdConnectSignIn
{
    /// <summary>The parameter of the sign-in page that says why somebody was not let in.</summary>
    public const string RefusedParameter = "refused";

    /// <summary>Where the way to the provider begins.</summary>
    public const string Path = AccountEndpoints.SignInPath + "/openid";

    /// <summary>Where the provider leads back to.</summary>
    public const string CallbackPath = Path + "/callback";

    private const string Scheme = OpenIdConnectDefaults.AuthenticationScheme;

    /// <summary>The longest word of a stranger that the log takes, in characters.</summary>
    private const int MaxLogged = 300;

    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);

    // No algorithm with a shared secret: whoever knows our secret must not write tokens with it.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Adds the provider, when one is configured.</summary>
    /// <exception cref="SettingException">It cannot be used as it is configured.</exception>
    public static IServiceCollection AddOpenIdConnectSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        var provider = configuration.GetSection(IdentityProviderOptions.Section).Get<IdentityProviderOptions>() ?? new IdentityProviderOptions();
        if (provider.Problem() is { } problem) throw new SettingException(problem);
        services.AddSingleton(Options.Create(provider));
        if (!provider.IsOn) return services;

        services.AddAuthentication().AddOpenIdConnect(Scheme, options =>
        {
            options.Authority = provider.Authority;
            options.RequireHttpsMetadata = !provider.IsLoopback;
            options.ClientId = provider.ClientId;
            options.ClientSecret = string.IsNullOrEmpty(provider.ClientSecret) ? null : provider.ClientSecret;
            options.ResponseType = OpenIdConnectResponseType.Code;
            // The answer comes by GET: a form posted from elsewhere would bring no cookie that is not open to every site.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.UsePkce = true;
            options.MapInboundClaims = false;
            options.ClaimActions.Clear();
            options.GetClaimsFromUserInfoEndpoint = false;
            options.SaveTokens = false;
            options.UseTokenLifetime = false;
            options.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
            options.CallbackPath = CallbackPath;
            options.RemoteSignOutPath = default;
            options.SignedOutCallbackPath = default;
            options.BackchannelTimeout = LongestCall;
            options.TokenValidationParameters.ValidAlgorithms = Algorithms;
            options.Scope.Clear();
            options.Scope.Add(OpenIdConnectScope.OpenId);
            foreach (var scope in provider.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) options.Scope.Add(scope);
            foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
            {
                cookie.SameSite = SameSiteMode.Lax;
                cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            }

            options.Events.OnRedirectToIdentityProvider = context =>
            {
                // The host of a request is the visitor's word; the provider knows our public address.
                context.ProtocolMessage.RedirectUri = context.HttpContext.RequestServices.GetRequiredService<SiteLinks>().Base.TrimEnd('/') + CallbackPath;
                return Task.CompletedTask;
            };
            // A token that came straight from the provider may be unsigned, says the standard (Core 1.0 §3.1.3.7), and its handler agrees; we do not.
            options.Events.OnTokenValidated = context =>
            {
                if (!Algorithms.Contains(context.SecurityToken.Header.Alg)) context.Fail("The identity token is not signed.");
                return Task.CompletedTask;
            };
            options.Events.OnTicketReceived = ReceiveAsync;
            options.Events.OnAccessDenied = context =>
            {
                context.HandleResponse();
                Refuse(context.HttpContext, SignInRefusal.Denied, context.ReturnUrl, "The provider said access_denied.");
                return Task.CompletedTask;
            };
            options.Events.OnRemoteFailure = context =>
            {
                context.HandleResponse();
                Refuse(context.HttpContext, RefusalOf(context.Failure), context.Properties?.RedirectUri, context.Failure?.Message);
                return Task.CompletedTask;
            };
        });
        return services;
    }

    /// <summary>Maps the way to the provider, when one is configured.</summary>
    public static void MapOpenIdConnectSignIn(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<IOptions<IdentityProviderOptions>>().Value.IsOn) routes.MapGet(Path, BeginAsync);
    }

    /// <summary>The refusal of that name, or null.</summary>
    public static SignInRefusal? RefusalOf(string? name) =>
        Enum.TryParse<SignInRefusal>(name, ignoreCase: true, out var refusal) && Enum.IsDefined(refusal) && !char.IsAsciiDigit(name![0]) ? refusal : null;

    private static async Task BeginAsync(HttpContext context)
    {
        var returnTo = AccountEndpoints.Local(context.Request.Query[AccountEndpoints.ReturnParameter]);
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await context.ChallengeAsync(Scheme, new AuthenticationProperties { RedirectUri = returnTo ?? "/" + AccountEndpoints.Dashboard.TrimStart('~', '/') });
        }
        catch (Exception error) when (!context.Response.HasStarted && IsUnreachable(error) && !context.RequestAborted.IsCancellationRequested)
        {
            // What the provider says of itself could not be read.
            Refuse(context, SignInRefusal.Unreachable, returnTo, (error.InnerException ?? error).Message);
        }
    }

    private static async Task ReceiveAsync(TicketReceivedContext context)
    {
        context.HandleResponse();
        var http = context.HttpContext;
        var services = http.RequestServices;
        var provider = services.GetRequiredService<IOptions<IdentityProviderOptions>>().Value;
        var claims = context.Principal!;
        var (issuer, subject) = (claims.FindFirst("iss")?.Value ?? "", claims.FindFirst("sub")?.Value ?? "");
        var name = (claims.FindFirst(provider.NameClaim)?.Value ?? subject).Trim();
        if (RoleOf(claims, provider) is not { } role)
        {
            await ForgetAsync(services, issuer, subject);
            Refuse(http, SignInRefusal.NoRole, context.ReturnUri, $"{name} has none of the roles in the claim {provider.RoleClaim}.");
            return;
        }

        var identity = new ExternalIdentity(issuer, subject, name, role);
        if (AccountRules.CheckName(name) is not null || issuer.Length == 0 || subject.Length == 0 || identity.Id.Length > ExternalIdentity.MaxIdLength)
        {
            Refuse(http, SignInRefusal.NoName, context.ReturnUri, $"The claim {provider.NameClaim} cannot name an account.");
            return;
        }

        var found = await services.GetRequiredService<AdminAccounts>().SignInExternalAsync(identity, provider.LinkByName, http.RequestAborted);
        if (found.Now is not { } admin)
        {
            Refuse(http, found.Outcome == ExternalOutcome.Disabled ? SignInRefusal.Disabled : SignInRefusal.NameTaken, context.ReturnUri, $"The account {name} is not theirs, or is disabled.");
            return;
        }

        await RecordAsync(services.GetRequiredService<AuditTrail>(), found, admin, issuer);
        services.GetRequiredService<ILogger<AdminAccounts>>().LogInformation(
            "{Admin} signed in from {Address} with {Issuer}.", admin.Name, http.Connection.RemoteIpAddress, issuer);

        // The callback is answered before anybody asks whose session the browser brought along, which ends now.
        if ((await http.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme)).Principal is { } earlier) http.User = earlier;
        await AdminSession.OpenAsync(http, admin);
        http.Response.Redirect(AccountEndpoints.Local(context.ReturnUri) ?? "/");
    }

    private static Task RecordAsync(AuditTrail audit, ExternalAccount found, Admin admin, string issuer)
    {
        var subject = "account:" + admin.Name;
        return found.Outcome switch
        {
            ExternalOutcome.Created => audit.RecordAsync(admin.Name, "account.add", subject, before: null, new { admin.Role, Issuer = issuer }),
            ExternalOutcome.Linked => audit.RecordAsync(admin.Name, "account.link", subject, new { found.Before!.Role }, new { admin.Role, Issuer = issuer }),
            _ when found.Before!.Role != admin.Role => audit.RecordAsync(admin.Name, "account.role", subject, new { found.Before.Role }, new { admin.Role, Issuer = issuer }),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>Whom the provider gives a role no longer, his open sessions end and his keys open nothing.</summary>
    private static async Task ForgetAsync(IServiceProvider services, string issuer, string subject)
    {
        if (await services.GetRequiredService<IAdminStore>().FindExternalAsync(issuer + " " + subject, CancellationToken.None) is not { } known) return;
        await services.GetRequiredService<ISessionStore>().EndOthersAsync(known.Id, keptSessionId: null, CancellationToken.None);
        if (await services.GetRequiredService<IApiKeyStore>().RevokeAllAsync(known.Id, CancellationToken.None) is > 0 and var revoked)
            await services.GetRequiredService<AuditTrail>().RecordAsync(known.Name, "key.revoke", "account:" + known.Name, before: null, new { Revoked = revoked, Issuer = issuer });
    }

    private static AccountRole? RoleOf(ClaimsPrincipal claims, IdentityProviderOptions provider)
    {
        var roles = claims.FindAll(provider.RoleClaim).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
        if (!string.IsNullOrWhiteSpace(provider.AdminRole) && roles.Contains(provider.AdminRole)) return AccountRole.Admin;
        return !string.IsNullOrWhiteSpace(provider.ViewerRole) && roles.Contains(provider.ViewerRole) ? AccountRole.Viewer : null;
    }

    private static SignInRefusal RefusalOf(Exception? failure) =>
        failure is not null && IsUnreachable(failure) ? SignInRefusal.Unreachable : SignInRefusal.Failed;

    private static bool IsUnreachable(Exception error) =>
        error is HttpRequestException or IOException or TaskCanceledException
        || (error is InvalidOperationException && error.Message.StartsWith("IDX20", StringComparison.Ordinal))
        || (error.InnerException is { } inner && IsUnreachable(inner));

    private static void Refuse(HttpContext context, SignInRefusal refusal, string? returnTo, string? why)
    {
        // Parts of it are the visitor's or the provider's words.
        var said = new string([.. (why ?? "").Take(MaxLogged).Select(letter => char.IsControl(letter) ? ' ' : letter)]);
        context.RequestServices.GetRequiredService<ILogger<AdminAccounts>>().LogWarning(
            "A sign-in with OpenID Connect from {Address} was refused ({Refusal}): {Reason}", context.Connection.RemoteIpAddress, refusal, said);
        var query = QueryString.Create(RefusedParameter, refusal.ToString().ToLowerInvariant());
        if (AccountEndpoints.Local(returnTo) is { } local) query = query.Add(AccountEndpoints.ReturnParameter, local);
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = context.Request.PathBase + AccountEndpoints.SignInPath + query;
        context.Response.Headers.CacheControl = "no-store";
    }
}
