using System.Collections.Concurrent;
using System.Net;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.WebSub;
using Aggregator.Testing;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Aggregator.Core.Tests.WebSub;

/// <summary>What a document of a stranger can name as its hub, and where a hub can send us on to: nothing inside our own network.</summary>
public sealed class HubClientTests
{
    private static readonly Uri Callback = new("https://us.example/websub/00000000000000000000000000000000");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Every spelling of every kind of address that is not the public internet; {port} is one that somebody listens on.</summary>
    public static TheoryData<string> Inside =>
    [
        "127.0.0.1:{port}", "127.1:{port}", "127.0.1:{port}", "2130706433:{port}", "0x7f000001:{port}", "0x7f.1:{port}", "0X7F.0.0.1:{port}",
        "0177.0.0.1:{port}", "017700000001:{port}", "127.0.0.1.:{port}", "127.255.255.254:{port}", "localhost:{port}", "LOCALHOST:{port}",
        "localhost.:{port}", "user@127.0.0.1:{port}", "public.example%40x@127.0.0.1:{port}", "127%2e0%2e0%2e1:{port}", "①②⑦.0.0.1:{port}", "127。0。0。1:{port}",
        "0.0.0.0:{port}", "0:{port}", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "169.254.169.254", "0xa9fea9fe", "2852039166",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "[::1]:{port}", "[::]:{port}", "[0:0:0:0:0:0:0:1]:{port}", "[::ffff:127.0.0.1]:{port}", "[::ffff:7f00:1]:{port}", "[::127.0.0.1]:{port}",
        "[::ffff:10.0.0.1]", "[fe80::1]", "[fc00::1]", "[fd12:3456:789a::1]", "[fec0::1]", "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::1]", "[2002:7f00:1::1]", "[2002:a9fe:a9fe::1]", "[2001:0:7f00:1::1]", "[2001:db8::1]", "[100::1]", "[5f00::1]",
        "private.test:{port}", "mixed.test:{port}", "mapped.test:{port}",
    ];

    [Theory]
    [MemberData(nameof(Inside))]
    public async Task Asks_no_hub_inside_our_own_network(string host)
    {
        using var listener = Listen(out var accepted, out var port);
        var log = new CollectingLogger();
        using var client = Client(log);
        var answer = await AskAsync(client, $"http://{host.Replace("{port}", $"{port}", StringComparison.Ordinal)}/hub");
        AssertRefused(answer, log);
        Assert.Equal(0, accepted());
    }

    [Theory]
    [MemberData(nameof(Inside))]
    public async Task Is_sent_on_by_no_hub_into_our_own_network(string host)
    {
        using var listener = Listen(out var accepted, out var port);
        var asked = 0;
        await using var hub = await LoopbackServer.StartAsync(context =>
        {
            asked++;
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = Uri.EscapeDataString($"http://{host.Replace("{port}", $"{port}", StringComparison.Ordinal)}/hub")
                .Replace("%3A", ":", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal).Replace("%5B", "[", StringComparison.Ordinal)
                .Replace("%5D", "]", StringComparison.Ordinal).Replace("%40", "@", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
            return Task.CompletedTask;
        });
        var log = new CollectingLogger();
        // The allow-list opens exactly the hub's own port, and nothing else of the same machine.
        using var client = Client(log, hub.Address.Authority);
        var answer = await AskAsync(client, hub.Address + "hub");
        AssertRefused(answer, log);
        Assert.Equal((1, 0), (asked, accepted()));
    }

    [Fact]
    public async Task Judges_a_name_anew_at_every_connection()
    {
        // The first look-up gives what the allow-list opens, the second one another address of the same machine.
        var lookUps = 0;
        await using var hub = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.Connection = "close";
            context.Response.StatusCode = 202;
            return Task.CompletedTask;
        });
        using var client = new HubClient(
            new FetchingOptions { Timeout = TimeSpan.FromSeconds(2) },
            new GuardedConnector(new TargetGuard(["127.0.0.1"]), (_, _) => Addresses(lookUps++ == 0 ? "127.0.0.1" : "127.0.0.2")),
            "test", TimeProvider.System, new CollectingLogger());
        Assert.True((await AskAsync(client, $"http://rebinding.test:{hub.Address.Port}/")).IsAccepted);
        Assert.Contains("not public", (await AskAsync(client, $"http://rebinding.test:{hub.Address.Port}/")).Reason, StringComparison.Ordinal);
        Assert.Equal(2, lookUps);
    }

    [Theory]
    [InlineData("ftp://hub.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1:70/")]
    [InlineData("hub")]
    public async Task Speaks_http_and_nothing_else(string url)
    {
        using var client = Client(new CollectingLogger());
        Assert.Contains("not an http or https address", (await AskAsync(client, url)).Reason, StringComparison.Ordinal);
        await using var hub = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 308;
            context.Response.Headers.Location = url;
            return Task.CompletedTask;
        });
        using var allowed = Client(new CollectingLogger(), hub.Address.Authority);
        Assert.False((await AskAsync(allowed, hub.Address.AbsoluteUri)).IsAccepted);
    }

    [Theory]
    [InlineData(200, true), InlineData(202, true), InlineData(204, true)]
    [InlineData(301, false), InlineData(302, false), InlineData(303, false), InlineData(400, false), InlineData(503, false)]
    public async Task Follows_no_redirect_but_307_and_308_and_takes_any_success(int status, bool accepted)
    {
        var asked = 0;
        await using var hub = await LoopbackServer.StartAsync(context =>
        {
            asked++;
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        using var client = Client(new CollectingLogger(), hub.Address.Authority);
        Assert.Equal(accepted, (await AskAsync(client, hub.Address.AbsoluteUri)).IsAccepted);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Waits_for_no_hub_longer_than_for_any_publisher()
    {
        await using var hub = await LoopbackServer.StartAsync(context => Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted));
        using var client = Client(new CollectingLogger(), hub.Address.Authority);
        Assert.Contains("Fetching:Timeout", (await AskAsync(client, hub.Address.AbsoluteUri)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Leaves_a_hub_alone_that_asks_for_it_and_takes_turns_where_it_redirects(int status)
    {
        var asked = 0;
        await using var tired = await LoopbackServer.StartAsync(context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "600";
            return Task.CompletedTask;
        });
        await using var redirecting = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = tired.Address.AbsoluteUri;
            return Task.CompletedTask;
        });
        using var client = Client(new CollectingLogger(), redirecting.Address.Authority, tired.Address.Authority);
        var gate = new HostGate(new FetchingOptions { PerHostGap = TimeSpan.Zero, PerHostConcurrency = 1 }, TimeProvider.System);
        var (own, other) = (HostGate.HostOf(redirecting.Address.AbsoluteUri), HostGate.HostOf(tired.Address.AbsoluteUri));
        Assert.Contains($"HTTP {status}", (await AskInTurnAsync()).Reason, StringComparison.Ordinal);

        // The one that redirects is free, the other one closed: its next request is not sent.
        Assert.True(gate.TryEnter(own, out _));
        gate.Leave(own);
        Assert.False(gate.TryEnter(other, out var retryAt));
        Assert.InRange(retryAt!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.Contains("asked us to stay away", (await AskInTurnAsync()).Reason, StringComparison.Ordinal);
        Assert.Equal(1, asked);

        async Task<HubAnswer> AskInTurnAsync()
        {
            await gate.EnterAsync(own, Ct);
            var turn = gate.TurnAt(own);
            try
            {
                return await client.AskAsync(
                    HubSubscription.New(1, redirecting.Address.AbsoluteUri, "http://news.example/t", DateTimeOffset.UnixEpoch), Callback, TimeSpan.FromDays(10), turn, Ct);
            }
            finally
            {
                turn.Leave();
            }
        }
    }

    private static void AssertRefused(HubAnswer answer, CollectingLogger log)
    {
        Assert.False(answer.IsAccepted);
        // Some disguises are no address, or no name that resolves; whatever is one is refused by the guard before it is connected to,
        // and the log says what it was.
        if (answer.Reason!.Contains("not public", StringComparison.Ordinal)) Assert.Contains(log.Lines, line => line.Contains("resolved to", StringComparison.Ordinal));
        else Assert.Matches("cannot be asked: NameResolutionError|not an http or https address|without an http or https address", answer.Reason);
        Assert.DoesNotMatch(@"\d+\.\d+\.\d+|::", answer.Reason);
    }

    private static Task<HubAnswer> AskAsync(HubClient client, string hub) =>
        client.AskAsync(HubSubscription.New(1, hub, "http://news.example/t", DateTimeOffset.UnixEpoch), Callback, TimeSpan.FromDays(10), null, Ct);

    private static HubClient Client(ILogger<HubClient> log, params string[] allowed)
    {
        return new HubClient(
            new FetchingOptions { Timeout = TimeSpan.FromSeconds(2), ConnectTimeout = TimeSpan.FromSeconds(2) },
            new GuardedConnector(new TargetGuard(allowed), (host, cancellationToken) => host switch
            {
                "private.test" => Addresses("10.0.0.7"),
                "mixed.test" => Addresses("93.184.216.34", "127.0.0.1"),
                "mapped.test" => Addresses("::ffff:192.168.0.1"),
                _ => Dns.GetHostAddressesAsync(host, cancellationToken),
            }),
            "test", TimeProvider.System, log);
    }

    private static Task<IPAddress[]> Addresses(params string[] addresses) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray());

    private static System.Net.Sockets.TcpListener Listen(out Func<int> accepted, out int port)
    {
        var listener = new System.Net.Sockets.TcpListener(IPAddress.IPv6Any, 0);
        listener.Server.DualMode = true;
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepted = () =>
        {
            var count = 0;
            while (listener.Pending())
            {
                listener.AcceptSocket().Dispose();
                count++;
            }

            return count;
        };
        return listener;
    }

    private sealed class CollectingLogger : ILogger<HubClient>
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IEnumerable<string> Lines => _lines;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));
    }
}
