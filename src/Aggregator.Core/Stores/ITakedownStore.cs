using Aggregator.Core.Model;
using Aggregator.Core.Takedowns;

namespace Aggregator.Core.Stores;

/// <summary>Requests to take articles down, what was decided, and what is left of the articles.</summary>
public interface ITakedownStore
{
    /// <summary>The most requests that wait for a decision.</summary>
    const int MaxOpen = 5_000;

    /// <summary>The most requests of one list.</summary>
    const int MaxListed = 200;

    /// <summary>The most other entries with the same link that go with an article.</summary>
    const int MaxTogether = 100;

    /// <summary>
    /// How many entries of its source may have an article's link before the link is taken for a page of many articles, which is
    /// neither taken down nor blocked with one of them.
    /// </summary>
    const int MaxSharing = 3;

    /// <summary>The longest note of a decision, in UTF-16 code units.</summary>
    const int MaxNoteLength = 1_000;

    /// <summary>Stores a request.</summary>
    /// <exception cref="ArgumentException">A text of it is too long.</exception>
    Task<TakedownFiling> FileAsync(NewTakedownRequest request, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The newest requests, those that wait or those that are decided.</summary>
    /// <param name="open">Whether those that wait are asked for.</param>
    /// <param name="before">Only those with a lower number; null for the first page.</param>
    /// <param name="limit">1 to <see cref="MaxListed"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<TakedownRequest>> ListAsync(bool open, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the article of a request down, in one transaction: every entry with its link leaves all lists and topics, and neither
    /// entry nor link is stored again. Their texts stay, out of everybody's reach, until <paramref name="grace"/> is over. Other open
    /// requests for them are approved with it.
    /// </summary>
    /// <param name="requestId">The request.</param>
    /// <param name="isLegal">Whether a law or an order is the reason.</param>
    /// <param name="note">The admin's note, at most <see cref="MaxNoteLength"/> characters.</param>
    /// <param name="decidedBy">The admin's name.</param>
    /// <param name="grace">For how long it can be undone.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<TakedownOutcome> ApproveAsync(
        long requestId, bool isLegal, string? note, string decidedBy, TimeSpan grace, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Lets the article stay.</summary>
    Task<TakedownOutcome> RefuseAsync(long requestId, string? note, string decidedBy, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Brings back what an approved request took down, under the same numbers and in the same places; the request waits again.</summary>
    Task<TakedownOutcome> UndoAsync(long requestId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the texts of what was taken down and cannot be undone any more, from tables and files; hashes and facts stay. Returns how
    /// many entries are gone for good now; those whose text a long reading still holds in the file come with a later call.
    /// </summary>
    Task<int> PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes what visitors wrote in requests that were refused up to <paramref name="decidedBefore"/>, and what the articles were
    /// called then; that there was a request and what was decided stays. Returns how many requests that were.
    /// </summary>
    Task<int> PurgeRefusedAsync(DateTimeOffset decidedBefore, CancellationToken cancellationToken);

    /// <summary>What is left of an article, or null when it was not taken down.</summary>
    Task<Tombstone?> FindTombstoneAsync(long entryId, CancellationToken cancellationToken);

    /// <summary>What is left of these articles, of those that were taken down, in no order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="EntryQuery.MaxLimit"/>.</exception>
    Task<IReadOnlyList<Tombstone>> FindTombstonesAsync(IReadOnlyCollection<long> entryIds, CancellationToken cancellationToken);

    /// <summary>
    /// What is left of the article that had this link, or null when none of it was taken down. Only a hash of the link is kept and
    /// compared; http and https are the same, and a slash at the end makes no difference.
    /// </summary>
    Task<Tombstone?> FindTombstoneByUrlAsync(string url, CancellationToken cancellationToken);

    /// <summary>What left a topic since a moment, newest first, at most <see cref="Tombstone.MaxPublished"/>.</summary>
    Task<IReadOnlyList<Tombstone>> ListTombstonesAsync(Topic topic, DateTimeOffset since, CancellationToken cancellationToken);
}
