using System.Diagnostics;
using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage;
using Aggregator.Testing;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aggregator.Benchmarks;

/// <summary>
/// <c>selections [ENTRIES] [postgresql]</c>: a page of what a visitor follows, merged, in a store of many entries: with few topics and with as many
/// as one may have, at the top and deep down, beside a page of one category by itself.
/// </summary>
internal static class SelectionsBenchmark
{
    private const int SourceCount = 2_000;
    private const int CategoryCount = 100;
    private const int PageSize = 31;
    private const int Pages = 200;

    public static async Task<int> RunAsync(string[] args)
    {
        var count = args is [var size, ..] ? int.Parse(size, CultureInfo.InvariantCulture) : 1_000_000;
        using var folder = new TemporaryFolder();
        await using var postgreSql = args.Contains("postgresql", StringComparer.Ordinal) ? await PostgreSqlCluster.CreateDatabaseAsync(default) : null;
        var connectionString = postgreSql?.ConnectionString ?? "Data Source=" + folder.File("store.db");
        await using var services = new ServiceCollection().AddAggregatorStore(connectionString).BuildServiceProvider();
        await services.GetRequiredService<IStoreMigrator>().MigrateAsync(default);
        var clock = Stopwatch.StartNew();
        await FillAsync(connectionString, postgreSql is not null, count);
        Print($"{count:N0} entries of {SourceCount:N0} sources in {CategoryCount} categories, filled in {clock.Elapsed.TotalSeconds:N0} s");

        var entries = services.GetRequiredService<IEntryStore>();
        var selections = services.GetRequiredService<ISelectionStore>();
        var (top, deep) = ((PageKey?)null, new PageKey(DateTimeOffset.FromUnixTimeMilliseconds(count / 2 * 1000L), 0));
        foreach (var (where, before) in new[] { ("top", top), ("middle", deep) })
        {
            var alone = await MeasureAsync(i => entries.ListAsync(new EntryQuery { Topic = Topic.Category((i % CategoryCount) + 1), Before = before, Limit = PageSize, OncePerStory = true }, default));
            Print($"{where}: one category by itself: p50 {alone.P50:0.00} ms, p95 {alone.P95:0.00} ms");
            foreach (var topics in new[] { 1, 10, 50, 200, ISelectionStore.MaxTopics })
            {
                var merged = await MeasureAsync(i => selections.ListAsync(
                    new SelectionQuery { Selection = Following(topics, i), Before = before, Limit = PageSize, OncePerStory = true }, default));
                Print($"{where}: {topics} topics merged: p50 {merged.P50:0.00} ms, p95 {merged.P95:0.00} ms; {merged.P50 / alone.P50:0.0} × one category");
            }
        }

        return 0;
    }

    private static Selection Following(int topics, int from) => new()
    {
        Id = 1,
        // A third of them categories, as far as there are so many.
        Topics = [.. Enumerable.Range(0, topics).Select(at => at % 3 == 0 && at / 3 < CategoryCount
            ? Topic.Category(((from + (at / 3)) % CategoryCount) + 1)
            : Topic.Source(((from + at) % SourceCount) + 1))],
        Revision = "",
        UsedAt = DateTimeOffset.UnixEpoch,
        Visit = SelectionVisit.First(DateTimeOffset.UnixEpoch),
    };

    private static async Task<(double P50, double P95)> MeasureAsync(Func<int, Task<IReadOnlyList<StoredEntry>>> read)
    {
        for (var i = 0; i < 20; i++) await read(i);
        var times = new List<double>();
        for (var i = 0; i < Pages; i++)
        {
            var started = Stopwatch.GetTimestamp();
            if ((await read(i)).Count != PageSize) throw new InvalidOperationException("A page is not full: nothing was measured.");
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        return (times[Pages / 2], times[Pages * 95 / 100]);
    }

    /// <summary>Fills the store past its ports: what stands in the queues of the indexes is not what is measured.</summary>
    private static async Task FillAsync(string connectionString, bool isPostgreSql, int count)
    {
        await using System.Data.Common.DbConnection connection = isPostgreSql ? new NpgsqlConnection(connectionString) : new SqliteConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        string Series(int to) => isPostgreSql
            ? FormattableString.Invariant($"(select n from generate_series(1, {to}) as n) as series")
            : FormattableString.Invariant($"(with recursive s (n) as (select 1 union all select n + 1 from s where n < {to}) select n from s) as series");
        if (isPostgreSql) await RunAsync("set local session_replication_role = replica");
        else foreach (var trigger in await connection.QueryAsync<string>("select name from sqlite_master where type = 'trigger'", transaction: transaction)) await RunAsync($"drop trigger {trigger}");

        await RunAsync($"""
            insert into source (url, state, parser_version, identity_rule, next_fetch_at, failure_count, created_at, host)
            select 'https://example.org/' || cast(n as text), 1, 1, 1, 0, 0, 0, 'example.org' from {Series(SourceCount)}
            """);
        await RunAsync($"""
            insert into category (slug, title, language, show_attribution, position)
            select 'c' || cast(n as text), 'c', 'zh', {(isPostgreSql ? "true" : "1")}, 0 from {Series(CategoryCount)}
            """);
        await RunAsync($"""
            insert into entry (source_id, key, title, content_hash, first_seen_at, captured_at, last_seen_at, version, sort_at)
            select n % {SourceCount} + 1, cast(n as text), 'A title of some length, as titles are', {(isPostgreSql ? "'\\x00'::bytea" : "x'00'")}, n * 1000, n * 1000, n * 1000, 1, cast(n as bigint) * 1000
            from {Series(count)}
            """);
        await RunAsync($"insert into category_entry (category_id, sort_at, entry_id) select id % {CategoryCount} + 1, sort_at, id from entry");
        await transaction.CommitAsync();
        await connection.ExecuteAsync("analyze", commandTimeout: 0);

        Task<int> RunAsync(string statement) => connection.ExecuteAsync(statement, transaction: transaction, commandTimeout: 0);
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
