using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>
/// The changes of topics in the order in which they became visible, on every node, and the pages that they fill. In this order
/// archives (RFC 5005 §4) stay as they are whatever is published with an old date, edited, moved or taken down: an entry stands on the
/// page of its first sight for ever, and once more on that of its last change. That more or less of it may be shown is such a change. What is
/// no longer there to be shown leaves its page.
/// </summary>
public interface IArchiveStore
{
    /// <summary>The most that one <see cref="NoteAsync"/> takes.</summary>
    const int MaxBatch = 1_000;

    /// <summary>The most changes that one look reads.</summary>
    const int MaxChanges = 1_001;

    /// <summary>Numbers what waits, the oldest first, and closes the pages that are full. One call at a time does it, over all nodes.</summary>
    /// <param name="limit">How much of what waits, 1 to <see cref="MaxBatch"/>.</param>
    /// <param name="cancellationToken">Cancels; nothing is numbered then.</param>
    /// <returns>How much it took; less than <paramref name="limit"/> when nothing is left.</returns>
    Task<int> NoteAsync(int limit, CancellationToken cancellationToken);

    /// <summary>How far a topic's archive has come; <see cref="ArchivePlace.None"/> of a search.</summary>
    Task<ArchivePlace> PlaceAsync(Topic topic, CancellationToken cancellationToken);

    /// <summary>A page, the one that is being filled too; null when there is none of that number.</summary>
    Task<ArchivePage?> FindPageAsync(Topic topic, int number, CancellationToken cancellationToken);

    /// <summary>
    /// The newest full page up to a number, without a moment the newest with something to be shown; null when there is none.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="number">The last number that the page may hold.</param>
    /// <param name="since">Only pages that had entries since this place in time when they were full; what went since is not looked for.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<int?> FindPageBeforeAsync(Topic topic, long number, DateTimeOffset? since, CancellationToken cancellationToken);

    /// <summary>What can be shown, or has to be told, of the changes in a range, in their order, each entry once.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="after">The number before the first.</param>
    /// <param name="until">The last number.</param>
    /// <param name="since">Only entries whose place in time is not before this.</param>
    /// <param name="oncePerStory">Whether only entries that lead their story in the topic.</param>
    /// <param name="withWithdrawn">
    /// Whether entries that were there before the range, and of which nothing may be shown any more, are among them: for those who have what
    /// was there.
    /// </param>
    /// <param name="limit">How many changes are read at the most, 1 to <see cref="MaxChanges"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<IReadOnlyList<ArchivedChange>> ChangesAsync(
        Topic topic, long after, long until, DateTimeOffset? since, bool oncePerStory, bool withWithdrawn, int limit, CancellationToken cancellationToken);
}
