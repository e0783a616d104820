using System.Globalization;
using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>
/// The real program against the field's simulated publishers, every hostile mode of theirs included. Each fault becomes a
/// failure of its own source with a sentence, and costs nobody else an entry.
/// </summary>
public sealed class HostileUpstreamTests
{
    private const int Feeds = 532;

    // The simulator's default window.
    private const int EntriesPerFeed = 20;

    // The simulator's default: feed i belongs to host i modulo this.
    private const int Hosts = 50;

    private static readonly int[] RetryLaterHosts = [1, 2];

    private const string Faults =
        "500:0;503:1;429:2;404:3;410:4;403:5;301:6;302:7;loop:8;slow:9;hang:10;trunc:11;charset:12-14;malformed:15-17;empty:18;html:19;huge:20;bomb:21;deep:22;xxe:23;lol:24;nodate:25;future:26;dupguid:27";

    private static readonly Dictionary<int, FetchFailureKind[]> ExpectedFailures = new()
    {
        [0] = [FetchFailureKind.ServerError],
        [1] = [FetchFailureKind.TooManyRequests],
        [2] = [FetchFailureKind.TooManyRequests],
        [3] = [FetchFailureKind.NotFound],
        [4] = [FetchFailureKind.Gone],
        [5] = [FetchFailureKind.AccessDenied],
        [8] = [FetchFailureKind.RedirectLoop],
        [9] = [FetchFailureKind.TimedOut],
        [10] = [FetchFailureKind.TimedOut],
        [11] = [FetchFailureKind.BodyBroken],
        // A JSON feed behind an XML declaration and without its first brace.
        [12] = [FetchFailureKind.NotAFeed, FetchFailureKind.HtmlInsteadOfFeed],
        [18] = [FetchFailureKind.EmptyBody],
        [19] = [FetchFailureKind.HtmlInsteadOfFeed],
        [20] = [FetchFailureKind.TooLarge],
        [21] = [FetchFailureKind.TooLarge],
    };

    private static string Simulator => Path.Combine(Repository.Root, "..", "shared", "upstream");

    [Fact]
    public async Task Takes_everything_from_the_healthy_and_a_reason_from_each_faulty_source()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Simulator, "upstream-sim.csproj")), "there is no ../shared/upstream beside the project");
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var program = await BuildSimulatorAsync(folder, cancellation);
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        await using var upstream = ChildProcess.Start(
            "dotnet", [program, "--feeds", Feeds.ToString(CultureInfo.InvariantCulture), "--port", port, "--epoch", "2026-11-01", "--faults", Faults, "--bomb-mb", "256"],
            folder.Path);
        using var control = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        await upstream.WaitForLineAsync(line => line.Contains(port, StringComparison.Ordinal), TimeSpan.FromMinutes(2), cancellation);
        await File.WriteAllBytesAsync(folder.File("upstream.opml"), await control.GetByteArrayAsync("opml?jsonfeed=1", cancellation), cancellation);

        string[] settings =
        [
            "--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Fetching:Timeout=00:00:10",
        ];
        var import = await RunningAggregator.RunAsync(folder.Path, cancellation, ["import", "upstream.opml", .. settings]);
        Assert.True(import.ExitCode == 0, string.Join('\n', import.Error));
        var crawl = await RunningAggregator.RunAsync(folder.Path, cancellation, ["crawl", .. settings]);
        Assert.Contains(" sources, ", Assert.Single(crawl.Output), StringComparison.Ordinal);
        Assert.Equal(1, crawl.ExitCode);

        var sources = ReadSources(folder.File("data/store.db"));
        Assert.Equal(Feeds, sources.Count);
        foreach (var (feed, source) in sources)
        {
            if (ExpectedFailures.TryGetValue(feed, out var kinds))
            {
                Assert.True(source.Failure is { } failure && kinds.Contains(failure.Kind), $"feed {feed}: {source.Failure?.Kind} {source.Failure?.Message}");
                Assert.EndsWith(".", source.Failure!.Value.Message, StringComparison.Ordinal);
                Assert.Equal(0, source.Entries);
            }
            else if (RetryLaterHosts.Contains(feed % Hosts) && source.Entries == 0)
            {
                // "Retry-After" holds for the whole host: its other feeds wait too, and that is no failure of theirs.
                Assert.Null(source.Failure);
            }
            else if (feed >= 28)
            {
                Assert.True(source.Failure is null, $"feed {feed}: {source.Failure?.Message}");
                Assert.Equal(EntriesPerFeed, source.Entries);
            }
        }

        // Followed redirects, other encodings, missing and future dates and one id for all cost no entry either.
        foreach (var feed in (int[])[6, 7, 13, 14, 25, 26, 27])
            Assert.True(sources[feed].Entries == EntriesPerFeed, $"feed {feed}: {sources[feed].Entries} of {EntriesPerFeed} entries; {sources[feed].Failure?.Message}");

        using var stats = JsonDocument.Parse(await control.GetStringAsync("stats", cancellation));
        Assert.Empty(stats.RootElement.GetProperty("xxeProbes").EnumerateObject());
    }

    private static async Task<string> BuildSimulatorAsync(TemporaryFolder folder, CancellationToken cancellationToken)
    {
        // The folder may be read-only, and what is built does not belong there.
        var copy = Directory.CreateDirectory(folder.File("simulator")).FullName;
        foreach (var file in Directory.EnumerateFiles(Simulator))
            if (Path.GetExtension(file) is ".cs" or ".csproj")
                File.WriteAllBytes(Path.Combine(copy, Path.GetFileName(file)), await File.ReadAllBytesAsync(file, cancellationToken));
        await using var build = ChildProcess.Start("dotnet", ["build", "-c", "Release", "-o", Path.Combine(copy, "out"), "--nologo"], copy);
        var exitCode = await build.WaitForExitAsync(TimeSpan.FromMinutes(3), cancellationToken);
        Assert.True(exitCode == 0, string.Join('\n', build.Output));
        return Path.Combine(copy, "out", "upstream-sim.dll");
    }

    private static Dictionary<int, (int Entries, (FetchFailureKind Kind, string Message)? Failure)> ReadSources(string store)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select url, failure_kind, failure_message, (select count(*) from entry where source_id = source.id) from source";
        using var reader = command.ExecuteReader();
        var sources = new Dictionary<int, (int, (FetchFailureKind, string)?)>();
        while (reader.Read())
        {
            var feed = int.Parse(Path.GetFileNameWithoutExtension(new Uri(reader.GetString(0)).AbsolutePath), CultureInfo.InvariantCulture);
            sources[feed] = (reader.GetInt32(3), reader.IsDBNull(1) ? null : ((FetchFailureKind)reader.GetInt32(1), reader.GetString(2)));
        }

        return sources;
    }
}
