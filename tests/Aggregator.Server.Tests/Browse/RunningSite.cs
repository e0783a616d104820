using System.Net;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Aggregator.Server.Tests.Browse;

/// <summary>The pages and the accounts on Kestrel on a free port of the loopback interface, over a store of their own.</summary>
internal sealed class RunningSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningSite(WebApplication app, FakeTimeProvider clock, RunningSiteStore store)
    {
        _app = app;
        Clock = clock;
        Store = store;
        Address = new Uri(app.Urls.First() + "/");
    }

    /// <summary>Where it listens, with a slash at the end.</summary>
    public Uri Address { get; }

    public IServiceProvider Services => _app.Services;

    public RunningSiteStore Store { get; }

    /// <summary>Stands still at the start of the site until a test moves it.</summary>
    public FakeTimeProvider Clock { get; }

    public static async Task<RunningSite> StartAsync(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));

        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var store = new RunningSiteStore();
        builder.Services.AddRouting();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<ICategoryStore>(store);
        builder.Services.AddSingleton<IEntryStore>(store);
        builder.Services.AddSingleton<ISourceStore>(store);
        builder.Services.AddSingleton<IRefreshStore>(store);
        builder.Services.AddSingleton<IAdminStore>(store);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddSingleton(services =>
            new SiteLinks(new Uri(services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First())));
        builder.Services.AddBrowsing();
        builder.Services.AddAccounts();

        var app = builder.Build();
        app.UseStatusPages();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapBrowsing();
        app.MapAccounts();

        // Stands for the dashboard, and for what later rooms answer.
        app.MapGet("/hangfire", (HttpContext context) => $"dashboard of {context.User.Identity?.Name}").RequireAuthorization(AccountPolicies.Admin);
        app.MapGet("/answers/{status:int}", (int status) => TypedResults.StatusCode(status));
        app.MapGet("/pictures/harbour.svg", () => TypedResults.Text(SampleSite.Picture, "image/svg+xml"));
        await app.StartAsync();
        return new RunningSite(app, clock, store);
    }

    /// <summary>A site with <see cref="SampleSite"/> in it.</summary>
    public static async Task<RunningSite> StartWithSamplesAsync(params (string Key, string Value)[] settings)
    {
        var site = await StartAsync(settings);
        await SampleSite.FillAsync(site.Services, site.Address, site.Clock.GetUtcNow());
        return site;
    }

    /// <summary>A client that keeps cookies, follows no redirect, and asks for pages as a browser does.</summary>
    public HttpClient CreateBrowser(string? language = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        if (language is not null) client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return client;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
