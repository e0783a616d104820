using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.Browse;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Snapshots;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Snapshots;

/// <summary>
/// A store of 200,000 snapshots: every statement that the pages of an article, its TimeMap and its comparisons really run is explained
/// by the database, and <c>aggregator verify</c>, the real program, takes the memory that it takes for a tenth of them.
/// </summary>
[Collection(Measurements.Name)]
public abstract class ManySnapshotsTests
{
    private const int VersionsOfEach = 10;
    private const int FewEntries = 2_000;
    private const int ManyEntries = 20_000;
    private const int Sources = 5_000;
    private const long EntryId = 1_711;

    /// <summary>What verifying ten times as many may take more, in bytes: what two runs over the same differ by, and a little.</summary>
    private const long Margin = 24 * 1024 * 1024;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    // Tables that hold a few rows here: reading all of them is how one is found fastest.
    private static readonly string[] Small = ["category", "seal", "blocked", "tombstone", "topic_version", "related_state", "related_frequency"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_stay_on_indexes_and_verify_keeps_its_memory()
    {
        using var folder = new TemporaryFolder();
        await using var store = await OpenAsync(folder);
        await using var site = await RunningSite.StartOnAsync(store.ConnectionString);
        var database = site.Services.GetRequiredService<Database>();

        var filling = Stopwatch.StartNew();
        await FillAsync(database, FewEntries, Start);
        filling.Stop();
        await SealAsync(site);
        var few = await VerifyAsync(folder, store.ConnectionString, FewEntries, days: VersionsOfEach);
        filling.Start();
        await FillAsync(database, ManyEntries - FewEntries, Start.AddDays(VersionsOfEach));
        filling.Stop();
        await SealAsync(site);
        var many = await VerifyAsync(folder, store.ConnectionString, ManyEntries, days: 2 * VersionsOfEach);

        await ExplainAsync(site, database);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{ManyEntries * VersionsOfEach} snapshots stored in {filling.Elapsed.TotalSeconds:0.0} s; verify took at most {few.Peak / 1048576.0:0.0} MiB in {few.Seconds:0.0} s for {FewEntries * VersionsOfEach}, {many.Peak / 1048576.0:0.0} MiB in {many.Seconds:0.0} s for all"));
        Assert.True(many.Peak < few.Peak + Margin, $"verify took {few.Peak / 1024} KiB for {FewEntries * VersionsOfEach} snapshots and {many.Peak / 1024} KiB for {ManyEntries * VersionsOfEach}.");
    }

    private protected abstract Task<StoreOfTest> OpenAsync(TemporaryFolder folder);

    private protected abstract string Series(int count);

    /// <summary>What the database would do, one step a line.</summary>
    private protected abstract Task<List<string>> PlanAsync(StoreSession session, string statement, object? parameters);

    /// <summary>Whether a step reads a whole table, and which.</summary>
    private protected abstract string? Scanned(string step);

    private async Task ExplainAsync(RunningSite site, Database database)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = site.Address };
        var third = SnapshotStamp.Of(Start.AddDays(2));
        var article = string.Create(CultureInfo.InvariantCulture, $"/articles/{EntryId}");
        (string Path, HttpStatusCode Status)[] pages =
        [
            (article, HttpStatusCode.OK), ($"{article}/snapshots/{third}", HttpStatusCode.OK), ($"{article}/snapshots/{third}.json", HttpStatusCode.OK),
            ($"{article}/diff?from=2&to=7", HttpStatusCode.OK), ($"{article}/diff.json", HttpStatusCode.OK),
            ($"/timemap/{EntryId}", HttpStatusCode.OK), ($"/timemap/{EntryId}.json?after=4", HttpStatusCode.OK),
            ($"/timegate/{EntryId}", HttpStatusCode.Found), ($"/timegate/https://example.org/{EntryId}", HttpStatusCode.Found),
            ("/timegate/https://example.org/unknown", HttpStatusCode.NotFound),
        ];
        foreach (var (path, status) in pages)
        {
            var statements = new List<(string Statement, object? Parameters)>();
            database.Watch = (statement, parameters) =>
            {
                lock (statements) statements.Add((statement, parameters));
            };
            using var answer = await http.GetAsync(path, Ct);
            database.Watch = null;
            Assert.True(answer.StatusCode == status, $"{path}: {answer.StatusCode}");
            Assert.InRange(statements.Count, 1, 40);
            foreach (var (statement, parameters) in statements)
            {
                var plan = await database.ReadAsync(session => PlanAsync(session, statement, parameters), Ct);
                Assert.NotEmpty(plan);
                var scanned = plan.Select(Scanned).OfType<string>().Except(Small).ToList();
                Assert.True(scanned.Count == 0, $"{path} reads all of {string.Join(", ", scanned)}:\n{statement}\n{string.Join('\n', plan)}");
            }
        }
    }

    private static async Task SealAsync(RunningSite site)
    {
        var seals = site.Services.GetRequiredService<ISealStore>();
        while (await seals.SealNextAsync(DateOnly.FromDateTime(Start.AddYears(1).UtcDateTime), Start.AddYears(1), Ct) is not null)
        {
        }
    }

    /// <summary>Verifies with the real program. The most memory that it had in use, managed and native, in bytes, and its time.</summary>
    private static async Task<(long Peak, double Seconds)> VerifyAsync(TemporaryFolder folder, string connectionString, int entries, int days)
    {
        var start = Stopwatch.GetTimestamp();
        await using var process = RunningAggregator.Start(folder.Path, "verify", $"--ConnectionStrings:Store={connectionString}", "--Aggregator:Catalogue=");
        var peak = 0L;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            await Task.Delay(20, Ct);
        }

        Assert.Equal(0, await process.WaitForExitAsync(TimeSpan.FromSeconds(30), Ct));
        Assert.Equal(
            $"{entries * VersionsOfEach} snapshots (0 of them with their text no longer kept, 0 not sealed yet), {days} days, 0 things do not match",
            process.StandardOutput[^1]);
        Assert.True(peak > 0);
        return (peak, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    // "VmHWM: 123456 kB": the high-water mark of what stood in memory.
    private static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(6).Trim()[..^3], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Adds entries with ten versions each, of ten days.</summary>
    private async Task FillAsync(Database database, int entries, DateTimeOffset firstDay)
    {
        await database.WriteAsync(
            async session =>
            {
                var at = Start.ToUnixTimeMilliseconds();
                await session.ExecuteAsync("""
                    insert into category (slug, title, language, show_attribution, position)
                    select 'news', 'News', 'zh', show_attribution, 0 from (select @show as show_attribution) as one
                    where not exists (select 1 from category)
                    """, new { show = true });
                await session.ExecuteAsync($"""
                    insert into source (url, state, parser_version, identity_rule, next_fetch_at, failure_count, created_at)
                    select 'https://example.org/feed/' || cast(n as text), 1, 1, 1, 0, 0, 0 from ({Series(Sources)}) as series
                    where not exists (select 1 from source)
                    """);
                await session.ExecuteAsync($"""
                    insert into entry (source_id, key, url, url_hash, title, content_hash, first_seen_at, captured_at, last_seen_at, version, body_number, sort_at)
                    select n % {Sources} + 1, 'new-' || cast(n as text), null, null, 'title', @hash, @at, @at, @at, {VersionsOfEach}, {VersionsOfEach}, @at + n
                    from ({Series(entries)}) as series
                    """, new { at, hash = new byte[] { 1 } });
                for (var version = 1; version <= VersionsOfEach; version++)
                {
                    var capturedAt = firstDay.AddDays(version - 1);
                    var document = new SnapshotDocument
                    {
                        Kind = SnapshotKind.Feed,
                        CapturedAt = capturedAt,
                        Url = "https://example.org/shared",
                        Title = "title",
                        Content = string.Concat(Enumerable.Range(0, 40).Select(i => $"<p>Paragraph {i * version} of version {version}, 第{i}段。</p>")),
                    }.Write();
                    await session.ExecuteAsync(
                        """
                        insert into snapshot (entry_id, number, kind, captured_at, title, changes, content_hash, sha256)
                        select id, @version, 1, @captured_at, 'title', 0, content_hash, @sha256 from entry where key like 'new-%' order by id
                        """,
                        new { version, captured_at = capturedAt.ToUnixTimeMilliseconds(), sha256 = SHA256.HashData(document) });
                    await session.ExecuteAsync(
                        "insert into snapshot_document (snapshot_id, document) select id, @document from snapshot where captured_at = @captured_at",
                        new { captured_at = capturedAt.ToUnixTimeMilliseconds(), document = SnapshotPacking.Pack(document) });
                }

                await session.ExecuteAsync("insert into category_entry (category_id, sort_at, entry_id) select 1, sort_at, id from entry where key like 'new-%'");
                await session.ExecuteAsync("insert into story (id, changed_at) select id, sort_at from entry where key like 'new-%'");
                await session.ExecuteAsync("insert into story_entry (entry_id, story_id, place) select id, id, 1 from entry where key like 'new-%'");
                await session.ExecuteAsync("insert into related_list (entry_id, number, kept_at) select id, 0, @at from entry where key like 'new-%'", new { at });
                await session.ExecuteAsync("insert into related_article (entry_id, place, related_id, passage) select id, 1, id, '' from entry where key like 'new-%'");
                await session.ExecuteAsync("update entry set key = cast(id as text), url = 'https://example.org/' || cast(id as text), url_hash = id where key like 'new-%'");
                return true;
            },
            Ct);
        await database.WriteAsync(
            async session => await session.ExecuteAsync("update entry set url_hash = @hash where id = @id", new { hash = Storage.Entries.NewEntryRow.HashOf($"https://example.org/{EntryId}"), id = EntryId }), Ct);
        await database.WriteAsync(session => session.ExecuteAsync("analyze"), Ct);
    }

    /// <summary>A store to test on.</summary>
    private protected sealed record StoreOfTest(string ConnectionString, IAsyncDisposable? Database) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Database?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}

/// <summary>Tests that measure, beside which nothing else runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Measurements
{
    public const string Name = "measurements";
}

public sealed class SqliteManySnapshotsTests : ManySnapshotsTests
{
    private protected override Task<StoreOfTest> OpenAsync(TemporaryFolder folder) =>
        Task.FromResult(new StoreOfTest("Data Source=" + folder.File("store.db"), Database: null));

    private protected override string Series(int count) =>
        $"with recursive s (n) as (select 1 union all select n + 1 from s where n < {count}) select n from s";

    private protected override async Task<List<string>> PlanAsync(StoreSession session, string statement, object? parameters) =>
        (await session.ListAsync<Step>("explain query plan " + statement, parameters)).ConvertAll(step => step.Detail);

    // "SCAN t USING INDEX" reads an index in its order until the limit.
    private protected override string? Scanned(string step) =>
        step.StartsWith("SCAN ", StringComparison.Ordinal) && !step.Contains("USING", StringComparison.Ordinal) && !step.StartsWith("SCAN json_each", StringComparison.Ordinal)
            ? step[5..].Split(' ')[0]
            : null;

    private sealed record Step
    {
        public required string Detail { get; init; }
    }
}

public sealed class PostgreSqlManySnapshotsTests : ManySnapshotsTests
{
    private protected override async Task<StoreOfTest> OpenAsync(TemporaryFolder folder)
    {
        Assert.SkipWhen(PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        var database = await PostgreSqlCluster.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        return new StoreOfTest(database.ConnectionString, database);
    }

    private protected override string Series(int count) => $"select n from generate_series(1, {count}) as n";

    private protected override Task<List<string>> PlanAsync(StoreSession session, string statement, object? parameters) =>
        session.ListAsync<string>("explain " + statement, parameters);

    private protected override string? Scanned(string step)
    {
        var at = step.IndexOf("Seq Scan on ", StringComparison.Ordinal);
        return at < 0 ? null : step[(at + 12)..].Split(' ')[0];
    }
}
