using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Aggregator.Core.Tests.Fetching;

public sealed class HttpFeedFetcherTests
{
    private static readonly byte[] Feed = Encoding.UTF8.GetBytes("<rss version='2.0'><channel><title>国内</title></channel></rss>" + new string(' ', 4000));

    [Fact]
    public async Task Brings_the_document_with_what_the_publisher_said_of_it()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.ETag = "W/\"odd tag";
            context.Response.Headers.LastModified = "yesterday, as it were";
            context.Response.Headers.CacheControl = "max-age=1800";
            context.Response.ContentType = "application/rss+xml; charset=utf-8";
            return context.Response.Body.WriteAsync(Feed).AsTask();
        });
        using var fetcher = Fetcher();
        var fetched = Assert.IsType<FetchResult.Fetched>(await FetchAsync(fetcher, server.Address));
        Assert.Equal(Feed, fetched.Document.Body.ToArray());
        Assert.Equal("application/rss+xml; charset=utf-8", fetched.Document.ContentType);
        Assert.Equal(server.Address, fetched.Document.FinalUrl);
        Assert.Equal("W/\"odd tag", fetched.Document.Validators.ETag);
        Assert.Equal("yesterday, as it were", fetched.Document.Validators.LastModified);
        Assert.Equal(TimeSpan.FromMinutes(30), fetched.WaitAtLeast);
    }

    [Fact]
    public async Task Tells_a_trace_the_host_the_status_and_the_failure_but_no_address()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == AggregatorTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher();
        await fetcher.FetchAsync(new FetchRequest(server.Address + "feed?token=secret") { Trace = new FetchTrace(TimeProvider.System) }, TestContext.Current.CancellationToken);
        var span = Assert.Single(spans, span => Equals(span.GetTagItem("server.port"), server.Address.Port));
        Assert.Equal(("fetch", 404, "not_found", ActivityStatusCode.Error), (span.OperationName, span.GetTagItem("http.response.status_code"), span.GetTagItem("error.type"), span.Status));
        Assert.DoesNotContain(span.TagObjects, tag => tag.Value?.ToString()?.Contains("secret", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Asks_with_the_validators_exactly_as_they_came()
    {
        var asked = new List<(string? Tag, string? Since)>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            asked.Add((context.Request.Headers.IfNoneMatch, context.Request.Headers.IfModifiedSince));
            context.Response.StatusCode = 304;
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher();
        var validators = new Validators { ETag = "no-quotes-at-all", LastModified = "Sat, 5 Sep 2026 10:00:00 +0800" };
        var same = Assert.IsType<FetchResult.NotModified>(await FetchAsync(fetcher, server.Address, validators));
        Assert.Equal(("no-quotes-at-all", "Sat, 5 Sep 2026 10:00:00 +0800"), Assert.Single(asked));
        Assert.Equal(validators, same.Validators with { ObtainedAt = null });
        Assert.NotNull(same.Validators.ObtainedAt);
    }

    [Theory]
    [InlineData("w/\"x\"", "Sat, 5 Sep 2026 10:00:00 +0800")]
    [InlineData("\"a\" ,\"b\"", "Sat, 05 Sep 2026 10:00:00 UTC")]
    [InlineData("unquoted", "Saturday, 05-Sep-26 10:00:00 GMT")]
    [InlineData("W/\"  spaces  \"", "2026-09-05T10:00:00Z")]
    public async Task Gives_validators_back_letter_by_letter(string tag, string date)
    {
        var asked = new List<(string? Tag, string? Since)>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            asked.Add((context.Request.Headers.IfNoneMatch, context.Request.Headers.IfModifiedSince));
            context.Response.Headers.ETag = tag;
            context.Response.Headers.LastModified = date;
            return context.Response.Body.WriteAsync(Feed).AsTask();
        });
        using var fetcher = Fetcher();
        var first = Assert.IsType<FetchResult.Fetched>(await FetchAsync(fetcher, server.Address));
        Assert.Equal((tag, date), (first.Document.Validators.ETag, first.Document.Validators.LastModified));
        await FetchAsync(fetcher, server.Address, first.Document.Validators);
        Assert.Equal([(null, null), (tag, date)], asked);
    }

    [Fact]
    public async Task Asks_for_every_packing_that_it_can_unpack()
    {
        var asked = new List<string?>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            asked.Add(context.Request.Headers.AcceptEncoding);
            return context.Response.Body.WriteAsync(Feed).AsTask();
        });
        using var fetcher = Fetcher();
        await FetchAsync(fetcher, server.Address);
        Assert.Equal("gzip, deflate, br, zstd", Assert.Single(asked));
    }

    [Theory]
    [InlineData("max-age=600", null, null, null, 600)]
    [InlineData("max-age=600", "400", null, null, 200)]
    [InlineData("max-age=600", "900", null, null, null)]
    [InlineData("no-cache, max-age=600", null, null, null, null)]
    [InlineData("no-store, max-age=600", null, null, null, null)]
    [InlineData("max-age=60", null, "Sat, 05 Sep 2026 11:00:00 GMT", "Sat, 05 Sep 2026 10:00:00 GMT", 60)]
    [InlineData(null, null, "Sat, 05 Sep 2026 11:00:00 GMT", "Sat, 05 Sep 2026 10:00:00 GMT", 3600)]
    [InlineData(null, null, "Sat, 05 Sep 2026 09:00:00 GMT", "Sat, 05 Sep 2026 10:00:00 GMT", null)]
    [InlineData(null, null, "0", "Sat, 05 Sep 2026 10:00:00 GMT", null)]
    [InlineData(null, null, null, null, null)]
    public async Task Tells_how_long_an_answer_stays_the_same(string? control, string? age, string? expires, string? date, int? seconds)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            var headers = context.Response.Headers;
            (headers.CacheControl, headers.Age, headers.Expires) = (control, age, expires);
            if (date is not null) headers.Date = date;
            return context.Response.Body.WriteAsync(Feed).AsTask();
        });
        using var fetcher = Fetcher();
        Assert.Equal(seconds, (await FetchAsync(fetcher, server.Address)).WaitAtLeast?.TotalSeconds);
    }

    [Fact]
    public async Task Knows_the_same_bytes_again_without_a_304()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.Body.WriteAsync(Feed).AsTask());
        using var fetcher = Fetcher();
        var first = Assert.IsType<FetchResult.Fetched>(await FetchAsync(fetcher, server.Address));
        Assert.True(Assert.IsType<FetchResult.NotModified>(await FetchAsync(fetcher, server.Address, first.Document.Validators)).IsSameBody);
    }

    [Theory]
    [InlineData("gzip"), InlineData("x-gzip"), InlineData("deflate"), InlineData("raw deflate"), InlineData("br"), InlineData("gzip, br"), InlineData("zstd"), InlineData("zstd that is none")]
    [InlineData("identity"), InlineData("gzip that is none")]
    public async Task Unpacks_what_was_packed(string coding)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = coding switch { "raw deflate" => "deflate", "gzip that is none" => "gzip", "zstd that is none" => "zstd", _ => coding };
            return context.Response.Body.WriteAsync(Pack(Feed, coding)).AsTask();
        });
        using var fetcher = Fetcher();
        var fetched = Assert.IsType<FetchResult.Fetched>(await FetchAsync(fetcher, server.Address));
        Assert.Equal(Feed, fetched.Document.Body.ToArray());
    }

    [Theory]
    [InlineData("gzip"), InlineData("br"), InlineData("deflate"), InlineData("zstd")]
    public async Task Stops_unpacking_at_the_limit(string coding)
    {
        var bomb = Pack(new byte[64 * 1024 * 1024], coding);
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = coding;
            return context.Response.Body.WriteAsync(bomb).AsTask();
        });
        using var fetcher = Fetcher(new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], MaxBodyBytes = 1024 * 1024 });
        await FailsAsync(fetcher, server.Address, FetchFailureKind.TooLarge, "Fetching:MaxBodyBytes");
    }

    [Fact]
    public async Task Stops_an_endless_body_at_the_limit()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(Feed, context.RequestAborted);
        });
        using var fetcher = Fetcher(new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], MaxBodyBytes = 1024 * 1024 });
        await FailsAsync(fetcher, server.Address, FetchFailureKind.TooLarge, "1048576");
    }

    [Fact]
    public async Task Follows_redirects_and_resolves_them_against_the_hop()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            var (status, location) = context.Request.Path.Value switch
            {
                "/a" => (301, "b/c"),
                "/b/c" => (302, "../d?x=1#part"),
                "/d" => (307, "/新闻/e"),
                _ => (200, ""),
            };
            context.Response.StatusCode = status;
            if (status != 200) context.Response.Headers.Location = Uri.EscapeDataString(location).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3F", "?", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal).Replace("%23", "#", StringComparison.Ordinal);
            return context.Response.Body.WriteAsync(status == 200 ? Feed : default).AsTask();
        });
        using var fetcher = Fetcher();
        var fetched = Assert.IsType<FetchResult.Fetched>(await FetchAsync(fetcher, new Uri(server.Address, "a")));
        Assert.Equal("/新闻/e", Uri.UnescapeDataString(fetched.Document.FinalUrl!.AbsolutePath));
    }

    [Theory]
    [InlineData("/circle", FetchFailureKind.RedirectLoop)]
    [InlineData("/endless", FetchFailureKind.RedirectLoop)]
    [InlineData("/nowhere", FetchFailureKind.RedirectInvalid)]
    [InlineData("/file", FetchFailureKind.TargetRefused)]
    [InlineData("/gopher", FetchFailureKind.TargetRefused)]
    [InlineData("/private", FetchFailureKind.TargetRefused)]
    public async Task Refuses_redirects_that_lead_nowhere_good(string path, FetchFailureKind kind)
    {
        var hop = 0;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 302;
            var location = context.Request.Path.Value switch
            {
                "/circle" => "/circle2",
                "/circle2" => "/circle",
                "/file" => "file:///etc/passwd",
                "/gopher" => "gopher://127.0.0.1:70/",
                "/private" => "http://10.0.0.1/latest/meta-data/",
                "/nowhere" => "",
                _ => $"/endless/{hop++}",
            };
            if (location.Length > 0) context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, new Uri(server.Address, path), kind);
    }

    [Theory]
    [InlineData(404, FetchFailureKind.NotFound)]
    [InlineData(401, FetchFailureKind.AccessDenied)]
    [InlineData(403, FetchFailureKind.AccessDenied)]
    [InlineData(418, FetchFailureKind.ClientError)]
    [InlineData(429, FetchFailureKind.TooManyRequests)]
    [InlineData(500, FetchFailureKind.ServerError)]
    [InlineData(503, FetchFailureKind.ServerError)]
    [InlineData(204, FetchFailureKind.ProtocolError)]
    public async Task Names_what_a_status_means(int status, FetchFailureKind kind)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher();
        var failure = await FailsAsync(fetcher, server.Address, kind);
        Assert.Equal(status, failure.HttpStatus);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("date: r", 300)]
    [InlineData("date: dddd, dd-MMM-yy HH:mm:ss 'GMT'", 300)]
    [InlineData("date: ddd MMM  d HH:mm:ss yyyy", 300)]
    [InlineData("date: ddd, d MMM yyyy HH:mm:ss '+0000'", 300)]
    [InlineData("date: yyyy-MM-dd'T'HH:mm:ss'Z'", 300)]
    [InlineData("-5", null)]
    [InlineData("12.5", null)]
    [InlineData("5/6", null)]
    [InlineData("soon", null)]
    public async Task Reads_Retry_After_as_seconds_and_as_a_date(string value, int? seconds)
    {
        var status = 429;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = value.StartsWith("date: ", StringComparison.Ordinal)
                ? DateTimeOffset.UtcNow.AddSeconds(300).ToString(value["date: ".Length..], System.Globalization.CultureInfo.InvariantCulture)
                : value;
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher();
        var failed = Assert.IsType<FetchResult.Failed>(await FetchAsync(fetcher, server.Address));
        if (seconds is null) Assert.Null(failed.WaitAtLeast);
        else Assert.InRange(failed.WaitAtLeast!.Value.TotalSeconds, seconds.Value - 30, seconds.Value + 1);

        status = 503;
        failed = Assert.IsType<FetchResult.Failed>(await FetchAsync(fetcher, server.Address));
        Assert.Equal((seconds is null, seconds is null ? FetchFailureKind.ServerError : FetchFailureKind.TooManyRequests), (failed.WaitAtLeast is null, failed.Failure.Kind));
    }

    [Fact]
    public async Task Says_gone_for_410()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher();
        Assert.Equal(FetchFailureKind.Gone, Assert.IsType<FetchResult.Gone>(await FetchAsync(fetcher, server.Address)).Failure.Kind);

        // Where somebody redirects for the time being, nothing is retired for good.
        foreach (var (redirect, isGone) in ((int, bool)[])[(301, true), (308, true), (302, false), (307, false)])
        {
            await using var redirecting = await LoopbackServer.StartAsync(context =>
            {
                context.Response.StatusCode = redirect;
                context.Response.Headers.Location = server.Address.AbsoluteUri;
                return Task.CompletedTask;
            });
            if (isGone) Assert.IsType<FetchResult.Gone>(await FetchAsync(fetcher, redirecting.Address));
            else await FailsAsync(fetcher, redirecting.Address, FetchFailureKind.NotFound, "410");
        }
    }

    [Fact]
    public async Task Gives_up_on_a_body_that_drips()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync("<"u8.ToArray(), context.RequestAborted);
                await Task.Delay(50, context.RequestAborted);
            }
        });
        using var fetcher = Fetcher(new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], Timeout = TimeSpan.FromSeconds(0.5), MinBytesPerSecond = 0 });
        await FailsAsync(fetcher, server.Address, FetchFailureKind.TimedOut, "Fetching:Timeout");
    }

    [Fact]
    public async Task Names_a_body_that_ends_early()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentLength = Feed.Length;
            await context.Response.Body.WriteAsync(Feed.AsMemory(0, 100));
            await context.Response.Body.FlushAsync();
            // A server that breaks off throws away what it has not sent yet.
            await Task.Delay(500);
            context.Abort();
        });
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, server.Address, FetchFailureKind.BodyBroken);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n<rss", FetchFailureKind.BodyBroken)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", FetchFailureKind.BodyBroken)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\nContent-Encoding: gzip\r\n\r\n", FetchFailureKind.BodyBroken)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\nContent-Encoding: gzip\r\n\r\n\u001F", FetchFailureKind.BodyBroken)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n<rss", FetchFailureKind.BodyBroken)]
    [InlineData("", FetchFailureKind.ConnectionFailed)]
    public async Task Tells_a_reset_behind_the_head_from_one_before_it(string sent, FetchFailureKind kind)
    {
        // The reset follows at once: what has arrived before it is read all the same, so that the head decides.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
                await socket.ReceiveAsync(new byte[8192], SocketFlags.None, TestContext.Current.CancellationToken);
                await socket.SendAsync(Encoding.Latin1.GetBytes(sent), SocketFlags.None, TestContext.Current.CancellationToken);
                socket.LingerState = new LingerOption(true, 0);
            }
        }, TestContext.Current.CancellationToken);
        using var fetcher = Fetcher();
        for (var i = 0; i < 20; i++) await FailsAsync(fetcher, new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"), kind);
        await serving;
    }

    [Theory]
    [InlineData("gzip"), InlineData("zstd")]
    public async Task Names_a_packed_body_that_is_broken(string coding)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = coding;
            var packed = Pack(Feed, coding);
            return context.Response.Body.WriteAsync(packed.AsMemory(0, packed.Length / 2)).AsTask();
        });
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, server.Address, FetchFailureKind.BodyBroken);
    }

    [Fact]
    public async Task Refuses_a_zstd_window_that_would_take_too_much_memory()
    {
        var packed = new MemoryStream();
        await using (var stream = new ZstdSharp.CompressionStream(packed, leaveOpen: true))
        {
            stream.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_windowLog, 27);
            await stream.WriteAsync(new byte[16 * 1024 * 1024]);
        }

        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = "zstd";
            return context.Response.Body.WriteAsync(packed.ToArray()).AsTask();
        });
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, server.Address, FetchFailureKind.BodyBroken);
    }

    [Fact]
    public async Task Does_not_believe_a_304_that_nobody_asked_for()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 304;
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, server.Address, FetchFailureKind.ProtocolError, "304");
    }

    [Fact]
    public async Task Tells_the_limit_on_the_wire_from_the_one_after_unpacking()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.Body.WriteAsync(Feed).AsTask());
        using var wire = Fetcher(new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], MaxWireBytes = 1024 });
        await FailsAsync(wire, server.Address, FetchFailureKind.TooLarge, "Fetching:MaxWireBytes");
        using var body = Fetcher(new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], MaxBodyBytes = 1024 });
        await FailsAsync(body, server.Address, FetchFailureKind.TooLarge, "Fetching:MaxBodyBytes");

        // What came until then is counted all the same.
        var trace = new FetchTrace(TimeProvider.System);
        await body.FetchAsync(new FetchRequest(server.Address.AbsoluteUri) { Trace = trace }, TestContext.Current.CancellationToken);
        Assert.InRange(trace.Last!.WireBytes, 1024, Feed.Length);
    }

    [Fact]
    public async Task Names_the_limits_of_connecting_and_of_redirects()
    {
        // A queue of one that is full: the next one knocks and is not answered.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var endpoint = (IPEndPoint)full.LocalEndPoint!;
        var waiting = Enumerable.Range(0, 4).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false }).ToList();
        foreach (var socket in waiting)
            try
            {
                socket.Connect(endpoint);
            }
            catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // That is what it is for.
            }

        using var impatient = Fetcher(new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], ConnectTimeout = TimeSpan.FromSeconds(0.3) });
        await FailsAsync(impatient, new Uri($"http://{endpoint}/"), FetchFailureKind.TimedOut, "Fetching:ConnectTimeout");
        waiting.ForEach(static socket => socket.Dispose());

        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect(context.Request.Path + "x");
            return Task.CompletedTask;
        });
        using var brief = Fetcher(new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], MaxRedirects = 2 });
        await FailsAsync(brief, server.Address, FetchFailureKind.RedirectLoop, "more than 2 redirects (Fetching:MaxRedirects)");
    }

    [Fact]
    public async Task Names_the_limit_of_time_that_was_passed()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/body")
            {
                await context.Response.Body.WriteAsync("<"u8.ToArray());
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        // One that waits little for the head and one that waits little for the body: on a busy machine either may take its time.
        using var head = Fetcher(new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], HeadersTimeout = TimeSpan.FromSeconds(0.4), MinBytesPerSecond = 0 });
        await FailsAsync(head, new Uri(server.Address, "head"), FetchFailureKind.TimedOut, "Fetching:HeadersTimeout");
        using var body = Fetcher(new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], BodyTimeout = TimeSpan.FromSeconds(0.3), MinBytesPerSecond = 0 });
        await FailsAsync(body, new Uri(server.Address, "body"), FetchFailureKind.TimedOut, "Fetching:BodyTimeout");
    }

    [Fact]
    public async Task Gives_up_on_a_body_that_comes_too_slowly()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync("<rss>"u8.ToArray(), context.RequestAborted);
                await Task.Delay(100, context.RequestAborted);
            }
        });
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, server.Address, FetchFailureKind.TimedOut, "Fetching:MinBytesPerSecond");
    }

    [Fact]
    public async Task Takes_a_delta_when_it_asked_for_one()
    {
        var asked = new List<string?>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            asked.Add(context.Request.Headers["A-IM"]);
            context.Response.StatusCode = 226;
            context.Response.Headers["IM"] = "feed";
            context.Response.Headers.ETag = "\"2\"";
            return context.Response.Body.WriteAsync(Feed).AsTask();
        });
        using var fetcher = Fetcher();
        var obtained = DateTimeOffset.UtcNow.AddDays(-3);
        var fetched = Assert.IsType<FetchResult.Fetched>(await FetchAsync(
            fetcher, server.Address, new Validators { ETag = "\"1\"", BodyHash = new byte[] { 1 }, ObtainedAt = obtained }));
        Assert.True(fetched.Document.IsDelta);
        Assert.Equal("\"2\"", fetched.Document.Validators.ETag);
        Assert.True(fetched.Document.Validators.BodyHash.IsEmpty);
        Assert.Equal(obtained, fetched.Document.Validators.ObtainedAt);

        // Nobody asked: then it is not the feed.
        await FailsAsync(fetcher, server.Address, FetchFailureKind.ProtocolError);
        Assert.Equal(["feed", null], asked);
    }

    [Fact]
    public async Task Names_the_hops_of_a_circle()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/a" ? 301 : 302;
            context.Response.Headers.Location = context.Request.Path == "/a" ? "/b?token=secret" : "/a";
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher();
        var failure = await FailsAsync(fetcher, new Uri(server.Address, "a"), FetchFailureKind.RedirectLoop);
        Assert.Contains($"{server.Address}a (301) → {server.Address}b (302) → {server.Address}a", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("301", "/1"), InlineData("308", "/1"), InlineData("301 308", "/2"), InlineData("301 302", "/1")]
    [InlineData("302", null), InlineData("303", null), InlineData("307", null), InlineData("302 301", null)]
    public async Task Tells_where_the_feed_has_moved_for_good(string statuses, string? movedTo)
    {
        var hops = statuses.Split(' ');
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            var hop = int.Parse(context.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
            if (hop == hops.Length) return context.Response.Body.WriteAsync(Feed).AsTask();
            context.Response.StatusCode = int.Parse(hops[hop], System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Headers.Location = $"/{hop + 1}#fragment";
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher();
        var fetched = Assert.IsType<FetchResult.Fetched>(await FetchAsync(fetcher, new Uri(server.Address, "0")));
        Assert.Equal(movedTo, fetched.MovedTo?.PathAndQuery);
        Assert.Equal(hops.Length, fetched.Hops.Count);
    }

    [Theory]
    [InlineData("https://a/ 301 https://b/", "https://b/")]
    [InlineData("http://a/ 308 https://a/", "https://a/")]
    [InlineData("https://a/ 301 http://a/", null)]
    [InlineData("https://a/ 308 http://a/ 301 https://b/", null)]
    [InlineData("http://a/ 301 https://a/ 301 http://b/", null)]
    [InlineData("https://a/ 301 https://b/ 302 http://b/", "https://b/")]
    public void Never_moves_from_https_to_http(string chain, string? movedTo)
    {
        var parts = chain.Split(' ');
        var hops = new List<RedirectHop>();
        for (var i = 0; i + 2 < parts.Length; i += 2)
            hops.Add(new RedirectHop(new Uri(parts[i]), int.Parse(parts[i + 1], System.Globalization.CultureInfo.InvariantCulture), new Uri(parts[i + 2])));
        Assert.Equal(movedTo, new FetchResult.NotModified(new Validators()) { Hops = hops }.MovedTo?.AbsoluteUri);
    }

    [Fact]
    public async Task Sends_what_an_admin_set_to_its_own_origin_only()
    {
        var seen = new List<string>();
        LoopbackServer? other = null;
        Task Note(Microsoft.AspNetCore.Http.HttpContext context, string? location)
        {
            var headers = context.Request.Headers;
            seen.Add($"{headers.UserAgent}|{headers.Cookie}|{headers.Authorization}|{headers["X-Api-Key"]}|{headers.Accept.Count}");
            if (location is null) return context.Response.Body.WriteAsync(Feed).AsTask();
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        }

        await using var server = await LoopbackServer.StartAsync(context => Note(context, context.Request.Path == "/a" ? "/b" : other!.Address.AbsoluteUri));
        other = await LoopbackServer.StartAsync(context => Note(context, null));
        await using var _ = other;
        using var fetcher = Fetcher();
        var settings = new FetchSettings
        {
            UserAgent = "Reader/1",
            Cookies = "session=s3cret",
            UserName = "user",
            Password = "p@ss",
            Headers = [new RequestHeader("X-Api-Key", "k3y")],
        };
        Assert.Null(settings.Problem());
        Assert.IsType<FetchResult.Fetched>(await fetcher.FetchAsync(
            new FetchRequest(new Uri(server.Address, "a").AbsoluteUri) { Settings = settings }, TestContext.Current.CancellationToken));
        var own = $"Reader/1|session=s3cret|Basic {Convert.ToBase64String("user:p@ss"u8)}|k3y|1";
        Assert.Equal([own, own, "Reader/1||||1"], seen);
        Assert.DoesNotContain("s3cret", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_through_a_sources_own_proxy()
    {
        var asked = new List<string>();
        await using var proxy = await LoopbackServer.StartAsync(context =>
        {
            asked.Add($"{context.Request.Method} {context.Request.Host}{context.Request.Path}");
            return context.Response.Body.WriteAsync(Feed).AsTask();
        });
        using var fetcher = Fetcher(resolve: (_, _) => throw new SocketException((int)SocketError.HostNotFound));
        var settings = new FetchSettings { Proxy = proxy.Address.AbsoluteUri };
        Assert.Null(settings.Problem());
        Assert.IsType<FetchResult.Fetched>(await fetcher.FetchAsync(
            new FetchRequest("http://behind.example/feed") { Settings = settings }, TestContext.Current.CancellationToken));
        Assert.Equal(["GET behind.example/feed"], asked);
    }

    [Fact]
    public async Task Names_itself_to_a_proxy_that_asks_and_to_nobody_behind_it()
    {
        var seen = new List<(string? ToProxy, string? Behind)>();
        await using var proxy = await LoopbackServer.StartAsync(context =>
        {
            seen.Add((context.Request.Headers.ProxyAuthorization, context.Request.Headers.Authorization));
            if (context.Request.Headers.ProxyAuthorization.Count > 0) return context.Response.Body.WriteAsync(Feed).AsTask();
            context.Response.StatusCode = 407;
            context.Response.Headers.ProxyAuthenticate = "Basic realm=\"proxy\"";
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher(resolve: (_, _) => throw new SocketException((int)SocketError.HostNotFound));
        var settings = new FetchSettings { Proxy = $"http://user:p%40ss@127.0.0.1:{proxy.Address.Port}/" };
        Assert.Null(settings.Problem());
        Assert.IsType<FetchResult.Fetched>(await fetcher.FetchAsync(
            new FetchRequest("http://behind.example/feed") { Settings = settings }, TestContext.Current.CancellationToken));
        Assert.Equal(("Basic " + Convert.ToBase64String("user:p@ss"u8), null), seen[^1]);
    }

    [Fact]
    public async Task Accepts_the_pinned_certificate_of_the_sources_own_host_and_speaks_HTTP_2()
    {
        using var certificate = SelfSigned();
        var protocols = new List<string>();
        await using var server = await LoopbackServer.StartAsync(
            context =>
            {
                protocols.Add(context.Request.Protocol);
                return context.Response.Body.WriteAsync(Feed).AsTask();
            },
            certificate);
        using var fetcher = Fetcher(resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        var ct = TestContext.Current.CancellationToken;
        var pinned = new FetchSettings { PinnedCertificate = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(certificate.RawData)) };
        Assert.Null(pinned.Problem());
        var url = $"https://pinned.example:{server.Address.Port}/";
        Assert.IsType<FetchResult.Fetched>(await fetcher.FetchAsync(new FetchRequest(url) { Settings = pinned }, ct));
        Assert.IsType<FetchResult.Fetched>(await fetcher.FetchAsync(new FetchRequest(url) { Settings = pinned }, ct));
        Assert.Equal(["HTTP/2", "HTTP/2"], protocols);

        // Neither another certificate, nor no pin, nor another host that a redirect leads to.
        await FailsAsync(fetcher, url, FetchFailureKind.CertificateInvalid);
        var wrong = pinned with { PinnedCertificate = new string('0', 64) };
        var failed = Assert.IsType<FetchResult.Failed>(await fetcher.FetchAsync(new FetchRequest(url) { Settings = wrong }, ct));
        Assert.Contains("pinned", failed.Failure.Message, StringComparison.Ordinal);
        await using var redirecting = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect(url);
            return Task.CompletedTask;
        });
        failed = Assert.IsType<FetchResult.Failed>(await fetcher.FetchAsync(
            new FetchRequest($"http://elsewhere.example:{redirecting.Address.Port}/") { Settings = pinned }, ct));
        Assert.Equal(FetchFailureKind.CertificateInvalid, failed.Failure.Kind);
    }

    [Fact]
    public async Task Uses_a_connection_again()
    {
        var connections = new HashSet<string>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            connections.Add(context.Connection.Id);
            return context.Response.Body.WriteAsync(Feed).AsTask();
        });
        using var fetcher = Fetcher();
        for (var i = 0; i < 5; i++) Assert.IsType<FetchResult.Fetched>(await FetchAsync(fetcher, server.Address));
        Assert.Single(connections);
    }

    [Fact]
    public async Task Names_a_head_that_is_too_large()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers["X-Large"] = new string('x', 100_000);
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, server.Address, FetchFailureKind.ProtocolError, "Fetching:MaxHeaderKibibytes");
    }

    [Fact]
    public async Task Names_a_server_that_is_not_there()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, new Uri($"http://127.0.0.1:{port}/"), FetchFailureKind.ConnectionFailed, "refuses connections");
    }

    [Fact]
    public async Task Names_a_host_without_an_address()
    {
        using var fetcher = Fetcher(resolve: (_, _) => throw new SocketException((int)SocketError.HostNotFound));
        await FailsAsync(fetcher, new Uri("http://nowhere.invalid/"), FetchFailureKind.UnknownHost);
    }

    [Fact]
    public async Task Names_a_wrong_certificate()
    {
        await using var server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, new Uri($"https://127.0.0.1:{server.Address.Port}/"), FetchFailureKind.CertificateInvalid);
    }

    [Theory]
    [InlineData("http://127.0.0.1/"), InlineData("http://127.1/"), InlineData("http://0177.0.0.1/"), InlineData("http://0x7f.1/")]
    [InlineData("http://2130706433/"), InlineData("http://[::1]/"), InlineData("http://[::ffff:127.0.0.1]/"), InlineData("http://localhost/")]
    [InlineData("http://localhost./"), InlineData("http://user:pass@127.0.0.1/"), InlineData("http://169.254.169.254/latest/"), InlineData("http://１２７.0.0.1/")]
    public async Task Refuses_private_targets_in_every_disguise(string url)
    {
        using var fetcher = Fetcher(new FetchingOptions());
        var failure = await FailsAsync(fetcher, url, FetchFailureKind.TargetRefused);
        Assert.DoesNotContain("127.0.0.1", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd"), InlineData("ftp://example.com/"), InlineData("javascript:alert(1)"), InlineData("feed"), InlineData("catalogue:x.xml")]
    public async Task Fetches_over_http_and_https_only(string url)
    {
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, url, FetchFailureKind.TargetRefused);
    }

    [Fact]
    public async Task Judges_the_address_at_the_moment_of_connecting()
    {
        // The name is public at the first look and private at the next: DNS rebinding.
        var answers = new Queue<string>(["93.184.215.14", "127.0.0.1"]);
        var looked = 0;
        using var fetcher = Fetcher(new FetchingOptions(), (_, _) =>
        {
            looked++;
            return Task.FromResult<IPAddress[]>([IPAddress.Parse(answers.Last())]);
        });
        await FailsAsync(fetcher, new Uri("http://rebinding.example/"), FetchFailureKind.TargetRefused);
        Assert.Equal(1, looked);
    }

    [Fact]
    public async Task Refuses_a_name_that_mixes_public_and_private_addresses()
    {
        using var fetcher = Fetcher(new FetchingOptions(), (_, _) =>
            Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.215.14"), IPAddress.Parse("192.168.0.1")]));
        await FailsAsync(fetcher, new Uri("http://mixed.example/"), FetchFailureKind.TargetRefused);
    }

    [Fact]
    public async Task Sends_a_password_to_its_own_origin_only()
    {
        var seen = new List<(string Host, string Path, string? Authorization)>();
        LoopbackServer? other = null;
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            seen.Add((context.Request.Host.Value!, context.Request.Path, context.Request.Headers.Authorization));
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = context.Request.Path == "/a" ? "/b" : other!.Address.AbsoluteUri;
            return Task.CompletedTask;
        });
        other = await LoopbackServer.StartAsync(context =>
        {
            seen.Add((context.Request.Host.Value!, context.Request.Path, context.Request.Headers.Authorization));
            return context.Response.Body.WriteAsync(Feed).AsTask();
        });
        await using var _ = other;
        using var fetcher = Fetcher();
        var fetched = Assert.IsType<FetchResult.Fetched>(await FetchAsync(fetcher, $"http://user:p%40ss@127.0.0.1:{server.Address.Port}/a"));
        var basic = "Basic " + Convert.ToBase64String("user:p@ss"u8);
        Assert.Equal([basic, basic, null], seen.Select(request => request.Authorization));
        Assert.Empty(fetched.Document.FinalUrl!.UserInfo);
    }

    [Fact]
    public async Task Sends_no_password_along_when_only_the_scheme_changes()
    {
        // One name and one port, of which one address speaks TLS and the other does not.
        using var certificate = SelfSigned();
        var seen = new List<(string Scheme, string? Authorization, string? Cookie)>();
        Task Note(Microsoft.AspNetCore.Http.HttpContext context, Uri? to)
        {
            seen.Add((context.Request.Scheme, context.Request.Headers.Authorization, context.Request.Headers.Cookie));
            if (to is null) return context.Response.Body.WriteAsync(Feed).AsTask();
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = to.AbsoluteUri;
            return Task.CompletedTask;
        }

        Uri? target = null;
        await using var server = await LoopbackServer.StartAsync(context => Note(context, target), certificate);
        await using var open = await LoopbackServer.StartAsync(context => Note(context, null), at: new IPEndPoint(IPAddress.Parse("127.0.0.2"), server.Address.Port));
        target = new Uri($"http://pinned.example:{server.Address.Port}/");
        var lookUps = 0;
        using var fetcher = Fetcher(resolve: (_, _) => Task.FromResult<IPAddress[]>([lookUps++ == 0 ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2")]));
        var settings = new FetchSettings
        {
            PinnedCertificate = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(certificate.RawData)),
            UserName = "user",
            Password = "p@ss",
            Cookies = "session=s3cret",
        };
        Assert.IsType<FetchResult.Fetched>(await fetcher.FetchAsync(
            new FetchRequest($"https://pinned.example:{server.Address.Port}/") { Settings = settings }, TestContext.Current.CancellationToken));
        Assert.Equal([("https", "Basic " + Convert.ToBase64String("user:p@ss"u8), "session=s3cret"), ("http", null, null)], seen);
    }

    [Fact]
    public async Task Ends_when_the_caller_cancels()
    {
        await using var server = await LoopbackServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var fetcher = Fetcher();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetcher.FetchAsync(new FetchRequest(server.Address.AbsoluteUri), cancel.Token));
    }

    private static System.Security.Cryptography.X509Certificates.X509Certificate2 SelfSigned()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=pinned.example", key, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static HttpFeedFetcher Fetcher(FetchingOptions? options = null, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        options ??= new FetchingOptions { AllowedTargets = ["127.0.0.0/8"] };
        return new HttpFeedFetcher(
            options, new GuardedConnector(new TargetGuard(options.AllowedTargets), resolve), "Aggregator/test",
            TimeProvider.System, NullLogger<HttpFeedFetcher>.Instance);
    }

    private static Task<FetchResult> FetchAsync(HttpFeedFetcher fetcher, Uri url, Validators? validators = null) =>
        fetcher.FetchAsync(new FetchRequest(url.AbsoluteUri, validators), TestContext.Current.CancellationToken);

    private static Task<FetchResult> FetchAsync(HttpFeedFetcher fetcher, string url) =>
        fetcher.FetchAsync(new FetchRequest(url), TestContext.Current.CancellationToken);

    private static Task<FetchFailure> FailsAsync(HttpFeedFetcher fetcher, Uri url, FetchFailureKind kind, string? says = null) =>
        FailsAsync(fetcher, url.AbsoluteUri, kind, says);

    private static async Task<FetchFailure> FailsAsync(HttpFeedFetcher fetcher, string url, FetchFailureKind kind, string? says = null)
    {
        var failure = Assert.IsType<FetchResult.Failed>(await FetchAsync(fetcher, url)).Failure;
        Assert.True(kind == failure.Kind, $"Expected {kind}, but it was {failure.Kind}: {failure.Message}");
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
        if (says is not null) Assert.Contains(says, failure.Message, StringComparison.Ordinal);
        return failure;
    }

    private static byte[] Pack(byte[] bytes, string codings)
    {
        foreach (var coding in codings.Split(", "))
        {
            using var packed = new MemoryStream();
            Stream? stream = coding switch
            {
                "gzip" or "x-gzip" => new GZipStream(packed, CompressionLevel.Fastest),
                "deflate" => new ZLibStream(packed, CompressionLevel.Fastest),
                "raw deflate" => new DeflateStream(packed, CompressionLevel.Fastest),
                "br" => new BrotliStream(packed, CompressionLevel.Fastest),
                "zstd" => new ZstdSharp.CompressionStream(packed),
                _ => null,
            };
            if (stream is null) continue;
            using (stream) stream.Write(bytes);
            bytes = packed.ToArray();
        }

        return bytes;
    }
}
