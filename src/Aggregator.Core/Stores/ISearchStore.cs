using Aggregator.Core.Searching;

namespace Aggregator.Core.Stores;

/// <summary>The index of what entries say, and what finds them by it.</summary>
public interface ISearchStore
{
    /// <summary>The most entries that one call of <see cref="IndexAsync"/> takes.</summary>
    const int MaxBatch = 1_000;

    /// <summary>What fits the search: every row has, letter by letter, what is looked for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of bounds.</exception>
    Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// The places of what fits any of these searches, at most <see cref="SearchPage.MaxCounted"/> of each, the newest, whatever page and limit they
    /// name: for lists that show them among other things. All of them together take as long as one search may take: a search that has
    /// nothing left of its share of that gives what it found until then, and what it does not need is for those that follow.
    /// </summary>
    Task<IReadOnlyCollection<PageKey>> FindPlacesAsync(IReadOnlyCollection<SearchRequest> requests, CancellationToken cancellationToken);

    /// <summary>
    /// Brings the rows of up to <paramref name="limit"/> entries that came or changed since into the index. What waits stands in the store, so
    /// a crash loses nothing; an entry that is done twice is the same. Returns how many were taken; call again until there are none.
    /// </summary>
    Task<int> IndexAsync(int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Makes one part of the index of several, so that searches have few to ask: call again while there was something to do. Returns how many
    /// entries and versions were in it; 0 when all is well, or others were at it.
    /// </summary>
    Task<int> MergeAsync(CancellationToken cancellationToken);

    /// <summary>How often the index changed: the version of every search.</summary>
    Task<TopicVersion> VersionAsync(CancellationToken cancellationToken);
}
