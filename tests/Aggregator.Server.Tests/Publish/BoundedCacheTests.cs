using Aggregator.Server.Publish;
using Xunit;

namespace Aggregator.Server.Tests.Publish;

public sealed class BoundedCacheTests
{
    private readonly TestClock _clock = new(PublishSite.Start);

    [Fact]
    public void Lets_the_least_recently_used_go_first()
    {
        var cache = new BoundedCache<string, long>(80, static cost => cost, _clock);
        foreach (var key in new[] { "a", "b", "c", "d" })
        {
            cache.Set(key, 20);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(cache.TryGet("a", out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        cache.Set("e", 20);
        Assert.True(cache.TryGet("a", out _));
        Assert.False(cache.TryGet("b", out _));
        Assert.True(cache.TryGet("e", out _));
        Assert.InRange(cache.Total, 1, 80);
    }

    [Fact]
    public void Counts_a_replaced_value_once()
    {
        var cache = new BoundedCache<string, long>(100, static cost => cost, _clock);
        cache.Set("a", 30);
        cache.Set("a", 40);
        Assert.Equal((40, 1), (cache.Total, cache.Count));
        cache.Remove("a");
        cache.Remove("a");
        Assert.Equal((0, 0), (cache.Total, cache.Count));
    }

    [Fact]
    public void Does_not_keep_what_alone_exceeds_the_limit_nor_its_predecessor()
    {
        var cache = new BoundedCache<string, long>(100, static cost => cost, _clock);
        cache.Set("a", 30);
        cache.Set("a", 101);
        Assert.False(cache.TryGet("a", out _));
        Assert.Equal(0, cache.Total);
    }

    [Fact]
    public async Task Keeps_its_books_while_many_write()
    {
        var cache = new BoundedCache<int, long>(1000, static cost => cost, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                cache.Set((i * 7 + writer) % 97, 1 + (i % 40));
                cache.TryGet(i % 97, out _);
                if (i % 5 == 0) cache.Remove(i % 97);
            }
        })));
        var total = Enumerable.Range(0, 97).Sum(key => cache.TryGet(key, out var cost) ? cost : 0);
        Assert.Equal(total, cache.Total);
        Assert.InRange(total, 0, 1000);
    }
}
