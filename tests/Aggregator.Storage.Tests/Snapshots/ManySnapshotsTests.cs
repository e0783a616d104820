using System.Security.Cryptography;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Retention;
using Aggregator.Storage.Snapshots;
using Xunit;

namespace Aggregator.Storage.Tests.Snapshots;

/// <summary>
/// With 200,000 snapshots: what article pages, TimeMaps, TimeGates and diffs ask comes from indexes, and verifying all of them keeps
/// the memory of verifying a few.
/// </summary>
public abstract class ManySnapshotsTests(StoreProvider provider) : StoreTests(provider)
{
    private const int EntryCount = 20_000;
    private const int VersionsOfEach = 10;
    private const long EntryId = 4711;
    private static readonly DateOnly Day = DateOnly.FromDateTime(Now.UtcDateTime);

    /// <summary>What the database would do, one step a line.</summary>
    private protected abstract Task<IReadOnlyList<string>> ExplainAsync(string statement, object parameters);

    /// <summary>Whether a step reads a whole table.</summary>
    private protected abstract bool IsScan(string step);

    private protected abstract string Series(int count);

    [Fact]
    public async Task Readers_stay_on_indexes_and_verifying_keeps_its_memory_flat()
    {
        await FillAsync();

        var at = Now.ToUnixTimeMilliseconds();
        await StaysOnAsync("snapshot_by_number", SnapshotStore.Listed, new { entry_id = EntryId, after = 0, limit = 100 });
        await StaysOnAsync("snapshot_by_number", SnapshotStore.ListedLast, new { entry_id = EntryId, limit = 100 });
        await StaysOnAsync("snapshot_by_number", SnapshotStore.ByNumber, new { entry_id = EntryId, number = 3 });
        await StaysOnAsync("snapshot_by_time", SnapshotStore.BySecond, new { entry_id = EntryId, second = at });
        await StaysOnAsync("snapshot_by_time", SnapshotStore.KeptBefore, new { entry_id = EntryId, next_second = at });
        await StaysOnAsync("snapshot_by_time", SnapshotStore.KeptAfter, new { entry_id = EntryId, next_second = at });
        await StaysOnAsync("", SnapshotStore.DocumentOf, new { snapshot_id = EntryId });
        await StaysOnAsync("entry_by_url", SnapshotStore.EntriesByUrl, new { url_hash = 12L, url = "x", limit = 100 });
        await StaysOnAsync("snapshot_by_", SnapshotStore.LastPage, new { id = EntryId });
        await StaysOnAsync("snapshot_by_", RefreshStore.Recent, new { ids = Database.List([EntryId, EntryId + 1]), since = at });
        await StaysOnAsync("snapshot_by_", RetentionStore.Thinnable, new { ids = Database.List([EntryId, EntryId + 1]) });
        await StaysOnAsync("entry_revised", RetentionStore.Revised, new { after = 5L, limit = 100 });
        await StaysOnAsync("", SealStore.Leaves, new { first = 5L, last = 90_000L, limit = 100 });
        await StaysOnAsync("", SealStore.Texts, new { after = 5L, limit = 32 });

        var seals = Get<ISealStore>();
        while (await seals.SealNextAsync(Day.AddDays(50), Now.AddDays(50), Ct) is not null)
        {
        }

        Assert.Equal(VersionsOfEach, await seals.ReadSealsAsync(Ct).CountAsync(Ct));
        await VerifyInFlatMemoryAsync(seals);
    }

    private static async Task VerifyInFlatMemoryAsync(ISealStore seals)
    {
        var verification = new SnapshotVerification(seals);
        // SQLite works on the calling thread.
        var run = Task.Run(() => verification.RunAsync(Ct).ToListAsync(Ct).AsTask(), Ct);
        var early = 0L;
        var most = 0L;
        while (!run.IsCompleted)
        {
            await Task.WhenAny(run, Task.Delay(50, Ct));
            GC.Collect();
            var alive = GC.GetTotalMemory(forceFullCollection: false);
            // A seal's worth is held while it is verified: what comes later is held against the most of the first seals.
            if (verification.Snapshots <= EntryCount * VersionsOfEach / 4) early = Math.Max(early, alive);
            most = Math.Max(most, alive);
        }

        Assert.Empty(await run);
        Assert.Equal((EntryCount * VersionsOfEach, VersionsOfEach, 0), (verification.Snapshots, verification.Seals, verification.Unsealed));
        Assert.True(early > 0 && most < early + 8 * 1024 * 1024, $"{early / 1024} KiB at most in the first quarter, {most / 1024} KiB in all.");
    }

    private async Task StaysOnAsync(string index, string statement, object parameters)
    {
        var plan = await ExplainAsync(statement, parameters);
        var shown = statement + "\n" + string.Join('\n', plan);
        Assert.True(plan.Any(step => step.Contains(index, StringComparison.Ordinal)), $"Not by {index}: {shown}");
        Assert.False(plan.Any(IsScan), shown);
    }

    /// <summary>Ten days, on each of which a quarter of the entries got a version; every version says the same of its day.</summary>
    private Task FillAsync() => Database.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync($"""
                insert into source (id, url, state, parser_version, identity_rule, next_fetch_at, failure_count, created_at)
                select n, 'https://example.org/' || cast(n as text), 1, 1, 1, 0, 0, 0 from ({Series(500)}) as series
                """);
            await session.ExecuteAsync($"""
                insert into entry (source_id, key, url, url_hash, title, content_hash, first_seen_at, captured_at, last_seen_at, version, body_number, sort_at)
                select n % 500 + 1, cast(n as text), 'https://example.org/' || cast(n as text), n, 'title', @hash, @now, @now, @now,
                       case when n <= {EntryCount} then {VersionsOfEach} else 1 end, 1, @now
                from ({Series(4 * EntryCount)}) as series
                """, new { now = Now.ToUnixTimeMilliseconds(), hash = new byte[] { 1 } });
            for (var version = 1; version <= VersionsOfEach; version++)
            {
                var capturedAt = Now.AddDays(version - 1);
                var document = new SnapshotDocument
                {
                    Kind = SnapshotKind.Feed,
                    CapturedAt = capturedAt,
                    Title = "title",
                    Content = string.Concat(Enumerable.Range(0, 40).Select(i => $"<p>Paragraph {i * version} of version {version}, 第{i}段。</p>")),
                }.Write();
                await session.ExecuteAsync(
                    """
                    insert into snapshot (entry_id, number, kind, captured_at, title, changes, content_hash, sha256)
                    select id, @version, 1, @captured_at, 'title', 0, content_hash, @sha256 from entry where version > 1 order by id
                    """,
                    new { version, captured_at = capturedAt.ToUnixTimeMilliseconds(), sha256 = SHA256.HashData(document) });
                await session.ExecuteAsync(
                    "insert into snapshot_document (snapshot_id, document) select id, @document from snapshot where number = @version",
                    new { version, document = SnapshotPacking.Pack(document) });
            }

            return await session.ExecuteAsync("analyze");
        },
        Ct);
}

/// <summary>Tests that measure the memory of the process, which nothing else may use meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryMeasurements
{
    public const string Name = "memory measurements";
}

[Collection(MemoryMeasurements.Name)]
public sealed class SqliteManySnapshotsTests() : ManySnapshotsTests(StoreProvider.Sqlite)
{
    private protected override string Series(int count) =>
        $"with recursive s (n) as (select 1 union all select n + 1 from s where n < {count}) select n from s";

    private protected override async Task<IReadOnlyList<string>> ExplainAsync(string statement, object parameters) =>
        [.. (await Database.ReadAsync(session => session.ListAsync<Step>("explain query plan " + statement, parameters), Ct)).Select(step => step.Detail)];

    // "SCAN t USING INDEX" reads an index in its order until the limit.
    private protected override bool IsScan(string step) =>
        step.StartsWith("SCAN ", StringComparison.Ordinal) && !step.Contains("USING", StringComparison.Ordinal) && !step.StartsWith("SCAN json_each", StringComparison.Ordinal);

    private sealed record Step
    {
        public required string Detail { get; init; }
    }
}

[Collection(MemoryMeasurements.Name)]
public sealed class PostgreSqlManySnapshotsTests() : ManySnapshotsTests(StoreProvider.PostgreSql)
{
    private protected override string Series(int count) => $"select n from generate_series(1, {count}) as n";

    private protected override async Task<IReadOnlyList<string>> ExplainAsync(string statement, object parameters) =>
        await Database.ReadAsync(session => session.ListAsync<string>("explain " + statement, parameters), Ct);

    // The seals are few: reading them all is how one of them is found fastest.
    private protected override bool IsScan(string step) =>
        step.Contains("Seq Scan", StringComparison.Ordinal) && !step.Contains("Seq Scan on seal", StringComparison.Ordinal);
}
