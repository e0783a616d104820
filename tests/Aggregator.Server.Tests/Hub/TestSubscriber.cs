using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Aggregator.Server.Tests.Hub;

/// <summary>
/// Subscribers on loopback, written from the Recommendation (W3C WebSub, 23 January 2018). Each path is a callback of its own, that does
/// what its <see cref="Manner"/> says; whatever came is kept as it came.
/// </summary>
internal sealed class TestSubscriber : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Manner> _manners = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Question> _questions = [];
    private readonly ConcurrentQueue<Delivery> _deliveries = [];
    private readonly SemaphoreSlim _changed = new(0);

    private TestSubscriber(LoopbackServer server) => _server = server;

    /// <summary>What a callback does.</summary>
    internal enum Manner
    {
        /// <summary>Echoes the challenge and takes what is delivered.</summary>
        Agrees,

        /// <summary>Echoes another challenge.</summary>
        EchoesWrong,

        /// <summary>Answers 200 without a body.</summary>
        EchoesNothing,

        /// <summary>Says 404 to questions, and takes deliveries.</summary>
        Disagrees,

        /// <summary>Redirects to a callback that agrees.</summary>
        Redirects,

        /// <summary>Sends its head at once, and its body never.</summary>
        Drips,

        /// <summary>Takes deliveries and answers them a third of a second later.</summary>
        IsSlow,

        /// <summary>Never answers a delivery.</summary>
        Hangs,

        /// <summary>Answers 500 to the next delivery, and takes those after it.</summary>
        FailsOnce,

        /// <summary>Answers 500 to deliveries.</summary>
        Fails,

        /// <summary>Answers 410 to deliveries.</summary>
        IsGone,
    }

    public Uri Address => _server.Address;

    public IReadOnlyList<Question> Questions => [.. _questions];

    public IReadOnlyList<Delivery> Deliveries => [.. _deliveries];

    public static async Task<TestSubscriber> StartAsync()
    {
        TestSubscriber? subscriber = null;
        var server = await LoopbackServer.StartAsync(context => subscriber!.AnswerAsync(context));
        return subscriber = new TestSubscriber(server);
    }

    /// <summary>The address of a callback that behaves so.</summary>
    public string Callback(string name, Manner manner = Manner.Agrees)
    {
        Behave(name, manner);
        return _server.Address + name;
    }

    /// <summary>Changes how a callback behaves.</summary>
    public void Behave(string name, Manner manner) => _manners["/" + name] = manner;

    public IReadOnlyList<Question> QuestionsOf(string name) => [.. _questions.Where(question => question.Path == "/" + name)];

    public IReadOnlyList<Delivery> DeliveriesOf(string name) => [.. _deliveries.Where(delivery => delivery.Path == "/" + name)];

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<bool> isSo, string what, CancellationToken cancellationToken, int seconds = 60)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            while (!isSo()) await _changed.WaitAsync(TimeSpan.FromMilliseconds(200), limit.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {seconds} s: {what}. Questions: {string.Join(", ", _questions.Select(question => question.Path + question.Query))}. Deliveries: {string.Join(", ", _deliveries.Select(delivery => delivery.Path))}.", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _server.DisposeAsync();
        _stopping.Dispose();
        _changed.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var manner = _manners.GetValueOrDefault(path, Manner.Disagrees);
        if (HttpMethods.IsGet(context.Request.Method)) await AgreeAsync(context, path, manner);
        else await TakeAsync(context, path, manner);
        _changed.Release();
    }

    private async Task AgreeAsync(HttpContext context, string path, Manner manner)
    {
        var query = context.Request.Query;
        _questions.Enqueue(new Question(path, context.Request.QueryString.Value ?? "", context.Request.GetEncodedPathAndQuery(),
            query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal)));
        var challenge = query["hub.challenge"].ToString();
        switch (manner)
        {
            case Manner.EchoesWrong:
                await context.Response.WriteAsync("not " + challenge);
                break;
            case Manner.EchoesNothing:
                break;
            case Manner.Disagrees:
                context.Response.StatusCode = 404;
                break;
            case Manner.Redirects:
                context.Response.Redirect("/elsewhere" + context.Request.QueryString);
                break;
            case Manner.Drips:
                await context.Response.StartAsync();
                await HangAsync(context);
                break;
            default:
                await context.Response.WriteAsync(challenge);
                break;
        }
    }

    private async Task TakeAsync(HttpContext context, string path, Manner manner)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var status = manner switch { Manner.FailsOnce or Manner.Fails => 500, Manner.IsGone => 410, Manner.Redirects => 302, _ => 202 };
        if (manner == Manner.FailsOnce) _manners[path] = Manner.Agrees;
        if (manner == Manner.Redirects) context.Response.Headers.Location = "/elsewhere";
        context.Response.StatusCode = status;
        _deliveries.Enqueue(new Delivery(
            path, context.Request.Method, status, context.Request.ContentType, [.. context.Request.Headers["Link"].OfType<string>()],
            context.Request.Headers["X-Hub-Signature"].FirstOrDefault(), body.ToArray(), System.Diagnostics.Stopwatch.GetTimestamp()));
        _changed.Release();
        if (manner == Manner.IsSlow) await Task.Delay(TimeSpan.FromMilliseconds(333));
        if (manner == Manner.Hangs) await HangAsync(context);
    }

    private async Task HangAsync(HttpContext context)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        await Task.Delay(Timeout.Infinite, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A question as it came.</summary>
    internal sealed record Question(string Path, string Query, string Raw, IReadOnlyDictionary<string, string> Parameters)
    {
        public string? this[string name] => Parameters.GetValueOrDefault(name);
    }

    /// <summary>A delivery as it came.</summary>
    internal sealed record Delivery(
        string Path, string Method, int Status, string? ContentType, IReadOnlyList<string> Links, string? Signature, byte[] Body, long At)
    {
        public string Text => Encoding.UTF8.GetString(Body);

        /// <summary>Whether the signature is that of the body with this secret (§8).</summary>
        public bool IsSignedWith(string secret) =>
            Signature == "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Body));
    }
}
