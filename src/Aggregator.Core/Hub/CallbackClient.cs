using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Fetching;
using Aggregator.Core.Parsing;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.Hub;

/// <summary>
/// Talks to callbacks (WebSub §5.3 and §7). Their addresses come from strangers: every connection goes past the guard, redirects are
/// failures, and of an answer no more is read than what it has to say.
/// </summary>
public sealed class CallbackClient : IDisposable
{
    /// <summary>How much of the answer to a question is read, in bytes; the challenge is shorter.</summary>
    public const int MaxEchoBytes = 1024;

    private const int ChallengeBytes = 32;
    private const int MaxHeaderKibibytes = 16;
    private const int MaxDrainedBytes = 64 * 1024;

    private readonly HubOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<CallbackClient> _logger;
    private readonly string _userAgent;
    private readonly string _hubUrl;
    private readonly HttpMessageInvoker _http;

    /// <summary>Makes a client with its own connection pool.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="connector">Opens the connections.</param>
    /// <param name="userAgent">How we name ourselves.</param>
    /// <param name="hubUrl">Our hub's address.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where refused targets are written with their addresses.</param>
    public CallbackClient(
        HubOptions options, GuardedConnector connector, string userAgent, string hubUrl, TimeProvider time, ILogger<CallbackClient> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(connector);
        (_options, _userAgent, _hubUrl, _time, _logger) = (options, userAgent, hubUrl, time, logger);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            ConnectTimeout = options.Timeout,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            // A proxy of the environment would connect in our place, past the guard.
            UseProxy = false,
            MaxResponseHeadersLength = MaxHeaderKibibytes,
            MaxResponseDrainSize = MaxDrainedBytes,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            MaxConnectionsPerServer = options.PerHostConcurrency,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            // What a name leads to is asked and judged anew now and then.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ActivityHeadersPropagator = null,
        });
    }

    /// <summary>Asks a callback whether it means it, with a random challenge that is used this once (§5.3).</summary>
    public Task<CallbackAnswer> VerifyAsync(Intent intent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var challenge = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ChallengeBytes));
        var query = Query(intent) + "&hub.challenge=" + challenge;
        if (intent.Mode == HubMode.Subscribe)
            query += string.Create(CultureInfo.InvariantCulture, $"&hub.lease_seconds={(long)intent.Lease.TotalSeconds}");
        return AskAsync(intent.Callback, query, async (response, token) =>
        {
            var status = (int)response.StatusCode;
            if (status is < 200 or > 299) return new CallbackAnswer(false, status, $"The callback did not agree (HTTP {status}).");
            var body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
            await using var _ = body.ConfigureAwait(false);
            var echo = new byte[MaxEchoBytes];
            var count = await body.ReadAtLeastAsync(echo, echo.Length, throwOnEndOfStream: false, token).ConfigureAwait(false);
            return echo.AsSpan(0, count).SequenceEqual(Encoding.ASCII.GetBytes(challenge))
                ? new CallbackAnswer(true, status, "")
                : new CallbackAnswer(false, status, "The callback's answer is not the challenge.");
        }, cancellationToken);
    }

    /// <summary>Tells a callback that it is not, or no longer, subscribed (§5.2). What it answers is of no consequence.</summary>
    public Task<CallbackAnswer> DenyAsync(Intent intent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var query = Query(intent) + (intent.Reason is null ? "" : "&hub.reason=" + Uri.EscapeDataString(intent.Reason));
        return AskAsync(intent.Callback, query, static (response, _) => Task.FromResult(Judge(response)), cancellationToken);
    }

    /// <summary>Delivers a document (§7), signed when there is a secret (§8).</summary>
    public Task<CallbackAnswer> DeliverAsync(DueDelivery delivery, ChangeDocument document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(document);
        return SendAsync(
            delivery.Callback,
            () =>
            {
                var message = new HttpRequestMessage(HttpMethod.Post, new Uri(delivery.Callback)) { Content = new ByteArrayContent(document.Body) };
                message.Content.Headers.TryAddWithoutValidation("Content-Type", document.ContentType);
                message.Headers.TryAddWithoutValidation("Link", $"<{_hubUrl}>; rel=\"hub\", <{delivery.Topic.Url}>; rel=\"self\"");
                if (delivery.Secret is { } secret)
                    message.Headers.TryAddWithoutValidation(ContentSignature.Header, ContentSignature.Of(secret, document.Body));
                return message;
            },
            static (response, _) => Task.FromResult(Judge(response)), cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static CallbackAnswer Judge(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            >= 200 and < 300 => new CallbackAnswer(true, status, ""),
            DeliverySchedule.Gone => new CallbackAnswer(false, status, "The callback says that it is gone (HTTP 410)."),
            >= 300 and < 400 => new CallbackAnswer(false, status, $"The callback redirects (HTTP {status}); redirects are not followed."),
            _ => new CallbackAnswer(false, status, $"The callback answered HTTP {status}."),
        };
    }

    private static string Query(Intent intent) =>
        "hub.mode=" + intent.Mode switch { HubMode.Subscribe => "subscribe", HubMode.Unsubscribe => "unsubscribe", _ => "denied" }
        + "&hub.topic=" + Uri.EscapeDataString(intent.Topic.Url);

    // The callback's own query stays as it is, ours comes behind it (§5.1.1).
    private Task<CallbackAnswer> AskAsync(
        string callback, string query, Func<HttpResponseMessage, CancellationToken, Task<CallbackAnswer>> judge, CancellationToken cancellationToken)
    {
        var separator = !callback.Contains('?', StringComparison.Ordinal) ? "?" : callback[^1] is '?' or '&' ? "" : "&";
        return SendAsync(callback, () => new HttpRequestMessage(HttpMethod.Get, new Uri(callback + separator + query)), judge, cancellationToken);
    }

    private async Task<CallbackAnswer> SendAsync(
        string callback, Func<HttpRequestMessage> make, Func<HttpResponseMessage, CancellationToken, Task<CallbackAnswer>> judge, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(callback, UriKind.Absolute, out var url) || !Urls.IsHttp(url))
        {
            _logger.LogWarning("Refused to call a callback at '{Address}'", Urls.Unreadable(callback));
            return new CallbackAnswer(false, null, "The callback's address is not an http or https address.");
        }

        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var message = make();
            message.Version = message.RequestUri!.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11;
            message.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
            message.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
            using var response = await _http.SendAsync(message, both.Token).ConfigureAwait(false);
            return await judge(response, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return new CallbackAnswer(false, null, string.Create(CultureInfo.InvariantCulture, $"The callback did not answer within {_options.Timeout.TotalSeconds:0.###} seconds (Hub:Timeout)."));
        }
        catch (Exception error) when (Cause<TargetRefusedException>(error) is { } refused)
        {
            _logger.LogWarning("Refused to call the callback {Callback}: {Reason}", Urls.Shown(url), refused.Message);
            return new CallbackAnswer(false, null, "The callback leads to a host that is not public. If that is meant, an operator adds it to Fetching:AllowedTargets.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UriFormatException)
        {
            return new CallbackAnswer(false, null, $"The callback cannot be reached: {(error as HttpRequestException)?.HttpRequestError.ToString() ?? error.GetType().Name}.");
        }
    }

    private static T? Cause<T>(Exception error)
        where T : Exception
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
            if (cause is T found)
                return found;
        return null;
    }
}
