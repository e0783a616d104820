using System.Collections.Concurrent;
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

/// <summary>Which source is asked when, with the store as it is and publishers that are made up.</summary>
public sealed class CrawlerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private ServiceProvider _services = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ISourceStore Sources => _services.GetRequiredService<ISourceStore>();

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection().AddAggregatorStore($"Data Source={_folder.File("store.db")}").BuildServiceProvider();
        await _services.GetRequiredService<IStoreMigrator>().MigrateAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0, 300)]
    [InlineData(50, 40)]
    public async Task One_crawl_asks_every_source_of_one_quick_host(int gapMilliseconds, int count)
    {
        await AddAsync(count, static _ => "example.org");
        // All are claimed at once, more than may wait for the host.
        var options = new FetchingOptions { Concurrency = 100, PerHostConcurrency = 100, PerHostGap = TimeSpan.FromMilliseconds(gapMilliseconds) };
        var publishers = new Publishers(static (_, _) => Task.CompletedTask);
        var summary = await Crawler(publishers, options).RunAsync(TimeSpan.FromMinutes(1), null, Ct);

        Assert.Equal(count, summary.Sources);
        Assert.Equal(Enumerable.Range(1, count).Select(static id => (long)id), publishers.Asked.Order());
    }

    [Fact]
    public async Task A_crawl_does_not_wait_beyond_its_time_for_those_that_found_no_room()
    {
        await AddAsync(20, static _ => "example.org");
        // Those without room come back when the time is long up.
        var options = new FetchingOptions { Concurrency = 100, PerHostConcurrency = 100, PerHostGap = TimeSpan.FromSeconds(9) };
        var publishers = new Publishers(static (_, _) => Task.CompletedTask);
        var summary = await Crawler(publishers, options).RunAsync(TimeSpan.FromSeconds(6), null, Ct).WaitAsync(Patience, Ct);

        Assert.Equal(1, summary.Sources);
        await AssertNobodyHoldsTheOthersAsync(publishers);
    }

    [Fact]
    public async Task A_crawl_does_not_wait_for_those_of_a_host_that_closed()
    {
        await AddAsync(40, static _ => "example.org");
        var options = new FetchingOptions { Concurrency = 100, PerHostConcurrency = 100, PerHostGap = TimeSpan.FromSeconds(5) };
        var publishers = new Publishers(static (source, turn) => turn!.CloseAsync(new Uri(source.Url), TimeProvider.System.GetUtcNow().AddHours(1), Ct));
        // Without it they would come back until three minutes later.
        var summary = await Crawler(publishers, options).RunAsync(TimeSpan.FromMinutes(10), null, Ct).WaitAsync(Patience, Ct);

        Assert.Equal(1, summary.Sources);
        await AssertNobodyHoldsTheOthersAsync(publishers);
    }

    [Fact]
    public async Task One_slow_host_keeps_nobody_else_waiting()
    {
        // Far more of the slow one than may be asked at once, and all of them due before the others.
        await AddAsync(60, static number => number <= 40 ? "slow.example" : $"quick-{number}.example");
        var options = new FetchingOptions { Concurrency = 4, PerHostConcurrency = 2, PerHostGap = TimeSpan.Zero };
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var publishers = new Publishers((source, _) => source.Id <= 40 ? answer.Task : Task.CompletedTask);
        var crawl = Crawler(publishers, options).RunAsync(TimeSpan.FromMinutes(1), null, Ct);
        for (var patience = DateTime.UtcNow + Patience; publishers.Done < 20; await Task.Delay(10, Ct))
            Assert.True(DateTime.UtcNow < patience, $"{publishers.Done} of 20 quick ones were done while the slow one kept two.");

        Assert.Equal(2, publishers.Asked.Count(static id => id <= 40));
        answer.SetResult();
        Assert.Equal(60, (await crawl.WaitAsync(Patience, Ct)).Sources);
    }

    [Fact]
    public async Task No_more_are_asked_at_once_than_the_ceiling_says()
    {
        await AddAsync(100, static number => $"{number}.example");
        var options = new FetchingOptions { Concurrency = 7, PerHostConcurrency = 2, PerHostGap = TimeSpan.Zero };
        var publishers = new Publishers(static (_, _) => Task.Delay(20, Ct));
        Assert.Equal(100, (await Crawler(publishers, options).RunAsync(TimeSpan.FromMinutes(1), null, Ct)).Sources);
        Assert.Equal(7, publishers.MostAtOnce);
    }

    private async Task AssertNobodyHoldsTheOthersAsync(Publishers publishers)
    {
        var sources = await Sources.ListAsync(0, 100, Ct);
        Assert.All(sources.Where(listed => !publishers.Asked.Contains(listed.Source.Id)), static listed => Assert.Null(listed.Source.LeaseOwner));
    }

    private async Task AddAsync(int count, Func<int, string> host)
    {
        var now = TimeProvider.System.GetUtcNow();
        for (var number = 1; number <= count; number++)
            await Sources.AddAsync(new NewSource { Url = FormattableString.Invariant($"https://{host(number)}/{number}") }, now, Ct);
    }

    private Crawler Crawler(Publishers publishers, FetchingOptions options) => new(
        Sources, publishers, new HostGate(options, TimeProvider.System, _services.GetRequiredService<IHostStore>()), options, TimeProvider.System, NullLogger<Crawler>.Instance);

    /// <summary>Is done with a source when its publisher has answered; nothing is stored.</summary>
    private sealed class Publishers(Func<Source, HostTurn?, Task> answer) : ISourceRefresher
    {
        private readonly Lock _lock = new();
        private int _atOnce;
        private int _done;

        public ConcurrentBag<long> Asked { get; } = [];

        public int Done => Volatile.Read(ref _done);

        public int MostAtOnce { get; private set; }

        public async Task<RefreshOutcome> RefreshAsync(Source source, string leaseOwner, HostTurn? turn, CancellationToken cancellationToken)
        {
            lock (_lock) MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
            Asked.Add(source.Id);
            await answer(source, turn);
            lock (_lock) _atOnce--;
            Interlocked.Increment(ref _done);
            return new RefreshOutcome.Unchanged();
        }
    }
}
