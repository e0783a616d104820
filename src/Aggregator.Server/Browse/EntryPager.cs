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
        var query = new EntryQuery { Topic = topic, SourceId = address.SourceId, Language = address.Language, OncePerStory = true };
        return new Reading(
            (place, limit) => entries.ListAsync(query with { Before = place.Before, After = place.After, Limit = limit }, cancellationToken),
            async place => query.IsNarrowed ? await entries.ReachAsync(query with { Before = place.Before, After = place.After }, cancellationToken) : null).PageAsync(address);
    }

    /// <summary>The page of a list that has no topic of its own.</summary>
    /// <param name="address">The place.</param>
    /// <param name="list">Reads so many entries before one place or after another, newest first.</param>
    public static Task<EntryPage> ReadAsync(ListAddress address, Func<PageKey?, PageKey?, int, Task<IReadOnlyList<StoredEntry>>> list) =>
        new Reading((place, limit) => list(place.Before, place.After, limit), static _ => Task.FromResult<PageKey?>(null)).PageAsync(address);

    private readonly record struct Place(PageKey? Before = null, PageKey? After = null);

    private sealed class Reading(Func<Place, int, Task<IReadOnlyList<StoredEntry>>> list, Func<Place, Task<PageKey?>> reach)
    {
        public Task<EntryPage> PageAsync(ListAddress address) => address switch
        {
            { Before: { } key } => OlderThanAsync(key),
            { After: { } key } => NewerThanAsync(key),
            _ => FirstAsync(),
        };

        private async Task<EntryPage> FirstAsync()
        {
            var found = await list(default, PageSize + 1);
            return new EntryPage([.. found.Take(PageSize)], Newer: null, await BeyondAsync(default, found));
        }

        private async Task<EntryPage> OlderThanAsync(PageKey key)
        {
            var older = new Place(Before: key);
            var found = await list(older, PageSize + 1);
            var beyond = await BeyondAsync(older, found);
            if (found.Count == 0 && beyond is null) return await FirstAsync();

            // A key can be made up (or its entry gone), so whether anything is newer has to be looked up.
            var top = found.Count > 0 ? KeyOf(found[0]) : key;
            return new EntryPage([.. found.Take(PageSize)], await IsAnyAsync(new Place(After: top)) ? top : null, beyond);
        }

        private async Task<EntryPage> NewerThanAsync(PageKey key)
        {
            var newer = new Place(After: key);
            var found = await list(newer, PageSize + 1);

            // At the top the first page is shown, which is a whole one.
            var reached = found.Count > PageSize ? null : await reach(newer);
            if (found.Count <= PageSize && reached is null) return await FirstAsync();

            var page = found.Count > PageSize ? [.. found.Skip(1)] : found;
            var bottom = page.Count > 0 ? KeyOf(page[^1]) : key;
            return new EntryPage(page, reached ?? KeyOf(page[0]), await IsAnyAsync(new Place(Before: bottom)) ? bottom : null);
        }

        /// <summary>Where the next older page begins, or null when there is none.</summary>
        private async Task<PageKey?> BeyondAsync(Place place, IReadOnlyList<StoredEntry> found) =>
            found.Count > PageSize ? KeyOf(found[PageSize - 1]) : await reach(place);

        // In a narrowed list there may be more beyond what one look sees.
        private async Task<bool> IsAnyAsync(Place place) => (await list(place, 1)).Count > 0 || await reach(place) is not null;
    }

    private static PageKey KeyOf(StoredEntry entry) => new(entry.SortAt, entry.Id);
}
