using System.Globalization;
using System.Net.Sockets;
using Aggregator.Core.Fetching;
using Aggregator.Core.Hub;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace Aggregator.Server.Hub;

/// <summary>
/// The hub, <c>/hub</c> (WebSub, W3C Recommendation of 23 January 2018): takes requests to subscribe and unsubscribe. Whether the callback
/// means it is asked by a stream (<see cref="HubDistributor"/>); here nothing is sent to anybody.
/// </summary>
internal static class HubEndpoints
{
    /// <summary>The largest request, in bytes.</summary>
    public const int MaxBodyBytes = 16 * 1024;

    // The same for names that are not there and those of the inside: strangers would learn from the difference which there are.
    private const string NoPublicHost = "hub.callback is on a host that has no address, or none that is public, or on this site itself.";

    private const int MaxParameters = 64;

    /// <summary>How long a callback's name may take to be resolved; it is judged again whenever it is connected to.</summary>
    private static readonly TimeSpan ResolveTime = TimeSpan.FromSeconds(3);

    /// <summary>How long a request may take to arrive.</summary>
    private static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(10);

    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds what the hub needs.</summary>
    public static IServiceCollection AddHub(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton<ISecretSealer, SecretSealer>();
        services.AddSingleton<HubAdmission>();
        services.AddSingleton<HubTopics>();
        services.AddSingleton<HubStarter>();
        services.AddSingleton<IChangeRenderer, ChangeRenderer>();
        services.AddSingleton<DeliverySchedule>();
        services.AddSingleton(provider => new CallbackClient(
            settings.Hub, provider.GetRequiredService<GuardedConnector>(), CoreServices.UserAgent(settings.Fetching, provider.GetRequiredService<SiteLinks>()),
            provider.GetRequiredService<SiteLinks>().Hub, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<CallbackClient>>()));
        services.AddSingleton<HubDistributor>();
        return services;
    }

    /// <summary>Maps the hub, unless it is switched off.</summary>
    public static IEndpointRouteBuilder MapHub(this IEndpointRouteBuilder endpoints)
    {
        if (!endpoints.ServiceProvider.GetRequiredService<HubOptions>().Enabled) return endpoints;
        endpoints.MapPost("/hub", AnswerAsync);
        endpoints.MapMethods("/hub", ReadMethods, static context =>
        {
            context.Response.Headers.CacheControl = "public, max-age=86400";
            return SayAsync(context, StatusCodes.Status200OK,
                "This is a WebSub hub (https://www.w3.org/TR/websub/). Feeds of this site name it; subscribe with POST: hub.mode, hub.topic, hub.callback.\n"
                + "这是 WebSub 推送中心。本站的订阅源都会指明它；用 POST 订阅：hub.mode、hub.topic、hub.callback。");
        });
        return endpoints;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var admission = services.GetRequiredService<HubAdmission>();
        var client = HubAdmission.ClientOf(context);
        if (!admission.AdmitClient(client))
        {
            await RefuseBusyAsync(context, "Too many requests from this address. Ask again in a minute (Hub:RequestsPerMinute).");
            return;
        }

        if (await ReadFormAsync(context) is not { } form) return;
        if (SubscriptionRequest.Read(name => form.TryGetValue(name, out var values) ? values[0] : null, out var problem) is not { } request)
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, problem!);
            return;
        }

        if (!admission.AdmitHost(request.Host))
        {
            await RefuseBusyAsync(context, "Too many requests for callbacks on this host. Ask again in a minute (Hub:RequestsPerHostPerMinute).");
            return;
        }

        if (await RefusalAsync(services, request, context.RequestAborted) is { } refusal)
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, refusal);
            return;
        }

        var outcome = request.Mode == HubMode.Subscribe
            ? await SubscribeAsync(services, request, client, context.RequestAborted)
            : await LeaveAsync(services, request, client, context.RequestAborted);
        if (outcome.Status == StatusCodes.Status202Accepted) services.GetRequiredService<HubStarter>().Start();
        await SayAsync(context, outcome.Status, outcome.Sentence);
    }

    private static async Task<(int Status, string Sentence)> SubscribeAsync(
        IServiceProvider services, SubscriptionRequest request, string client, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<HubOptions>();
        var (topic, problem) = await services.GetRequiredService<HubTopics>().FindAsync(request.Topic, cancellationToken);
        if (topic is null) return (StatusCodes.Status404NotFound, problem);
        var outcome = await services.GetRequiredService<ISubscriberStore>().AskAsync(
            new Intent
            {
                Mode = HubMode.Subscribe,
                Topic = topic,
                Callback = request.Callback.OriginalString,
                Host = request.Host,
                Secret = request.Secret,
                Lease = options.LeaseFor(request.LeaseSeconds),
                Client = client,
            },
            options, services.GetRequiredService<TimeProvider>().GetUtcNow(), cancellationToken);
        return outcome switch
        {
            IntentOutcome.Taken => (StatusCodes.Status202Accepted, "The request is taken; the callback will be asked whether it means it."),
            IntentOutcome.HostFull => (StatusCodes.Status403Forbidden, $"There are {options.MaxPerHost} subscriptions for callbacks on this host already (Hub:MaxPerHost)."),
            IntentOutcome.ClientFull => (StatusCodes.Status403Forbidden, $"There are {options.MaxPerClient} subscriptions from this address already (Hub:MaxPerClient)."),
            IntentOutcome.SearchesFull => (StatusCodes.Status403Forbidden, $"There are {options.MaxSearches} searches and selections subscribed to already (Hub:MaxSearches)."),
            _ => (StatusCodes.Status503ServiceUnavailable, "The hub has all the subscriptions that it may have (Hub:MaxSubscriptions)."),
        };
    }

    private static async Task<(int Status, string Sentence)> LeaveAsync(
        IServiceProvider services, SubscriptionRequest request, string client, CancellationToken cancellationToken) =>
        await services.GetRequiredService<ISubscriberStore>().AskToLeaveAsync(
            request.Topic, request.Callback.OriginalString, request.Host, client, services.GetRequiredService<TimeProvider>().GetUtcNow(), cancellationToken)
            ? (StatusCodes.Status202Accepted, "The request is taken; the callback will be asked whether it means it.")
            : (StatusCodes.Status404NotFound, "There is no subscription of this callback to this topic.");

    /// <summary>Why a callback is not called at all, or null.</summary>
    private static async Task<string?> RefusalAsync(IServiceProvider services, SubscriptionRequest request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ResolveTime);
        try
        {
            await services.GetRequiredService<GuardedConnector>().JudgeAsync(request.Callback.IdnHost, request.Callback.Port, limit.Token);
            return null;
        }
        catch (TargetRefusedException refused)
        {
            services.GetRequiredService<ILogger<CallbackClient>>().LogWarning("Refused to take a callback: {Reason}", refused.Message);
            return NoPublicHost;
        }
        catch (Exception error) when (error is SocketException or ArgumentException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return NoPublicHost;
        }
    }

    /// <summary>The form, or null when the answer is given already.</summary>
    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MaxBodyBytes)
        {
            await SayTooLargeAsync(context);
            return null;
        }

        if (context.Request.ContentType is not { } type || !type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            await SayAsync(context, StatusCodes.Status415UnsupportedMediaType, "A request to the hub is a form: Content-Type: application/x-www-form-urlencoded.");
            return null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxBodyBytes;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(BodyTime);
        try
        {
            return await context.Request.ReadFormAsync(
                new FormOptions { ValueLengthLimit = MaxBodyBytes, KeyLengthLimit = MaxBodyBytes, ValueCountLimit = MaxParameters, BufferBodyLengthLimit = MaxBodyBytes }, limit.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await SayAsync(context, StatusCodes.Status408RequestTimeout, "The request took too long to arrive.");
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await SayTooLargeAsync(context);
        }
        catch (InvalidDataException)
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, $"The request cannot be read: it has more than {MaxParameters} parameters, or is no form.");
        }

        return null;
    }

    private static Task SayTooLargeAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        return SayAsync(context, StatusCodes.Status413PayloadTooLarge, $"A request to the hub has at most {MaxBodyBytes} bytes.");
    }

    private static Task RefuseBusyAsync(HttpContext context, string sentence)
    {
        context.Response.Headers.RetryAfter = HubAdmission.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return SayAsync(context, StatusCodes.Status429TooManyRequests, sentence);
    }

    private static Task SayAsync(HttpContext context, int status, string sentence)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.WriteAsync(sentence + "\n", context.RequestAborted);
    }
}
