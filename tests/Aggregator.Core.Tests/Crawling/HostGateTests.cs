using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Aggregator.Core.Tests.Crawling;

public sealed class HostGateTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 5, 10, 0, 0, TimeSpan.Zero));
    private readonly HostGate _gate;

    public HostGateTests() =>
        _gate = new HostGate(new FetchingOptions { PerHostConcurrency = 2, PerHostGap = TimeSpan.FromSeconds(1) }, _time);

    [Theory]
    [InlineData("https://Example.ORG/feed", "example.org:443")]
    [InlineData("http://bücher.example:8080/", "xn--bcher-kva.example:8080")]
    [InlineData("http://example.org/feed", "example.org:443")]
    [InlineData("https://example.org:80/feed", "example.org:80")]
    [InlineData("http://xn--ü/feed", "xn--ü:443")]
    [InlineData("http://exam\u200Dple.com/feed", "exam\u200Dple.com:443")]
    [InlineData("catalogue:samples/a.xml", null)]
    public void Counts_an_address_under_its_host_and_port_whatever_the_host_is(string url, string? host) => Assert.Equal(host, HostGate.HostOf(url));

    [Fact]
    public void Keeps_the_gap_between_two_starts_on_a_host()
    {
        Assert.True(_gate.TryEnter("a:80", out _));
        Assert.False(_gate.TryEnter("a:80", out var retryAt));
        Assert.Equal(_time.GetUtcNow().AddSeconds(1), retryAt);
        Assert.True(_gate.TryEnter("b:80", out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_gate.TryEnter("a:80", out _));
    }

    [Fact]
    public async Task Keeps_a_longer_gap_where_a_host_asks_for_one_and_waits_no_longer_than_told()
    {
        Assert.Null(await _gate.TryEnterAsync("a:80", TimeSpan.FromSeconds(30), TimeSpan.Zero, TestContext.Current.CancellationToken));
        Assert.Equal(_time.GetUtcNow().AddSeconds(30), await _gate.TryEnterAsync("a:80", TimeSpan.Zero, TimeSpan.FromSeconds(29), TestContext.Current.CancellationToken));
        Assert.False(_gate.TryEnter("a:80", out _));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await _gate.TryEnterAsync("a:80", TimeSpan.Zero, TimeSpan.Zero, TestContext.Current.CancellationToken));
        // Never less than the general gap.
        Assert.Equal(_time.GetUtcNow().AddSeconds(1), await _gate.TryEnterAsync("a:80", TimeSpan.Zero, TimeSpan.Zero, TestContext.Current.CancellationToken));
        Assert.Null(await _gate.TryEnterAsync(null, TimeSpan.FromDays(1), TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Keeps_a_longer_gap_from_the_start_before_too_whoever_it_was()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Assert.True(_gate.TryEnter("a:80", out _));
        var started = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(3));
        _gate.Leave("a:80");
        Assert.Equal(started.AddSeconds(10), await _gate.TryEnterAsync("a:80", TimeSpan.FromSeconds(10), TimeSpan.Zero, cancellation));
        // Not for ever behind others that keep the general gap.
        Assert.Equal(started + HostGate.LongestLookBack, await _gate.TryEnterAsync("a:80", TimeSpan.FromMinutes(5), TimeSpan.Zero, cancellation));
        Assert.True(_gate.TryEnter("a:80", out _));
        _gate.Leave("a:80");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await _gate.TryEnterAsync("a:80", TimeSpan.FromSeconds(10), TimeSpan.Zero, cancellation));
    }

    [Fact]
    public void Lets_no_more_than_the_allowed_number_in_at_once()
    {
        for (var i = 0; i < 2; i++)
        {
            Assert.True(_gate.TryEnter("a:80", out _));
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.False(_gate.TryEnter("a:80", out var retryAt));
        Assert.Null(retryAt);
        _gate.Leave("a:80");
        Assert.True(_gate.TryEnter("a:80", out _));
    }

    [Fact]
    public void Keeps_a_host_closed_until_the_time_it_named()
    {
        _gate.Block("a:80", _time.GetUtcNow().AddMinutes(5));
        Assert.False(_gate.TryEnter("a:80", out var retryAt));
        Assert.Equal(_time.GetUtcNow().AddMinutes(5), retryAt);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(_gate.TryEnter("a:80", out _));
    }

    [Fact]
    public void Lets_documents_of_the_catalogue_always_in()
    {
        for (var i = 0; i < 100; i++) Assert.True(_gate.TryEnter(null, out _));
    }

    [Fact]
    public async Task Holds_its_bounds_against_many_threads()
    {
        var gate = new HostGate(new FetchingOptions { PerHostConcurrency = 3, PerHostGap = TimeSpan.Zero }, TimeProvider.System);
        int inside = 0, most = 0, done = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, cancellationToken) =>
        {
            await gate.EnterAsync("a:80", cancellationToken);
            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            gate.Leave("a:80");
            Interlocked.Increment(ref done);
        });
        Assert.Equal(2000, done);
        Assert.InRange(most, 1, 3);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen; seen = target)
            if (Interlocked.CompareExchange(ref target, value, seen) == seen) return;
    }
}
