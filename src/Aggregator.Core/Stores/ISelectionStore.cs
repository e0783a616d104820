using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>What visitors follow, each selection under the SHA-256 of its token; the token itself is never here.</summary>
public interface ISelectionStore
{
    /// <summary>The most topics that a selection can have, whatever is configured: what a list reads grows with them.</summary>
    const int MaxTopics = 500;

    /// <summary>The most searches among them: each is made anew for every list.</summary>
    const int MaxSearches = 10;

    /// <summary>The longest search, in characters of its canonical query.</summary>
    const int MaxQueryLength = 6_000;

    /// <summary>The selection with that hash, or null. Deleted sources, and those of which nothing may be shown, are left out of it.</summary>
    Task<Selection?> FindAsync(byte[] tokenHash, CancellationToken cancellationToken);

    /// <summary>Makes an empty selection.</summary>
    Task<Selection> AddAsync(byte[] tokenHash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Adds topics, as far as there is room. What is followed already, and categories and sources that are not there (any more) or of which nothing
    /// may be shown, are passed over; so is every one of a selection that is forgotten meanwhile.
    /// </summary>
    /// <param name="selectionId">The selection.</param>
    /// <param name="topics">Categories, sources and searches in their canonical spelling.</param>
    /// <param name="max">How many topics it may have in the end, at most <see cref="MaxTopics"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A topic that cannot be followed, a search that is too long, or a bound that is too high.</exception>
    Task<Following> FollowAsync(long selectionId, IReadOnlyCollection<Topic> topics, int max, CancellationToken cancellationToken);

    /// <summary>Takes topics out; those that are not in it are passed over.</summary>
    Task UnfollowAsync(long selectionId, IReadOnlyCollection<Topic> topics, CancellationToken cancellationToken);

    /// <summary>Keeps the day of the last use and the state of the visit.</summary>
    Task UseAsync(long selectionId, DateTimeOffset now, SelectionVisit visit, CancellationToken cancellationToken);

    /// <summary>Deletes a selection. False when there is none of that hash.</summary>
    Task<bool> ForgetAsync(byte[] tokenHash, CancellationToken cancellationToken);

    /// <summary>Deletes selections that were not used since, the longest unused first, at most so many.</summary>
    /// <returns>How many it deleted; call again until there are none.</returns>
    Task<int> ForgetUnusedAsync(DateTimeOffset unusedSince, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Entries of a selection, newest first, each once. It reads about <see cref="SelectionQuery.Limit"/> places of each topic, from ranges of
    /// indexes, and rows for those that are shown only: however many entries there are, and however deep the page lies.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of bounds, or both page keys are given.</exception>
    Task<IReadOnlyList<StoredEntry>> ListAsync(SelectionQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// The version of its categories and sources: grows whenever one of them changes. States with other topics are told apart by
    /// <see cref="Selection.Revision"/>.
    /// </summary>
    Task<TopicVersion> VersionAsync(Selection selection, CancellationToken cancellationToken);
}
