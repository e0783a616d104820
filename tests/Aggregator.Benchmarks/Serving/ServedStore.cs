using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Aggregator.Benchmarks.Serving;

/// <summary>
/// The store of a program that serves, opened beside it: categories with a source each, and entries put in as refreshes put them. What is
/// written here is to the program what another node writes.
/// </summary>
internal sealed class ServedStore : IAsyncDisposable
{
    private const string Owner = "benchmark";

    // With these, the Atom document of a category has about 55 KB.
    private const int BodyLength = 860;

    /// <summary>Entries in a feed.</summary>
    public const int EntriesPerFeed = 20;

    private readonly ServiceProvider _services;
    private readonly SearchCorpus _corpus = SearchCorpus.Open();
    private readonly Random _random = new(7);
    private int _entries;

    private ServedStore(ServiceProvider services) => _services = services;

    /// <summary>The numbers of the sources, one for each category.</summary>
    public IReadOnlyList<long> Sources { get; private set; } = [];

    /// <summary>The slug of the category of the source in that place.</summary>
    public static string Slug(int index) => string.Create(CultureInfo.InvariantCulture, $"c{index}");

    /// <summary>Makes a store with that many categories of <see cref="EntriesPerFeed"/> entries.</summary>
    public static async Task<ServedStore> CreateAsync(string file, int categories)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var store = new ServedStore(new ServiceCollection().AddAggregatorStore("Data Source=" + file).BuildServiceProvider());
        await store._services.GetRequiredService<IStoreMigrator>().MigrateAsync(default);
        var sources = new List<long>();
        for (var i = 0; i < categories; i++)
        {
            var category = await store._services.GetRequiredService<ICategoryStore>().AddAsync(
                new Category { Id = 0, Slug = Slug(i), Title = "国内要闻", Language = "zh" }, default);
            sources.Add((await store._services.GetRequiredService<ISourceStore>().AddAsync(
                new NewSource { Url = string.Create(CultureInfo.InvariantCulture, $"https://s{i}.example/feed"), CategoryIds = [category.Id] }, DateTimeOffset.UtcNow, default)).Id);
            await store.AddAsync(sources[^1], EntriesPerFeed);
        }

        store.Sources = sources;
        return store;
    }

    /// <summary>Stores new entries of a source, which is not due for a year.</summary>
    public async Task AddAsync(long sourceId, int count)
    {
        var now = DateTimeOffset.UtcNow;
        var source = await _services.GetRequiredService<ISourceStore>().ClaimAsync(sourceId, Owner, now, now.AddMinutes(5), default)
            ?? throw new InvalidOperationException("The source is leased.");
        var write = new RefreshWrite
        {
            Source = source with { NextFetchAt = now.AddDays(365) },
            LeaseOwner = Owner,
            At = now,
            Added = [.. Enumerable.Range(0, count).Select(_ => NewEntry(now))],
        };
        if (!await _services.GetRequiredService<IRefreshStore>().SaveAsync(write, default)) throw new InvalidOperationException("The lease was lost.");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private Entry NewEntry(DateTimeOffset now)
    {
        var key = (++_entries).ToString(CultureInfo.InvariantCulture);
        var (title, body) = _corpus.Text(_random, BodyLength);
        return new Entry
        {
            Key = key,
            Url = "https://news.example/" + key,
            Title = title,
            Content = $"<p>{System.Net.WebUtility.HtmlEncode(body)}</p>",
            Language = "zh",
            PublishedAt = now.AddSeconds(-_random.Next(3600)),
            ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(key)),
        };
    }
}
