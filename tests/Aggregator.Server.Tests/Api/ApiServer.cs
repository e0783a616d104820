using System.Net.Http.Headers;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Tests.Browse;
using Aggregator.Server.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Server.Tests.Api;

/// <summary>The program on loopback over the samples, without its recurring jobs, and with a key of every kind.</summary>
public sealed class ApiServer : Xunit.IAsyncLifetime
{
    private InProcessServer? _server;

    /// <summary>More requests than the tests of one class make with a key.</summary>
    public const int RequestsPerMinute = 1000;

    /// <summary>The number of a source with a password and a token in its address, the fourth.</summary>
    public long SecretSource { get; private set; }

    public Uri Address => Server.Address;

    /// <summary>The store's file.</summary>
    public string StoreFile => Server.StoreFile;

    internal InProcessServer Server => _server!;

    internal IServiceProvider Services => Server.Services;

    internal WebApplication App => Server.App;

    /// <summary>The keys by what they are.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    public async ValueTask InitializeAsync() =>
        _server = await InProcessServer.StartAsync(FillAsync, default, $"--Api:RequestsPerMinute={RequestsPerMinute}", $"--Search:RequestsPerMinute={RequestsPerMinute}");

    /// <summary>A request with the key of that name, or with none.</summary>
    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? key = "admin", HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.Accept.ParseAdd("text/html, */*");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Keys[key]);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    private async Task FillAsync(IServiceProvider services, Uri address)
    {
        var now = TimeProvider.System.GetUtcNow();
        await SampleSite.FillAsync(services, address, now);
        SecretSource = (await services.GetRequiredService<ISourceStore>().AddAsync(new NewSource { Url = "https://mole:hunter2%40x@secret.example/feed?a=1&token=t0k3n4u" }, now, default)).Id;
        var admins = services.GetRequiredService<IAdminStore>();
        await admins.AddAsync("anna", "no password opens it", AccountRole.Admin, now, default);
        await admins.AddAsync("vic", "no password opens it", AccountRole.Viewer, now, default);
        await MakeAsync("admin", "anna", ApiScopes.Read | ApiScopes.Refresh | ApiScopes.Write);
        await MakeAsync("counted", "anna", ApiScopes.Read);
        await MakeAsync("read", "anna", ApiScopes.Read);
        await MakeAsync("refresh only", "anna", ApiScopes.Refresh);
        await MakeAsync("write only", "anna", ApiScopes.Write);
        await MakeAsync("viewer", "vic", ApiScopes.Read | ApiScopes.Refresh | ApiScopes.Write);
        await MakeAsync("expired", "anna", ApiScopes.Read | ApiScopes.Refresh | ApiScopes.Write, now.AddDays(-1));
        Keys["wrong"] = ApiKeyToken.Create().Value;

        async Task MakeAsync(string name, string account, ApiScopes scopes, DateTimeOffset? expires = null)
        {
            var token = ApiKeyToken.Create();
            var admin = await admins.FindAsync(account, default);
            var made = expires?.AddDays(-1) ?? now;
            await services.GetRequiredService<IApiKeyStore>().AddAsync(new NewApiKey(ApiKeyToken.HashOf(token.Value)!, token.Hint, name, admin!.Id, scopes, expires), made, default);
            Keys[name] = token.Value;
        }
    }
}
