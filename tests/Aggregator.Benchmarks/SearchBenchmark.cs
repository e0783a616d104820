using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Benchmarks;

/// <summary>
/// Searches in a store of many entries: how long inside the store, how much the index takes, and what else there is finds in the same
/// texts in the same run: a scan with <c>like</c>, FTS5 with its tokenizers unicode61 and trigram.
/// </summary>
internal static class SearchBenchmark
{
    private const int Queries = 500;
    private const int QuietPasses = 5;
    private const int ComparedTexts = 20_000;
    private const int BatchSize = 1_000;
    private const int TextLength = 400;

    /// <summary>Of more texts only every fifth search is compared with a scan of all of them.</summary>
    private const int MaxScannedTexts = 200_000;

    private const int IngestRounds = 4;
    private const int IngestEntries = 10_000;

    public static async Task<int> RunAsync(string[] sizes)
    {
        if (sizes is ["ingest", ..]) return await IngestAsync(sizes.Contains("postgresql", StringComparer.Ordinal));
        var count = sizes is [var size, ..] ? int.Parse(size, CultureInfo.InvariantCulture) : 200_000;
        var onPostgreSql = sizes.Contains("postgresql", StringComparer.Ordinal);
        var isQuiet = sizes.Contains("times", StringComparer.Ordinal);
        var kept = Array.Find(sizes, argument => argument.StartsWith("store=", StringComparison.Ordinal))?["store=".Length..];
        using var folder = new TemporaryFolder();
        await using var postgreSql = onPostgreSql ? await PostgreSqlCluster.CreateDatabaseAsync(default) : null;
        var file = kept ?? folder.File("store.db");
        await using var services = new ServiceCollection().AddAggregatorStore(postgreSql?.ConnectionString ?? "Data Source=" + file).BuildServiceProvider();
        var isBuilt = !onPostgreSql && File.Exists(file);
        await services.GetRequiredService<IStoreMigrator>().MigrateAsync(default);
        var search = services.GetRequiredService<ISearchStore>();
        var corpus = SearchCorpus.Open();
        var sampled = new List<string>();
        long textBytes = 0;
        var clock = Stopwatch.StartNew();
        var ingest = TimeSpan.Zero;
        var source = isBuilt ? 0 : (await services.GetRequiredService<ISourceStore>().AddAsync(new NewSource { Url = "https://example.org/feed" }, DateTimeOffset.UnixEpoch, default)).Id;
        for (var start = 0; start < (isBuilt ? Math.Min(count, ComparedTexts) : count); start += BatchSize)
        {
            var texts = Batch(corpus, start);
            textBytes += texts.Sum(text => Encoding.UTF8.GetByteCount(text.Title) + Encoding.UTF8.GetByteCount(text.Body));
            if (sampled.Count < ComparedTexts) sampled.AddRange(texts.Select(text => text.Title + "\n" + text.Body));
            clock.Restart();
            if (!isBuilt) await StoreAsync(services, source, start, texts);
            ingest += clock.Elapsed;
        }

        if (!isBuilt)
        {
            clock.Restart();
            while (await search.IndexAsync(ISearchStore.MaxBatch, DateTimeOffset.UnixEpoch, default) > 0 || await search.MergeAsync(default) > 0)
            {
            }

            Print($"{count:N0} entries, {textBytes / 1e6:N0} MB of text, stored in {ingest.TotalSeconds:N1} s ({ingest.TotalMicroseconds / count:N0} µs each), indexed in {clock.Elapsed.TotalSeconds:N1} s ({clock.Elapsed.TotalMicroseconds / count:N0} µs each)");
            if (!onPostgreSql) ReportSizes(file, textBytes);
            if (postgreSql is not null) await AnalyseAsync(postgreSql.ConnectionString, textBytes);
        }

        var random = new Random(2);
        var queries = Enumerable.Range(0, Queries).Select(_ => SearchCorpus.Query(random, sampled)).ToList();
        foreach (var query in queries.Take(50)) await search.SearchAsync(new SearchRequest { Query = SearchQuery.Parse(query) }, default);
        // A server has compiled what it runs for days: the first pass of a process says little of the others.
        for (var pass = 0; pass < (isQuiet ? QuietPasses : 1); pass++) await PassAsync(search, queries);
        if (isQuiet) return 0;
        await CheckAsync(search, corpus, count, count <= MaxScannedTexts ? queries : [.. queries.Where((_, i) => i % 5 == 0)]);
        Compare(folder.File("compared.db"), sampled.Take(ComparedTexts).ToList(), queries);
        return 0;
    }

    private static async Task PassAsync(ISearchStore search, List<string> queries)
    {
        var timed = new List<(double Milliseconds, string Query, int Count)>();
        var before = Processor();
        foreach (var query in queries)
        {
            var clock = Stopwatch.StartNew();
            var page = await search.SearchAsync(new SearchRequest { Query = SearchQuery.Parse(query) }, default);
            timed.Add((clock.Elapsed.TotalMilliseconds, query, page.Count));
        }

        Report("ours, page of 30 with marks and exact count", timed.ConvertAll(one => one.Milliseconds), Processor() - before);
        Print($"of these more than a thousand found by {timed.Count(one => one.Count == SearchPage.MaxCounted)}; the slowest: {string.Join(", ", timed.OrderByDescending(one => one.Milliseconds).Take(5).Select(one => string.Create(CultureInfo.InvariantCulture, $"“{one.Query}” {one.Milliseconds:0.0} ms")))}");
    }

    // The same texts whenever they are asked for: none of them has to stay in memory.
    private static List<(string Title, string Body)> Batch(SearchCorpus corpus, int start)
    {
        var random = new Random(start + 1);
        return [.. Enumerable.Range(0, BatchSize).Select(_ => corpus.Text(random, random.Next(TextLength / 2, TextLength * 3 / 2)))];
    }

    /// <summary>Every search beside a literal scan of all texts: what it should have found and did not, what it shows and should not.</summary>
    private static async Task CheckAsync(ISearchStore search, SearchCorpus corpus, int count, List<string> queries)
    {
        var scans = queries.ConvertAll(_ => new HashSet<int>());
        Parallel.For(0, (count + BatchSize - 1) / BatchSize, batch =>
        {
            var texts = Batch(corpus, batch * BatchSize).ConvertAll(text => SearchCorpus.Scannable(text.Title + "\n" + text.Body));
            for (var q = 0; q < queries.Count; q++)
            {
                var words = SearchCorpus.Words(queries[q]);
                for (var i = 0; i < texts.Count; i++)
                    if (SearchCorpus.Scan(texts[i], words))
                        lock (scans[q]) scans[q].Add(batch * BatchSize + i);
            }
        });

        long wanted = 0, missed = 0, shown = 0, wrong = 0;
        for (var q = 0; q < queries.Count; q++)
        {
            var scanned = scans[q];
            var found = new HashSet<int>();
            SearchPage page;
            SearchKey? after = null;
            do
            {
                page = await search.SearchAsync(new SearchRequest { Query = SearchQuery.Parse(queries[q]), Limit = SearchRequest.MaxLimit, After = after }, default);
                found.UnionWith(page.Hits.Select(hit => int.Parse(hit.Stored.Entry.Key, CultureInfo.InvariantCulture)));
                after = page.Next;
            }
            while (after is not null);

            // Of more than a thousand a thousand are shown, and that there are more is said.
            wanted += Math.Min(scanned.Count, SearchPage.MaxCounted);
            missed += page.HasMore == scanned.Count > SearchPage.MaxCounted ? Math.Max(0, Math.Min(scanned.Count, SearchPage.MaxCounted) - found.Count) : Math.Min(scanned.Count, SearchPage.MaxCounted);
            shown += found.Count;
            wrong += found.Count(one => !scanned.Contains(one));
        }

        Print($"{queries.Count} searches beside a literal scan of {count:N0} texts: {missed} of {wanted:N0} missed (recall {100.0 * (wanted - missed) / wanted:0.00} %), {wrong} of {shown:N0} wrong (precision {100.0 * (shown - wrong) / shown:0.00} %)");
    }

    /// <summary>A cold ingest with the index following it beside one without, in turns.</summary>
    private static async Task<int> IngestAsync(bool onPostgreSql)
    {
        var times = new List<double>[] { [], [] };
        for (var round = 0; round <= IngestRounds; round++)
        {
            foreach (var isIndexed in (bool[])[false, true])
            {
                using var folder = new TemporaryFolder();
                await using var postgreSql = !onPostgreSql ? null : await PostgreSqlCluster.CreateDatabaseAsync(default);
                await using var services = new ServiceCollection().AddAggregatorStore(postgreSql?.ConnectionString ?? "Data Source=" + folder.File("store.db")).BuildServiceProvider();
                await services.GetRequiredService<IStoreMigrator>().MigrateAsync(default);
                var source = (await services.GetRequiredService<ISourceStore>().AddAsync(new NewSource { Url = "https://example.org/feed" }, DateTimeOffset.UnixEpoch, default)).Id;
                var corpus = SearchCorpus.Open();
                var random = new Random(round);
                var batches = Enumerable.Range(0, IngestEntries / 20).Select(_ => Enumerable.Range(0, 20).Select(_ => corpus.Text(random, random.Next(TextLength / 2, TextLength * 3 / 2))).ToList()).ToList();
                using var end = new CancellationTokenSource();
                var indexing = isIndexed ? Task.WhenAll(KeepUpAsync(token => services.GetRequiredService<ISearchStore>().IndexAsync(200, DateTimeOffset.UnixEpoch, token), end.Token), KeepUpAsync(token => services.GetRequiredService<ISearchStore>().MergeAsync(token), end.Token), KeepUpAsync(token => services.GetRequiredService<IRelatedStore>().IndexAsync(200, token), end.Token)) : Task.CompletedTask;
                var clock = Stopwatch.StartNew();
                for (var i = 0; i < batches.Count; i++) await StoreAsync(services, source, i * 20, batches[i]);
                if (round > 0) times[isIndexed ? 1 : 0].Add(clock.Elapsed.TotalMicroseconds / IngestEntries);
                await end.CancelAsync();
                await indexing;
            }
        }

        foreach (var list in times) list.Sort();
        Print($"cold ingest in documents of 20 entries: {times[0][IngestRounds / 2]:N0} µs an entry alone, {times[1][IngestRounds / 2]:N0} µs with both indexes following: {times[1][IngestRounds / 2] / times[0][IngestRounds / 2]:0.00} x (medians of {IngestRounds})");
        return 0;
    }

    // As the server does it: batches of 200, and half a second's rest when there is nothing left.
    private static async Task KeepUpAsync(Func<CancellationToken, Task<int>> index, CancellationToken end)
    {
        try
        {
            while (true)
                if (await Task.Run(() => index(end), end) < 200)
                    await Task.Delay(500, end);
        }
        catch (OperationCanceledException)
        {
            // The ingest is over.
        }
    }

    private static async Task StoreAsync(ServiceProvider services, long sourceId, int start, List<(string Title, string Body)> texts)
    {
        var at = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(start);
        var source = await services.GetRequiredService<ISourceStore>().ClaimAsync(sourceId, "benchmark", at, at.AddMinutes(5), default)
            ?? throw new InvalidOperationException("The source is leased.");
        var added = texts.Select((text, i) => new Entry
        {
            Key = (start + i).ToString(CultureInfo.InvariantCulture),
            Url = string.Create(CultureInfo.InvariantCulture, $"https://example.org/{start + i}"),
            Title = text.Title,
            Content = "<p>" + WebUtility.HtmlEncode(text.Body) + "</p>",
            Language = "zh",
            ContentHash = new byte[20],
        });
        if (!await services.GetRequiredService<IRefreshStore>().SaveAsync(new RefreshWrite { Source = source, LeaseOwner = "benchmark", At = at, Added = [.. added] }, default))
            throw new InvalidOperationException("The lease was lost.");
    }

    /// <summary>What the usual ways find of what a literal scan finds, and how long they take, over the same few texts.</summary>
    private static void Compare(string file, List<string> texts, List<string> queries)
    {
        using var connection = new SqliteConnection("Data Source=" + file + ";Pooling=false");
        connection.Open();
        Execute(connection, "pragma journal_mode = off; create table t (id integer primary key, text text); create virtual table u using fts5 (text, content='', tokenize='unicode61'); create virtual table g using fts5 (text, content='', tokenize='trigram');");
        using (var transaction = connection.BeginTransaction())
        {
            foreach (var table in (string[])["t (id, text)", "u (rowid, text)", "g (rowid, text)"])
            {
                using var insert = connection.CreateCommand();
                insert.CommandText = $"insert into {table} values (@id, @text)";
                var id = insert.Parameters.Add("@id", SqliteType.Integer);
                var text = insert.Parameters.Add("@text", SqliteType.Text);
                for (var i = 0; i < texts.Count; i++)
                {
                    (id.Value, text.Value) = (i, SearchCorpus.Scannable(texts[i]));
                    insert.ExecuteNonQuery();
                }
            }

            transaction.Commit();
        }

        var scannable = texts.ConvertAll(SearchCorpus.Scannable);
        foreach (var (name, statement, argument) in new (string, string, Func<string[], string>)[]
        {
            ("like", "select id from t where ", _ => ""),
            ("FTS5 unicode61", "select rowid from u where u match @match", words => string.Join(" AND ", words.Select(word => $"\"{word}\""))),
            ("FTS5 trigram", "select rowid from g where g match @match", words => string.Join(" AND ", words.Select(word => $"\"{word}\""))),
        })
        {
            var times = new List<double>();
            long wanted = 0, found = 0;
            foreach (var query in queries.Take(100))
            {
                var words = SearchCorpus.Scannable(query).Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var scanned = Enumerable.Range(0, texts.Count).Where(i => SearchCorpus.Scan(scannable[i], query)).Select(i => (long)i).ToHashSet();
                using var command = connection.CreateCommand();
                command.CommandText = name == "like" ? statement + string.Join(" and ", words.Select((_, i) => $"text like @w{i}")) : statement;
                if (name == "like") for (var i = 0; i < words.Length; i++) command.Parameters.AddWithValue($"@w{i}", "%" + words[i] + "%");
                else command.Parameters.AddWithValue("@match", argument(words));
                var clock = Stopwatch.StartNew();
                using var rows = command.ExecuteReader();
                var ids = new List<long>();
                while (rows.Read()) ids.Add(rows.GetInt64(0));
                times.Add(clock.Elapsed.TotalMilliseconds);
                wanted += scanned.Count;
                found += ids.Count(scanned.Contains);
            }

            Report($"{name} over {texts.Count:N0} texts, finds {100.0 * found / wanted:0.0} %", times);
        }
    }

    private static async Task AnalyseAsync(string connectionString, long textBytes)
    {
        await using var connection = new Npgsql.NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "vacuum full analyze search_block, search_segment, search_place";
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
        command.CommandText = "select pg_total_relation_size('search_block'), pg_total_relation_size('search_segment'), pg_total_relation_size('search_place')";
        await using var sizes = await command.ExecuteReaderAsync();
        await sizes.ReadAsync();
        ReportSize(sizes.GetInt64(0), sizes.GetInt64(1), sizes.GetInt64(2), textBytes);
    }

    // What SQLite takes beside a row's own bytes is less than sixteen; a place takes less than 24 (as its dbstat says, which Microsoft.Data.Sqlite has not).
    private static void ReportSizes(string file, long textBytes)
    {
        using var connection = new SqliteConnection("Data Source=" + file + ";Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select (select sum(length(data) + 16) from search_block), (select sum(length(numbers) + length(directory) + 32) from search_segment), (select 24 * count(*) from search_place)";
        using var sizes = command.ExecuteReader();
        sizes.Read();
        ReportSize(sizes.GetInt64(0), sizes.GetInt64(1), sizes.GetInt64(2), textBytes);
    }

    private static void ReportSize(long blocks, long segments, long places, long textBytes) =>
        Print($"index {(blocks + segments + places) / (double)textBytes:0.000} × the text: terms {blocks / (double)textBytes:0.000}, what segments know of their documents {segments / (double)textBytes:0.000}, places {places / (double)textBytes:0.000}");

    private static void Execute(SqliteConnection connection, string statements)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written in this file.
        command.CommandText = statements;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    // The processor time tells more than the clock does where others run beside it.
    private static void Report(string name, List<double> times, TimeSpan? processor = null)
    {
        times.Sort();
        Print($"{name}: p50 {times[times.Count / 2]:0.00} ms, p95 {times[times.Count * 95 / 100]:0.00} ms, worst {times[^1]:0.0} ms{(processor is { } used ? string.Create(CultureInfo.InvariantCulture, $", processor {used.TotalMilliseconds / times.Count:0.00} ms each") : "")}");
    }

    private static TimeSpan Processor()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    private static void Print(string line) => Console.WriteLine(line);
}
