using Aggregator.Core.Crawling;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Core.WebSub;
using Aggregator.Server.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Server.Tests.WebSub;

/// <summary>The program itself on loopback, but for its recurring jobs: when hubs are asked is the test's to say.</summary>
internal sealed class WebSubServer : IAsyncDisposable
{
    private readonly InProcessServer _server;

    private WebSubServer(InProcessServer server)
    {
        _server = server;
        Http = new HttpClient { BaseAddress = Address };
    }

    public Uri Address => _server.Address;

    public HttpClient Http { get; }

    public IServiceProvider Services => _server.Services;

    public ISourceStore Sources => Services.GetRequiredService<ISourceStore>();

    public IHubSubscriptionStore Hubs => Services.GetRequiredService<IHubSubscriptionStore>();

    public HubSubscriber Subscriber => Services.GetRequiredService<HubSubscriber>();

    public static async Task<WebSubServer> StartAsync(CancellationToken cancellationToken, params string[] settings) => new(await InProcessServer.StartAsync(
        (_, _) => Task.CompletedTask, cancellationToken,
        ["--Fetching:PerHostGap=00:00:00", "--Fetching:Timeout=00:00:05", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--WebSub:Enabled=on", .. settings]));

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
        await _server.DisposeAsync();
    }
}
