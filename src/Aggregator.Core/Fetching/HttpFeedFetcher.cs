using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Model;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.Fetching;

/// <summary>
/// Fetches feeds over HTTP: conditional requests with opaque validators, redirects followed by ourselves so that every hop
/// is judged, bodies bounded on the wire and after decompression, one time limit for the whole exchange.
/// </summary>
public sealed class HttpFeedFetcher : IFeedFetcher, IDisposable
{
    private readonly FetchingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<HttpFeedFetcher> _logger;
    private readonly string _userAgent;
    private readonly HttpMessageInvoker _http;

    /// <summary>Makes a fetcher with its own connection pool.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="connector">Opens the connections.</param>
    /// <param name="userAgent">How we name ourselves when <see cref="FetchingOptions.UserAgent"/> does not say.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where refused targets and unnamed errors are written with their details.</param>
    public HttpFeedFetcher(FetchingOptions options, GuardedConnector connector, string userAgent, TimeProvider time, ILogger<HttpFeedFetcher> logger)
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
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ActivityHeadersPropagator = null,
        });
    }

    /// <inheritdoc />
    public async Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var activity = AggregatorTelemetry.Activities.StartActivity("fetch");
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await FollowAsync(request, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            return Failed(Explain(error, limit.IsCancellationRequested, request.Url));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<FetchResult> FollowAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var start) || !IsHttp(start))
            return Failed(FetchFailureKind.TargetRefused, "The address is not an http or https address; edit the source.");

        var url = start;
        var seen = new HashSet<Uri>();
        while (true)
        {
            if (!seen.Add(url))
                return Failed(FetchFailureKind.RedirectLoop, $"The redirects lead in a circle: {Shown(url)} comes back to itself.");
            if (seen.Count > _options.MaxRedirects + 1)
                return Failed(FetchFailureKind.RedirectLoop, $"There are more than {_options.MaxRedirects} redirects (Fetching:MaxRedirects).");

            using var message = Message(request, url, start);
            request.Trace?.Begin(message);
            using var response = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
            request.Trace?.Answered(response);
            if (!IsRedirect(response.StatusCode))
                return await AnswerAsync(request, response, url, cancellationToken).ConfigureAwait(false);

            if (Location(response) is not { } location || !Uri.TryCreate(url, location, out var next))
                return Failed(FetchFailureKind.RedirectInvalid, $"The server answered {(int)response.StatusCode} without an address to go to.", response);
            if (!IsHttp(next))
                return Failed(FetchFailureKind.TargetRefused, $"The server redirects to '{next.Scheme}:', which is not fetched.", response);
            url = new UriBuilder(next) { Fragment = "" }.Uri;
        }
    }

    private async Task<FetchResult> AnswerAsync(FetchRequest request, HttpResponseMessage response, Uri url, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var before = request.Validators ?? new Validators();
        if (response.StatusCode == HttpStatusCode.NotModified)
            return new FetchResult.NotModified(before with
            {
                ETag = Header(response, "ETag") ?? before.ETag,
                LastModified = Header(response, "Last-Modified") ?? before.LastModified,
            })
            { WaitAtLeast = CacheHints.Freshness(response, now) };

        if (response.StatusCode == HttpStatusCode.Gone)
            return new FetchResult.Gone(new FetchFailure(FetchFailureKind.Gone,
                "The publisher has retired this feed (410 Gone). It is not asked again until it is resumed.", now, 410));

        if (response.StatusCode != HttpStatusCode.OK) return Refusal(response, now);

        var body = await ResponseBody.ReadAsync(response, _options.MaxBodyBytes, request.Trace, cancellationToken).ConfigureAwait(false);
        var validators = new Validators
        {
            ETag = Header(response, "ETag"),
            LastModified = Header(response, "Last-Modified"),
            BodyHash = SHA256.HashData(body),
            ObtainedAt = now,
        };
        var wait = CacheHints.Freshness(response, now);
        if (validators.BodyHash.Span.SequenceEqual(before.BodyHash.Span))
            return new FetchResult.NotModified(validators) { WaitAtLeast = wait };

        return new FetchResult.Fetched(new FetchedDocument
        {
            Body = body,
            ContentType = Header(response, "Content-Type"),
            FinalUrl = WithoutCredentials(url),
            LinkHeaders = response.Headers.NonValidated.TryGetValues("Link", out var links) ? [.. links] : [],
            Validators = validators,
        })
        { WaitAtLeast = wait };
    }

    private FetchResult.Failed Refusal(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var retryAfter = status is 429 or 503 ? CacheHints.RetryAfter(response, now) : null;
        var (kind, message) = status switch
        {
            404 => (FetchFailureKind.NotFound, "There is nothing at this address (404 Not Found). If the feed has moved, change the source's address."),
            401 or 407 => (FetchFailureKind.AccessDenied, "The publisher asks for a user name and password (401 Unauthorized)."),
            403 or 451 => (FetchFailureKind.AccessDenied, $"The publisher does not let us read this feed ({status})."),
            429 => (FetchFailureKind.TooManyRequests, "The publisher finds that we ask too often (429 Too Many Requests)."),
            503 when retryAfter is not null => (FetchFailureKind.TooManyRequests, "The publisher asks us to come back later (503 Service Unavailable)."),
            >= 400 and < 500 => (FetchFailureKind.ClientError, $"The publisher refuses the request (HTTP {status})."),
            >= 500 => (FetchFailureKind.ServerError, $"The publisher's server has a fault (HTTP {status})."),
            _ => (FetchFailureKind.ProtocolError, $"The server answered with HTTP {status}, which is no answer to a request for a feed."),
        };
        return Failed(kind, message, response) with { WaitAtLeast = retryAfter };
    }

    private HttpRequestMessage Message(FetchRequest request, Uri url, Uri start)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, WithoutCredentials(url))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        var headers = message.Headers;
        headers.TryAddWithoutValidation("User-Agent", _userAgent);
        headers.TryAddWithoutValidation("Accept",
            "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, application/json;q=0.8, text/xml;q=0.8, */*;q=0.5");
        headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br");
        if (request.Validators is { } validators)
        {
            if (validators.ETag is { Length: > 0 } tag) headers.TryAddWithoutValidation("If-None-Match", tag);
            if (validators.LastModified is { Length: > 0 } date) headers.TryAddWithoutValidation("If-Modified-Since", date);
        }

        // A redirect to another origin must not carry the password along.
        if (start.UserInfo.Length > 0 && SameOrigin(start, url))
            headers.Authorization = new AuthenticationHeaderValue("Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(start.UserInfo))));
        return message;
    }

    private FetchFailure Explain(Exception error, bool timedOut, string url)
    {
        var now = _time.GetUtcNow();
        if (timedOut)
            return new FetchFailure(FetchFailureKind.TimedOut, $"No complete answer within {_options.Timeout.TotalSeconds:0.###} seconds (Fetching:Timeout).", now);

        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case TargetRefusedException refused:
                    _logger.LogWarning("Refused to fetch {Url}: {Reason}", Shown(url), refused.Message);
                    return new FetchFailure(FetchFailureKind.TargetRefused,
                        "The address leads to a host that is not public. If that is meant, an operator adds it to Fetching:AllowedTargets.", now);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return new FetchFailure(FetchFailureKind.UnknownHost, "The host name has no address: it is misspelt, the site is gone, or we have no network.", now);
                case SocketException socket:
                    return new FetchFailure(FetchFailureKind.ConnectionFailed, $"No connection to the server: {Sentence(socket.SocketErrorCode)}.", now);
                case AuthenticationException:
                    return new FetchFailure(FetchFailureKind.CertificateInvalid,
                        "The server's TLS certificate is not to be trusted: it is expired, self-signed or for another host.", now);
                case BodyTooLargeException large:
                    return new FetchFailure(FetchFailureKind.TooLarge, large.Message, now);
                case InvalidDataException data:
                    return new FetchFailure(FetchFailureKind.BodyBroken, $"The body cannot be unpacked: {data.Message}", now);
                case BodyInterruptedException:
                    return new FetchFailure(FetchFailureKind.BodyBroken, cause.Message, now);
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return new FetchFailure(FetchFailureKind.ProtocolError, $"The answer's head is larger than {_options.MaxHeaderKibibytes} KiB (Fetching:MaxHeaderKibibytes).", now);
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }:
                    return new FetchFailure(FetchFailureKind.CertificateInvalid, "No TLS connection could be made with the server.", now);
                case TimeoutException or OperationCanceledException:
                    return new FetchFailure(FetchFailureKind.TimedOut, $"The server did not take the connection within {_options.ConnectTimeout.TotalSeconds:0.###} seconds (Fetching:ConnectTimeout).", now);
            }
        }

        if (error is HttpRequestException or IOException)
            return new FetchFailure(FetchFailureKind.ProtocolError, $"The server's answer breaks HTTP: {error.Message}", now);

        _logger.LogError(error, "Fetching {Url} failed in a way that has no name yet", Shown(url));
        return new FetchFailure(FetchFailureKind.InternalError, $"The fetch failed with {error.GetType().Name}; the log has the details.", now);
    }

    private FetchResult.Failed Failed(FetchFailureKind kind, string message, HttpResponseMessage? response = null) =>
        Failed(new FetchFailure(kind, message, _time.GetUtcNow(), (int?)response?.StatusCode));

    private static FetchResult.Failed Failed(FetchFailure failure) => new(failure);

    private static bool IsHttp(Uri url) => url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps;

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static bool SameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static string? Header(HttpResponseMessage response, string name) =>
        (response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values))
        && values.FirstOrDefault() is { Length: > 0 } value ? value : null;

    private static string? Location(HttpResponseMessage response)
    {
        var value = Header(response, "Location");
        // Header bytes arrive as Latin-1; servers that redirect to 中文 paths send UTF-8.
        if (value is null || value.All(char.IsAscii) || value.Any(c => c > 0xFF)) return value;
        var utf8 = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value));
        return utf8.Contains('\uFFFD', StringComparison.Ordinal) ? value : utf8;
    }

    private static Uri WithoutCredentials(Uri url) =>
        url.UserInfo.Length == 0 ? url : new UriBuilder(url) { UserName = "", Password = "" }.Uri;

    private static string Shown(Uri url) => WithoutCredentials(url).GetLeftPart(UriPartial.Path);

    private static string Shown(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? Shown(uri) : "an address that cannot be read";

    private static string Sentence(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "it refuses connections",
        SocketError.ConnectionReset => "it broke the connection off",
        SocketError.TimedOut => "it does not answer",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "it cannot be reached from here",
        _ => error.ToString(),
    };
}
