using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Aggregator.Server.Tests.Accounts;

/// <summary>
/// An OpenID Connect provider on loopback that lets everybody in as <see cref="Subject"/>: discovery, keys, authorization with PKCE,
/// and tokens signed with RS256, correct unless a test wants one thing wrong.
/// </summary>
internal sealed class TestIdentityProvider : IAsyncDisposable
{
    public const string ClientId = "aggregator";
    public const string ClientSecret = "a secret between the two";

    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _otherKey = RSA.Create(2048);
    private readonly Dictionary<string, Grant> _grants = [];
    private readonly WebApplication _app;

    private TestIdentityProvider(WebApplication app) => _app = app;

    public string Issuer { get; private set; } = "";

    /// <summary>Who signs in.</summary>
    public string Subject { get; set; } = "248289761001";

    public string Name { get; set; } = "olga";

    public string[] Roles { get; set; } = ["staff", "aggregator-admin"];

    /// <summary>The one thing that is wrong, or null.</summary>
    public string? Fault { get; set; }

    /// <summary>The queries with which browsers came.</summary>
    public List<IQueryCollection> Asked { get; } = [];

    /// <summary>What token requests were refused for: a wrong secret, verifier or address.</summary>
    public List<string> Refused { get; } = [];

    public (string, string)[] Settings =>
    [
        ("Accounts:OpenIdConnect:Authority", Issuer),
        ("Accounts:OpenIdConnect:ClientId", ClientId),
        ("Accounts:OpenIdConnect:ClientSecret", ClientSecret),
        ("Accounts:OpenIdConnect:Name", "Harbour ID"),
    ];

    public static async Task<TestIdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var provider = new TestIdentityProvider(app);
        app.Run(provider.AnswerAsync);
        await app.StartAsync();
        provider.Issuer = app.Urls.First();
        return provider;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _otherKey.Dispose();
    }

    private Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/.well-known/openid-configuration" => context.Response.WriteAsJsonAsync(new
        {
            issuer = Issuer,
            authorization_endpoint = Issuer + "/authorize",
            token_endpoint = Issuer + "/token",
            jwks_uri = Issuer + "/keys",
            response_types_supported = new[] { "code" },
            subject_types_supported = new[] { "public" },
            id_token_signing_alg_values_supported = new[] { "RS256" },
        }),
        "/keys" => context.Response.WriteAsJsonAsync(new { keys = new[] { PublicKey() } }),
        "/authorize" => AuthorizeAsync(context),
        "/token" => TokenAsync(context),
        _ => Refuse(context, StatusCodes.Status404NotFound),
    };

    private Task AuthorizeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        Asked.Add(query);
        var back = query["redirect_uri"].ToString();
        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256" || back.Length == 0)
            return Refuse(context, StatusCodes.Status400BadRequest);
        var state = Fault == "state" ? "CfDJ8" + new string('A', 80) : query["state"].ToString();
        var code = RandomNumberGenerator.GetHexString(32);
        _grants[code] = new Grant(back, query["code_challenge"].ToString(), query["nonce"].ToString());
        var answer = Fault == "denied" ? QueryString.Create("error", "access_denied") : QueryString.Create("code", code);
        context.Response.Redirect(back + answer.Add("state", state));
        return Task.CompletedTask;
    }

    private async Task TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        if (Fault == "token") { await Refuse(context, StatusCodes.Status500InternalServerError); return; }
        if (Fault == "hangs up") { context.Abort(); return; }
        var verifier = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        var problem = !_grants.Remove(form["code"].ToString(), out var grant) ? "code"
            : grant.Challenge != verifier ? "verifier"
            : grant.RedirectUri != form["redirect_uri"] ? "redirect_uri"
            : form["client_secret"] != ClientSecret || form["client_id"] != ClientId ? "client"
            : null;
        if (problem is not null)
        {
            Refused.Add(problem);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_grant" });
            return;
        }

        await context.Response.WriteAsJsonAsync(new { access_token = "none of your business", token_type = "Bearer", expires_in = 60, id_token = Token(grant!.Nonce) });
    }

    private string Token(string nonce)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var payload = new Dictionary<string, object>
        {
            ["iss"] = Fault == "issuer" ? "https://somebody-else.example" : Issuer,
            ["aud"] = Fault == "audience" ? "another client" : ClientId,
            ["sub"] = Subject,
            ["preferred_username"] = Name,
            ["nonce"] = Fault == "nonce" ? "638000000000000000.AAAA" : nonce,
            ["iat"] = now,
            ["exp"] = Fault == "expired" ? now - 3600 : now + 300,
            ["nbf"] = Fault == "expired" ? now - 7200 : now - 1,
            ["roles"] = Roles,
        };
        var header = Fault == "unsigned" ? """{"alg":"none","typ":"JWT"}""" : Fault == "symmetric" ? """{"alg":"HS256","typ":"JWT"}""" : """{"alg":"RS256","typ":"JWT","kid":"one"}""";
        var signed = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "." + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(payload));
        var bytes = Encoding.ASCII.GetBytes(signed);
        return signed + "." + Fault switch
        {
            "unsigned" => "",
            "symmetric" => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ClientSecret), bytes)),
            "signature" => Base64Url.EncodeToString(_otherKey.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            _ => Base64Url.EncodeToString(_key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        };
    }

    private object PublicKey()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        return new { kty = "RSA", use = "sig", alg = "RS256", kid = "one", n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) };
    }

    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private sealed record Grant(string RedirectUri, string Challenge, string Nonce);
}
