using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Aggregator.Core.WebSub;

namespace Aggregator.Server.WebSub;

/// <summary>
/// The callback of our subscriptions at hubs, <c>/websub/{token}</c> (WebSub §5.3 and §7). GET is a hub's question, POST a push.
/// The token is the capability: whoever does not know it learns nothing and changes nothing.
/// </summary>
internal static class WebSubEndpoints
{
    /// <summary>Pushes that are stored at once; a node's other work goes on beside them.</summary>
    private const int MostPushes = 8;

    /// <summary>How long a push waits for its turn; then the hub is asked to come back.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>How long the body of a push may take to arrive.</summary>
    private static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(30);

    /// <summary>How long a push may take to be stored; a hub that hangs up does not break it off.</summary>
    private static readonly TimeSpan StoreTime = TimeSpan.FromSeconds(60);

    /// <summary>Maps the callback.</summary>
    public static IEndpointRouteBuilder MapWebSub(this IEndpointRouteBuilder endpoints)
    {
        var options = endpoints.ServiceProvider.GetRequiredService<WebSubOptions>();
        var turns = new SemaphoreSlim(MostPushes);
        var readers = new PushReaders();
        var limiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
            PeerOf(context.Connection.RemoteIpAddress),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = options.RequestsPerMinute,
                TokensPerPeriod = Math.Max(1, options.RequestsPerMinute / 6),
                ReplenishmentPeriod = TimeSpan.FromSeconds(10),
                AutoReplenishment = true,
            }));
        endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(() =>
        {
            limiter.Dispose();
            turns.Dispose();
        });

        const string Route = HubSubscriber.CallbackPath + "{token:length(32)}";
        endpoints.MapGet(Route, async (HttpContext context, string token, HubSubscriber subscriber) =>
        {
            using var admission = limiter.AttemptAcquire(context);
            if (admission.IsAcquired) await VerifyAsync(context, token, subscriber);
            else AnswerBusy(context.Response, StatusCodes.Status429TooManyRequests);
        });
        endpoints.MapPost(Route, async (HttpContext context, string token, HubSubscriber subscriber) =>
        {
            using var admission = limiter.AttemptAcquire(context);
            if (!admission.IsAcquired)
            {
                AnswerBusy(context.Response, StatusCodes.Status429TooManyRequests);
                return;
            }

            // Before a byte of the body is read: who knows no callback of ours costs us a look-up.
            if (!await subscriber.KnowsAsync(token, context.RequestAborted))
            {
                context.Response.StatusCode = StatusCodes.Status410Gone;
                return;
            }

            if (await ReadInTurnAsync(context, token, readers, options.MaxPushBytes) is not { } body) return;
            if (!await turns.WaitAsync(LongestWait, context.RequestAborted))
            {
                AnswerBusy(context.Response, StatusCodes.Status503ServiceUnavailable);
                return;
            }

            try
            {
                await ReceiveAsync(context, token, subscriber, body);
            }
            finally
            {
                turns.Release();
            }
        });
        return endpoints;
    }

    private static async Task VerifyAsync(HttpContext context, string token, HubSubscriber subscriber)
    {
        var query = context.Request.Query;
        var echo = await subscriber.VerifyAsync(token, new HubVerification(
            query["hub.mode"].FirstOrDefault(),
            query["hub.topic"].FirstOrDefault(),
            query["hub.challenge"].FirstOrDefault(),
            // A number beyond all bounds is a long lease as well.
            query["hub.lease_seconds"].FirstOrDefault() is { Length: > 0 } text && text.All(char.IsAsciiDigit)
                ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : long.MaxValue
                : null,
            query["hub.reason"].FirstOrDefault()), context.RequestAborted);
        if (echo is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // The challenge is the hub's text on our site: no browser may take it for a page (§5.3.1).
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(echo, context.RequestAborted);
    }

    /// <summary>The whole body, or null when the answer is given already.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadInTurnAsync(HttpContext context, string token, PushReaders readers, int maxBytes)
    {
        if (!readers.TryEnter(token))
        {
            AnswerBusy(context.Response, StatusCodes.Status503ServiceUnavailable);
            return null;
        }

        try
        {
            if (await ReadAsync(context, maxBytes) is { } body) return body;
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            context.Response.Headers.Connection = "close";
            return null;
        }
        finally
        {
            readers.Leave(token);
        }
    }

    private static async Task ReceiveAsync(HttpContext context, string token, HubSubscriber subscriber, ReadOnlyMemory<byte> body)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        limit.CancelAfter(StoreTime);
        var receipt = await subscriber.ReceiveAsync(token, new Push(
            body, context.Request.ContentType, context.Request.Headers["X-Hub-Signature"].FirstOrDefault(),
            context.Request.Headers.ContentEncoding.Count > 0), limit.Token);
        context.Response.StatusCode = receipt.Outcome switch
        {
            PushOutcome.Unknown => StatusCodes.Status410Gone,
            PushOutcome.NotSubscribed => StatusCodes.Status404NotFound,
            // Nothing tells a forger that his signature was wrong (§8.1).
            _ => StatusCodes.Status202Accepted,
        };
        if (receipt is { Outcome: PushOutcome.RefreshNeeded, SourceId: { } source })
            context.RequestServices.GetRequiredService<PingedRefreshes>().Plan(source);
    }

    /// <summary>The whole body; null when it is larger than it may be.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, int maxBytes)
    {
        if (context.Request.ContentLength > maxBytes) return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(BodyTime);
        using var buffer = new MemoryStream((int)(context.Request.ContentLength ?? 0));
        var chunk = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await context.Request.Body.ReadAsync(chunk, limit.Token)) > 0)
            {
                if (buffer.Length + count > maxBytes) return null;
                buffer.Write(chunk, 0, count);
            }
        }
        catch (OperationCanceledException error) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body took too long.", StatusCodes.Status408RequestTimeout, error);
        }

        return buffer.ToArray();
    }

    private static void AnswerBusy(HttpResponse response, int status)
    {
        response.StatusCode = status;
        response.Headers.RetryAfter = "60";
    }

    /// <summary>Who it is: an IPv4 address, or the half of an IPv6 one that a single subscriber line has.</summary>
    private static string PeerOf(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
