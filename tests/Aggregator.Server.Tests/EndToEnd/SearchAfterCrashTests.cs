using System.Globalization;
using System.Text.RegularExpressions;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>The real program, killed while it brings what was stored into the index of searches.</summary>
public sealed partial class SearchAfterCrashTests
{
    private const int SourceCount = 60;
    private const int EntryCount = SourceCount * 20;

    [Fact]
    public async Task What_waited_for_the_index_is_found_after_a_crash_and_what_comes_within_two_seconds()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackUpstream.StartAsync(
            new LoopbackUpstreamOptions { Sources = SourceCount, EntriesPerSource = 20, Paragraphs = 20, Hosts = 20 }, cancellation);
        using var folder = new TemporaryFolder();
        string[] settings = ["--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Search:RequestsPerMinute=1000", "--Refresh:CheckEvery=00:00:01"];
        await File.WriteAllTextAsync(folder.File("upstream.opml"), upstream.Opml, cancellation);
        foreach (var command in (string[][])[["import", "upstream.opml"], ["crawl"]])
        {
            var (exitCode, _, error) = await RunningAggregator.RunAsync(folder.Path, cancellation, [.. command, .. settings]);
            Assert.True(exitCode == 0, string.Join('\n', error));
        }

        var store = folder.File("data/store.db");
        Assert.Equal(EntryCount, Ask(store, "select count(*) from entry"));
        Assert.Equal(EntryCount, Ask(store, "select count(*) from search_queue"));
        await using (var killed = RunningAggregator.Start(folder.Path, [$"--urls=http://127.0.0.1:{FreePort.Next()}", .. settings]))
        {
            while (Ask(store, "select count(*) from search_queue") == EntryCount) await Task.Delay(5, cancellation);
            await killed.KillAsync(cancellation);
        }

        var left = Ask(store, "select count(*) from search_queue");
        Assert.InRange(left, 1, EntryCount - 1);

        await using var server = await RunningAggregator.StartAsync(folder.Path, cancellation, settings);
        await RunningAggregator.UntilAsync(
            () => Task.FromResult(Ask(store, "select count(*) from search_queue")), queued => queued == 0, TimeSpan.FromSeconds(60), queued => $"{queued} wait.", cancellation);
        Assert.Equal(EntryCount, Ask(store, "select count(*) from search_place"));
        foreach (var source in (int[])[0, 31, 59])
            Assert.True(await CountAsync(server, upstream.Expected(source)[0].Title, cancellation) >= 1);

        // Two seconds after its storing, and not after its publishing: that is the schedule's.
        var published = upstream.Publish(7)[0];
        using (var connection = Open(store)) Ask(connection, "update source set next_fetch_at = 0 returning 0");
        await RunningAggregator.UntilAsync(
            () => Task.FromResult(Ask(store, "select count(*) from entry")), count => count > EntryCount, TimeSpan.FromSeconds(90), count => $"{count} entries", cancellation);
        var stored = TimeProvider.System.GetTimestamp();
        var firstSeen = Ask(store, "select max(first_seen_at) from entry");
        while (await CountAsync(server, published.Title, cancellation) == 0 && TimeProvider.System.GetElapsedTime(stored) < TimeSpan.FromSeconds(20)) await Task.Delay(50, cancellation);
        var found = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeMilliseconds(firstSeen);
        Assert.True(found < TimeSpan.FromSeconds(10), $"Found after {found}."); // Two on a machine that does nothing else: SearchIndexingTests has them by the clock.
    }

    private static async Task<int> CountAsync(RunningAggregator server, string title, CancellationToken cancellationToken)
    {
        var page = await server.Http.GetStringAsync("/search?q=" + Uri.EscapeDataString('"' + title + '"'), cancellationToken);
        return Entry().Count(page);
    }

    private static long Ask(string store, string statement)
    {
        using var connection = Open(store);
        return Ask(connection, statement);
    }

    private static SqliteConnection Open(string store)
    {
        var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        return connection;
    }

    private static long Ask(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written in this file.
        command.CommandText = statement;
#pragma warning restore CA2100
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("<h2[ >]", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Entry();
}
