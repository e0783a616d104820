using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Aggregator.Benchmarks;

/// <summary>
/// Finding stories among many entries: what it costs where entries come in, what in the job beside it, and what lists cost that show a story
/// once. The bounds run in the same run: the same ingest without the triggers that fill the queue, and reading the same texts one by one.
/// </summary>
internal static class StoriesBenchmark
{
    private const int BatchSize = 1_000;
    private const int Sources = 40;

    /// <summary>One of so many is a reprint of an article before it.</summary>
    private const int ReprintOf = 10;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var count = arguments is [var size, ..] && int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 100_000;
        var onPostgreSql = arguments.Contains("postgresql", StringComparer.Ordinal);
        var texts = new Texts();
        var without = await RunAsync(count / 5, onPostgreSql, texts, withQueue: false);
        var with = await RunAsync(count / 5, onPostgreSql, texts, withQueue: true);
        Print($"ingest of {count / 5:N0} entries: {without.Ingest:0.0} µs each without the queue, {with.Ingest:0.0} µs with it: {with.Ingest - without.Ingest:0.0} µs an entry, {with.Ingest / without.Ingest:0.00} ×");
        await RunAsync(count, onPostgreSql, texts, withQueue: true, isWhole: true);
        return 0;
    }

    private static async Task<(double Ingest, double Job)> RunAsync(int count, bool onPostgreSql, Texts texts, bool withQueue, bool isWhole = false)
    {
        using var folder = new TemporaryFolder();
        await using var postgreSql = onPostgreSql ? await PostgreSqlCluster.CreateDatabaseAsync(default) : null;
        var connectionString = postgreSql?.ConnectionString ?? "Data Source=" + folder.File("store.db");
        await using var services = new ServiceCollection().AddAggregatorStore(connectionString).BuildServiceProvider();
        await services.GetRequiredService<IStoreMigrator>().MigrateAsync(default);
        if (!withQueue) await WithoutQueueAsync(connectionString, onPostgreSql);
        var category = (await services.GetRequiredService<ICategoryStore>().AddAsync(new Category { Id = 0, Slug = "all", Title = "All", Language = "zh" }, default)).Id;
        var ids = new List<long>();
        for (var i = 0; i < Sources; i++)
            ids.Add((await services.GetRequiredService<ISourceStore>().AddAsync(new NewSource { Url = $"https://{i}.example/feed", CategoryIds = [category] }, DateTimeOffset.UnixEpoch, default)).Id);

        texts.Begin();
        var ingest = TimeSpan.Zero;
        for (var start = 0; start < count; start += BatchSize)
        {
            var entries = Enumerable.Range(start, BatchSize).Select(texts.Next).ToList();
            var clock = Stopwatch.StartNew();
            await StoreAsync(services, ids[start / BatchSize % Sources], start, entries);
            ingest += clock.Elapsed;
        }

        var perEntry = ingest.TotalMicroseconds / count;
        if (!isWhole) return (perEntry, 0);
        var stories = services.GetRequiredService<IStoryStore>();
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var (done, job, times) = (0, Stopwatch.StartNew(), new List<double>());
        for (var batch = Stopwatch.StartNew(); await stories.CompareAsync(200, now, default) is > 0 and var taken; batch.Restart())
        {
            done += taken;
            times.Add(batch.Elapsed.TotalMilliseconds);
        }

        job.Stop();
        times.Sort();
        Print($"job: {done:N0} entries in {job.Elapsed.TotalSeconds:0.0} s, {job.Elapsed.TotalMicroseconds / done:0.0} µs each; a batch of 200: p50 {times[times.Count / 2]:0.0} ms, p95 {times[times.Count * 95 / 100]:0.0} ms, last tenth {times.Skip(times.Count * 9 / 10).Average():0.0} ms");

        var entriesStore = services.GetRequiredService<IEntryStore>();
        var read = Stopwatch.StartNew();
        long characters = 0;
        PageKey? before = null;
        for (var i = 0; i < Math.Min(20_000, count); i += 100)
        {
            var page = await entriesStore.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 100, Before = before, WithContent = true }, default);
            characters += page.Sum(entry => entry.Entry.Content?.Length ?? 0);
            before = new PageKey(page[^1].SortAt, page[^1].Id);
        }

        Print($"bound: reading the same texts takes {read.Elapsed.TotalMicroseconds / Math.Min(20_000, count):0.0} µs each ({characters / Math.Min(20_000, count):N0} characters)");
        await ListsAsync(entriesStore, stories, category);
        return (perEntry, job.Elapsed.TotalMicroseconds / done);
    }

    private static async Task ListsAsync(IEntryStore entries, IStoryStore stories, long category)
    {
        foreach (var once in (bool[])[false, true])
        {
            var times = new List<double>();
            PageKey? before = null;
            for (var i = 0; i < 300; i++)
            {
                var clock = Stopwatch.StartNew();
                var page = await entries.ListAsync(new EntryQuery { Topic = Topic.Category(category), Limit = 31, Before = before, OncePerStory = once }, default);
                if (once) await stories.OfEntriesAsync([.. page.Select(entry => entry.Id)], default);
                times.Add(clock.Elapsed.TotalMilliseconds);
                // From the beginning again behind the last page.
                before = page.Count < 31 ? null : new PageKey(page[^1].SortAt, page[^1].Id);
            }

            times.Sort();
            Print($"page of a category, {(once ? "each story once, with its sources" : "every entry")}: p50 {times[times.Count / 2]:0.00} ms, p95 {times[times.Count * 95 / 100]:0.00} ms");
        }
    }

    private static async Task StoreAsync(ServiceProvider services, long sourceId, int start, List<(string Title, string Body)> texts)
    {
        var at = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(start * 10);
        var source = await services.GetRequiredService<ISourceStore>().ClaimAsync(sourceId, "benchmark", at, at.AddMinutes(5), default)
            ?? throw new InvalidOperationException("The source is leased.");
        var added = texts.Select((text, i) => new Entry
        {
            Key = (start + i).ToString(CultureInfo.InvariantCulture),
            Url = string.Create(CultureInfo.InvariantCulture, $"https://{sourceId}.example/{start + i}"),
            Title = text.Title,
            Content = text.Body,
            Language = "zh",
            ContentHash = new byte[20],
        });
        if (!await services.GetRequiredService<IRefreshStore>().SaveAsync(new RefreshWrite { Source = source, LeaseOwner = "benchmark", At = at, Added = [.. added] }, default))
            throw new InvalidOperationException("The lease was lost.");
    }

    private static async Task WithoutQueueAsync(string connectionString, bool onPostgreSql)
    {
        if (onPostgreSql)
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "drop trigger entry_to_stories on entry; drop trigger entry_to_stories_again on entry";
            await command.ExecuteNonQueryAsync();
        }
        else
        {
            await using var connection = new SqliteConnection(connectionString);
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "drop trigger entry_to_stories; drop trigger entry_to_stories_again";
            await command.ExecuteNonQueryAsync();
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    /// <summary>Texts whose words are drawn anew for each, so that they share no more than news does; some are reprints, some fill a template.</summary>
    private sealed class Texts
    {
        private readonly List<string> _latin = [];
        private readonly List<char> _characters = [];
        private readonly List<List<string>> _recent = [];
        private Random _random = new(1);

        public Texts()
        {
            var corpus = SearchCorpus.Open();
            var random = new Random(2);
            for (var i = 0; i < 400; i++)
            {
                var text = corpus.Text(random, 600).Body;
                _characters.AddRange(text.Where(c => c is >= '\u4E00' and <= '\u9FFF'));
                _latin.AddRange(text.Split([' ', '.', ',', '。'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length < 14 && char.IsAsciiLetter(word[0])));
            }
        }

        public void Begin()
        {
            _random = new Random(1);
            _recent.Clear();
        }

        public (string Title, string Body) Next(int number)
        {
            List<string> paragraphs;
            if (number % 20 == 7)
            {
                paragraphs = [$"气象台{_random.Next(1, 29)}日发布：今天白天多云，最高气温{_random.Next(10, 35)}度，夜间小雨，最低气温{_random.Next(0, 10)}度，请市民出行注意防晒补水，早晚温差较大，注意及时增减衣物。"];
            }
            else if (_recent.Count > 0 && _random.Next(ReprintOf) == 0)
            {
                paragraphs = [.. _recent[_random.Next(_recent.Count)]];
                paragraphs.RemoveAt(_random.Next(paragraphs.Count));
            }
            else
            {
                var isLatin = _random.Next(2) == 0;
                paragraphs = [.. Enumerable.Range(0, 6).Select(_ => Paragraph(isLatin))];
                _recent.Add(paragraphs);
                if (_recent.Count > 20_000) _recent.RemoveAt(0);
            }

            return (Paragraph(number % 2 == 0)[..20], string.Concat(paragraphs.Select(paragraph => $"<p>{WebUtility.HtmlEncode(paragraph)}</p>")));
        }

        private string Paragraph(bool isLatin)
        {
            var paragraph = new StringBuilder();
            if (isLatin) for (var i = 0; i < 45; i++) paragraph.Append(_latin[_random.Next(_latin.Count)]).Append(' ');
            else for (var i = 0; i < 90; i++) paragraph.Append(_characters[_random.Next(_characters.Count)]);
            return paragraph.ToString();
        }
    }
}
