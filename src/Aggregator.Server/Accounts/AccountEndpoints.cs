using System.Globalization;
using System.Text;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Accounts;

/// <summary>Signing in and out, and making the first account.</summary>
internal static class AccountEndpoints
{
    /// <summary>The cookie that holds the token of a session.</summary>
    public const string SessionCookie = "aggregator-admin";

    /// <summary>Where an admin goes who did not come from anywhere.</summary>
    public const string Dashboard = "~/hangfire";

    /// <summary>Where the page for signing in lies.</summary>
    public const string SignInPath = "/sign-in";

    /// <summary>The parameter that says where to go afterwards.</summary>
    public const string ReturnParameter = "return";

    private const int MaxReturnLength = 2_048;

    /// <summary>The largest form, in bytes: a name, two passwords, a token and an address fit many times.</summary>
    private const long MaxFormBytes = 32_768;

    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IPasswordHasher<Admin>, PasswordHasher<Admin>>();
        services.AddSingleton<AdminAccounts>();
        services.AddSingleton<SetupToken>();
        services.AddSingleton<SignInThrottle>();

        services.AddAntiforgery(options =>
        {
            options.FormFieldName = "form-token";
            options.Cookie.Name = "aggregator-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });

        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<IOptions<AccountOptions>>((cookie, account) =>
            {
                cookie.Cookie.Name = SessionCookie;
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.ExpireTimeSpan = account.Value.SessionTime;
                cookie.SlidingExpiration = true;
                cookie.LoginPath = SignInPath;
                cookie.ReturnUrlParameter = ReturnParameter;
                cookie.Events.OnValidatePrincipal = AdminSession.ValidateAsync;
                // Only path and query: the host of a request is the visitor's word, and no address of ours is made from it. There may be none.
                cookie.Events.OnRedirectToLogin = context =>
                {
                    context.Response.Redirect(context.RedirectUri[$"{context.Request.Scheme}://{context.Request.Host}".Length..]);
                    return Task.CompletedTask;
                };
                cookie.Events.OnRedirectToAccessDenied = context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                };
            });

        services.AddOpenIdConnectSignIn(configuration);
        services.AddAuthorizationBuilder()
            .AddPolicy(AccountPolicies.Admin, policy => policy.RequireAuthenticatedUser().RequireRole(AccountPolicies.Admin))
            .AddPolicy(AccountPolicies.Viewer, policy => policy.RequireAuthenticatedUser().RequireRole(AccountPolicies.Admin, AccountPolicies.Viewer));
        return services;
    }

    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder routes)
    {
        var formSize = new RequestSizeLimitAttribute(MaxFormBytes);
        routes.MapGet(SignInPath, ShowSignIn);
        routes.MapPost(SignInPath, SignInAsync).WithMetadata(formSize);
        routes.MapOpenIdConnectSignIn();
        routes.MapPost("/sign-out", SignOutAsync).WithMetadata(formSize);
        routes.MapGet("/setup", ShowSetupAsync);
        routes.MapPost("/setup", SetupAsync).WithMetadata(formSize);
        return routes;
    }

    private static IResult ShowSignIn(HttpContext context, IAntiforgery antiforgery, PageContext page, IOptions<IdentityProviderOptions> provider)
    {
        // Whoever came back from his provider without being let in is told why.
        var refusal = provider.Value.IsOn ? OpenIdConnectSignIn.RefusalOf(context.Request.Query[OpenIdConnectSignIn.RefusedParameter]) : null;
        return PageResult.Private<SignInPage>(
            new SignInModel(
                FormToken.Of(context, antiforgery), Local(context.Request.Query[ReturnParameter]), context.User.Identity?.Name,
                Problem: refusal is { } why ? page.Text.Of(why, provider.Value.Name) : null)
            { Provider = provider.Value.NameWhenOn },
            refusal switch
            {
                null => StatusCodes.Status200OK,
                SignInRefusal.Unreachable => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status403Forbidden,
            });
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, IAntiforgery antiforgery, AdminAccounts accounts, SignInThrottle throttle, ISessionStore sessions, PageContext page,
        IOptions<IdentityProviderOptions> provider, ILogger<AdminAccounts> logger, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(context, cancellationToken) is not { } form) return PageResult.Status(StatusCodes.Status400BadRequest);
        string name = form["name"].ToString().Trim(), password = form["password"].ToString();
        var returnTo = Local(form[ReturnParameter]);

        IResult Again(string problem, int statusCode) => PageResult.Private<SignInPage>(
            new SignInModel(FormToken.Of(context, antiforgery), returnTo, SignedInAs: null, name, problem) { Provider = provider.Value.NameWhenOn }, statusCode);

        if (!await antiforgery.IsRequestValidAsync(context)) return Again(page.Text.FormExpired, StatusCodes.Status400BadRequest);

        var address = context.Connection.RemoteIpAddress;
        var isKnown = name.Length <= AccountRules.MaxNameLength && await sessions.KnowsNetworkAsync(name, SignInThrottle.Network(address), cancellationToken);
        if (throttle.Begin(name, address, isKnown) is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Again(page.Text.LockedOut((int)Math.Ceiling(wait.TotalMinutes)), StatusCodes.Status429TooManyRequests);
        }

        // 401 would have to name an authentication scheme (RFC 9110 §15.5.2), and a form is none.
        if (await accounts.CheckAsync(name, password, cancellationToken) is not { } admin)
        {
            logger.LogWarning("A sign-in from {Address} failed.", address);
            return Again(page.Text.WrongCredentials, StatusCodes.Status403Forbidden);
        }

        throttle.Succeeded(name, address);
        logger.LogInformation("{Admin} signed in from {Address}.", admin.Name, address);
        await AdminSession.OpenAsync(context, admin);
        return TypedResults.LocalRedirect(returnTo ?? Dashboard);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(context, cancellationToken) is null || !await antiforgery.IsRequestValidAsync(context))
            return PageResult.Status(StatusCodes.Status400BadRequest);
        await AdminSession.CloseAsync(context);
        return TypedResults.LocalRedirect("~/");
    }

    private static async Task<IResult> ShowSetupAsync(
        string? token, HttpContext context, IAntiforgery antiforgery, SetupToken setup, CancellationToken cancellationToken) =>
        await setup.OpensAsync(token, cancellationToken)
            ? PageResult.Private<SetupPage>(new SetupModel(FormToken.Of(context, antiforgery)))
            : PageResult.Status(StatusCodes.Status404NotFound);

    private static async Task<IResult> SetupAsync(
        string? token, HttpContext context, IAntiforgery antiforgery, SetupToken setup, AdminAccounts accounts, PageContext page,
        AuditTrail audit, CancellationToken cancellationToken)
    {
        if (!await setup.OpensAsync(token, cancellationToken)) return PageResult.Status(StatusCodes.Status404NotFound);
        if (await PostedForm.ReadAsync(context, cancellationToken) is not { } form) return PageResult.Status(StatusCodes.Status400BadRequest);
        string name = form["name"].ToString().Trim(), password = form["password"].ToString();

        IResult Again(string problem, int statusCode) =>
            PageResult.Private<SetupPage>(new SetupModel(FormToken.Of(context, antiforgery), name, problem), statusCode);

        if (!await antiforgery.IsRequestValidAsync(context)) return Again(page.Text.FormExpired, StatusCodes.Status400BadRequest);
        if (password != form["password-again"].ToString())
            return Again(page.Text.Of(AccountProblem.PasswordsDiffer), StatusCodes.Status422UnprocessableEntity);

        switch (await accounts.SaveFirstAsync(name, password, cancellationToken))
        {
            case AccountOutcome.Refused refused:
                return Again(page.Text.Of(refused.Problem), StatusCodes.Status422UnprocessableEntity);
            case AccountOutcome.NotTheFirst:
                return PageResult.Status(StatusCodes.Status404NotFound);
            default:
                await audit.RecordAsync(name, "account.add", "account:" + name, before: null, new { Role = "admin" });
                if (await accounts.CheckAsync(name, password, cancellationToken) is { } admin)
                    await AdminSession.OpenAsync(context, admin);
                return TypedResults.LocalRedirect(Dashboard);
        }
    }

    /// <summary>A place of ours to return to; anything that could lead to another host is dropped.</summary>
    internal static string? Local(string? address) =>
        address is { Length: > 0 and <= MaxReturnLength } && address[0] == '/' && Ascii.IsValid(address) && RedirectHttpResult.IsLocalUrl(address)
            ? address
            : null;
}
