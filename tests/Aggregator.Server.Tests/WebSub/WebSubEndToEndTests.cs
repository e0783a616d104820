using System.Net;
using System.Net.Sockets;
using System.Text;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Server.Tests.Metrics;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.WebSub;

/// <summary>The real program and its recurring jobs: nobody presses a button.</summary>
public sealed class WebSubEndToEndTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscribes_by_itself_and_publishes_what_is_pushed_even_after_it_was_killed()
    {
        using var folder = new TemporaryFolder();
        await using var hub = await TestHub.StartAsync();
        hub.Publish("one");
        var settings = await PrepareAsync(folder, hub);
        await using (var first = await RunningAggregator.StartAsync(folder.Path, Ct, settings))
        {
            await RunningAggregator.UntilAsync(() => Task.FromResult(hub.Requests.Count), count => count == 1, Patience, count => $"{count} requests", Ct);
            Assert.Equal(HttpStatusCode.OK, (await hub.VerifyAsync(hub.Requests[0].Callback)).Status);
            await PushAndReadAsync(first, hub, hub.Requests[0], "two");
            var told = PrometheusText.Parse(await first.Http.GetStringAsync("/metrics", Ct));
            Assert.Equal(
                (1, 1, 1),
                (told["aggregator_hub_requests_total{result=\"accepted\"}"], told["aggregator_pushes_total{outcome=\"stored\"}"],
                    told["aggregator_entries_total{change=\"new\",way=\"push\"}"]));
            await first.Process.KillAsync(Ct);
        }

        // The same address, for that is what the hub knows.
        await using var second = await RunningAggregator.StartAsync(folder.Path, Ct, [.. settings, $"--Urls=http://{hub.Requests[0].Callback.Authority}"]);
        using var ours = new HttpClient { BaseAddress = new Uri(hub.Requests[0].Callback.GetLeftPart(UriPartial.Authority)) };
        Assert.Equal(HttpStatusCode.Accepted, await hub.PushAsync(hub.Requests[0], hub.Document(["three"])));
        await RunningAggregator.UntilAsync(
            () => ours.GetStringAsync("/all.json", Ct), json => json.Contains("Title of three", StringComparison.Ordinal), Patience, json => json, Ct);
        Assert.Single(hub.Requests);
    }

    [Fact]
    public async Task Divides_asking_and_answering_between_processes_on_PostgreSQL()
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        await using var database = await PostgreSqlCluster.CreateDatabaseAsync(Ct);
        using var folder = new TemporaryFolder();
        await using var hub = await TestHub.StartAsync();
        hub.Publish("one");
        string[] settings = [.. await PrepareAsync(folder, hub), $"--ConnectionStrings:Store={database.ConnectionString}"];
        await using var web = await RunningAggregator.StartAsync(folder.Path, Ct, [.. settings, "--Aggregator:Roles=web"]);
        await using var worker = RunningAggregator.Start(
            folder.Path, [.. settings, "--Aggregator:Roles=worker", $"--Aggregator:PublicUrl={web.Http.BaseAddress}", $"--Urls=http://127.0.0.1:{FreePort.Next()}"]);
        await RunningAggregator.UntilAsync(() => Task.FromResult(hub.Requests.Count), count => count == 1, Patience, count => $"{count} requests: {string.Join('\n', worker.Output)}", Ct);
        Assert.Equal(web.Http.BaseAddress!.Authority, hub.Requests[0].Callback.Authority);
        Assert.Equal(HttpStatusCode.OK, (await hub.VerifyAsync(hub.Requests[0].Callback)).Status);
        await PushAndReadAsync(web, hub, hub.Requests[0], "two");

        // What the web process cannot take as it is, the worker asks for.
        hub.Publish("two", "three");
        Assert.Equal(HttpStatusCode.Accepted, await hub.PushAsync(hub.Requests[0], ""));
        await RunningAggregator.UntilAsync(
            () => web.ItemsAsync("all.json", Ct), items => items.Any(item => item.Title == "Title of three"), Patience, items => string.Join(", ", items.Select(item => item.Title)), Ct);
    }

    [Fact]
    public async Task Listens_to_nobody_who_sends_a_body_to_an_unknown_callback()
    {
        await using var server = await WebSubServer.StartAsync(Ct);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port, Ct);
        await using var stream = client.GetStream();
        // The head alone, promising a body that never comes: the answer does not wait for it.
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /websub/{new string('0', 32)} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n"), Ct);
        var answer = new byte[64];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        Assert.InRange(await stream.ReadAtLeastAsync(answer, 12, cancellationToken: limit.Token), 12, answer.Length);
        Assert.StartsWith("HTTP/1.1 410", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
    }

    private static async Task<string[]> PrepareAsync(TemporaryFolder folder, TestHub hub)
    {
        var catalogue = Directory.CreateDirectory(folder.File("catalogue")).FullName;
        await File.WriteAllTextAsync(Path.Combine(catalogue, "hub.opml"),
            $"<opml version='2.0'><body><outline text='News'><outline type='rss' text='Hub' xmlUrl='{hub.FeedUrl}'/></outline></body></opml>", Ct);
        return
        [
            $"--Aggregator:Catalogue={catalogue}", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00",
            "--Refresh:CheckEvery=00:00:01", "--Publish:MaxAge=00:00:00", "--WebSub:Enabled=on",
        ];
    }

    private static async Task PushAndReadAsync(RunningAggregator server, TestHub hub, TestHub.Request request, string id)
    {
        Assert.Equal(HttpStatusCode.Accepted, await hub.PushAsync(request, hub.Document([id])));
        await RunningAggregator.UntilAsync(
            () => server.ItemsAsync("all.json", Ct), items => items.Any(item => item.Title == "Title of " + id), Patience, items => string.Join(", ", items.Select(item => item.Title)), Ct);
    }
}
