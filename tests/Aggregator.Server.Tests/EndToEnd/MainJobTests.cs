using System.Net;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>
/// The main job with the real program: 500 sources of 20 entries are pulled, stored and republished; changes follow; nothing
/// is lost or doubled by <c>kill -9</c>. Once on the embedded store, once on PostgreSQL.
/// </summary>
public sealed class MainJobTests
{
    private const int Sources = 500;
    private const int EntriesPerSource = 20;

    // A feed holds 500 entries at the most, so 20 categories show all 10,000.
    private const int Categories = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Pulls_everything_follows_changes_and_survives_a_kill()
    {
        using var folder = new TemporaryFolder();
        await RunAsync(folder, []);
    }

    [Fact]
    public async Task Pulls_everything_follows_changes_and_survives_a_kill_on_PostgreSQL()
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        await using var database = await PostgreSqlCluster.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        await RunAsync(folder, [$"--ConnectionStrings:Store={database.ConnectionString}"]);
    }

    private static async Task RunAsync(TemporaryFolder folder, string[] store)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackUpstream.StartAsync(
            new LoopbackUpstreamOptions { Sources = Sources, EntriesPerSource = EntriesPerSource, Categories = Categories, Hosts = 20, Seed = 7 }, cancellation);
        var catalogue = Directory.CreateDirectory(folder.File("catalogue")).FullName;
        await File.WriteAllTextAsync(Path.Combine(catalogue, "upstream.opml"), upstream.Opml, cancellation);
        string[] settings =
        [
            $"--Aggregator:Catalogue={catalogue}", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00",
            "--Fetching:PerHostConcurrency=8", "--Fetching:Timeout=00:00:10", "--Publish:EntriesPerFeed=500", "--Publish:MaxAge=00:00:00",
            "--Refresh:MinInterval=00:00:10", "--Refresh:MaxInterval=00:00:20", "--Refresh:CheckEvery=00:00:02", .. store,
        ];

        // In the middle of the very first crawl the machine dies. The publisher keeps it there, however slowly the test looks.
        upstream.HoldAfter(Sources / 2);
        await using (var first = await RunningAggregator.StartAsync(folder.Path, cancellation, settings))
        {
            await RunningAggregator.UntilAsync(
                () => Task.FromResult(upstream.Statistics.Documents), served => served >= Sources / 5, Patience, served => $"{served} documents served", cancellation);
            await first.Process.KillAsync(cancellation);
        }

        Assert.InRange(upstream.Statistics.Documents, 1, Sources - 1);
        upstream.LetGo();
        await using var second = await RunningAggregator.StartAsync(folder.Path, cancellation, settings);
        await HoldsExactlyWhatWasPublishedAsync(second, upstream, cancellation);

        // Some sources publish, one edits; the others answer 304 and cost nothing.
        upstream.ResetStatistics();
        for (var source = 0; source < Sources; source += 20) upstream.Publish(source, 2);
        var edited = upstream.Edit(3)[0];
        await HoldsExactlyWhatWasPublishedAsync(second, upstream, cancellation);
        var change = await RunningAggregator.UntilAsync(
            async () => (await second.ItemsAsync($"categories/{upstream.Sources[3].Category}.json", cancellation)).Single(item => item.Url == edited.Url.AbsoluteUri),
            item => item.Title == edited.Title, Patience, item => $"the edited entry is still '{item.Title}'", cancellation);
        Assert.Equal(2, change.Version);

        var unchanged = upstream.Sources.Where(source => source.HasValidators && source.Index % 20 != 0 && source.Index != 3).ToList();
        var asked = await RunningAggregator.UntilAsync(
            () => Task.FromResult(unchanged.Where(source => upstream.StatisticsOf(source.Index).Requests > 0).ToList()),
            asked => asked.Count == unchanged.Count, Patience, asked => $"{asked.Count} of {unchanged.Count} unchanged sources were asked again", cancellation);
        Assert.All(asked, source =>
        {
            var statistics = upstream.StatisticsOf(source.Index);
            Assert.Equal(statistics.Requests, statistics.ConditionalRequests);
            Assert.Equal(0, statistics.Documents);
        });

        // A second start of the same store imports nothing twice and has everything at once.
        await second.Process.InterruptAsync(cancellation);
        Assert.Equal(0, await second.Process.WaitForExitAsync(TimeSpan.FromMinutes(1), cancellation));
        await using var third = await RunningAggregator.StartAsync(folder.Path, cancellation, settings);
        Assert.DoesNotContain(third.Process.Output, line => line.Contains("Imported", StringComparison.Ordinal));
        await HoldsExactlyWhatWasPublishedAsync(third, upstream, cancellation);
        Assert.Equal(HttpStatusCode.OK, (await third.Http.GetAsync("/", cancellation)).StatusCode);
    }

    private static async Task HoldsExactlyWhatWasPublishedAsync(RunningAggregator aggregator, LoopbackUpstream upstream, CancellationToken cancellation)
    {
        foreach (var category in upstream.Sources.Select(source => source.Category).Distinct(StringComparer.Ordinal))
        {
            // With more than 500 the feed holds the newest 500; which of the older ones fell out is not the question here.
            var expected = upstream.ExpectedOf(category).Select(entry => entry.Url.AbsoluteUri).ToHashSet(StringComparer.Ordinal);
            var items = await RunningAggregator.UntilAsync(
                () => aggregator.ItemsAsync($"categories/{category}.json", cancellation),
                items => items.Count == Math.Min(500, expected.Count) && NewestOf(upstream, category).All(url => items.Any(item => item.Url == url)),
                Patience, items => $"{items.Count} of {expected.Count} entries in {category}", cancellation);
            Assert.Equal(items.Count, items.Select(item => item.Url).Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(items.Count, items.Select(item => item.Id).Distinct(StringComparer.Ordinal).Count());
            Assert.All(items, item => Assert.Contains(item.Url, expected));
        }
    }

    private static IEnumerable<string> NewestOf(LoopbackUpstream upstream, string category) =>
        upstream.ExpectedOf(category).OrderByDescending(entry => entry.PublishedAt).Take(20).Select(entry => entry.Url.AbsoluteUri);
}
