using System.Globalization;
using System.Net;
using System.Text;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.WebSub;

/// <summary>Sends requests to hubs (WebSub §5.1). Hub addresses come from documents of strangers: every connection goes past the guard.</summary>
public sealed class HubClient : IDisposable
{
    /// <summary>A hub may name another hub by 307 or 308 (§5.1.2), this often in a row.</summary>
    public const int MaxRedirects = 3;

    /// <summary>How much of a hub's explanation is read, in bytes.</summary>
    public const int MaxReasonBytes = 1024;

    private readonly FetchingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<HubClient> _logger;
    private readonly string _userAgent;
    private readonly HttpMessageInvoker _http;

    /// <summary>Makes a client with its own connection pool.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="connector">Opens the connections.</param>
    /// <param name="userAgent">How we name ourselves when <see cref="FetchingOptions.UserAgent"/> does not say.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where refused targets are written with their addresses.</param>
    public HubClient(FetchingOptions options, GuardedConnector connector, string userAgent, TimeProvider time, ILogger<HubClient> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(connector);
        (_options, _time, _logger) = (options, time, logger);
        _userAgent = options.UserAgent ?? userAgent;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            // A proxy of the environment would connect in our place, past the guard.
            UseProxy = false,
            MaxResponseHeadersLength = options.MaxHeaderKibibytes,
            MaxConnectionsPerServer = options.PerHostConcurrency,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            ActivityHeadersPropagator = null,
        });
    }

    /// <summary>Asks a hub to subscribe us, or to let us go when the subscription is <see cref="HubSubscriptionState.Leaving"/>.</summary>
    /// <param name="subscription">What for.</param>
    /// <param name="callback">Where the hub is to verify and push.</param>
    /// <param name="lease">The lease to ask for.</param>
    /// <param name="turn">The turn at the hub's host, which moves along with redirects and is told for how long the hub wants to be left alone; null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<HubAnswer> AskAsync(HubSubscription subscription, Uri callback, TimeSpan lease, IHostTurn? turn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        ArgumentNullException.ThrowIfNull(callback);
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await FollowAsync(subscription, callback, lease, turn, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return HubAnswer.Refused($"The hub did not answer within {_options.Timeout.TotalSeconds:0.###} seconds (Fetching:Timeout).");
        }
        catch (Exception error) when (Cause<TargetRefusedException>(error) is { } refused)
        {
            _logger.LogWarning("Refused to ask the hub {Hub}: {Reason}", Urls.Shown(subscription.HubUrl), refused.Message);
            return HubAnswer.Refused("The hub's address leads to a host that is not public. If that is meant, an operator adds it to Fetching:AllowedTargets.");
        }
        catch (Exception error) when (Cause<UriFormatException>(error) is not null)
        {
            LogUnreadable(subscription.HubUrl);
            return HubAnswer.Refused("The hub's host name has characters that no host name can have.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return HubAnswer.Refused($"The hub cannot be asked: {(error as HttpRequestException)?.HttpRequestError.ToString() ?? error.GetType().Name}.");
        }
    }

    /// <summary>
    /// Whether the hub is given the secret. It belongs on https alone (§5.1), but where the feed itself comes by http there is
    /// nothing that a listener could forge only with it. Without a secret no push is taken for content.
    /// </summary>
    public static bool SharesSecret(HubSubscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return IsHttps(subscription.HubUrl) || !IsHttps(subscription.TopicUrl);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<HubAnswer> FollowAsync(HubSubscription subscription, Uri callback, TimeSpan lease, IHostTurn? turn, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(subscription.HubUrl, UriKind.Absolute, out var url) || !Urls.IsHttp(url))
        {
            LogUnreadable(subscription.HubUrl);
            return HubAnswer.Refused("The hub's address is not an http or https address.");
        }

        for (var redirects = 0; ; redirects++)
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
                Content = new FormUrlEncodedContent(Form(subscription, callback, lease)),
            };
            message.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
            using var response = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (status is >= 200 and < 300) return HubAnswer.Accepted;
            if (status is not (307 or 308))
            {
                if (status is 429 or 503 && turn is not null && CacheHints.RetryAfter(response, _time.GetUtcNow()) is { } wait)
                    await turn.CloseAsync(url, _time.GetUtcNow() + wait, cancellationToken).ConfigureAwait(false);
                var reason = await ReasonAsync(response, cancellationToken).ConfigureAwait(false);
                return HubAnswer.Refused($"The hub refused the request (HTTP {status}){(reason.Length > 0 ? ": " + reason : ".")}");
            }

            if (redirects == MaxRedirects) return HubAnswer.Refused($"The hub redirects more than {MaxRedirects} times.");
            if (response.Headers.Location is not { } location || !Uri.TryCreate(url, location, out var next) || !Urls.IsHttp(next))
            {
                LogUnreadable(response.Headers.NonValidated.TryGetValues("Location", out var said) ? said.ToString() : "");
                return HubAnswer.Refused($"The hub answered {status} without an http or https address to go to.");
            }

            if (url.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
                return HubAnswer.Refused("The hub redirects from https to http, where its secret would be read.");
            url = next;
            if (turn is null) continue;
            // Its connection is not kept from others while we wait.
            response.Dispose();
            if (await turn.MoveToAsync(url, cancellationToken).ConfigureAwait(false) is not null)
                return HubAnswer.Refused("The hub redirects to a host that is busy with other requests of ours, or asked us to stay away.");
        }
    }

    private void LogUnreadable(string address) => _logger.LogWarning("Refused to ask a hub at '{Address}'", Urls.Unreadable(address));

    private static IEnumerable<KeyValuePair<string, string>> Form(HubSubscription subscription, Uri callback, TimeSpan lease)
    {
        var isLeaving = HubLifecycle.IsLeaving(subscription);
        yield return new("hub.callback", callback.AbsoluteUri);
        yield return new("hub.mode", isLeaving ? "unsubscribe" : "subscribe");
        yield return new("hub.topic", subscription.TopicUrl);
        if (isLeaving) yield break;
        yield return new("hub.lease_seconds", ((long)lease.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        if (SharesSecret(subscription)) yield return new("hub.secret", subscription.Secret);
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentEncoding.Count > 0) return "";
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        var bytes = new byte[MaxReasonBytes];
        var count = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(bytes, 0, count).Trim();
    }

    private static bool IsHttps(string url) => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private static T? Cause<T>(Exception error)
        where T : Exception
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
            if (cause is T found)
                return found;
        return null;
    }
}
