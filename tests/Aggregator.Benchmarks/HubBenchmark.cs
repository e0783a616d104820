using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Hosting;
using Aggregator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Benchmarks;

/// <summary>
/// <c>hub [sqlite] [postgresql] [SUBSCRIBERS]</c>: an entry is stored, and it is measured from the end of that call when the subscribers of
/// its category have the whole delivery, one in ten of which never answers, another tenth in each round. Beside it the same bytes go to
/// the same callbacks from a bare <see cref="HttpClient"/>, all at once, which knows of no store, no signature and no lease. The server, the
/// subscribers and the loop share this process and its two cores; each callback is a host of its own, 127.1.x.y.
/// </summary>
internal static class HubBenchmark
{
    private const int Rounds = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it and prints a table.</summary>
    public static async Task<int> RunAsync(string[] parts)
    {
        var subscribers = parts.Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty(0).Max() is > 0 and var asked ? asked : 1000;
        var all = !parts.Contains("sqlite", StringComparer.Ordinal) && !parts.Contains("postgresql", StringComparer.Ordinal);
        if (all || parts.Contains("sqlite", StringComparer.Ordinal)) await MeasureAsync("SQLite", [], subscribers);
        if (all || parts.Contains("postgresql", StringComparer.Ordinal))
        {
            if (PostgreSqlCluster.SkipReason is { } reason)
            {
                Console.Error.WriteLine(reason);
                return 2;
            }

            await using var database = await PostgreSqlCluster.CreateDatabaseAsync(default);
            await MeasureAsync("PostgreSQL", [$"--ConnectionStrings:Store={database.ConnectionString}"], subscribers);
        }

        return 0;
    }

    private static async Task MeasureAsync(string name, string[] store, int subscribers)
    {
        using var folder = new TemporaryFolder();
        await using var callbacks = await Callbacks.StartAsync(subscribers);
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        var settings = ServerSettings.Read(
        [
            $"--Urls={address}", $"--Aggregator:DataFolder={folder.Path}", "--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8",
            "--Hub:RequestsPerMinute=1000000", "--Hub:MaxPerClient=1000000", "--Logging:LogLevel:Default=Warning", .. store,
        ]);
        using var session = new StoreSession(settings, TimeProvider.System);
        await using var app = WebServer.Build(settings);
        await session.OpenAsync(app.Services, default);
        WebServer.Map(app, settings);
        await app.StartAsync();
        app.Services.StartJobs();

        var category = await app.Services.GetRequiredService<ICategoryStore>().AddAsync(
            new Category { Id = 0, Slug = "domestic", Title = "国内", Language = "zh" }, default);
        var source = (await app.Services.GetRequiredService<ISourceStore>().AddAsync(
            new NewSource { Url = "https://news.example/feed", CategoryIds = [category.Id] }, DateTimeOffset.UtcNow, default)).Id;
        var clock = Stopwatch.StartNew();
        await SubscribeAsync(address, callbacks, app.Services.GetRequiredService<ISubscriberStore>(), subscribers);
        Print($"{name}: {subscribers} subscribers, subscribed and verified in {clock.Elapsed.TotalSeconds:0.0} s");

        var ours = new List<double>();
        var bare = new List<double>();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var round = 0; round < Rounds; round++)
        {
            callbacks.Begin(hanging: round);
            await StoreAsync(app.Services, source, round);
            var stored = Stopwatch.GetTimestamp();
            var times = await callbacks.TimesAsync(stored, Patience);
            Report($"  round {round}, hub  ", times);
            ours.AddRange(times);

            // Everybody is caught up before the next entry.
            callbacks.LetGo();
            var behind = Stopwatch.StartNew();
            while ((await app.Services.GetRequiredService<ISubscriberStore>().CountAsync(default)).Behind > 0)
            {
                if (behind.Elapsed > Patience) throw new TimeoutException("Subscribers stay behind.");
                await Task.Delay(100);
            }

            callbacks.Begin(hanging: round);
            using var hanging = new CancellationTokenSource();
            var begun = Stopwatch.GetTimestamp();
            var sending = callbacks.Urls.Select(url => PostAsync(http, url, callbacks.Body, hanging.Token)).ToList();
            times = await callbacks.TimesAsync(begun, Patience);
            Report($"  round {round}, bare ", times);
            bare.AddRange(times);
            await hanging.CancelAsync();
            await Task.WhenAll(sending);
            callbacks.LetGo();
        }

        Report($"{name}, hub: stored to delivered, {callbacks.Body.Length} bytes", ours);
        Report($"{name}, bare loop             ", bare);
        Print($"{name}: p50 {Percentile(ours, 50) / Percentile(bare, 50):0.00} x, p95 {Percentile(ours, 95) / Percentile(bare, 95):0.00} x, max {ours.Max() / bare.Max():0.00} x the bare loop's; within one second: {100.0 * ours.Count(time => time <= 1000) / ours.Count:0.00} %");
        await app.StopAsync();
    }

    private static async Task PostAsync(HttpClient http, Uri url, byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/atom+xml; charset=utf-8");
            using var response = await http.PostAsync(url, content, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // One of those that hang.
        }
    }

    private static async Task SubscribeAsync(string address, Callbacks callbacks, ISubscriberStore store, int subscribers)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        await Parallel.ForEachAsync(callbacks.Urls, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (url, token) =>
        {
            using var form = new FormUrlEncodedContent(
            [
                new("hub.mode", "subscribe"), new("hub.topic", address + "/categories/domestic.atom"), new("hub.callback", url.AbsoluteUri),
                new("hub.secret", "four lamps on the quay"),
            ]);
            using var response = await http.PostAsync("/hub", form, token);
            if (response.StatusCode != HttpStatusCode.Accepted) throw new InvalidOperationException(await response.Content.ReadAsStringAsync(token));
        });
        for (var waited = Stopwatch.StartNew(); (await store.CountAsync(default)).Subscriptions < subscribers; await Task.Delay(50))
            if (waited.Elapsed > Patience) throw new TimeoutException("Not every subscriber was verified.");
    }

    private static async Task StoreAsync(IServiceProvider services, long sourceId, int round)
    {
        var now = DateTimeOffset.UtcNow;
        var source = await services.GetRequiredService<ISourceStore>().ClaimAsync(sourceId, "benchmark", now, now.AddMinutes(5), default)
            ?? throw new InvalidOperationException("The source is leased.");
        var key = round.ToString(CultureInfo.InvariantCulture);
        var entry = new Entry
        {
            Key = key,
            Url = "https://news.example/" + key,
            Title = "国内要闻 " + key,
            Content = "<p>" + string.Concat(Enumerable.Repeat("据新华社报道，今天上午在京举行。", 60)) + "</p>",
            Language = "zh",
            ContentHash = Encoding.ASCII.GetBytes("hash of " + key),
        };
        if (!await services.GetRequiredService<IRefreshStore>().SaveAsync(
            new RefreshWrite { Source = source with { NextFetchAt = now.AddDays(1) }, LeaseOwner = "benchmark", At = now, Added = [entry] }, default))
            throw new InvalidOperationException("The lease was lost.");
    }

    private static void Report(string name, IReadOnlyList<double> times) =>
        Print($"{name}: p50 {Percentile(times, 50):0} ms, p95 {Percentile(times, 95):0} ms, max {times.Max():0} ms ({times.Count} deliveries)");

    private static double Percentile(IReadOnlyList<double> times, int percent) => times.Order().ElementAt(Math.Min(times.Count - 1, times.Count * percent / 100));

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    /// <summary>The subscribers: one server on every address of the machine, each callback a loopback address of its own.</summary>
    private sealed class Callbacks : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentDictionary<int, long> _arrivals = [];
        private volatile int _hanging = -1;
        private TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private Callbacks(WebApplication app, int port, int count)
        {
            _app = app;
            Urls = [.. Enumerable.Range(0, count).Select(i => new Uri($"http://127.1.{i / 250}.{(i % 250) + 1}:{port}/callback/{i}"))];
        }

        public IReadOnlyList<Uri> Urls { get; }

        public byte[] Body { get; private set; } = [];

        public static async Task<Callbacks> StartAsync(int count)
        {
            var port = FreePort.Next();
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, port));
            var app = builder.Build();
            var callbacks = new Callbacks(app, port, count);
            app.Run(callbacks.AnswerAsync);
            await app.StartAsync();
            return callbacks;
        }

        /// <summary>Forgets what arrived; every tenth callback, from this one on, hangs.</summary>
        public void Begin(int hanging)
        {
            _arrivals.Clear();
            _hanging = hanging % 10;
        }

        /// <summary>Nobody hangs any more.</summary>
        public void LetGo()
        {
            _hanging = -1;
            Interlocked.Exchange(ref _held, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }

        /// <summary>The milliseconds until each of those had everything that do not hang.</summary>
        public async Task<IReadOnlyList<double>> TimesAsync(long begun, TimeSpan patience)
        {
            var expected = Enumerable.Range(0, Urls.Count).Where(i => i % 10 != _hanging).ToList();
            for (var waited = Stopwatch.StartNew(); !expected.TrueForAll(_arrivals.ContainsKey); await Task.Delay(20))
                if (waited.Elapsed > patience) throw new TimeoutException($"{_arrivals.Count} of {expected.Count} arrived.");
            return [.. expected.Select(i => Stopwatch.GetElapsedTime(begun, _arrivals[i]).TotalMilliseconds)];
        }

        public ValueTask DisposeAsync()
        {
            LetGo();
            return _app.DisposeAsync();
        }

        private async Task AnswerAsync(HttpContext context)
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                await context.Response.WriteAsync(context.Request.Query["hub.challenge"].ToString());
                return;
            }

            var number = int.Parse(context.Request.Path.Value.AsSpan("/callback/".Length), CultureInfo.InvariantCulture);
            if (number % 10 == _hanging)
            {
                await _held.Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                context.Abort();
                return;
            }

            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _arrivals.TryAdd(number, Stopwatch.GetTimestamp());
            if (number == 1) Body = body.ToArray();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }
}
