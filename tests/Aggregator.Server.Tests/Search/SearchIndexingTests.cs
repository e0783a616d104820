using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Aggregator.Server.Search;
using Aggregator.Server.Tests.Browse;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Aggregator.Server.Tests.Search;

public sealed class SearchIndexingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_stored_is_found_and_related_within_two_seconds()
    {
        await using var site = await RunningSite.StartAsync();
        var search = site.Services.GetRequiredService<ISearchStore>();
        var related = site.Services.GetRequiredService<IRelatedStore>();
        var clock = new WaitingClock(site.Clock.GetUtcNow());
        using var indexing = new SearchIndexing(search, related, clock, NullLogger<SearchIndexing>.Instance);
        await indexing.StartAsync(Ct);

        // The site's own indexing found nothing and waits by a clock that stands still; so do now those of ours, by one that we move.
        await clock.WaitingAsync(3, Ct);
        await SampleSite.FillAsync(site.Services, site.Address, site.Clock.GetUtcNow());
        var request = new SearchRequest { Query = SearchQuery.Parse("quays") };
        Assert.Equal(0, (await search.SearchAsync(request, Ct)).Count);

        for (var moved = TimeSpan.Zero; moved < TimeSpan.FromSeconds(2); moved += SearchIndexing.Pause)
        {
            clock.Advance(SearchIndexing.Pause);
            await clock.WaitingAsync(3, Ct);
        }

        Assert.Equal(1, (await search.SearchAsync(request, Ct)).Count);
        Assert.Equal(0, await search.IndexAsync(1, site.Clock.GetUtcNow(), Ct));
        Assert.Equal(0, await related.IndexAsync(1, Ct));
        await indexing.StopAsync(Ct);
    }

    [Fact]
    public async Task An_index_that_fails_is_tried_again_and_holds_up_no_other()
    {
        await using var site = await RunningSite.StartAsync();
        var clock = new WaitingClock(site.Clock.GetUtcNow());
        var related = new FailingOnce(site.Services.GetRequiredService<IRelatedStore>());
        using var indexing = new SearchIndexing(site.Services.GetRequiredService<ISearchStore>(), related, clock, NullLogger<SearchIndexing>.Instance);
        await indexing.StartAsync(Ct);
        await clock.WaitingAsync(3, Ct);
        Assert.Equal(1, related.Calls);

        // Five seconds after the failure, and not before.
        for (var moved = 0; moved < 9; moved++)
        {
            clock.Advance(SearchIndexing.Pause);
            await clock.WaitingAsync(2, Ct);
            Assert.Equal(1, related.Calls);
        }

        clock.Advance(SearchIndexing.Pause);
        await clock.WaitingAsync(3, Ct);
        Assert.Equal(2, related.Calls);
        await indexing.StopAsync(Ct);
    }

    private sealed class FailingOnce(IRelatedStore store) : IRelatedStore
    {
        public int Calls { get; private set; }

        public Task<int> IndexAsync(int limit, CancellationToken cancellationToken) =>
            ++Calls == 1 ? throw new InvalidOperationException("The disk is full.") : store.IndexAsync(limit, cancellationToken);

        public Task<Core.Related.RelatedList> FindAsync(long entryId, DateTimeOffset now, CancellationToken cancellationToken) => store.FindAsync(entryId, now, cancellationToken);

        public Task KeepAsync(IReadOnlyList<Core.Related.RelatedList> found, DateTimeOffset now, CancellationToken cancellationToken) => store.KeepAsync(found, now, cancellationToken);
    }
}
