using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.Fetching;

/// <summary>
/// Fetches feeds over HTTP: conditional requests with opaque validators, redirects followed by ourselves so that every hop
/// is judged, bodies bounded on the wire and after decompression, one time limit for the whole exchange.
/// </summary>
public sealed class HttpFeedFetcher : IFeedFetcher, IDisposable
{
    // 226 IM Used (RFC 3229).
    private const int ImUsed = 226;

    /// <summary>The most hops that a failure names.</summary>
    private const int NamedHops = 8;

    private readonly FetchingOptions _options;
    private readonly GuardedConnector _connector;
    private readonly ByteBudget _budget;
    private readonly TimeProvider _time;
    private readonly ILogger<HttpFeedFetcher> _logger;
    private readonly string _userAgent;
    private readonly ConnectionPools _pools;

    /// <summary>Makes a fetcher with its own connection pools.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="connector">Opens the connections.</param>
    /// <param name="userAgent">How we name ourselves when <see cref="FetchingOptions.UserAgent"/> does not say.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where refused targets and unnamed errors are written with their details.</param>
    /// <param name="budget">The memory that bodies may take, for requests that bring no lease on it; null for one of its own.</param>
    public HttpFeedFetcher(
        FetchingOptions options, GuardedConnector connector, string userAgent, TimeProvider time, ILogger<HttpFeedFetcher> logger, ByteBudget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(connector);
        (_options, _connector, _time, _logger) = (options, connector, time, logger);
        _budget = budget ?? new ByteBudget(options.MaxBytesInFlight);
        _userAgent = options.UserAgent ?? userAgent;
        _pools = new ConnectionPools(options, connector);
    }

    /// <inheritdoc />
    public async Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var activity = AggregatorTelemetry.Activities.StartActivity("fetch");
        using var clock = new ExchangeClock(_options.Timeout, _time, cancellationToken);
        using var own = request.Lease is null ? _budget.Open() : null;
        var hops = new List<RedirectHop>();
        FetchResult result;
        try
        {
            result = await FollowAsync(request, request.Lease ?? own!, hops, clock).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            result = Failed(Explain(error, clock, request, hops));
        }

        if (hops.Count > 0 && result is FetchResult.Failed { Failure: { Kind: not (FetchFailureKind.TargetRefused or FetchFailureKind.RedirectLoop or FetchFailureKind.RedirectInvalid) } failure } failed)
            result = failed with { Failure = failure with { Message = $"{failure.Message} This was at {Urls.Shown(hops[^1].To)}, where the publisher redirects us." } };
        // At once, and whatever becomes of the rest: others may be about to ask the same host.
        if (result is FetchResult.Failed { WaitAtLeast: { } wait, Failure.At: var at } && request.Turn is { } turn)
            await turn.CloseAsync(hops.Count > 0 ? hops[^1].To : new Uri(request.Url), at + wait, cancellationToken).ConfigureAwait(false);
        if (activity is not null) Tell(activity, request, result);
        if (own is not null && result is FetchResult.Fetched fetched)
            result = fetched with { Document = fetched.Document with { Body = fetched.Document.Body.ToArray() } };
        return hops.Count == 0 ? result : result with { Hops = hops };
    }

    /// <inheritdoc />
    public void Dispose() => _pools.Dispose();

    // The names of OpenTelemetry's semantic conventions for HTTP clients; no address, for its query may be a secret.
    private static void Tell(Activity activity, FetchRequest request, FetchResult result)
    {
        if (Uri.TryCreate(request.Url, UriKind.Absolute, out var url)) activity.SetTag("server.address", url.Host).SetTag("server.port", url.Port);
        if (request.Trace?.Last?.Status is { } status) activity.SetTag("http.response.status_code", status);
        if (request.Trace is { Hops.Count: > 1 } trace) activity.SetTag("aggregator.redirects", trace.Hops.Count - 1);
        var failure = result switch { FetchResult.Failed failed => failed.Failure, FetchResult.Gone gone => gone.Failure, _ => null };
        if (failure is not null) activity.SetTag("error.type", AggregatorTelemetry.NameOf(failure.Kind)).SetStatus(ActivityStatusCode.Error);
    }

    private async Task<FetchResult> FollowAsync(FetchRequest request, ByteLease lease, List<RedirectHop> hops, ExchangeClock clock)
    {
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var start) || !Urls.IsHttp(start))
        {
            _logger.LogWarning("Refused to fetch '{Address}'", Urls.Unreadable(request.Url));
            return Failed(FetchFailureKind.TargetRefused, "The address is not an http or https address; edit the source.");
        }

        var url = start;
        var seen = new HashSet<Uri>();
        while (true)
        {
            if (!seen.Add(url))
                return Failed(FetchFailureKind.RedirectLoop, $"The redirects lead in a circle: {Chain(hops)}. Give the feed's own address, or ask the publisher.");
            if (seen.Count > _options.MaxRedirects + 1)
                return Failed(FetchFailureKind.RedirectLoop, $"There are more than {_options.MaxRedirects} redirects (Fetching:MaxRedirects): {Chain(hops)}.");

            if (request.Settings?.Proxy is not null) await JudgeBehindProxyAsync(url, clock.Token).ConfigureAwait(false);
            var pin = IsSameHost(start, url) ? request.Settings?.PinnedCertificate : null;
            var pool = _pools.For(request.Settings?.Proxy, pin, url.IdnHost, out var isOwnPool);
            using var ownPool = isOwnPool ? pool : null;
            using var message = Message(request, url, start);
            request.Trace?.Begin(message);
            clock.Enter("Fetching:HeadersTimeout", _options.HeadersTimeout);
            using var response = await pool.SendAsync(message, clock.Token).ConfigureAwait(false);
            request.Trace?.Answered(response);
            if (!IsRedirect(response.StatusCode))
                return await AnswerAsync(request, response, url, lease, clock, hops.TrueForAll(static hop => hop.IsPermanent)).ConfigureAwait(false);

            if (Location(response) is not { } location || !Uri.TryCreate(url, location, out var next))
            {
                _logger.LogWarning("Refused to follow {Url} to '{Address}'", Urls.Shown(url), Urls.Unreadable(Location(response) ?? ""));
                return Failed(FetchFailureKind.RedirectInvalid, $"The server answered {(int)response.StatusCode} without an address to go to.", response);
            }

            if (!Urls.IsHttp(next))
            {
                _logger.LogWarning("Refused to follow {Url} to {Target}", Urls.Shown(url), next.GetLeftPart(UriPartial.Path));
                return Failed(FetchFailureKind.TargetRefused, $"The server redirects to '{next.Scheme}:', which is not fetched.", response);
            }

            next = new UriBuilder(next) { Fragment = "" }.Uri;
            if (!request.FollowsRedirects) return new FetchResult.Redirected(Urls.WithoutCredentials(next), (int)response.StatusCode);
            hops.Add(new RedirectHop(Urls.WithoutCredentials(url), (int)response.StatusCode, Urls.WithoutCredentials(next)));
            url = next;
            if (request.Turn is not { } turn || seen.Contains(url) || hops.Count > _options.MaxRedirects) continue;

            // Its connection is not kept from others while we wait.
            response.Dispose();
            clock.Pause();
            if (await turn.MoveToAsync(url, clock.Token).ConfigureAwait(false) is { } later) return new FetchResult.Postponed(later);
            clock.Resume();
        }
    }

    // A proxy resolves names itself, so that this is no more than a first look; what it must not pass is refused here all the same.
    private async Task JudgeBehindProxyAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            await _connector.JudgeAsync(url.IdnHost, url.Port, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException unknown)
        {
            _logger.LogDebug(unknown, "{Host} is left to the proxy to resolve", url.IdnHost);
        }
    }

    private async Task<FetchResult> AnswerAsync(
        FetchRequest request, HttpResponseMessage response, Uri url, ByteLease lease, ExchangeClock clock, bool isForGood)
    {
        var now = _time.GetUtcNow();
        var before = request.Validators ?? new Validators();
        if (response.StatusCode == HttpStatusCode.NotModified && before is { ETag: null, LastModified: null })
            return Failed(FetchFailureKind.ProtocolError, "The server says that nothing has changed (304), although it was asked for the whole document.", response);
        if (response.StatusCode == HttpStatusCode.NotModified)
            return new FetchResult.NotModified(before with
            {
                ObtainedAt = before.ObtainedAt ?? now,
                ETag = Header(response, "ETag") ?? before.ETag,
                LastModified = Header(response, "Last-Modified") ?? before.LastModified,
            })
            { WaitAtLeast = CacheHints.Freshness(response, now) };

        if (response.StatusCode == HttpStatusCode.Gone && !isForGood)
            return Failed(FetchFailureKind.NotFound, "There is nothing any more (410 Gone), but the redirect there is not for good.", response);
        if (response.StatusCode == HttpStatusCode.Gone)
            return new FetchResult.Gone(new FetchFailure(FetchFailureKind.Gone,
                "The publisher has retired this feed (410 Gone). It is not asked again until it is resumed or refreshed by hand.", now, 410));

        var isDelta = (int)response.StatusCode == ImUsed && AsksForDelta(request);
        if (response.StatusCode != HttpStatusCode.OK && !isDelta) return Refusal(response, now);

        var body = await ResponseBody.ReadAsync(response, _options, lease, clock, request).ConfigureAwait(false);
        var validators = new Validators
        {
            ETag = Header(response, "ETag"),
            LastModified = Header(response, "Last-Modified"),
            // Of a delta neither the hash nor the day says anything about the whole.
            BodyHash = isDelta ? ReadOnlyMemory<byte>.Empty : SHA256.HashData(body.Span),
            ObtainedAt = isDelta ? before.ObtainedAt : now,
        };
        var wait = CacheHints.Freshness(response, now);
        if (!isDelta && validators.BodyHash.Span.SequenceEqual(before.BodyHash.Span))
            return new FetchResult.NotModified(validators) { WaitAtLeast = wait, IsSameBody = true };

        return new FetchResult.Fetched(new FetchedDocument
        {
            Body = body,
            IsDelta = isDelta,
            ContentType = Header(response, "Content-Type"),
            FinalUrl = Urls.WithoutCredentials(url),
            LinkHeaders = response.Headers.NonValidated.TryGetValues("Link", out var links) ? [.. links] : [],
            RobotsTags = response.Headers.NonValidated.TryGetValues("X-Robots-Tag", out var robots) ? [.. robots] : [],
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
            401 => (FetchFailureKind.AccessDenied, "The publisher asks for a user name and password (401 Unauthorized); set them for the source if you have any."),
            407 => (FetchFailureKind.AccessDenied, "The proxy asks for a user name and password (407 Proxy Authentication Required); check the source's proxy."),
            403 => (FetchFailureKind.AccessDenied, "The publisher does not let us read this feed (403 Forbidden); its operator may tell you why."),
            451 => (FetchFailureKind.AccessDenied, "The publisher may not let us read this feed for legal reasons (451)."),
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
        var message = new HttpRequestMessage(HttpMethod.Get, Urls.WithoutCredentials(url))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        var headers = message.Headers;
        headers.TryAddWithoutValidation("User-Agent", request.Settings?.UserAgent ?? _userAgent);
        headers.TryAddWithoutValidation("Accept", request.Accept ??
            "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, application/json;q=0.8, text/xml;q=0.8, */*;q=0.5");
        headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br, zstd");
        if (request.Validators is { } validators)
        {
            if (validators.ETag is { Length: > 0 } tag) headers.TryAddWithoutValidation("If-None-Match", tag);
            if (validators.LastModified is { Length: > 0 } date) headers.TryAddWithoutValidation("If-Modified-Since", date);
            if (AsksForDelta(request)) headers.TryAddWithoutValidation("A-IM", "feed");
        }

        // A redirect to another origin must carry no secret along.
        if (!SameOrigin(start, url)) return message;
        var credentials = request.Settings?.UserName is { } name ? $"{name}:{request.Settings.Password}"
            : start.UserInfo.Length > 0 ? Uri.UnescapeDataString(start.UserInfo)
            : null;
        if (credentials is not null)
            headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        if (request.Settings is not { } settings) return message;
        if (settings.Cookies is { Length: > 0 } cookies) headers.TryAddWithoutValidation("Cookie", cookies);
        foreach (var (header, value) in settings.Headers)
        {
            headers.Remove(header);
            headers.TryAddWithoutValidation(header, value);
        }

        return message;
    }

    // Of pages there are no deltas.
    private static bool AsksForDelta(FetchRequest request) => request.Accept is null && request.Validators?.ETag is { Length: > 0 };

    private FetchFailure Explain(Exception error, ExchangeClock clock, FetchRequest request, List<RedirectHop> hops)
    {
        var now = _time.GetUtcNow();
        var url = hops.Count > 0 ? hops[^1].To.AbsoluteUri : request.Url;
        if (clock.Expired is { } limit)
            return new FetchFailure(FetchFailureKind.TimedOut, limit switch
            {
                "Fetching:HeadersTimeout" => $"The server did not begin to answer within {_options.HeadersTimeout.TotalSeconds:0.###} seconds ({limit}).",
                "Fetching:BodyTimeout" => $"The body was not complete within {_options.BodyTimeout.TotalSeconds:0.###} seconds ({limit}).",
                "Fetching:MinBytesPerSecond" => $"The body came at less than {_options.MinBytesPerSecond} bytes a second ({limit}).",
                _ => $"No complete answer within {_options.Timeout.TotalSeconds:0.###} seconds ({limit}).",
            }, now);

        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case TargetRefusedException refused:
                    _logger.LogWarning("Refused to fetch {Url}: {Reason}", Urls.Shown(url), refused.Message);
                    return new FetchFailure(FetchFailureKind.TargetRefused,
                        (hops.Count > 0 ? "The server redirects to a host that is not public." : "The address leads to a host that is not public.")
                        + " If that is meant, an operator adds it to Fetching:AllowedTargets.", now);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return new FetchFailure(FetchFailureKind.UnknownHost, "The host name has no address: it is misspelt, the site is gone, or we have no network.", now);
                case SocketException socket:
                    return new FetchFailure(FetchFailureKind.ConnectionFailed, $"No connection to the server: {Sentence(socket.SocketErrorCode)}.", now);
                case AuthenticationException certificate when certificate.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase):
                    return new FetchFailure(FetchFailureKind.CertificateInvalid,
                        request.Settings?.PinnedCertificate is null
                            ? "The server's TLS certificate is not to be trusted: it is expired, self-signed or for another host."
                            : "The server's TLS certificate is neither the one that is pinned for this source nor one to be trusted.", now);
                case UriFormatException:
                    return new FetchFailure(FetchFailureKind.UnknownHost, "The host name has characters that no host name can have; edit the source.", now);
                case AuthenticationException:
                    return new FetchFailure(FetchFailureKind.CertificateInvalid, "No TLS connection could be made with the server: it speaks none that we do.", now);
                case BodyTooLargeException large:
                    return new FetchFailure(FetchFailureKind.TooLarge, large.Message, now);
                case InvalidDataException data:
                    return new FetchFailure(FetchFailureKind.BodyBroken, $"The body cannot be unpacked: {data.Message.TrimEnd('.')}.", now);
                case BodyInterruptedException:
                    return new FetchFailure(FetchFailureKind.BodyBroken, cause.Message, now);
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return new FetchFailure(FetchFailureKind.ProtocolError, $"The answer's head is larger than {_options.MaxHeaderKibibytes} KiB (Fetching:MaxHeaderKibibytes).", now);
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: not AuthenticationException }:
                    return new FetchFailure(FetchFailureKind.CertificateInvalid, "No TLS connection could be made with the server.", now);
                case TimeoutException or OperationCanceledException:
                    return new FetchFailure(FetchFailureKind.TimedOut, $"The server did not take the connection within {_options.ConnectTimeout.TotalSeconds:0.###} seconds (Fetching:ConnectTimeout).", now);
            }
        }

        if (error is HttpRequestException or IOException)
            return new FetchFailure(FetchFailureKind.ProtocolError, $"The server's answer breaks HTTP: {error.Message}", now);

        _logger.LogError(error, "Fetching {Url} failed in a way that has no name yet", Urls.Shown(url));
        return new FetchFailure(FetchFailureKind.InternalError, $"The fetch failed with {error.GetType().Name}; the log has the details.", now);
    }

    private FetchResult.Failed Failed(FetchFailureKind kind, string message, HttpResponseMessage? response = null) =>
        Failed(new FetchFailure(kind, message, _time.GetUtcNow(), (int?)response?.StatusCode));

    private static FetchResult.Failed Failed(FetchFailure failure) => new(failure);

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static bool IsSameHost(Uri one, Uri other) => string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static bool SameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && IsSameHost(one, other);

    // As it came: what can be read as a date or a tag would come back written in another way, and to its server a validator is just a text.
    private static string? Header(HttpResponseMessage response, string name) =>
        (response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values))
        && values.FirstOrDefault() is { Length: > 0 } value ? value : null;

    private static string? Location(HttpResponseMessage response)
    {
        var value = Header(response, "Location");
        // Header bytes arrive as Latin-1; servers that redirect to 中文 paths send UTF-8.
        if (value is null || value.All(char.IsAscii) || value.Any(c => c > 0xFF)) return value;
        var utf8 = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value));
        return utf8.Contains('\uFFFD', StringComparison.Ordinal) ? value : utf8;
    }

    private static string Chain(List<RedirectHop> hops)
    {
        var named = string.Join(" → ", hops.Take(NamedHops).Select(hop => $"{Urls.Shown(hop.From)} ({hop.Status})"));
        return hops.Count > NamedHops ? named + " → …" : $"{named} → {Urls.Shown(hops[^1].To)}";
    }

    private static string Sentence(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "it refuses connections",
        SocketError.ConnectionReset => "it broke the connection off",
        SocketError.TimedOut => "it does not answer",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "it cannot be reached from here",
        SocketError.ConnectionAborted or SocketError.Shutdown => "the connection was broken off",
        SocketError.AccessDenied => "this machine does not let us (a firewall?)",
        SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable => "this machine has no network of that kind (IPv4, IPv6)",
        SocketError.TooManyOpenSockets => "this machine has too many connections open",
        _ => $"the network reports {error}",
    };
}
