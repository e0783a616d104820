using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>What admins see of the sources and do to them. Several sources are always changed in one transaction, or not at all.</summary>
public interface ISourceAdminStore
{
    /// <summary>The most sources that one call changes.</summary>
    const int MaxChanged = 500;

    /// <summary>A page of the list, in three statements whatever its length.</summary>
    Task<IReadOnlyList<ListedSource>> ListAsync(SourceQuery query, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>How many sources a filter lets through.</summary>
    Task<int> CountAsync(SourceFilter filter, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The numbers of the sources that a filter lets through, ascending, behind the one given.</summary>
    Task<IReadOnlyList<long>> ListIdsAsync(SourceFilter filter, long afterId, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Everything of one source, also when it is deleted; null when there is none.</summary>
    Task<SourceDetail?> FindAsync(long sourceId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// State and categories of up to <see cref="MaxChanged"/> sources, deleted ones among them, by number ascending, in two statements;
    /// unknown numbers are left out.
    /// </summary>
    Task<IReadOnlyList<SourcePlace>> ListPlacesAsync(IReadOnlyCollection<long> sourceIds, CancellationToken cancellationToken);

    /// <summary>The sources that have one of these addresses, deleted ones among them.</summary>
    Task<IReadOnlyList<KnownAddress>> FindByAddressAsync(IReadOnlyCollection<string> urls, CancellationToken cancellationToken);

    /// <summary>The numbers of the dashboard.</summary>
    Task<SourceTotals> TotalsAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Pauses or resumes sources; those set to active are due at once. How many changed.</summary>
    Task<int> SetStateAsync(IReadOnlyCollection<long> sourceIds, SourceState state, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes active sources due now. How many there were.</summary>
    Task<int> MakeDueAsync(IReadOnlyCollection<long> sourceIds, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Puts sources into exactly these categories, their entries too. How many changed.</summary>
    /// <exception cref="ArgumentException">A category does not exist.</exception>
    Task<int> SetCategoriesAsync(
        IReadOnlyCollection<long> sourceIds, IReadOnlyCollection<long> categoryIds, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Hides sources and all their entries from everything at once. How many there were.</summary>
    Task<int> DeleteAsync(IReadOnlyCollection<long> sourceIds, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Brings deleted sources back as they were. How many there were.</summary>
    Task<int> RestoreAsync(IReadOnlyCollection<long> sourceIds, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Stores what an admin set.</summary>
    /// <exception cref="ArgumentException">The settings or the intervals cannot be used.</exception>
    Task<SourceEditOutcome> EditAsync(long sourceId, SourceEdit edit, DateTimeOffset now, CancellationToken cancellationToken) =>
        EditAsync(sourceId, edit, seen: null, now, cancellationToken);

    /// <summary>The same, when the settings still are what the caller has seen; judged in the transaction that writes.</summary>
    /// <exception cref="ArgumentException">The settings, the intervals or the policy of captures cannot be used.</exception>
    Task<SourceEditOutcome> EditAsync(long sourceId, SourceEdit edit, SourceEdit? seen, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Why an entry that is there is shown to nobody; null when it is shown, or not there.</summary>
    Task<EntryHiding?> FindHidingAsync(long entryId, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets the texts of up to <paramref name="limit"/> entries of sources that were deleted before then, and a source once it has
    /// none left; hashes of versions stay. How many rows went: 0 when nothing is left to do.
    /// </summary>
    Task<int> PurgeAsync(DateTimeOffset deletedBefore, int limit, CancellationToken cancellationToken);
}
