using System.Collections.Concurrent;
using System.Globalization;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Aggregator.Server.Tests.Crawl;

public sealed class CrowdedHostTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 300)]
    [InlineData(50, 40)]
    public async Task One_crawl_asks_every_source_of_one_quick_host(int gapMilliseconds, int count)
    {
        using var folder = new TemporaryFolder();
        await using var services = new ServiceCollection().AddAggregatorStore($"Data Source={folder.File("store.db")}").BuildServiceProvider();
        await services.GetRequiredService<IStoreMigrator>().MigrateAsync(Ct);
        var store = services.GetRequiredService<ISourceStore>();
        var now = TimeProvider.System.GetUtcNow();
        for (var number = 1; number <= count; number++)
            await store.AddAsync(new NewSource { Url = string.Create(CultureInfo.InvariantCulture, $"https://example.org/{number}") }, now, Ct);

        // All are claimed at once, more than may wait for the host.
        var options = new FetchingOptions { Concurrency = 100, PerHostConcurrency = 100, PerHostGap = TimeSpan.FromMilliseconds(gapMilliseconds) };
        var refresher = new Counting();
        var crawler = new Crawler(
            store, refresher, new HostGate(options, TimeProvider.System, services.GetRequiredService<IHostStore>()), options, TimeProvider.System, NullLogger<Crawler>.Instance);
        var summary = await crawler.RunAsync(TimeSpan.FromMinutes(1), null, Ct);

        Assert.Equal(count, summary.Sources);
        Assert.Equal(Enumerable.Range(1, count).Select(static id => (long)id), refresher.Asked.Order());
    }

    [Fact]
    public async Task A_crawl_does_not_wait_beyond_its_time_for_those_that_found_no_room()
    {
        using var folder = new TemporaryFolder();
        await using var services = new ServiceCollection().AddAggregatorStore($"Data Source={folder.File("store.db")}").BuildServiceProvider();
        await services.GetRequiredService<IStoreMigrator>().MigrateAsync(Ct);
        var store = services.GetRequiredService<ISourceStore>();
        var now = TimeProvider.System.GetUtcNow();
        for (var number = 1; number <= 20; number++)
            await store.AddAsync(new NewSource { Url = string.Create(CultureInfo.InvariantCulture, $"https://example.org/{number}") }, now, Ct);

        // Those without room come back after hours.
        var options = new FetchingOptions { Concurrency = 100, PerHostConcurrency = 100, PerHostGap = TimeSpan.FromHours(1) };
        var refresher = new Counting();
        var crawler = new Crawler(
            store, refresher, new HostGate(options, TimeProvider.System, services.GetRequiredService<IHostStore>()), options, TimeProvider.System, NullLogger<Crawler>.Instance);
        var summary = await crawler.RunAsync(TimeSpan.FromSeconds(2), null, Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct);

        Assert.Equal(1, summary.Sources);
        var sources = await store.ListAsync(0, 50, Ct);
        Assert.All(sources.Where(listed => !refresher.Asked.Contains(listed.Source.Id)), listed => Assert.Null(listed.Source.LeaseOwner));
    }

    /// <summary>Is done with a source at once.</summary>
    private sealed class Counting : ISourceRefresher
    {
        public ConcurrentBag<long> Asked { get; } = [];

        public Task<RefreshOutcome> RefreshAsync(Source source, string leaseOwner, HostTurn? turn, CancellationToken cancellationToken)
        {
            Asked.Add(source.Id);
            return Task.FromResult<RefreshOutcome>(new RefreshOutcome.Unchanged());
        }
    }
}
