using System.Globalization;
using Aggregator.Server.Accounts;
using Aggregator.Server.Hosting;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Hangfire;
using Hangfire.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Testing;

/// <summary>
/// The whole program in this process, on loopback and over a SQLite store of its own, with its workers and without its recurring jobs: nothing
/// is fetched unless somebody asks for it, and what its pages say can be compared with what its services hold.
/// </summary>
internal sealed class InProcessServer : IAsyncDisposable
{
    private const string Sentence = "four lamps on the quay";

    // Hangfire hands the storage that it made, and what makes the objects of jobs, through statics: two servers that start at once would work off
    // each other's jobs. So it does with where it logs to, which ends with the server that was started last.
    private static readonly SemaphoreSlim OneAtATime = new(1);

    private readonly TemporaryFolder _folder;
    private readonly StoreSession _session;

    private InProcessServer(TemporaryFolder folder, StoreSession session, WebApplication app, Uri address) => (_folder, _session, App, Address) = (folder, session, app, address);

    public Uri Address { get; }

    public WebApplication App { get; }

    public IServiceProvider Services => App.Services;

    /// <summary>The store's file.</summary>
    public string StoreFile => _folder.File("store.db");

    /// <summary>Starts it once the store is filled: what counts in the background counts that already.</summary>
    public static async Task<InProcessServer> StartAsync(Func<IServiceProvider, Uri, Task> fill, CancellationToken cancellationToken, params string[] settings)
    {
        var folder = new TemporaryFolder();
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));
        var read = ServerSettings.Read(
            [$"--Urls={address.GetLeftPart(UriPartial.Authority)}", $"--Aggregator:DataFolder={folder.Path}", "--Aggregator:Catalogue=", "--Jobs:Storage=memory", .. settings]);
        var server = new InProcessServer(folder, new StoreSession(read, TimeProvider.System), WebServer.Build(read), address);
        try
        {
            await server._session.OpenAsync(server.Services, cancellationToken);
            await OneAtATime.WaitAsync(cancellationToken);
            try
            {
                WebServer.Map(server.App, read);
                _ = server.Services.GetRequiredService<JobActivator>();
            }
            finally
            {
                LogProvider.SetCurrentLogProvider(null);
                OneAtATime.Release();
            }

            await fill(server.Services, address);
            await server.App.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A browser in which an admin of that name, who is made when there is none, is signed in; it reads English.</summary>
    public async Task<FormBrowser> SignInAsync(string name = "mallory")
    {
        Assert.IsType<AccountOutcome.Saved>(await Services.GetRequiredService<AdminAccounts>().SaveAsync(name, Sentence, default));
        var browser = new FormBrowser(Address);
        await browser.GetAsync("/sign-in?return=/hangfire/account&lang=en");
        Assert.Equal("/hangfire/account", (await browser.SubmitAsync("/sign-in", ("name", name), ("password", Sentence))).Path);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        _session.Dispose();
        _folder.Dispose();
    }
}
