using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
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
        Assert.Equal(validators, same.Validators);
    }

    [Fact]
    public async Task Knows_the_same_bytes_again_without_a_304()
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.Body.WriteAsync(Feed).AsTask());
        using var fetcher = Fetcher();
        var first = Assert.IsType<FetchResult.Fetched>(await FetchAsync(fetcher, server.Address));
        Assert.IsType<FetchResult.NotModified>(await FetchAsync(fetcher, server.Address, first.Document.Validators));
    }

    [Theory]
    [InlineData("gzip"), InlineData("x-gzip"), InlineData("deflate"), InlineData("raw deflate"), InlineData("br"), InlineData("gzip, br")]
    [InlineData("identity"), InlineData("gzip that is none")]
    public async Task Unpacks_what_was_packed(string coding)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = coding switch { "raw deflate" => "deflate", "gzip that is none" => "gzip", _ => coding };
            return context.Response.Body.WriteAsync(Pack(Feed, coding)).AsTask();
        });
        using var fetcher = Fetcher();
        var fetched = Assert.IsType<FetchResult.Fetched>(await FetchAsync(fetcher, server.Address));
        Assert.Equal(Feed, fetched.Document.Body.ToArray());
    }

    [Theory]
    [InlineData("gzip"), InlineData("br"), InlineData("deflate")]
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
    [InlineData("date", 300)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    public async Task Reads_Retry_After_as_seconds_and_as_a_date(string value, int? seconds)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = value == "date" ? DateTimeOffset.UtcNow.AddSeconds(300).ToString("R") : value;
            return Task.CompletedTask;
        });
        using var fetcher = Fetcher();
        var failed = Assert.IsType<FetchResult.Failed>(await FetchAsync(fetcher, server.Address));
        if (seconds is null) Assert.Null(failed.WaitAtLeast);
        else Assert.InRange(failed.WaitAtLeast!.Value.TotalSeconds, seconds.Value - 30, seconds.Value + 1);
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
        using var fetcher = Fetcher(new FetchingOptions { AllowedTargets = ["127.0.0.0/8"], Timeout = TimeSpan.FromSeconds(0.5) });
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
            // A reset overtakes what was sent before it; the head has to be read by then.
            await Task.Delay(500);
            context.Abort();
        });
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, server.Address, FetchFailureKind.BodyBroken);
    }

    [Fact]
    public async Task Names_a_packed_body_that_is_broken()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            var packed = Pack(Feed, "gzip");
            return context.Response.Body.WriteAsync(packed.AsMemory(0, packed.Length / 2)).AsTask();
        });
        using var fetcher = Fetcher();
        await FailsAsync(fetcher, server.Address, FetchFailureKind.BodyBroken);
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
    public async Task Ends_when_the_caller_cancels()
    {
        await using var server = await LoopbackServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var fetcher = Fetcher();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetcher.FetchAsync(new FetchRequest(server.Address.AbsoluteUri), cancel.Token));
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
                _ => null,
            };
            if (stream is null) continue;
            using (stream) stream.Write(bytes);
            bytes = packed.ToArray();
        }

        return bytes;
    }
}
