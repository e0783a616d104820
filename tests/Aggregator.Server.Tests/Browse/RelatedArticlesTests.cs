using Aggregator.Core.Model;
using Aggregator.Core.Related;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Tests.Search;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class RelatedArticlesTests(SampleSiteFixture fixture) : IClassFixture<SampleSiteFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("zh", "相关文章")]
    [InlineData("en", "Related articles")]
    public async Task Stand_under_an_article_with_passage_source_and_time_in_both_languages(string language, string heading)
    {
        using var browser = fixture.Site.CreateBrowser(language);

        var page = await browser.GetPageAsync(await fixture.Site.ArticleAsync("en-1"));

        Assert.Equal(heading, page.TextOf(".related h2"));
        var first = page.QuerySelectorAll(".related li");
        Assert.InRange(first.Length, 1, 6);
        Assert.All(first, item =>
        {
            Assert.StartsWith("/articles/", item.QuerySelector("h3 a")!.GetAttribute("href"), StringComparison.Ordinal);
            Assert.NotNull(item.QuerySelector("a.source"));
            Assert.NotNull(item.QuerySelector("time[datetime]"));
        });
        Assert.Contains(first, item => item.QuerySelector(".excerpt") is { TextContent.Length: > 0 });
        Assert.DoesNotContain(SampleSite.EnglishTitle, page.TextsOf(".related h3"));
    }

    [Fact]
    public async Task Are_encoded_whatever_they_say()
    {
        using var browser = fixture.Site.CreateBrowser("en");
        foreach (var stored in await fixture.Site.Services.GetRequiredService<IEntryStore>().ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 20 }, Ct))
            Assert.Empty((await browser.GetPageAsync($"/articles/{stored.Id}")).QuerySelectorAll(".related script, .related b"));
    }

    [Fact]
    public async Task What_was_looked_up_for_a_visitor_is_kept_with_the_article()
    {
        await using var site = await RunningSite.StartWithSamplesAsync();
        var store = site.Services.GetRequiredService<IRelatedStore>();
        var id = (await site.Services.GetRequiredService<IEntryStore>().ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = EntryQuery.MaxLimit }, Ct))
            .Single(stored => stored.Entry.Key == "en-1").Id;
        var clock = new WaitingClock(site.Clock.GetUtcNow());
        var keeping = new Signalling(store);
        using var related = new RelatedArticles(keeping, clock, NullLogger<RelatedArticles>.Instance);
        await related.StartAsync(Ct);

        var found = await related.FindAsync(id, new HashSet<long>(), 3, Ct);
        Assert.InRange(found.Count, 1, 3);
        await clock.WaitingAsync(1, Ct);
        Assert.False((await store.FindAsync(id, clock.GetUtcNow(), Ct)).IsKept);
        clock.Advance(TimeSpan.FromSeconds(1));
        await keeping.Kept.WaitAsync(Ct);

        var kept = await store.FindAsync(id, clock.GetUtcNow(), Ct);
        Assert.True(kept.IsKept);
        Assert.Equal(found.Select(article => article.Stored.Id), kept.Articles.Take(3).Select(article => article.Stored.Id));
        await related.StopAsync(Ct);
    }

    private sealed class Signalling(IRelatedStore store) : IRelatedStore
    {
        private readonly TaskCompletionSource _kept = new();

        public Task Kept => _kept.Task;

        public Task<int> IndexAsync(int limit, CancellationToken cancellationToken) => store.IndexAsync(limit, cancellationToken);

        public Task<RelatedList> FindAsync(long entryId, DateTimeOffset now, CancellationToken cancellationToken) => store.FindAsync(entryId, now, cancellationToken);

        public async Task KeepAsync(IReadOnlyList<RelatedList> found, DateTimeOffset now, CancellationToken cancellationToken)
        {
            await store.KeepAsync(found, now, cancellationToken);
            _kept.SetResult();
        }
    }
}
