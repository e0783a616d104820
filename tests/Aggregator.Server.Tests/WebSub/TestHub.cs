using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Aggregator.Server.Tests.WebSub;

/// <summary>
/// A hub and a publisher on loopback, written from the Recommendation: it takes subscription requests, verifies, denies, pushes
/// with signatures, and keeps what it was asked and answered. Nothing happens by itself but the 202.
/// </summary>
internal sealed class TestHub : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
    private readonly ConcurrentQueue<Request> _requests = [];
    private readonly List<string> _entries = [];
    private readonly DateTimeOffset _publishedAt = DateTimeOffset.UtcNow.AddHours(-1);

    private TestHub(LoopbackServer server) => _server = server;

    public Uri Url => new(_server.Address, "hub");

    public Uri Topic => new(_server.Address, "topic");

    public Uri FeedUrl => new(_server.Address, "feed");

    public IReadOnlyList<Request> Requests => [.. _requests];

    /// <summary>What the hub answers to a subscription request.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static context =>
    {
        context.Response.StatusCode = 202;
        return Task.CompletedTask;
    };

    /// <summary>What the feed says of its hub: in its headers, in its document, or not at all.</summary>
    public bool InHeaders { get; set; } = true;

    public bool InDocument { get; set; }

    /// <summary>The hub that the feed names; this one unless a test says otherwise.</summary>
    public string? NamedHub { get; set; }

    public int FeedRequests { get; private set; }

    /// <summary>Leaves requests of a test's preparation out of the count.</summary>
    public void ForgetFeedRequests(int count) => FeedRequests -= count;

    public static async Task<TestHub> StartAsync()
    {
        TestHub? hub = null;
        var server = await LoopbackServer.StartAsync(context => hub!.AnswerAsync(context));
        return hub = new TestHub(server);
    }

    /// <summary>Publishes entries in the feed, without a word to anybody.</summary>
    public void Publish(params string[] ids)
    {
        lock (_entries) _entries.AddRange(ids);
    }

    /// <summary>A document with these entries alone.</summary>
    public string Document(IEnumerable<string> ids, string title = "Feed") => $"""
        <feed xmlns="http://www.w3.org/2005/Atom"><id>tag:hub.test,2026:feed</id><title>{title}</title><updated>2026-09-05T10:00:00Z</updated>
        {(InDocument ? $"<link rel=\"hub\" href=\"{NamedHub ?? Url.AbsoluteUri}\"/><link rel=\"self\" href=\"{Topic}\"/>" : "")}
        {string.Concat(ids.Select(id => $"<entry><id>{id}</id><title>Title of {id}</title><link href=\"https://news.example/{id}\"/><updated>{_publishedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}</updated><content type=\"html\">&lt;p&gt;国内 {id}&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</content></entry>"))}
        </feed>
        """;

    /// <summary>Asks a callback whether it meant it.</summary>
    public async Task<(HttpStatusCode Status, string Body, string? ContentType)> VerifyAsync(
        Uri callback, string mode = "subscribe", string? topic = null, string? challenge = "challenge <b>国</b>", string? lease = "864000", string? reason = null)
    {
        var query = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["hub.mode"] = mode,
            ["hub.topic"] = topic ?? Topic.AbsoluteUri,
            ["hub.challenge"] = challenge,
            ["hub.lease_seconds"] = lease,
            ["hub.reason"] = reason,
        };
        using var response = await _http.GetAsync(new Uri(QueryHelpers.AddQueryString(callback.AbsoluteUri, query.Where(pair => pair.Value is not null))));
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.ToString());
    }

    /// <summary>Pushes a body, signed with the secret of the request unless told otherwise.</summary>
    public async Task<HttpStatusCode> PushAsync(Request request, string body, string? method = "sha256", string? secret = null, string? contentType = "application/atom+xml")
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Callback);
        var bytes = Encoding.UTF8.GetBytes(body);
        message.Content = new ByteArrayContent(bytes);
        if (contentType is not null) message.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        message.Headers.TryAddWithoutValidation("Link", $"<{Url}>; rel=\"hub\", <{Topic}>; rel=\"self\"");
        if (method is not null) message.Headers.TryAddWithoutValidation("X-Hub-Signature", $"{method}={Sign(method, secret ?? request.Secret ?? "", bytes)}");
        using var response = await _http.SendAsync(message);
        return response.StatusCode;
    }

    public static string Sign(string method, string secret, byte[] body)
    {
        var key = Encoding.UTF8.GetBytes(secret);
        return Convert.ToHexStringLower(method switch
        {
#pragma warning disable CA5350 // Hubs of today sign with it.
            "sha1" => HMACSHA1.HashData(key, body),
#pragma warning restore CA5350
            "sha384" => HMACSHA384.HashData(key, body),
            "sha512" => HMACSHA512.HashData(key, body),
            _ => HMACSHA256.HashData(key, body),
        });
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/feed":
                FeedRequests++;
                if (InHeaders)
                {
                    context.Response.Headers.Append("Link", $"<{NamedHub ?? Url.AbsoluteUri}>; rel=\"hub\"");
                    context.Response.Headers.Append("Link", $"<{Topic}>; rel=\"self\"");
                }

                context.Response.ContentType = "application/atom+xml";
                string document;
                lock (_entries) document = Document([.. _entries]);
                await context.Response.WriteAsync(document);
                break;
            case "/hub" or "/moved":
                var form = await context.Request.ReadFormAsync();
                _requests.Enqueue(new Request(context.Request.Path.Value, context.Request.Method, context.Request.ContentType,
                    form.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal)));
                await Answer(context);
                break;
            default:
                context.Response.StatusCode = 404;
                break;
        }
    }

    internal sealed record Request(string Path, string Method, string? ContentType, IReadOnlyDictionary<string, string> Form)
    {
        public Uri Callback => new(Form["hub.callback"]);

        public string Mode => Form["hub.mode"];

        public string Topic => Form["hub.topic"];

        public string? Secret => Form.GetValueOrDefault("hub.secret");

        public int? Lease => Form.TryGetValue("hub.lease_seconds", out var lease) ? int.Parse(lease, NumberStyles.None, CultureInfo.InvariantCulture) : null;
    }
}
