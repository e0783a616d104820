using Hangfire.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hangfire.Storage.SQLite.Tests;

/// <summary>Hangfire's dashboard over HTTP on a free port of the loopback interface.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _client;

    private DashboardHost(WebApplication application, HttpClient client) => (_application, _client) = (application, client);

    /// <summary>Every page that the dashboard has without an argument.</summary>
    public static string[] Pages { get; } =
    [
        "/", "/recurring", "/retries", "/servers", "/jobs/enqueued", "/jobs/enqueued/default", "/jobs/enqueued/fetched/default", "/jobs/processing",
        "/jobs/scheduled", "/jobs/succeeded", "/jobs/failed", "/jobs/deleted", "/jobs/awaiting",
    ];

    public static async Task<DashboardHost> StartAsync(JobStorage storage)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        // Not AddHangfire: it would leave this application's logger in a static that every later storage uses.
        builder.Services.AddSingleton<IGlobalConfiguration>(GlobalConfiguration.Configuration);
        builder.Services.AddSingleton(DashboardRoutes.Routes);

        var application = builder.Build();
        application.UseHangfireDashboard("/hangfire", options: null, storage);
        await application.StartAsync();

        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new DashboardHost(application, new HttpClient { BaseAddress = new Uri(address) });
    }

    public Task<HttpResponseMessage> GetAsync(string page) => _client.GetAsync(new Uri("/hangfire" + page, UriKind.Relative));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
