using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>The sources, their schedule and the leases on them.</summary>
public interface ISourceStore
{
    /// <summary>The most articles of a source whose pages are looked at because captures were switched on.</summary>
    const int MaxCaughtUp = 100;

    /// <summary>
    /// Adds a source that is due at once, or finds the one with that address and leaves it as it is. One that was deleted comes back as it
    /// was, and joins the categories that are named.
    /// </summary>
    /// <exception cref="ArgumentException">The address is empty or too long, the retention cannot be used, or a category does not exist.</exception>
    Task<AddedSource> AddAsync(NewSource source, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// The same for up to <see cref="MaxAdded"/> sources in one transaction; what became of each, in the same order. None is added
    /// when one of them cannot be.
    /// </summary>
    /// <exception cref="ArgumentException">An address is empty or too long, a retention cannot be used, a category does not exist, or there are too many.</exception>
    Task<IReadOnlyList<AddedSource>> AddManyAsync(IReadOnlyList<NewSource> sources, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The most sources that are added in one transaction.</summary>
    const int MaxAdded = 1000;

    /// <summary>Sets the rules for a source's entries; null for none. False when there is no such source.</summary>
    Task<bool> SetRulesAsync(long sourceId, string? rules, CancellationToken cancellationToken);

    /// <summary>Sets the rules of a source that still has those that the caller has seen; judged by the statement that writes. False when it has others, or is not there.</summary>
    Task<bool> ReplaceRulesAsync(long sourceId, string? rules, string? seen, CancellationToken cancellationToken);

    /// <summary>One source, or null.</summary>
    Task<Source?> FindAsync(long sourceId, CancellationToken cancellationToken);

    /// <summary>These sources, in no particular order; unknown numbers are left out.</summary>
    Task<IReadOnlyList<Source>> FindManyAsync(IReadOnlyCollection<long> sourceIds, CancellationToken cancellationToken);

    /// <summary>All sources of a category, or all sources, by title: for subscription lists.</summary>
    IAsyncEnumerable<SourceListing> ReadAllAsync(long? categoryId, CancellationToken cancellationToken);

    /// <summary>A page of an admin's list, by number ascending, after the one given.</summary>
    Task<IReadOnlyList<SourceListing>> ListAsync(long afterSourceId, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// A page of the list that visitors see, by number ascending, after the one given: of one category, or of all. Counting the entries of
    /// each costs at most <see cref="PublicSource.MaxCounted"/> steps, and some for those that nobody may see, of which there are few.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1 or above 1000.</exception>
    Task<IReadOnlyList<PublicSource>> ListPublicAsync(long? categoryId, long afterSourceId, int limit, CancellationToken cancellationToken);

    /// <summary>How many active sources are due and unleased at <paramref name="now"/>, those of hosts left out that are closed until later.</summary>
    Task<int> CountDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Leases up to <paramref name="limit"/> due sources to <paramref name="owner"/> until <paramref name="until"/>, longest due first,
    /// and none of a host that is closed (<see cref="IHostStore.CloseAsync"/>).
    /// No source is ever leased to two owners at once, over all processes.
    /// </summary>
    Task<IReadOnlyList<Source>> ClaimDueAsync(string owner, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken);

    /// <summary>Leases one source, due or not and in whatever state, or null when another owner holds it.</summary>
    Task<Source?> ClaimAsync(long sourceId, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Gives leases back without a refresh, so that somebody else can take them at once. Leases of others are left alone.</summary>
    Task ReleaseAsync(IReadOnlyCollection<long> sourceIds, string owner, CancellationToken cancellationToken);

    /// <summary>Gives leases back and makes these sources due at the times given, because their hosts are busy. Leases of others are left alone.</summary>
    Task DeferAsync(IReadOnlyCollection<(long SourceId, DateTimeOffset DueAt)> sources, string owner, CancellationToken cancellationToken);

    /// <summary>
    /// Ends every lease: for a start that knows itself to be the only process on the store, so that what a crash left leased
    /// is due at once. Returns how many there were.
    /// </summary>
    Task<int> ReleaseAllAsync(CancellationToken cancellationToken);

    /// <summary>Sets a source's state; a source set to active is due at once. False when there is no such source.</summary>
    Task<bool> SetStateAsync(long sourceId, SourceState state, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Sets a source's own bounds of the time between two fetches, null for the general ones; it becomes due no later than
    /// the longest from now. False when there is no such source.
    /// </summary>
    /// <exception cref="ArgumentException">One is not above zero, or the longest is below the shortest.</exception>
    Task<bool> SetIntervalsAsync(long sourceId, TimeSpan? min, TimeSpan? max, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Sets what an admin wants of a source's requests; null for nothing special. False when there is no such source.</summary>
    /// <exception cref="ArgumentException">The settings cannot be used; see <see cref="FetchSettings.Problem"/>.</exception>
    Task<bool> SetFetchSettingsAsync(long sourceId, FetchSettings? settings, CancellationToken cancellationToken);

    /// <summary>
    /// Sets which pages of a source are captured, and how. Switched on, the newest <see cref="MaxCaughtUp"/> articles that its feed
    /// still holds are looked at too; switched off, no page of it is looked at any more, and what was captured stays. Other selectors
    /// count from the next look on. False when there is no such source.
    /// </summary>
    /// <exception cref="ArgumentException">The policy cannot be used; see <see cref="CapturePolicy.Problem"/>.</exception>
    Task<bool> SetCaptureAsync(long sourceId, CapturePolicy policy, DateTimeOffset now, CancellationToken cancellationToken);
}
