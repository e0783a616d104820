namespace Aggregator.Core.Stores;

/// <summary>Which entries tell the same article.</summary>
public interface IStoryStore
{
    /// <summary>How far apart in time two entries of one story may be.</summary>
    static readonly TimeSpan Window = TimeSpan.FromDays(30);

    /// <summary>The most entries that one call of <see cref="CompareAsync"/> takes.</summary>
    const int MaxBatch = 500;

    /// <summary>The most stories that <see cref="ListAsync"/> gives.</summary>
    const int MaxListed = 100;

    /// <summary>
    /// Compares up to <paramref name="limit"/> entries that came or changed with those of the last thirty days, and joins what tells the same
    /// article. What waits stands in the store, so a crash loses nothing; an entry that is done twice is the same. Returns how many were taken;
    /// call again until there are none.
    /// </summary>
    Task<int> CompareAsync(int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Has every entry that came since compared anew: what admins decided stays. Returns how many wait.</summary>
    Task<int> RequeueAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Forgets what entries that came before were found by. Returns how many entries that were.</summary>
    Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>A story by its number, or by that of one that was taken into it; null when there is none, or when nothing of it is shown.</summary>
    Task<Story?> FindAsync(long storyId, CancellationToken cancellationToken);

    /// <summary>The stories of those of these entries that are in one with more than one entry, by entry. One statement, however many they are.</summary>
    Task<IReadOnlyDictionary<long, Story>> OfEntriesAsync(IReadOnlyCollection<long> entryIds, CancellationToken cancellationToken);

    /// <summary>The stories that changed last, newest first, from behind a place on.</summary>
    /// <param name="before">The place of the last one seen: when it changed in <see cref="PageKey.SortAt"/>, and its number; null for the first page.</param>
    /// <param name="limit">How many at most: 1 to <see cref="MaxListed"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<(Story Story, PageKey Place)>> ListAsync(PageKey? before, int limit, CancellationToken cancellationToken);

    /// <summary>Takes an entry out of its story, for ever.</summary>
    Task<StoryDecisionOutcome> SplitAsync(long entryId, string decidedBy, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes one story of two entries and their stories, for ever.</summary>
    Task<StoryDecisionOutcome> JoinAsync(long entryId, long otherId, string decidedBy, DateTimeOffset now, CancellationToken cancellationToken);
}
