using System.Net.Http.Headers;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Hosting;
using Aggregator.Server.Tests.Browse;
using Aggregator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Server.Tests.Api;

/// <summary>The program on loopback over the samples, without its recurring jobs, and with a key of every kind.</summary>
public sealed class ApiServer : Xunit.IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private WebApplication? _app;
    private StoreSession? _session;

    /// <summary>More requests than the tests of one class make with a key.</summary>
    public const int RequestsPerMinute = 1000;

    /// <summary>The number of a source with a password and a token in its address, the fourth.</summary>
    public long SecretSource { get; private set; }

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Next()}/");

    /// <summary>The store's file.</summary>
    public string StoreFile => _folder.File("store.db");

    internal IServiceProvider Services => _app!.Services;

    internal WebApplication App => _app!;

    /// <summary>The keys by what they are.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        var read = ServerSettings.Read(
        [
            $"--Urls={Address.GetLeftPart(UriPartial.Authority)}", $"--Aggregator:DataFolder={_folder.Path}", "--Aggregator:Catalogue=",
            "--Jobs:Storage=memory", $"--Api:RequestsPerMinute={RequestsPerMinute}", $"--Search:RequestsPerMinute={RequestsPerMinute}",
        ]);
        _session = new StoreSession(read, TimeProvider.System);
        _app = WebServer.Build(read);
        await _session.OpenAsync(_app.Services, default);
        WebServer.Map(_app, read);
        await SampleSite.FillAsync(_app.Services, Address, TimeProvider.System.GetUtcNow());

        var now = TimeProvider.System.GetUtcNow();
        SecretSource = (await Services.GetRequiredService<ISourceStore>().AddAsync(new NewSource { Url = "https://mole:hunter2%40x@secret.example/feed?a=1&token=t0k3n4u" }, now, default)).Id;
        var admins = Services.GetRequiredService<IAdminStore>();
        await admins.AddAsync("anna", "no password opens it", AccountRole.Admin, now, default);
        await admins.AddAsync("vic", "no password opens it", AccountRole.Viewer, now, default);
        await MakeAsync("admin", "anna", ApiScopes.Read | ApiScopes.Refresh | ApiScopes.Write, now);
        await MakeAsync("counted", "anna", ApiScopes.Read, now);
        await MakeAsync("read", "anna", ApiScopes.Read, now);
        await MakeAsync("write only", "anna", ApiScopes.Write, now);
        await MakeAsync("viewer", "vic", ApiScopes.Read | ApiScopes.Refresh | ApiScopes.Write, now);
        await MakeAsync("expired", "anna", ApiScopes.Read | ApiScopes.Refresh | ApiScopes.Write, now.AddDays(-2), now.AddDays(-1));
        Keys["wrong"] = ApiKeyToken.Create().Value;
        await _app.StartAsync();
    }

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
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _session?.Dispose();
        _folder.Dispose();
    }

    private async Task MakeAsync(string name, string account, ApiScopes scopes, DateTimeOffset now, DateTimeOffset? expires = null)
    {
        var token = ApiKeyToken.Create();
        var admin = await Services.GetRequiredService<IAdminStore>().FindAsync(account, default);
        await Services.GetRequiredService<IApiKeyStore>().AddAsync(new NewApiKey(ApiKeyToken.HashOf(token.Value)!, token.Hint, name, admin!.Id, scopes, expires), now, default);
        Keys[name] = token.Value;
    }
}
