using Aggregator.Core.Crawling;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Core.WebSub;
using Aggregator.Server.Hosting;
using Aggregator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Server.Tests.WebSub;

/// <summary>The program itself on loopback, but for its recurring jobs: when hubs are asked is the test's to say.</summary>
internal sealed class WebSubServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;
    private readonly StoreSession _session;

    private WebSubServer(TemporaryFolder folder, WebApplication app, StoreSession session, Uri address)
    {
        (_folder, _app, _session, Address) = (folder, app, session, address);
        Http = new HttpClient { BaseAddress = address };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public ISourceStore Sources => Services.GetRequiredService<ISourceStore>();

    public IHubSubscriptionStore Hubs => Services.GetRequiredService<IHubSubscriptionStore>();

    public HubSubscriber Subscriber => Services.GetRequiredService<HubSubscriber>();

    public static async Task<WebSubServer> StartAsync(CancellationToken cancellationToken, params string[] settings)
    {
        var folder = new TemporaryFolder();
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        var read = ServerSettings.Read(
        [
            $"--Urls={address.GetLeftPart(UriPartial.Authority)}", $"--Aggregator:DataFolder={folder.Path}", "--Aggregator:Catalogue=",
            "--Jobs:Storage=memory", "--Fetching:PerHostGap=00:00:00", "--Fetching:Timeout=00:00:05", "--Fetching:AllowedTargets:0=127.0.0.0/8",
            "--WebSub:Enabled=on", .. settings,
        ]);
        var session = new StoreSession(read, TimeProvider.System);
        var app = WebServer.Build(read);
        await session.OpenAsync(app.Services, cancellationToken);
        WebServer.Map(app, read);
        await app.StartAsync(cancellationToken);
        return new WebSubServer(folder, app, session, address);
    }

    public async Task<long> AddSourceAsync(Uri url, CancellationToken cancellationToken)
    {
        var added = await Sources.AddAsync(new NewSource { Url = url.AbsoluteUri }, TimeProvider.System.GetUtcNow(), cancellationToken);
        await PollAsync(added.Id, cancellationToken);
        return added.Id;
    }

    /// <summary>Refreshes a source as a crawl would.</summary>
    public async Task PollAsync(long sourceId, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var source = await Sources.ClaimAsync(sourceId, "poll", now, now.AddMinutes(1), cancellationToken)
            ?? throw new InvalidOperationException("Somebody else holds the lease.");
        var outcome = await Services.GetRequiredService<ISourceRefresher>().RefreshAsync(source, "poll", null, cancellationToken);
        if (outcome is RefreshOutcome.Failed failed) throw new InvalidOperationException(failed.Failure.Message);
    }

    public Task<int> AskAsync(CancellationToken cancellationToken) => Subscriber.AskDueAsync(TimeSpan.FromSeconds(30), cancellationToken);

    /// <summary>The keys of a source's entries, oldest first.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(long sourceId, CancellationToken cancellationToken) =>
        [.. (await Services.GetRequiredService<IEntryStore>().ListAsync(
            new EntryQuery { Topic = Topic.Source(sourceId), Limit = EntryQuery.MaxLimit, WithContent = true }, cancellationToken))
            .OrderBy(entry => entry.Id).Select(entry => entry.Entry.Key)];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _session.Dispose();
        _folder.Dispose();
    }
}
