using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Browse;

/// <summary>Reads a topic page by page, by key and never by offset, so that page 500 costs what page 1 costs.</summary>
internal sealed class EntryPager(IEntryStore entries)
{
    /// <summary>How many entries stand on a page.</summary>
    public const int PageSize = 30;

    /// <summary>
    /// The page that an address names. A key that cannot be read, two keys at once, or a place with nothing behind it
    /// (the entries have expired, or the key was made up) is the first page.
    /// </summary>
    public async Task<EntryPage> ReadAsync(Topic topic, string? before, string? after, CancellationToken cancellationToken) =>
        (PageKey.Parse(before), PageKey.Parse(after)) switch
        {
            ({ } key, null) => await OlderThanAsync(topic, key, cancellationToken),
            (null, { } key) => await NewerThanAsync(topic, key, cancellationToken),
            _ => await FirstAsync(topic, cancellationToken),
        };

    private async Task<EntryPage> FirstAsync(Topic topic, CancellationToken cancellationToken)
    {
        var found = await entries.ListAsync(new EntryQuery { Topic = topic, OncePerStory = true, Limit = PageSize + 1 }, cancellationToken);
        return found.Count > PageSize
            ? new EntryPage([.. found.Take(PageSize)], Newer: null, Older: KeyOf(found[PageSize - 1]))
            : new EntryPage(found, Newer: null, Older: null);
    }

    private async Task<EntryPage> OlderThanAsync(Topic topic, PageKey key, CancellationToken cancellationToken)
    {
        var found = await entries.ListAsync(new EntryQuery { Topic = topic, OncePerStory = true, Before = key, Limit = PageSize + 1 }, cancellationToken);
        if (found.Count == 0) return await FirstAsync(topic, cancellationToken);

        // A key can be made up (or its entry gone), so whether anything is newer has to be looked up.
        var newer = await entries.ListAsync(new EntryQuery { Topic = topic, OncePerStory = true, After = KeyOf(found[0]), Limit = 1 }, cancellationToken);
        return new EntryPage(
            [.. found.Take(PageSize)],
            newer.Count > 0 ? KeyOf(found[0]) : null,
            found.Count > PageSize ? KeyOf(found[PageSize - 1]) : null);
    }

    private async Task<EntryPage> NewerThanAsync(Topic topic, PageKey key, CancellationToken cancellationToken)
    {
        var found = await entries.ListAsync(new EntryQuery { Topic = topic, OncePerStory = true, After = key, Limit = PageSize + 1 }, cancellationToken);

        // At the top the first page is shown, which is a whole one.
        if (found.Count <= PageSize) return await FirstAsync(topic, cancellationToken);

        var page = found.Skip(1).ToList();
        var older = await entries.ListAsync(new EntryQuery { Topic = topic, OncePerStory = true, Before = KeyOf(page[^1]), Limit = 1 }, cancellationToken);
        return new EntryPage(page, KeyOf(page[0]), older.Count > 0 ? KeyOf(page[^1]) : null);
    }

    private static PageKey KeyOf(StoredEntry entry) => new(entry.SortAt, entry.Id);
}
