using System.Globalization;
using System.Text;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Stores;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Crawl;

/// <summary>A publisher who changes every entry at every poll, over real HTTP into a real store, for a few days by the clock.</summary>
public sealed class VolatileSourceTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private ServiceProvider _services = null!;
    private SourceRefresher _refresher = null!;
    private LoopbackServer _server = null!;
    private int _state;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ISourceStore Sources => _services.GetRequiredService<ISourceStore>();

    private ISnapshotStore Snapshots => _services.GetRequiredService<ISnapshotStore>();

    public async ValueTask InitializeAsync()
    {
        _server = await LoopbackServer.StartAsync(context => context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(
            "<rss version='2.0'><channel><title>t</title>"
            + string.Concat(Enumerable.Range(1, 5).Select(item => $"<item><guid isPermaLink='false'>{item}</guid><title>{item}</title><description>state {_state} of {item}</description></item>"))
            + "</channel></rss>")).AsTask());
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddAggregatorStore($"Data Source={_folder.File("store.db")}").BuildServiceProvider();
        await _services.GetRequiredService<IStoreMigrator>().MigrateAsync(Ct);
        var fetcher = new HttpFeedFetcher(
            new FetchingOptions { AllowedTargets = ["127.0.0.0/8"] }, new GuardedConnector(new TargetGuard(["127.0.0.0/8"])), "test", _clock, NullLogger<HttpFeedFetcher>.Instance);
        _refresher = new SourceRefresher(
            fetcher, new FeedNormalizer(new ContentSanitizer()), _services.GetRequiredService<IRefreshStore>(), new RefreshPolicy(new RefreshOptions()), _clock);
        await Sources.AddAsync(new NewSource { Url = _server.Address + "feed.xml" }, _clock.GetUtcNow(), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Is_recognised_capped_and_reported_and_its_newest_text_is_kept_in_the_end()
    {
        // Two days of a change every ten minutes.
        for (var poll = 0; poll < 2 * 24 * 6; poll++)
        {
            _state++;
            await RefreshAsync();
        }

        var source = (await Sources.FindAsync(1, Ct))!;
        Assert.True(VersionBudget.IsVolatile(source.Churn), $"churn {source.Churn}");
        Assert.Contains("nearly every entry changes at every poll", source.HealthNote, StringComparison.Ordinal);
        Assert.Contains("5 entries changed too often today", source.HealthNote, StringComparison.Ordinal);
        var versions = await Snapshots.ListAsync(1, 0, Ct);
        Assert.InRange(versions.Count, 12, 24);
        Assert.Equal(Enumerable.Range(1, versions.Count), versions.Select(version => version.Number));
        Assert.InRange(versions.Count(version => version.CapturedAt >= _clock.GetUtcNow().AddDays(-1)), 2, 6);

        // It comes to rest, and answers the same bytes from now on; what it said last was waiting.
        for (var poll = 0; poll < 6 * 7; poll++) await RefreshAsync();

        source = (await Sources.FindAsync(1, Ct))!;
        Assert.False(VersionBudget.IsVolatile(source.Churn));
        var last = (await Snapshots.ListAsync(1, 0, Ct))[^1];
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"state {_state} of "), (await Snapshots.ReadDocumentAsync(last.Id, Ct))!.Content, StringComparison.Ordinal);
        Assert.NotEmpty(source.Validators.BodyHash.ToArray());
    }

    [Fact]
    public async Task Keeps_every_version_of_a_source_that_edits_now_and_then()
    {
        for (var poll = 0; poll < 20; poll++)
        {
            if (poll % 4 == 0) _state++;
            await RefreshAsync();
        }

        Assert.Equal(5, (await Snapshots.ListAsync(1, 0, Ct)).Count);
        Assert.Null((await Sources.FindAsync(1, Ct))!.HealthNote);
    }

    private async Task RefreshAsync()
    {
        _clock.Advance(TimeSpan.FromMinutes(10));
        var now = _clock.GetUtcNow();
        var source = (await Sources.ClaimAsync(1, "test", now, now.AddMinutes(1), Ct))!;
        var outcome = await _refresher.RefreshAsync(source, "test", null, Ct);
        Assert.True(outcome is RefreshOutcome.Changed or RefreshOutcome.Unchanged, outcome.ToString());
    }
}
