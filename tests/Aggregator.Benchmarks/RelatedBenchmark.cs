using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Benchmarks;

/// <summary>
/// <c>related [ENTRIES] [postgresql]</c>: what is related to an article of a store of many entries: how long a look-up takes, what it
/// costs to index, and beside it, over the same first few texts, an exact scan that compares the article with every other one.
/// </summary>
internal static class RelatedBenchmark
{
    private const int Lookups = 500;
    private const int ScannedTexts = 5_000;
    private const int ScannedLookups = 50;
    private const int BatchSize = 1_000;
    private const int Depth = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        var count = args is [var size, ..] ? int.Parse(size, CultureInfo.InvariantCulture) : 100_000;
        var kept = Array.Find(args, argument => argument.StartsWith("store=", StringComparison.Ordinal))?["store=".Length..];
        using var folder = new TemporaryFolder();
        await using var postgreSql = args.Contains("postgresql", StringComparer.Ordinal) ? await PostgreSqlCluster.CreateDatabaseAsync(default) : null;
        var file = kept ?? folder.File("store.db");
        var isBuilt = postgreSql is null && File.Exists(file);
        await using var services = new ServiceCollection().AddAggregatorStore(postgreSql?.ConnectionString ?? "Data Source=" + file).BuildServiceProvider();
        await services.GetRequiredService<IStoreMigrator>().MigrateAsync(default);
        var related = services.GetRequiredService<IRelatedStore>();
        if (!isBuilt) await BuildAsync(services, related, count);
        if (postgreSql is not null) await AnalyseAsync(postgreSql.ConnectionString);
        var random = new Random(2);
        var now = At(count);
        for (var i = 0; i < 50; i++) await related.FindAsync(random.NextInt64(1, count + 1), now, default);
        var times = new List<double>();
        var before = Processor();
        long found = 0;
        for (var i = 0; i < Lookups; i++)
        {
            var id = random.NextInt64(1, count + 1);
            var started = Stopwatch.GetTimestamp();
            var list = await related.FindAsync(id, now, default);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (list.IsKept) throw new InvalidOperationException("It was kept: nothing was measured.");
            found += list.Articles.Count;
        }

        Report($"look-up among {count:N0}, with passages, {found / (double)Lookups:0.0} found on average", times, Processor() - before);
        var first = await related.FindAsync(1, now, default);
        await related.KeepAsync([first], now, default);
        times.Clear();
        for (var i = 0; i < Lookups; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await related.FindAsync(1, now, default);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        Report("the same article once it is kept", times);
        return 0;
    }

    private static async Task BuildAsync(ServiceProvider services, IRelatedStore related, int count)
    {
        var source = (await services.GetRequiredService<ISourceStore>().AddAsync(new NewSource { Url = "https://example.org/feed" }, DateTimeOffset.UnixEpoch, default)).Id;
        var articles = new RelatedArticleGenerator(SearchCorpus.Open(), new Random(1));
        var few = new List<(string Title, string Body)>();
        long textBytes = 0;
        TimeSpan stored = default, indexed = default;
        for (var start = 0; start < count; start += BatchSize)
        {
            var texts = Enumerable.Range(0, Math.Min(BatchSize, count - start)).Select(_ => articles.Next()).ToList();
            textBytes += texts.Sum(text => Encoding.UTF8.GetByteCount(text.Title) + Encoding.UTF8.GetByteCount(text.Body));
            if (few.Count < ScannedTexts) few.AddRange(texts.Take(ScannedTexts - few.Count));
            var clock = Stopwatch.StartNew();
            await StoreAsync(services, source, start, texts);
            stored += clock.Elapsed;
            clock.Restart();
            while (await related.IndexAsync(IRelatedStore.MaxBatch, default) > 0)
            {
            }

            indexed += clock.Elapsed;
            if (start + texts.Count == ScannedTexts) await CompareWithScanAsync(services, source, few);
        }

        Print($"{count:N0} entries, {textBytes / 1e6:N0} MB of text, stored in {stored.TotalSeconds:N0} s ({stored.TotalMicroseconds / count:N0} µs each), indexed in {indexed.TotalSeconds:N0} s ({indexed.TotalMicroseconds / count:N0} µs each)");
    }

    /// <summary>The TF-IDF cosine of an article with every other one, over all terms of title and lead: the best there is, and reading everything.</summary>
    private static async Task CompareWithScanAsync(ServiceProvider services, long source, List<(string Title, string Body)> texts)
    {
        var related = services.GetRequiredService<IRelatedStore>();
        var ids = (await services.GetRequiredService<IRefreshStore>().FindKnownAsync(source, [.. Enumerable.Range(0, texts.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))], [], default))
            .ToDictionary(known => int.Parse(known.Key, CultureInfo.InvariantCulture), known => known.Id);
        var counts = texts.ConvertAll(text => ExactCosine.Terms(text.Title, text.Body));
        var exact = new ExactCosine(counts);
        var random = new Random(3);
        for (var i = 0; i < ScannedLookups; i++) await related.FindAsync(ids[random.Next(texts.Count)], At(texts.Count), default);
        List<double> scanTimes = [], ourTimes = [];
        double shared = 0, likeness = 0;
        for (var i = 0; i < ScannedLookups; i++)
        {
            var article = random.Next(texts.Count);
            var started = Stopwatch.GetTimestamp();
            var best = exact.Best(article, Depth);
            scanTimes.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            started = Stopwatch.GetTimestamp();
            var list = await related.FindAsync(ids[article], At(texts.Count), default);
            ourTimes.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            var ours = list.Articles.Take(Depth).Select(one => int.Parse(one.Stored.Entry.Key, CultureInfo.InvariantCulture)).ToList();
            shared += best.Count(one => ours.Contains(one.Index)) / (double)Depth;
            likeness += ours.Sum(one => exact.Cosine(article, one)) / best.Sum(one => one.Cosine);
        }

        Report($"exact scan of {texts.Count:N0} in memory, terms counted before", scanTimes);
        Report($"ours among these {texts.Count:N0}, from the store", ourTimes);
        Print($"of the scan's first {Depth} ours has {100 * shared / ScannedLookups:0} %; likeness of ours to that of the scan's {likeness / ScannedLookups:0.00}");
    }

    private static async Task StoreAsync(ServiceProvider services, long sourceId, int start, List<(string Title, string Body)> texts)
    {
        var at = At(start);
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

    private static DateTimeOffset At(int entries) => DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(entries);

    private static async Task AnalyseAsync(string connectionString)
    {
        await using var connection = new Npgsql.NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "vacuum analyze related_vector";
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
        command.CommandText = "select pg_relation_size('related_vector_hashes'), pg_table_size('related_vector')";
        await using var sizes = await command.ExecuteReaderAsync();
        await sizes.ReadAsync();
        Print($"index {sizes.GetInt64(0) / 1e6:N0} MB, vectors {sizes.GetInt64(1) / 1e6:N0} MB");
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
