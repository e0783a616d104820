using System.Collections.Concurrent;
using System.Diagnostics;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Aggregator.Core.Tests.Crawling;

public sealed class HostTurnTests : IDisposable
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(500);

    private readonly FetchingOptions _options = new() { AllowedTargets = ["127.0.0.0/8"], PerHostGap = Gap, PerHostConcurrency = 1, Timeout = TimeSpan.FromSeconds(20) };
    private readonly HostGate _gate;
    private readonly HttpFeedFetcher _fetcher;

    public HostTurnTests()
    {
        _gate = new HostGate(_options, TimeProvider.System);
        _fetcher = new HttpFeedFetcher(
            _options, new GuardedConnector(new TargetGuard(_options.AllowedTargets)), "test", TimeProvider.System, NullLogger<HttpFeedFetcher>.Instance);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _fetcher.Dispose();

    [Fact]
    public async Task Keeps_the_gap_between_the_redirects_of_one_host_although_a_crawl_would_like_to_start()
    {
        var asked = new ConcurrentQueue<TimeSpan>();
        var clock = Stopwatch.StartNew();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            asked.Enqueue(clock.Elapsed);
            if (context.Request.Path == "/4") return context.Response.WriteAsync("<rss version='2.0'><channel/></rss>");
            context.Response.Redirect(context.Request.Path == "/1" ? "/2" : context.Request.Path == "/2" ? "/3" : "/4");
            return Task.CompletedTask;
        });
        // What a process has to compile for its first request would come between its start and its arrival.
        await using (var first = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("<rss version='2.0'><channel/></rss>")))
        {
            Assert.True(_gate.TryEnter(HostGate.HostOf(first.Address.AbsoluteUri), out _));
            Assert.IsType<FetchResult.Fetched>(await FetchAsync(first.Address.AbsoluteUri, HostGate.HostOf(first.Address.AbsoluteUri)));
        }

        var host = HostGate.HostOf(server.Address.AbsoluteUri);
        Assert.True(_gate.TryEnter(host, out _));
        var fetch = FetchAsync(server.Address + "1", host);
        // Another source of the host stands ready all the time.
        while (!fetch.IsCompleted)
        {
            Assert.False(_gate.TryEnter(host, out _));
            await Task.Delay(5, Ct);
        }

        Assert.IsType<FetchResult.Fetched>(await fetch);
        Assert.Equal(4, asked.Count);
        // Half, because a busy machine may let one of two requests wait before it arrives; without the gap they are milliseconds apart.
        Assert.All(asked.Zip(asked.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, Gap * 0.5, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Does_not_wait_for_each_other_when_two_hosts_redirect_to_each_other()
    {
        LoopbackServer other = null!;
        await using var one = await LoopbackServer.StartAsync(context => AnswerAsync(context, () => other));
        await using var two = await LoopbackServer.StartAsync(context => AnswerAsync(context, () => one));
        other = two;
        var hosts = new[] { one, two }.Select(server => (server.Address, Host: HostGate.HostOf(server.Address.AbsoluteUri))).ToList();
        foreach (var (_, host) in hosts) Assert.True(_gate.TryEnter(host, out _));
        var fetches = hosts.Select(host => FetchAsync(host.Address + "moved", host.Host));
        Assert.All(await Task.WhenAll(fetches).WaitAsync(TimeSpan.FromSeconds(30), Ct), result => Assert.IsType<FetchResult.Fetched>(result));

        static Task AnswerAsync(HttpContext context, Func<LoopbackServer> target)
        {
            if (context.Request.Path == "/feed") return context.Response.WriteAsync("<rss version='2.0'><channel/></rss>");
            context.Response.Redirect(target().Address + "feed");
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Waits_for_its_turn_without_losing_time_for_the_exchange()
    {
        _options.Timeout = TimeSpan.FromSeconds(2);
        await using var target = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("<rss version='2.0'><channel/></rss>"));
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect(target.Address.AbsoluteUri);
            return Task.CompletedTask;
        });
        _gate.Block(HostGate.HostOf(target.Address.AbsoluteUri), DateTimeOffset.UtcNow.AddSeconds(3));
        var host = HostGate.HostOf(server.Address.AbsoluteUri);
        Assert.True(_gate.TryEnter(host, out _));
        Assert.IsType<FetchResult.Fetched>(await FetchAsync(server.Address.AbsoluteUri, host));
    }

    [Fact]
    public async Task Comes_back_later_when_a_redirect_leads_to_a_host_that_is_closed_and_holds_nothing_meanwhile()
    {
        var requests = 0;
        await using var target = await LoopbackServer.StartAsync(_ =>
        {
            Interlocked.Increment(ref requests);
            return Task.CompletedTask;
        });
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect(target.Address.AbsoluteUri);
            return Task.CompletedTask;
        });
        var until = DateTimeOffset.UtcNow.AddHours(1);
        _gate.Block(HostGate.HostOf(target.Address.AbsoluteUri), until);
        var host = HostGate.HostOf(server.Address.AbsoluteUri);
        Assert.True(_gate.TryEnter(host, out _));
        Assert.Equal(until, Assert.IsType<FetchResult.Postponed>(await FetchAsync(server.Address.AbsoluteUri, host)).Until);
        Assert.Equal(0, requests);
        await Task.Delay(Gap, Ct);
        Assert.True(_gate.TryEnter(host, out _));
    }

    [Fact]
    public async Task Names_where_a_redirect_led_when_it_fails_there()
    {
        await using var target = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect(target.Address + "gone?secret=1");
            return Task.CompletedTask;
        });
        var failed = Assert.IsType<FetchResult.Failed>(await _fetcher.FetchAsync(new FetchRequest(server.Address.AbsoluteUri), Ct));
        Assert.Equal(FetchFailureKind.NotFound, failed.Failure.Kind);
        Assert.EndsWith($"This was at {target.Address}gone, where the publisher redirects us.", failed.Failure.Message, StringComparison.Ordinal);
    }

    private async Task<FetchResult> FetchAsync(string url, string? host)
    {
        var turn = _gate.TurnAt(host);
        try
        {
            return await _fetcher.FetchAsync(new FetchRequest(url) { Turn = turn }, Ct);
        }
        finally
        {
            turn.Leave();
        }
    }
}
