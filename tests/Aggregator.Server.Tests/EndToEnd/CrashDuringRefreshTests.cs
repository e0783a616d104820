using System.Globalization;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>The real program, killed in the middle of refreshes that bring new entries and new versions.</summary>
public sealed class CrashDuringRefreshTests
{
    private const int SourceCount = 60;

    [Fact]
    public async Task Loses_no_version_leaves_no_gap_and_verifies_clean()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await LoopbackUpstream.StartAsync(
            new LoopbackUpstreamOptions { Sources = SourceCount, EntriesPerSource = 20, Paragraphs = 20, Hosts = 20 }, cancellation);
        using var folder = new TemporaryFolder();
        string[] settings = ["--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Fetching:Concurrency=8"];
        await File.WriteAllTextAsync(folder.File("upstream.opml"), upstream.Opml, cancellation);
        var import = await RunningAggregator.RunAsync(folder.Path, cancellation, ["import", "upstream.opml", .. settings]);
        Assert.True(import.ExitCode == 0, string.Join('\n', import.Error));

        // Each round is killed at another place of the crawl; the last is let through.
        var killed = 0;
        foreach (var killAfter in (int[])[15, 30, 45, int.MaxValue])
        {
            for (var source = 0; source < SourceCount; source++)
            {
                upstream.Edit(source, 10);
                upstream.Publish(source, 2);
            }

            MakeDue(folder.File("data/store.db"));
            upstream.ResetStatistics();
            await using var crawl = RunningAggregator.Start(folder.Path, ["crawl", .. settings]);
            while (!crawl.HasExited && upstream.Statistics.Requests < killAfter) await Task.Delay(5, cancellation);
            if (killAfter == int.MaxValue)
            {
                Assert.Equal(0, await crawl.WaitForExitAsync(TimeSpan.FromMinutes(2), cancellation));
                break;
            }

            if (!crawl.HasExited) killed++;
            await crawl.KillAsync(cancellation);
        }

        Assert.True(killed >= 2, $"Only {killed} crawls were killed before they ended.");
        var verify = await RunningAggregator.RunAsync(folder.Path, cancellation, ["verify", .. settings]);
        Assert.True(verify.ExitCode == 0, string.Join('\n', [.. verify.Output, .. verify.Error]));
        Assert.EndsWith("0 things do not match", verify.Output[^1], StringComparison.Ordinal);

        using var connection = Open(folder.File("data/store.db"));
        Assert.Equal(0, Ask(connection, "select count(*) from snapshot where id not in (select snapshot_id from snapshot_document)"));
        Assert.Equal(0, Ask(connection, "select count(*) from entry where version <> (select count(*) from snapshot where entry_id = entry.id)"));
        Assert.Equal(0, Ask(connection, "select count(*) from entry where version <> (select max(number) from snapshot where entry_id = entry.id)"));
        Assert.Equal(0, Ask(connection, "select count(*) from snapshot where entry_id not in (select id from entry)"));
        Assert.Equal(SourceCount * (20 + 4 * 2), Ask(connection, "select count(*) from entry"));
        Assert.True(Ask(connection, "select count(*) from snapshot where number > 1") >= SourceCount * 10);

        // The texts of now are those that the publisher has now.
        for (var source = 0; source < SourceCount; source += 7)
            foreach (var expected in upstream.Expected(source))
                Assert.Equal(1, Ask(connection, $"select count(*) from entry where title = '{expected.Title.Replace("'", "''", StringComparison.Ordinal)}'"));
    }

    private static void MakeDue(string store)
    {
        using var connection = Open(store);
        Ask(connection, "update source set next_fetch_at = 0, lease_owner = null, lease_until = null returning 0");
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
}
