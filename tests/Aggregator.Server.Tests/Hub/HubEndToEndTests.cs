using System.Globalization;
using System.Net;
using System.Text.Json;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Hub;

/// <summary>The real program, its crawl and its jobs: what a publisher publishes reaches the subscribers of a category.</summary>
public sealed class HubEndToEndTests
{
    private const int Subscribers = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loses_nothing_when_it_is_killed_in_the_middle_of_delivering()
    {
        using var folder = new TemporaryFolder();
        await SurvivesAsync(folder, []);
    }

    [Fact]
    public async Task Loses_nothing_when_it_is_killed_in_the_middle_of_delivering_on_PostgreSQL()
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        await using var database = await PostgreSqlCluster.CreateDatabaseAsync(Ct);
        using var folder = new TemporaryFolder();
        await SurvivesAsync(folder, [$"--ConnectionStrings:Store={database.ConnectionString}"]);
    }

    [Fact]
    public async Task Two_nodes_on_PostgreSQL_deliver_once()
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        await using var database = await PostgreSqlCluster.CreateDatabaseAsync(Ct);
        using var folder = new TemporaryFolder();
        await using var upstream = await UpstreamAsync();
        await using var subscriber = await TestSubscriber.StartAsync();
        var settings = await PrepareAsync(folder, upstream, [$"--ConnectionStrings:Store={database.ConnectionString}"]);
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        await using var one = await RunningAggregator.StartAsync(folder.Path, Ct, [.. settings, $"--Aggregator:DataFolder={folder.File("one")}", $"--Aggregator:PublicUrl={address}", $"--Urls={address}"]);
        await using var two = RunningAggregator.Start(
            folder.Path, [.. settings, $"--Aggregator:DataFolder={folder.File("two")}", $"--Aggregator:PublicUrl={address}", "--Aggregator:Roles=worker", $"--Urls=http://127.0.0.1:{FreePort.Next()}"]);
        await two.WaitForLineAsync(line => line.StartsWith("Aggregator works", StringComparison.Ordinal), Patience, Ct);
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var topic = await SubscribeAllAsync(http, address, upstream, subscriber);
        await UntilStreamsAsync(database.ConnectionString, 2);

        for (var round = 0; round < 3; round++)
        {
            var url = upstream.Publish(0, 1)[0].Url.AbsoluteUri;
            await subscriber.UntilAsync(() => Enumerable.Range(0, Subscribers).All(i => CountOf(subscriber, i, url) > 0), $"round {round}", Ct, seconds: 120);
        }

        // Long enough for either to have sent one more.
        await Task.Delay(TimeSpan.FromSeconds(3), Ct);
        Assert.NotNull(topic);
        Assert.Equal(3 * Subscribers, subscriber.Deliveries.SelectMany(UrlsOf).Count());
        Assert.All(Enumerable.Range(0, Subscribers), i => Assert.Equal(3, subscriber.DeliveriesOf($"s{i}").SelectMany(UrlsOf).Distinct(StringComparer.Ordinal).Count()));
    }

    private static async Task SurvivesAsync(TemporaryFolder folder, string[] store)
    {
        await using var upstream = await UpstreamAsync();
        await using var subscriber = await TestSubscriber.StartAsync();
        var settings = await PrepareAsync(folder, upstream, store);
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        string url;
        int before;
        await using (var first = await RunningAggregator.StartAsync(folder.Path, Ct, [.. settings, $"--Urls={address}"]))
        {
            using var http = new HttpClient { BaseAddress = new Uri(address) };
            await SubscribeAllAsync(http, address, upstream, subscriber);
            for (var i = 0; i < Subscribers; i++) subscriber.Behave($"s{i}", TestSubscriber.Manner.IsSlow);
            url = upstream.Publish(0, 1)[0].Url.AbsoluteUri;
            await subscriber.UntilAsync(() => subscriber.Deliveries.Count >= 6, "the first deliveries", Ct, seconds: 120);
            await first.Process.KillAsync(Ct);
            before = subscriber.Deliveries.Count;
        }

        Assert.InRange(before, 6, Subscribers - 1);
        for (var i = 0; i < Subscribers; i++) subscriber.Behave($"s{i}", TestSubscriber.Manner.Agrees);
        await using var second = await RunningAggregator.StartAsync(folder.Path, Ct, [.. settings, $"--Urls={address}"]);
        await subscriber.UntilAsync(() => Enumerable.Range(0, Subscribers).All(i => CountOf(subscriber, i, url) > 0), "everybody has it", Ct, seconds: 120);
        var next = upstream.Publish(0, 1)[0].Url.AbsoluteUri;
        await subscriber.UntilAsync(() => Enumerable.Range(0, Subscribers).All(i => CountOf(subscriber, i, next) > 0), "everybody has the next one", Ct, seconds: 120);

        // Only what had not been noted when it was killed came once more.
        var twice = Enumerable.Range(0, Subscribers).Count(i => CountOf(subscriber, i, url) > 1);
        Assert.InRange(twice, 0, before);
        Assert.All(Enumerable.Range(0, Subscribers), i => Assert.InRange(CountOf(subscriber, i, url), 1, 2));
        Assert.All(Enumerable.Range(0, Subscribers), i => Assert.Equal(1, CountOf(subscriber, i, next)));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{before} of {Subscribers} were delivered when it was killed; {twice} came twice"));
    }

    private static Task<LoopbackUpstream> UpstreamAsync() => LoopbackUpstream.StartAsync(
        new LoopbackUpstreamOptions { Sources = 1, EntriesPerSource = 3, Categories = 1, Hosts = 1, Seed = 3 }, Ct);

    private static async Task<string[]> PrepareAsync(TemporaryFolder folder, LoopbackUpstream upstream, string[] store)
    {
        var catalogue = Directory.CreateDirectory(folder.File("catalogue")).FullName;
        await File.WriteAllTextAsync(Path.Combine(catalogue, "upstream.opml"), upstream.Opml, Ct);
        return
        [
            $"--Aggregator:Catalogue={catalogue}", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00",
            "--Refresh:MinInterval=00:00:02", "--Refresh:MaxInterval=00:00:03", "--Refresh:CheckEvery=00:00:01", "--WebSub:Enabled=off",
            // Few at once, so that there is a middle to be killed in.
            "--Hub:Concurrency=4", "--Hub:PerHostConcurrency=4", "--Hub:Timeout=00:00:05", "--Hub:RequestsPerMinute=1000", "--Hub:RequestsPerHostPerMinute=1000", .. store,
        ];
    }

    /// <summary>Waits for the crawl's first entries, so that they are none of what is pushed, and subscribes everybody.</summary>
    private static async Task<string> SubscribeAllAsync(HttpClient http, string address, LoopbackUpstream upstream, TestSubscriber subscriber)
    {
        var path = $"/categories/{upstream.Sources[0].Category}.json";
        await RunningAggregator.UntilAsync(
            async () => await http.GetAsync(path, Ct) is { IsSuccessStatusCode: true } feed ? JsonDocument.Parse(await feed.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("items").GetArrayLength() : 0,
            count => count == 3, Patience, count => $"{count} of 3 entries", Ct);
        for (var i = 0; i < Subscribers; i++)
        {
            using var form = new FormUrlEncodedContent([new("hub.mode", "subscribe"), new("hub.topic", address + path), new("hub.callback", subscriber.Callback($"s{i}")), new("hub.secret", "s")]);
            using var response = await http.PostAsync("/hub", form, Ct);
            Assert.True(response.StatusCode == HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync(Ct));
        }

        await subscriber.UntilAsync(() => subscriber.Questions.Count == Subscribers, "everybody is asked", Ct, seconds: 120);
        // What was answered last has to be noted.
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        return address + path;
    }

    private static async Task UntilStreamsAsync(string connectionString, int wanted)
    {
        await using var connection = new Npgsql.NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
        await RunningAggregator.UntilAsync(
            async () =>
            {
                await using var command = new Npgsql.NpgsqlCommand("select count(*)::int from hangfire.job where statename = 'Processing' and invocationdata::text like '%HubStreamJob%'", connection);
                return (int)(await command.ExecuteScalarAsync(Ct))!;
            },
            count => count == wanted, Patience, count => $"{count} of {wanted} streams run", Ct);
    }

    private static int CountOf(TestSubscriber subscriber, int number, string url) =>
        subscriber.DeliveriesOf($"s{number}").Count(delivery => UrlsOf(delivery).Contains(url, StringComparer.Ordinal));

    private static IEnumerable<string> UrlsOf(TestSubscriber.Delivery delivery) =>
        JsonDocument.Parse(delivery.Text).RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("url").GetString()!);
}
