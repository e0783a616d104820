using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>
/// Reading the entries as strangers may see them: what the rights of a source leave of its entries (<see cref="Publishing.RepublishRule"/>),
/// and nothing of those that may not be shown. What is stored whatever that is, is for <see cref="IEntryArchive"/>.
/// </summary>
public interface IEntryStore
{
    /// <summary>The entries of a topic, newest first. Entries of one query belong to one moment.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of bounds, or both page keys are given.</exception>
    Task<IReadOnlyList<StoredEntry>> ListAsync(EntryQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Up to where <see cref="ListAsync"/> looked for what a narrowed query wants, or null when it saw everything there is. Entries
    /// that it let through may lie beyond.
    /// </summary>
    Task<PageKey?> ReachAsync(EntryQuery query, CancellationToken cancellationToken);

    /// <summary>The newest entries of each of these categories, a story once, in one statement, by category; those without any are left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Too many categories or entries: at most <see cref="MaxHeadlines"/> together.</exception>
    Task<ILookup<long, StoredEntry>> ListNewestAsync(IReadOnlyCollection<long> categoryIds, int limit, CancellationToken cancellationToken);

    /// <summary>What a list can be narrowed by: the sources and languages of the topic's newest <see cref="MaxHeadlines"/> entries, commonest first.</summary>
    Task<IReadOnlyList<EntryOrigin>> OriginsAsync(Topic topic, CancellationToken cancellationToken);

    /// <summary>The entries with these numbers and when their newest snapshots were taken, by number: for lists of all pages.</summary>
    /// <param name="after">The number before the first.</param>
    /// <param name="count">How many numbers, those without an entry among them: 1 to <see cref="MaxRange"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of bounds.</exception>
    Task<IReadOnlyList<EntryAge>> ListRangeAsync(long after, int count, CancellationToken cancellationToken);

    /// <summary>The largest number of an entry, 0 when there is none.</summary>
    Task<long> LastIdAsync(CancellationToken cancellationToken);

    /// <summary>The most entries that <see cref="ListNewestAsync"/> reads.</summary>
    const int MaxHeadlines = 500;

    /// <summary>The most numbers of <see cref="ListRangeAsync"/>.</summary>
    const int MaxRange = 10_000;

    /// <summary>One entry with its body, or null.</summary>
    Task<StoredEntry?> FindAsync(long entryId, CancellationToken cancellationToken);

    /// <summary>These entries, as far as they are there to be shown, in no order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="EntryQuery.MaxLimit"/>.</exception>
    Task<IReadOnlyList<StoredEntry>> FindManyAsync(IReadOnlyCollection<long> entryIds, bool withContent, CancellationToken cancellationToken);

    /// <summary>The categories in which an entry stands, in the order of lists.</summary>
    Task<IReadOnlyList<Category>> CategoriesOfAsync(long entryId, CancellationToken cancellationToken);

    /// <summary>The topic's version now: one indexed look-up.</summary>
    Task<TopicVersion> VersionAsync(Topic topic, CancellationToken cancellationToken);
}
