using System.Reflection;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Aggregator.Server.Tests.Crawl;

public sealed class FailingClaimTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_fails_the_last_claim_of_a_crawl_is_an_error_in_the_log()
    {
        using var folder = new TemporaryFolder();
        await using var services = new ServiceCollection().AddAggregatorStore($"Data Source={folder.File("store.db")}").BuildServiceProvider();
        await services.GetRequiredService<IStoreMigrator>().MigrateAsync(Ct);
        var store = services.GetRequiredService<ISourceStore>();
        var source = await store.AddAsync(new NewSource { Url = "https://example.org/feed" }, TimeProvider.System.GetUtcNow(), Ct);
        var claims = DispatchProxy.Create<ISourceStore, Claims>();
        var failing = (Claims)claims;
        failing.Store = store;

        var options = new FetchingOptions { Concurrency = 4, PerHostGap = TimeSpan.Zero };
        var log = new Entries();
        var crawler = new Crawler(
            claims, new Waiting(), new HostGate(options, TimeProvider.System, services.GetRequiredService<IHostStore>()), options, TimeProvider.System, log);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var run = crawler.RunAsync(TimeSpan.FromMinutes(1), null, ending.Token);
        await failing.Asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        await ending.CancelAsync();
        failing.Answer.SetException(new InvalidOperationException("The store is away."));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        var (level, error) = Assert.Single(log.All, entry => entry.Error is InvalidOperationException);
        Assert.Equal((LogLevel.Error, "The store is away."), (level, error!.Message));
        // What it held went back all the same.
        Assert.Null((await store.FindAsync(source.Id, Ct))!.LeaseOwner);
    }

    /// <summary>A store whose second claim is answered when the test says so.</summary>
    public class Claims : DispatchProxy
    {
        private int _claims;

        internal ISourceStore Store { get; set; } = null!;

        internal TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource<IReadOnlyList<Source>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name != nameof(ISourceStore.ClaimDueAsync) || Interlocked.Increment(ref _claims) == 1) return targetMethod.Invoke(Store, args);
            Asked.TrySetResult();
            return Answer.Task;
        }
    }

    /// <summary>A refresh that goes on until the crawl is ended.</summary>
    private sealed class Waiting : ISourceRefresher
    {
        public async Task<RefreshOutcome> RefreshAsync(Source source, string leaseOwner, HostTurn? turn, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("Nobody ended it.");
        }
    }

    private sealed class Entries : ILogger<Crawler>
    {
        private readonly Lock _lock = new();
        private readonly List<(LogLevel Level, Exception? Error)> _entries = [];

        public IReadOnlyList<(LogLevel Level, Exception? Error)> All
        {
            get
            {
                lock (_lock) return [.. _entries];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lock) _entries.Add((logLevel, exception));
        }
    }
}
