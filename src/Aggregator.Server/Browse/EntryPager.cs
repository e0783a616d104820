using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Browse;

/// <summary>Reads a topic page by page, by key and never by offset, so that page 500 costs what page 1 costs.</summary>
internal sealed class EntryPager(IEntryStore entries)
{
    /// <summary>How many entries stand on a page.</summary>
    public const int PageSize = 30;

    /// <summary>
    /// The page that an address names. A place with nothing behind it (the entries have expired, or the key was made up) is the first page.
    /// A narrowed list looks at so many entries at a time (<see cref="EntryQuery.MaxScanned"/>): its pages may be short, and still have a next one.
    /// </summary>
    public Task<EntryPage> ReadAsync(Topic topic, ListAddress address, CancellationToken cancellationToken)
    {
        var query = new EntryQuery { Topic = topic, SourceId = address.SourceId, Language = address.Language, OncePerStory = true, Limit = PageSize + 1 };
        return address switch
        {
            { Before: { } key } => OlderThanAsync(query, key, cancellationToken),
            { After: { } key } => NewerThanAsync(query, key, cancellationToken),
            _ => FirstAsync(query, cancellationToken),
        };
    }

    private async Task<EntryPage> FirstAsync(EntryQuery query, CancellationToken cancellationToken)
    {
        var found = await entries.ListAsync(query, cancellationToken);
        return new EntryPage([.. found.Take(PageSize)], Newer: null, await BeyondAsync(query, found, cancellationToken));
    }

    private async Task<EntryPage> OlderThanAsync(EntryQuery query, PageKey key, CancellationToken cancellationToken)
    {
        var older = query with { Before = key };
        var found = await entries.ListAsync(older, cancellationToken);
        var beyond = await BeyondAsync(older, found, cancellationToken);
        if (found.Count == 0 && beyond is null) return await FirstAsync(query, cancellationToken);

        // A key can be made up (or its entry gone), so whether anything is newer has to be looked up.
        var top = found.Count > 0 ? KeyOf(found[0]) : key;
        return new EntryPage([.. found.Take(PageSize)], await IsAnyAsync(query with { After = top }, cancellationToken) ? top : null, beyond);
    }

    private async Task<EntryPage> NewerThanAsync(EntryQuery query, PageKey key, CancellationToken cancellationToken)
    {
        var newer = query with { After = key };
        var found = await entries.ListAsync(newer, cancellationToken);

        // At the top the first page is shown, which is a whole one.
        var reached = found.Count > PageSize ? null : await ReachAsync(newer, cancellationToken);
        if (found.Count <= PageSize && reached is null) return await FirstAsync(query, cancellationToken);

        var page = found.Count > PageSize ? [.. found.Skip(1)] : found;
        var bottom = page.Count > 0 ? KeyOf(page[^1]) : key;
        return new EntryPage(page, reached ?? KeyOf(page[0]), await IsAnyAsync(query with { Before = bottom }, cancellationToken) ? bottom : null);
    }

    /// <summary>Where the next older page begins, or null when there is none.</summary>
    private async Task<PageKey?> BeyondAsync(EntryQuery query, IReadOnlyList<StoredEntry> found, CancellationToken cancellationToken) =>
        found.Count > PageSize ? KeyOf(found[PageSize - 1]) : await ReachAsync(query, cancellationToken);

    private async Task<PageKey?> ReachAsync(EntryQuery query, CancellationToken cancellationToken) =>
        query.IsNarrowed ? await entries.ReachAsync(query, cancellationToken) : null;

    // In a narrowed list there may be more beyond what one look sees.
    private async Task<bool> IsAnyAsync(EntryQuery query, CancellationToken cancellationToken) =>
        (await entries.ListAsync(query with { Limit = 1 }, cancellationToken)).Count > 0 || await ReachAsync(query, cancellationToken) is not null;

    private static PageKey KeyOf(StoredEntry entry) => new(entry.SortAt, entry.Id);
}
