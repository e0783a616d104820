using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Archives;
using Aggregator.Storage.Captures;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Retention;
using Aggregator.Storage.Selections;
using Aggregator.Storage.Sources;
using Npgsql;
using Xunit;

namespace Aggregator.Storage.Tests.Databases;

/// <summary>
/// That the frequent statements cost the same however full the store is: what the database says it would do, with 200,000
/// entries and statistics over them.
/// </summary>
public abstract class QueryPlanTests(StoreProvider provider) : StoreTests(provider)
{
    private const int SourceCount = 20_000;
    private static readonly PageKey Middle = new(Now.AddSeconds(-100_000), 1000);

    protected abstract string Series { get; }

    [Fact]
    public async Task Frequent_statements_stay_on_their_indexes_when_the_store_is_full()
    {
        await FillAsync();
        var now = Now.ToUnixTimeMilliseconds();

        foreach (var key in (PageKey?[])[null, Middle])
            foreach (var withContent in (bool[])[false, true])
            {
                await ListStaysOnAsync("category_entry", new EntryQuery { Topic = Topic.Category(3), Before = key, WithContent = withContent });
                await ListStaysOnAsync("entry_of_source", new EntryQuery { Topic = Topic.Source(7), Before = key, WithContent = withContent });
                await ListStaysOnAsync("entry_everything", new EntryQuery { Topic = Topic.Everything, Before = key, WithContent = withContent });
            }

        await ListStaysOnAsync("category_entry", new EntryQuery { Topic = Topic.Category(3), After = Middle });
        await ListStaysOnAsync("entry_of_source", new EntryQuery { Topic = Topic.Source(7), After = Middle });
        await ListStaysOnAsync("entry_everything", new EntryQuery { Topic = Topic.Everything, After = Middle });

        await SelectionStaysOnAsync(new SelectionQuery { Selection = ASelection, Limit = 31 });
        await SelectionStaysOnAsync(new SelectionQuery { Selection = ASelection, Limit = 31, Before = Middle, OncePerStory = Provider == StoreProvider.Sqlite });
        await SelectionStaysOnAsync(new SelectionQuery { Selection = ASelection, Limit = 31, After = Middle });
        await StaysOnAsync("selection_by_use", SelectionStore.Unused, new { since = 1_000_000L, limit = 100 });

        await StaysOnAsync("source_due", SourceStore.ClaimDue, new { now, until = now + 1, owner = "me", limit = 200 });
        await StaysOnAsync("source_due", SourceStore.CountDue, new { now });
        await StaysOnAsync("capture_due", CaptureStore.ClaimDue, new { now, until = now + 1, owner = "me", limit = 32 });
        await StaysOnAsync("capture_due", CaptureStore.CountDue, new { now });
        await StaysOnAsync("entry_left", RetentionStore.OldOfAll, new { end = now, after = now - 100_000_000, after_id = 7L, limit = 500 });
        var range = new { topic = 7L, after = now - 150_000_000, after_id = 7L, end = now, end_id = 9L, limit = 500 };
        await StaysOnAsync("entry_of_source", RetentionStore.LowestOfSource, range);
        await StaysOnAsync("category_entry", RetentionStore.LowestOfCategory, range with { topic = 3L });
        await StaysOnAsync("entry_of_source", RetentionStore.LastKeptOfSource, new { topic = 7L, skip = 999 });
        await StaysOnAsync("category_entry", RetentionStore.LastKeptOfCategory, new { topic = 3L, skip = 99 });
        await StaysOnAsync("category_entry_by_entry", RetentionStore.PlacesOf, new { ids = Database.List([1L, 2L]) });
        await StaysOnAsync("", RetentionStore.SourcesAfter, new { after = 7L, limit = 100 });
        await StaysOnAsync("entry_held", RefreshStore.Leave, new { source_id = 7L, at = now, unseen_since = now });
        await StaysOnAsync(
            "entry_by_url",
            RefreshStore.Known,
            new { source_id = 7L, keys = Database.List(["a", "b"]), url_hashes = Database.List([1L, 2L]) },
            maySort: true); // The numbers that it found, no more than the document has.
    }

    [Fact]
    public async Task Archives_and_deltas_read_one_range_of_their_topic_at_two_hundred_thousand_entries()
    {
        await FillAsync();
        await Database.WriteAsync(
            async session =>
            {
                if (Provider == StoreProvider.PostgreSql) await session.ExecuteAsync("set local session_replication_role = replica");
                await session.ExecuteAsync("insert into topic_change (kind, topic_id, number, entry_id, is_again) select 1, 0, id, id, 0 from entry");
                await session.ExecuteAsync("insert into topic_change (kind, topic_id, number, entry_id, is_again) select 2, category_id, entry_id, entry_id, 0 from category_entry");
                await session.ExecuteAsync("insert into topic_change (kind, topic_id, number, entry_id, is_again) select 3, source_id, id, id, 0 from entry");
                await session.ExecuteAsync("insert into topic_page (kind, topic_id, number, last_number, newest_at) select kind, topic_id, number / 50, number, number from topic_change where number % 50 = 0");
                return await session.ExecuteAsync("analyze");
            },
            Ct);
        var change = Provider == StoreProvider.Sqlite ? "PRIMARY KEY (kind=" : "topic_change_pkey";
        foreach (var topic in new[] { Topic.Everything, Topic.Category(3), Topic.Source(7) })
            foreach (var once in new[] { false, true })
            {
                var asked = new { kind = 3, topic = 7L, after = 100_000L, until = 100_100L, since = long.MinValue, limit = 500 };
                // PostgreSQL hashes what stories there are while there are as few as here.
                if (once && Provider == StoreProvider.PostgreSql) continue;
                await StaysOnAsync(change, ArchiveStore.ChangesOf(topic, once, "asc"), asked);
                await StaysOnAsync(change, ArchiveStore.ChangesOf(topic, once, "desc"), asked with { after = 0, limit = 1 });
            }

        await StaysOnAsync("topic_page_by_last", ArchiveStore.PageSince, new { kind = 3, topic = 7L, number = 100_000L, since = 1L });
        if (Provider == StoreProvider.Sqlite) await StaysOnAsync("topic_queue_of_entry", ArchiveNotes.TakeEntries, new { ids = Database.List([1L, 2L]) });
    }

    [Fact]
    public async Task The_admins_list_stays_on_its_indexes_at_fifty_thousand_sources()
    {
        await FillAsync(50_000);
        foreach (var (order, index) in new[]
        {
            (SourceOrder.Title, "source_by_title"), (SourceOrder.NextFetch, "source_due"), (SourceOrder.LastSuccess, "source_by_success"),
            (SourceOrder.Failures, "source_failing"), (SourceOrder.Newest, Provider == StoreProvider.Sqlite ? "SEARCH source USING INTEGER PRIMARY KEY" : "source_pkey"),
        })
        {
            var first = new SourceQuery { Order = order };
            if (order != SourceOrder.Newest || Provider == StoreProvider.PostgreSql) await PageStaysOnAsync(index, first, maySort: false);
            await PageStaysOnAsync(index, first with { After = new SourceKey(25_000, order == SourceOrder.Title ? "https://example.org/3" : "5") }, maySort: false);
        }

        // What a filter leaves is sorted; it is few, or a category's.
        await PageStaysOnAsync("source_failing", new SourceQuery { Filter = new SourceFilter { Health = SourceHealth.Failing } }, maySort: true);
        await PageStaysOnAsync("source_slow", new SourceQuery { Filter = new SourceFilter { Health = SourceHealth.Slow } }, maySort: true);
        await PageStaysOnAsync("category_source", new SourceQuery { Filter = new SourceFilter { CategoryId = 7 } }, maySort: true);
        await StaysOnAsync(Provider == StoreProvider.Sqlite ? "PRIMARY KEY" : "source_day_pkey", SourceAdminStore.DaysOf, new { ids = Database.List([.. Enumerable.Range(1, 100).Select(id => (long)id)]), since = 20_000 }, maySort: true);
        await StaysOnAsync("source_failing", SourceAdminStore.CountFailing, new { });
        await StaysOnAsync("source_day_by_day", SourceAdminStore.CountToday, new { day = 20_513 });
        await StaysOnAsync("source_deleted", SourceAdminStore.OldestDeleted, new { before = Now.ToUnixTimeMilliseconds() });

        async Task PageStaysOnAsync(string index, SourceQuery query, bool maySort)
        {
            var (statement, parameters) = SourceListStatement.Page(Database, query, Now);
            await StaysOnAsync(index, statement, parameters, maySort);
        }
    }

    [Fact]
    public async Task Every_list_of_the_dashboard_reads_by_indexes_at_fifty_thousand_sources()
    {
        await FillAsync(50_000);
        if (Provider == StoreProvider.PostgreSql) await FillTextAsync();
        await Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("update source set state = 2 where id % 500 = 7");
                await session.ExecuteAsync("update source set title = 'Harbour 港口 of the lamps' where id % 250 = 11");
                await session.ExecuteAsync($"""
                    insert into audit (at, actor, action, subject) select @now + n, 'admin', 'source.edit', 'source:' || cast(n % 1000 as text)
                    from ({Series.Replace("@count", "20000", StringComparison.Ordinal)}) as series
                    """, new { now = Now.ToUnixTimeMilliseconds() });
                await session.ExecuteAsync($"""
                    insert into fetch_log (source_id, slot, number, at, kind, redirects, added, changed)
                    select source.id, n, n, @now + n, 1, 0, 0, 0 from source join ({Series.Replace("@count", "50", StringComparison.Ordinal)}) as series on source.id <= 500
                    """, new { now = Now.ToUnixTimeMilliseconds() });
                return await session.ExecuteAsync("analyze");
            },
            Ct);
        if (Provider == StoreProvider.PostgreSql)
        {
            // As autovacuum does it: without, no index can say by itself how many rows there are.
            await using var connection = new NpgsqlConnection(ConnectionString);
            await connection.OpenAsync(Ct);
            await using var vacuum = new NpgsqlCommand("vacuum source, entry", connection);
            await vacuum.ExecuteNonQueryAsync(Ct);
        }

        var store = Get<ISourceAdminStore>();
        var filters = new List<SourceFilter>
        {
            new(), new() { State = SourceState.Active }, new() { State = SourceState.Paused }, new() { State = SourceState.Gone }, new() { State = SourceState.Deleted },
            new() { CategoryId = 7 }, new() { Text = "港口 of" }, new() { Text = "example.org/4999" }, new() { CategoryId = 7, Text = "example.org/199" },
            new() { Text = "no such" },
        };
        filters.AddRange(Enum.GetValues<SourceHealth>().Select(health => new SourceFilter { Health = health }));
        foreach (var filter in filters)
        {
            foreach (var order in Enum.GetValues<SourceOrder>())
            {
                var page = await BoundedAsync($"{filter} {order}", 3, () => store.ListAsync(new SourceQuery { Filter = filter, Order = order, Limit = 100 }, Now, Ct));
                if (page.Count == 100)
                    await BoundedAsync($"{filter} {order}, second page", 3, () => store.ListAsync(new SourceQuery { Filter = filter, Order = order, Limit = 100, After = page[^1].Key }, Now, Ct));
            }

            await BoundedAsync($"{filter} counted", 1, () => store.CountAsync(filter, Now, Ct));
            await BoundedAsync($"{filter} numbers", 1, () => store.ListIdsAsync(filter, 0, 500, Now, Ct));
        }

        Assert.Equal(200, await store.CountAsync(new SourceFilter { Text = "港口 OF" }, Now, Ct));
        await BoundedAsync("one source", 5, () => store.FindAsync(7, Now, Ct));
        await BoundedAsync("totals", 3, () => store.TotalsAsync(Now, Ct));
        await BoundedAsync("audit", 1, () => Get<IAuditStore>().ListAsync(null, null, 101, Ct));
        await BoundedAsync("audit, later", 1, () => Get<IAuditStore>().ListAsync(null, 5000, 101, Ct));
        await BoundedAsync("audit of one", 1, () => Get<IAuditStore>().ListAsync("source:7", null, 101, Ct));
        await BoundedAsync("imports", 1, () => Get<ISubscriptionImportStore>().ListAsync(Ct));
        await BoundedAsync("accounts", 1, () => Get<IAdminStore>().ListAsync(Ct));
        await BoundedAsync("sessions", 1, () => Get<ISessionStore>().ListAsync(null, Now, 200, Ct));
        await BoundedAsync("categories", 1, () => Categories.ListAsync(Ct));
        await BoundedAsync("sources of categories", 1, () => Categories.CountSourcesAsync(Ct));
    }

    /// <summary>What is asked takes so many statements at the most, and none of them reads a table that grows with the sources from end to end.</summary>
    private async Task<T> BoundedAsync<T>(string what, int most, Func<Task<T>> ask)
    {
        var statements = new List<(string Statement, object? Parameters)>();
        Database.Watch = (statement, parameters) => statements.Add((statement, parameters));
        var answer = await ask();
        Database.Watch = null;
        Assert.True(statements.Count >= 1 && statements.Count <= most, $"{what} takes {statements.Count} statements.");
        foreach (var (statement, parameters) in statements)
        {
            var plan = await ExplainAsync(statement, parameters ?? new { });
            var isWalk = statement.EndsWith("where state <> 4 order by id desc limit @limit", StringComparison.Ordinal)
                || statement.EndsWith("where state = 1 order by id desc limit @limit", StringComparison.Ordinal); // SQLite's rows stand in that order, and nearly all of them are such.
            Assert.False(plan.Any(step => IsScan(step) && !isWalk && !Small.Any(table => step.Contains(table, StringComparison.Ordinal))), $"{what}: {statement}\n{string.Join('\n', plan)}");
        }

        return answer;
    }

    // Their size is set by people: a hundred categories, a handful of accounts, the last lists that were imported. A page shows them whole.
    private static readonly string[] Small = ["SCAN category", "on category", "on category_slug", "SCAN admin", "on admin", "on admin_session", "SCAN subscription_import", "on subscription_import"];

    // Triggers rest while the store is filled.
    private Task FillTextAsync() => Database.WriteAsync(
        session => session.ExecuteAsync("insert into source_text (source_id, text) select id, list_title || chr(10) || lower(url) from source"), Ct);

    /// <summary>What the database would do, one step a line.</summary>
    private protected abstract Task<IReadOnlyList<string>> ExplainAsync(string statement, object parameters);

    /// <summary>Whether a step reads a whole table.</summary>
    private protected abstract bool IsScan(string step);

    /// <summary>Whether a step sorts what an index could have given in order.</summary>
    private protected abstract bool IsSort(string step);

    private async Task ListStaysOnAsync(string index, EntryQuery query)
    {
        var (statement, parameters) = EntryStore.StatementFor(query);
        await StaysOnAsync(index, statement, parameters);

        // To merge or hash whole indexes for a page of bodies reads as much as a scan of a table.
        var plan = await ExplainAsync(statement, parameters);
        Assert.False(plan.Any(step => step.Contains("Merge", StringComparison.Ordinal) || step.Contains("Hash", StringComparison.Ordinal)), string.Join('\n', plan));
    }

    private static Selection ASelection => new()
    {
        Id = 1,
        Topics = [.. Enumerable.Range(1, 16).SelectMany(number => new[] { Topic.Category(number), Topic.Source(number) })],
        Revision = "",
        UsedAt = Now,
        Visit = SelectionVisit.First(Now),
    };

    private async Task SelectionStaysOnAsync(SelectionQuery query)
    {
        foreach (var (isCategory, index, ids) in new[] { (true, "category_entry", query.Selection.CategoryIds), (false, "entry_of_source", query.Selection.SourceIds) })
        {
            // What is merged of these are a few places each.
            await StaysOnAsync(index, SelectionEntries.PlacesOfOne(isCategory, query, 0), SelectionEntries.ParametersOf(Database, query, ids));
        }
    }

    private async Task StaysOnAsync(string index, string statement, object parameters, bool maySort = false)
    {
        var plan = await ExplainAsync(statement, parameters);
        var shown = statement + "\n" + string.Join('\n', plan);

        Assert.True(plan.Any(step => step.Contains(index, StringComparison.Ordinal)), $"Not by {index}: {shown}");
        Assert.False(plan.Any(step => IsScan(step) || (!maySort && IsSort(step))), shown);
    }

    private Task FillAsync(int sources = SourceCount) => Database.WriteAsync(
        async session =>
        {
            if (Provider == StoreProvider.PostgreSql) await session.ExecuteAsync("set local session_replication_role = replica"); // No foreign keys while we fill.

            // One in ten sources is due, a hundredth of the entries has left, and one source has a quarter of them all.
            await session.ExecuteAsync($"""
                insert into source (url, feed_description, state, parser_version, identity_rule, next_fetch_at, failure_count, created_at, host)
                select 'https://example.org/' || cast(n as text), @description, 1, 1, 1, @now + (n % 1000 - 100) * 60000, 0, @now, 'host-' || cast(n as text) from ({Series.Replace("@count", $"{sources}", StringComparison.Ordinal)}) as series
                """, new { now = Now.ToUnixTimeMilliseconds(), description = new string('d', 600) });
            await session.ExecuteAsync("insert into host (name, closed_until) select host, 0 from source");
            await session.ExecuteAsync($"""
                insert into category (slug, title, language, show_attribution, position)
                select 'c' || cast(n as text), 'c', 'zh', {(Provider == StoreProvider.Sqlite ? "1" : "true")}, 0 from ({Series.Replace("@count", "100", StringComparison.Ordinal)}) as series
                """);
            await session.ExecuteAsync("insert into category_source (category_id, source_id) select id % 100 + 1, id from source where id <= 2000");
            await session.ExecuteAsync($"""
                insert into entry (source_id, key, url, url_hash, title, content_hash, first_seen_at, captured_at, last_seen_at, left_at, version, sort_at)
                select case when n % 4 = 0 then 7 else n % 2000 + 1 end, cast(n as text), 'https://example.org/' || cast(n as text), n, 'title', {(Provider == StoreProvider.Sqlite ? "x'00'" : "'\\x00'::bytea")},
                       @now - n * 1000, @now, @now, case when n % 100 = 0 then @now end, 1, @now - n * 1000
                from ({Series.Replace("@count", "200000", StringComparison.Ordinal)}) as series
                """, new { now = Now.ToUnixTimeMilliseconds() });
            await session.ExecuteAsync($"""
                insert into snapshot (entry_id, number, kind, captured_at, title, changes, content_hash, sha256)
                select id, 1, 1, captured_at, title, 0, content_hash, content_hash from entry
                """);
            await session.ExecuteAsync("update source set failure_count = 3 where id % 100 = 3");
            await session.ExecuteAsync("update source set last_fetch_ms = id % 5050, last_success_at = next_fetch_at - 600000");
            await session.ExecuteAsync("update source set state = 4, deleted_at = created_at where id % 1000 = 9");
            await session.ExecuteAsync($"""
                insert into source_day (source_id, day, added)
                select source.id, 20500 + n, 3 from source join ({Series.Replace("@count", "14", StringComparison.Ordinal)}) as series on source.id % 5 = 0
                """);
            await session.ExecuteAsync("insert into snapshot_document (snapshot_id, document) select id, content_hash from snapshot");
            await session.ExecuteAsync("""
                insert into capture (entry_id, source_id, host, due_at, state, attempts)
                select id, source_id, 'host-' || cast(source_id as text), case when id % 2 = 0 then @now + (id - 2000) * 60000 end, 1, 0 from entry
                """, new { now = Now.ToUnixTimeMilliseconds() });
            await session.ExecuteAsync("""
                insert into category_entry (category_id, sort_at, entry_id)
                select category_source.category_id, entry.sort_at, entry.id from entry join category_source on category_source.source_id = entry.source_id
                """);
            await session.ExecuteAsync($"""
                insert into selection (token_hash, used_at, seen_at, newest_at, visit_at)
                select {(Provider == StoreProvider.Sqlite ? "cast(n as blob)" : "cast(cast(n as text) as bytea)")}, cast(n as bigint) * 1000, 0, 0, 0
                from ({Series.Replace("@count", "20000", StringComparison.Ordinal)}) as series
                """);
            await session.ExecuteAsync("insert into selection_topic (selection_id, category_id) select id, id % 100 + 1 from selection");
            return await session.ExecuteAsync("analyze");
        },
        Ct);
}

public sealed class SqliteQueryPlanTests() : QueryPlanTests(StoreProvider.Sqlite)
{
    protected override string Series => "with recursive s (n) as (select 1 union all select n + 1 from s where n < @count) select n from s";

    private protected override async Task<IReadOnlyList<string>> ExplainAsync(string statement, object parameters) =>
        [.. (await Database.ReadAsync(session => session.ListAsync<Step>("explain query plan " + statement, parameters), Ct)).Select(step => step.Detail)];

    // Reading an index in its order until the limit is a scan too, but one "using" the index.
    private protected override bool IsScan(string step) =>
        step.StartsWith("SCAN ", StringComparison.Ordinal)
        && !step.Contains("USING", StringComparison.Ordinal)
        && step != "SCAN CONSTANT ROW"
        && !step.Contains("VIRTUAL TABLE INDEX 0:M", StringComparison.Ordinal) // By what matches.
        && !step.StartsWith("SCAN due", StringComparison.Ordinal)
        && !step.StartsWith("SCAN json_each", StringComparison.Ordinal);

    private protected override bool IsSort(string step) => step.Contains("TEMP B-TREE", StringComparison.Ordinal);

    private sealed record Step
    {
        public required string Detail { get; init; }
    }
}

public sealed class PostgreSqlQueryPlanTests() : QueryPlanTests(StoreProvider.PostgreSql)
{
    protected override string Series => "select n from generate_series(1, @count) as n";

    private protected override async Task<IReadOnlyList<string>> ExplainAsync(string statement, object parameters) =>
        await Database.ReadAsync(session => session.ListAsync<string>("explain " + statement, parameters), Ct);

    private protected override bool IsScan(string step) => step.Contains("Seq Scan", StringComparison.Ordinal);

    private protected override bool IsSort(string step) => step.Contains("Sort", StringComparison.Ordinal);
}
