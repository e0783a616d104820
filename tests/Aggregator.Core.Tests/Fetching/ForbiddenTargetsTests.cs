using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aggregator.Core.Capturing;
using Aggregator.Core.Crawling;
using Aggregator.Core.Extracting;
using Aggregator.Core.Fetching;
using Aggregator.Core.Hub;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Publishing;
using Aggregator.Core.WebSub;
using Aggregator.Testing;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Aggregator.Core.Tests.Fetching;

/// <summary>
/// Every disguise of a forbidden address through every way out. Each is refused, its address stands in the log and not in
/// what is shown, and nobody was connected to. A new way out is one more value of <see cref="Way"/>.
/// </summary>
public sealed class ForbiddenTargetsTests(ForbiddenTargetsTests.Network network) : IClassFixture<ForbiddenTargetsTests.Network>
{
    /// <summary>The ways by which a request leaves us.</summary>
    public enum Way
    {
        /// <summary>A source's own address.</summary>
        Feed,

        /// <summary>A permanent redirect of an allowed host.</summary>
        Moved,

        /// <summary>A temporary one.</summary>
        Found,

        /// <summary>One after a POST.</summary>
        SeeOther,

        /// <summary>A temporary one that keeps the method.</summary>
        Temporary,

        /// <summary>A permanent one that keeps the method.</summary>
        Permanent,

        /// <summary>A source's own proxy.</summary>
        Proxy,

        /// <summary>A target behind a proxy that is allowed.</summary>
        BehindProxy,

        /// <summary>The site's page that is searched for feeds.</summary>
        SitePage,

        /// <summary>The link of an entry whose page is captured.</summary>
        Page,

        /// <summary>A redirect of a page.</summary>
        PageMoved,

        /// <summary>A redirect of the robots.txt of an allowed host.</summary>
        RobotsMoved,

        /// <summary>A page that somebody looks for feeds on.</summary>
        Discovery,

        /// <summary>A subscription list that an admin imports by its address.</summary>
        SubscriptionList,

        /// <summary>A hub that a document names.</summary>
        Hub,

        /// <summary>Another hub that an allowed one names.</summary>
        HubMoved,

        /// <summary>A callback that a subscriber of our hub names.</summary>
        Callback,
    }

    // {port} is the port of a server on 127.0.0.1 that must not be reached. The second part is what the log has to name.
    private static readonly (string Url, string Logged)[] Attempts =
    [
        // Loopback, plain and in the spellings that inet_aton takes.
        ("http://127.0.0.1:{port}/", "127.0.0.1"), ("http://127.1:{port}/", "127.0.0.1"), ("http://127.0.1:{port}/", "127.0.0.1"),
        ("http://2130706433:{port}/", "127.0.0.1"), ("http://017700000001:{port}/", "127.0.0.1"), ("http://0x7f000001:{port}/", "127.0.0.1"),
        ("http://0x7f.1:{port}/", "127.0.0.1"), ("http://0177.0.0.1:{port}/", "127.0.0.1"), ("http://0x7f.0x0.0x0.0x1:{port}/", "127.0.0.1"),
        ("http://0177.0x0.0.1:{port}/", "127.0.0.1"), ("http://00000177.0.0.1:{port}/", "127.0.0.1"), ("http://127.0.0.1.:{port}/", "127.0.0.1"),
        ("http://127.255.255.254:{port}/", "127.255.255.254"), ("http://１２７.０.０.１:{port}/", "127.0.0.1"), ("http://127。0。0。1:{port}/", "127.0.0.1"),
        ("http://①②⑦.⓪.⓪.①:{port}/", "127.0.0.1"), ("http://%31%32%37.0.0.1:{port}/", "%31%32%37"),
        ("http://localhost:{port}/", "127.0.0.1"), ("http://LOCALHOST.:{port}/", "127.0.0.1"), ("http://x.localhost:{port}/", "127.0.0.1"),
        ("http://ｌｏｃａｌｈｏｓｔ:{port}/", "127.0.0.1"), ("http://localtest.example:{port}/", "127.0.0.1"),
        ("http://user:pass@127.0.0.1:{port}/", "127.0.0.1"), ("http://public.example@127.0.0.1:{port}/", "127.0.0.1"),
        ("http://public.example%40x@127.0.0.1:{port}/", "127.0.0.1"), ("http://public.example:80@127.0.0.1:{port}/#@public.example", "127.0.0.1"),
        ("http:\\\\127.0.0.1:{port}\\", "127.0.0.1"), ("HTTP://127.0.0.1:{port}/", "127.0.0.1"), ("https://127.0.0.1:{port}/", "127.0.0.1"),
        // No address, broadcast, multicast, reserved.
        ("http://0.0.0.0:{port}/", "0.0.0.0"), ("http://0:{port}/", "0.0.0.0"), ("http://255.255.255.255/", "255.255.255.255"),
        ("http://224.0.0.1/", "224.0.0.1"), ("http://239.255.255.250:1900/", "239.255.255.250"), ("http://240.0.0.1/", "240.0.0.1"),
        // Private, shared, link-local, test, benchmark and relay blocks.
        ("http://10.0.0.1/", "10.0.0.1"), ("http://10.255.255.255/", "10.255.255.255"), ("http://172.16.0.1/", "172.16.0.1"),
        ("http://172.31.255.254/", "172.31.255.254"), ("http://192.168.0.1/", "192.168.0.1"), ("http://0xc0a80001/", "192.168.0.1"),
        ("http://100.64.0.1/", "100.64.0.1"), ("http://100.127.255.254/", "100.127.255.254"), ("http://192.0.0.8/", "192.0.0.8"),
        ("http://192.0.2.1/", "192.0.2.1"), ("http://198.51.100.1/", "198.51.100.1"), ("http://203.0.113.1/", "203.0.113.1"),
        ("http://198.18.0.1/", "198.18.0.1"), ("http://198.19.255.254/", "198.19.255.254"), ("http://192.88.99.1/", "192.88.99.1"),
        ("http://169.254.1.1/", "169.254.1.1"),
        // Clouds' metadata.
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254"), ("http://2852039166/latest/", "169.254.169.254"),
        ("http://0xA9FEA9FE/", "169.254.169.254"), ("http://0251.0376.0251.0376/", "169.254.169.254"), ("http://metadata.google.internal/", "169.254.169.254"),
        ("http://100.100.100.200/latest/meta-data/", "100.100.100.200"), ("http://168.63.129.16/metadata", "168.63.129.16"), ("http://[fd00:ec2::254]/", "fd00:ec2::254"),
        ("http://192.0.0.192/", "192.0.0.192"),
        // IPv6, and IPv4 inside of it.
        ("http://[::1]:{port}/", "::1"), ("http://[0:0:0:0:0:0:0:1]:{port}/", "::1"), ("http://[::]:{port}/", "::"), ("http://[::127.0.0.1]:{port}/", "::127.0.0.1"),
        ("http://[::ffff:127.0.0.1]:{port}/", "127.0.0.1"), ("http://[::ffff:7f00:1]:{port}/", "127.0.0.1"), ("http://[::ffff:0:127.0.0.1]:{port}/", "127.0.0.1"),
        ("http://[::ffff:a9fe:a9fe]/", "169.254.169.254"), ("http://[64:ff9b::127.0.0.1]/", "64:ff9b::"), ("http://[64:ff9b::a9fe:a9fe]/", "64:ff9b::"),
        ("http://[64:ff9b:1::1]/", "64:ff9b:1::"), ("http://[2002:7f00:1::]/", "2002:7f00:1::"), ("http://[2002:c0a8:1::1]/", "2002:c0a8:1::1"),
        ("http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", "2001:0:4136:e378"), ("http://[2001:db8::1]/", "2001:db8::1"), ("http://[fe80::1]/", "fe80::1"),
        ("http://[fe80::1%25eth0]/", "fe80::1"), ("http://[fe80::1%251]/", "fe80::1"), ("http://[fec0::1]/", "fec0::1"), ("http://[fc00::1]/", "fc00::1"),
        ("http://[fd12:3456:789a::1]/", "fd12:3456:789a::1"), ("http://[ff02::1]/", "ff02::1"), ("http://[100::1]/", "100::1"),
        ("http://[2606:4700::5efe:10.0.0.1]/", "2606:4700::5efe:"), ("http://[2606:4700::200:5efe:a00:1]/", "2606:4700::200:5efe:"),
        // Names: of the inside, of both sides at once, and of whoever was asked a moment ago.
        ("http://internal.example/", "10.1.2.3"), ("http://mixed.example/", "192.168.0.9"), ("http://six.example/", "fd00::7"),
        ("http://rebinding.example:{port}/", "127.0.0.1"), ("http://xn--fiqs8s.example/", "10.9.9.9"), ("http://中国.example/", "10.9.9.9"),
        // Ourselves, by name and by what we listen on, whatever the list allows.
        ("http://news.example:8443/feed", "news.example"), ("http://NEWS.example.:8443/", "news.example"), ("http://127.9.9.9:5080/", "127.9.9.9"),
        ("http://localhost:5080/", "127.0.0.1"),
    ];

    private static readonly string[] Schemes =
    [
        "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211/", "ldap://127.0.0.1/",
        "javascript:alert(1)", "data:text/xml,<rss/>", "unix:///run/docker.sock", "jar:http://127.0.0.1!/", "catalogue:../../etc/passwd", "ws://127.0.0.1/", "view-source:http://127.0.0.1/",
    ];

    public static TheoryData<Way, string, string> Addresses
    {
        get
        {
            var data = new TheoryData<Way, string, string>();
            foreach (var way in Enum.GetValues<Way>())
                foreach (var (url, logged) in Attempts)
                    data.Add(way, url, logged);
            return data;
        }
    }

    public static TheoryData<Way> Ways => [.. Enum.GetValues<Way>()];

    public static TheoryData<Way, string> OtherSchemes
    {
        get
        {
            var data = new TheoryData<Way, string>();
            foreach (var way in (Way[])[Way.Feed, Way.Moved, Way.Found, Way.SeeOther, Way.Temporary, Way.Permanent, Way.SitePage, Way.Page, Way.PageMoved, Way.Discovery, Way.SubscriptionList, Way.Hub, Way.HubMoved, Way.Callback])
                foreach (var url in Schemes)
                    data.Add(way, url);
            return data;
        }
    }

    [Fact]
    public void There_are_at_least_sixty_of_them() => Assert.True(Attempts.Length + Schemes.Length >= 60);

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Refuses_it_and_names_the_address_in_the_log_only(Way way, string url, string logged)
    {
        var attempt = url.Replace("{port}", network.Victim.Address.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        if (way == Way.Proxy && (!Uri.TryCreate(attempt, UriKind.Absolute, out var proxy) || proxy.Scheme != "http" || proxy.UserInfo.Length > 0)) return;

        var (kind, shown, log) = await network.TryAsync(way, attempt);
        // What is no address at all is refused as that.
        Assert.True(kind == FetchFailureKind.TargetRefused || (kind == FetchFailureKind.RedirectInvalid && !Uri.TryCreate(attempt, UriKind.Absolute, out _)), $"{kind}: {shown}");
        Assert.Contains(log, line => line.Contains(logged, StringComparison.OrdinalIgnoreCase));
        foreach (var secret in (string[])["127.", "10.", "169.254", "192.168", "fd00", "::1"])
            Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(logged, shown, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, network.VictimRequests);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Connects_to_the_address_that_was_judged_and_judges_the_name_anew_next_time(Way way)
    {
        // Allowed at the first look-up, another address of the same machine from the second one on: whoever looked it up once to judge and once more
        // to connect would come there.
        using var elsewhere = new TcpListener(IPAddress.Parse("127.0.0.2"), network.AllowedPort);
        elsewhere.Start();
        var url = string.Create(CultureInfo.InvariantCulture, $"http://turning.example:{network.AllowedPort}/");
        network.Turn();
        await network.TryAsync(way, url);
        Assert.InRange(network.LookUps, 1, int.MaxValue);
        var (kind, shown, log) = await network.TryAsync(way, url);
        Assert.Equal(FetchFailureKind.TargetRefused, kind);
        Assert.Contains(log, static line => line.Contains("127.0.0.2", StringComparison.Ordinal));
        Assert.DoesNotContain("127.", shown, StringComparison.Ordinal);
        Assert.False(elsewhere.Pending());
    }

    [Theory]
    [MemberData(nameof(OtherSchemes))]
    public async Task Follows_no_other_scheme(Way way, string url)
    {
        var (kind, _, log) = await network.TryAsync(way, url);
        Assert.Equal(FetchFailureKind.TargetRefused, kind);
        Assert.Contains(log, line => line.Contains("Refused", StringComparison.Ordinal));
        Assert.Equal(0, network.VictimRequests);
    }

    /// <summary>An allowed server that redirects wherever it is told, a server that must not be reached, and a test DNS.</summary>
    public sealed class Network : IAsyncLifetime
    {
        private LoopbackServer _allowed = null!;
        private LoopbackServer _withRobots = null!;
        private string _robots = "";
        private int _rebinding;
        private int _turning;
        private int _victimRequests;

        public LoopbackServer Victim { get; private set; } = null!;

        public int VictimRequests => Volatile.Read(ref _victimRequests);

        public int AllowedPort => _allowed.Address.Port;

        /// <summary>How often <c>turning.example</c> was looked up since <see cref="Turn"/>.</summary>
        public int LookUps => Volatile.Read(ref _turning);

        /// <summary>Lets <c>turning.example</c> be allowed for one look-up.</summary>
        public void Turn() => Volatile.Write(ref _turning, 0);

        public async ValueTask InitializeAsync()
        {
            Victim = await LoopbackServer.StartAsync(_ =>
            {
                Interlocked.Increment(ref _victimRequests);
                return Task.CompletedTask;
            });
            _withRobots = await LoopbackServer.StartAsync(context =>
            {
                context.Response.StatusCode = 302;
                context.Response.Headers.Location = context.Request.Path == "/robots.txt" ? _robots : "/";
                return Task.CompletedTask;
            });
            _allowed = await LoopbackServer.StartAsync(context =>
            {
                context.Response.StatusCode = int.Parse(context.Request.Query["status"].ToString() is { Length: > 0 } status ? status : "302", CultureInfo.InvariantCulture);
                context.Response.Headers.Location = context.Request.Query["to"];
                return Task.CompletedTask;
            });
        }

        /// <summary>Tries to get at an address; the kind of the failure, what is shown of it, and what was logged.</summary>
        public async Task<(FetchFailureKind? Kind, string Shown, IReadOnlyCollection<string> Log)> TryAsync(Way way, string url)
        {
            var ct = TestContext.Current.CancellationToken;
            var options = new FetchingOptions { AllowedTargets = [$"127.0.0.1:{_allowed.Address.Port}", $"127.0.0.1:{_withRobots.Address.Port}", "news.example", "127.9.9.9"], PerHostGap = TimeSpan.Zero };
            var guard = new TargetGuard(options.AllowedTargets, [new Uri("https://news.example:8443/"), new Uri("http://0.0.0.0:5080")]);
            var log = new Log();
            using var fetcher = new HttpFeedFetcher(options, new GuardedConnector(guard, ResolveAsync), "test", TimeProvider.System, log);
            var status = way switch { Way.Moved => 301, Way.SeeOther => 303, Way.Temporary => 307, Way.Permanent => 308, _ => 302 };
            var redirecting = $"{_allowed.Address}?status={status}&to={Uri.EscapeDataString(url)}";
            switch (way)
            {
                case Way.SitePage:
                    var source = new Source
                    {
                        Id = 1,
                        Url = _allowed.Address + "feed",
                        State = SourceState.Active,
                        NextFetchAt = DateTimeOffset.UnixEpoch,
                        CreatedAt = DateTimeOffset.UnixEpoch,
                        Feed = new FeedFacts { SiteUrl = redirecting },
                    };
                    return (await Discovery().LookAsync(source, null, ct) is [] ? FetchFailureKind.TargetRefused : null, "", log.Lines);
                case Way.Page:
                    return await ReadAsync(url);
                case Way.PageMoved:
                    return await ReadAsync(redirecting);
                case Way.RobotsMoved:
                    _robots = url;
                    return await ReadAsync(_withRobots.Address.AbsoluteUri);
                case Way.Discovery:
                    var discovered = await Discovery().FindAsync(new Uri(redirecting), ct);
                    return (discovered.Failure?.Kind, discovered.Failure?.Message ?? "", log.Lines);
                case Way.SubscriptionList:
                    var (_, failure) = await new SubscriptionListFetcher(fetcher, new HostGate(options, TimeProvider.System), TimeProvider.System).FetchAsync(url, ct);
                    return (failure?.Kind, failure?.Message ?? "", log.Lines);
                case Way.Hub or Way.HubMoved:
                    using (var hubs = new HubClient(options, new GuardedConnector(guard, ResolveAsync), "test", TimeProvider.System, log))
                    {
                        var hub = way == Way.Hub ? url : $"{_allowed.Address}?status=307&to={Uri.EscapeDataString(url)}";
                        var answer = await hubs.AskAsync(
                            HubSubscription.New(1, hub, "http://public.example/feed", DateTimeOffset.UnixEpoch), new Uri("https://news.example:8443/websub/x"), TimeSpan.FromDays(1), null, ct);
                        var isRefused = answer.Reason?.Contains("not public", StringComparison.Ordinal) == true || answer.Reason?.Contains("http or https address", StringComparison.Ordinal) == true;
                        return (isRefused ? FetchFailureKind.TargetRefused : null, answer.Reason ?? "", log.Lines);
                    }

                case Way.Callback:
                    using (var callbacks = new CallbackClient(new HubOptions(), new GuardedConnector(guard, ResolveAsync), "test", "https://news.example:8443/hub", TimeProvider.System, log))
                    {
                        var answer = await callbacks.VerifyAsync(
                            new Intent { Mode = HubMode.Subscribe, Topic = new HubTopic("https://news.example:8443/all.atom", Topic.Everything, FeedFormat.Atom), Callback = url, Host = "x" }, ct);
                        var isRefused = answer.Reason.Contains("not public", StringComparison.Ordinal) || answer.Reason.Contains("http or https address", StringComparison.Ordinal);
                        return (isRefused ? FetchFailureKind.TargetRefused : null, answer.Reason, log.Lines);
                    }

                case Way.Proxy:
                    return Of(await fetcher.FetchAsync(new FetchRequest("http://public.example/") { Settings = new FetchSettings { Proxy = url } }, ct), log);
                case Way.BehindProxy:
                    return Of(await fetcher.FetchAsync(new FetchRequest(url) { Settings = new FetchSettings { Proxy = _allowed.Address.AbsoluteUri } }, ct), log);
                default:
                    return Of(await fetcher.FetchAsync(new FetchRequest(way == Way.Feed ? url : redirecting), ct), log);
            }

            async Task<(FetchFailureKind? Kind, string Shown, IReadOnlyCollection<string> Log)> ReadAsync(string page)
            {
                using var reader = ReaderOf(fetcher, options);
                return Of(await reader.ReadAsync(ASource(), page, ContentSelectors.None, null, ct), log);
            }

            FeedDiscovery Discovery() => new(fetcher, new HostGate(options, TimeProvider.System), TimeProvider.System);
        }

        public async ValueTask DisposeAsync()
        {
            await _allowed.DisposeAsync();
            await _withRobots.DisposeAsync();
            await Victim.DisposeAsync();
        }

        private static (FetchFailureKind? Kind, string Shown, IReadOnlyCollection<string> Log) Of(FetchResult result, Log log) =>
            result is FetchResult.Failed failed ? (failed.Failure.Kind, failed.Failure.Message, log.Lines) : (null, "", log.Lines);

        private static (FetchFailureKind? Kind, string Shown, IReadOnlyCollection<string> Log) Of(PageReading reading, Log log) => reading switch
        {
            PageReading.Refused { Outcome: CaptureOutcome.TargetRefused } refused => (FetchFailureKind.TargetRefused, refused.Reason, log.Lines),
            PageReading.Refused refused => (FetchFailureKind.RedirectInvalid, refused.Reason, log.Lines),
            _ => (null, reading.ToString(), log.Lines),
        };

        private static PageReader ReaderOf(HttpFeedFetcher fetcher, FetchingOptions options)
        {
            var budget = new ByteBudget(options.MaxBytesInFlight);
            var captures = new CaptureOptions();
            var polite = new PoliteFetcher(fetcher, new HostGate(options, TimeProvider.System), options, TimeProvider.System);
            return new PageReader(
                polite, new RobotsCache(polite, captures, budget, TimeProvider.System), new ArticleExtractor(new ContentSanitizer()), captures, options, budget, TimeProvider.System);
        }

        private static Source ASource() => new()
        {
            Id = 1,
            Url = "http://public.example/feed",
            State = SourceState.Active,
            NextFetchAt = DateTimeOffset.UnixEpoch,
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

        // A name's first answer may be public; what counts is the one that is connected to.
        private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => host.ToLowerInvariant() switch
        {
            "public.example" => Answer("93.184.215.14"),
            "localhost" or "x.localhost" or "localtest.example" => Answer("127.0.0.1"),
            "metadata.google.internal" => Answer("169.254.169.254"),
            "internal.example" => Answer("10.1.2.3"),
            "mixed.example" => Answer("93.184.215.14", "192.168.0.9"),
            "six.example" => Answer("fd00::7"),
            "xn--fiqs8s.example" => Answer("10.9.9.9"),
            "news.example" => Answer("93.184.215.14"),
            "turning.example" => Answer(Interlocked.Increment(ref _turning) == 1 ? "127.0.0.1" : "127.0.0.2"),
            "rebinding.example" => Interlocked.Increment(ref _rebinding) % 2 == 0 ? Answer("127.0.0.1", "93.184.215.14") : Answer("127.0.0.1"),
            _ => throw new SocketException((int)SocketError.HostNotFound),
        };

        private static Task<IPAddress[]> Answer(params string[] addresses) => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse));
    }

    private sealed class Log : ILogger<HttpFeedFetcher>, ILogger<HubClient>, ILogger<CallbackClient>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
