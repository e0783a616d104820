using Aggregator.Core.Model;
using Aggregator.Core.Routing;

namespace Aggregator.Core.Stores;

/// <summary>What rules did with stored entries, and doing it anew.</summary>
public interface IRoutingStore
{
    /// <summary>The most entries that are routed in one transaction.</summary>
    const int MaxRouted = 500;

    /// <summary>The most dropped entries of a list.</summary>
    const int MaxListed = 500;

    /// <summary>What rules did with an entry, in the order in which they did it.</summary>
    Task<IReadOnlyList<EntryRoute>> RoutesOfAsync(long entryId, CancellationToken cancellationToken);

    /// <summary>The entries of a category's or a source's feeds that rules kept out, newest first.</summary>
    Task<IReadOnlyList<DroppedEntry>> ListDroppedAsync(Topic topic, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Gives stored entries the places and tags that rules say instead of those that earlier rules gave them, and deletes those that
    /// a rule drops: their texts are gone for good, and their sources do not bring them again. Raises the topics concerned.
    /// </summary>
    /// <param name="entries">The entries with what the rules say, at most <see cref="MaxRouted"/>.</param>
    /// <param name="drop">Whether to delete what a rule drops; else it stays as it is.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>The entries that this changed, in the order given.</returns>
    Task<IReadOnlyList<ReroutedEntry>> ApplyAsync(
        IReadOnlyList<(StoredEntry Entry, RoutingOutcome Outcome)> entries, bool drop, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets what rules kept out of these feeds, and has their sources read anew: what their documents still hold comes in as the
    /// rules say then. Returns how many entries were forgotten.
    /// </summary>
    Task<int> ForgetDroppedAsync(Topic topic, CancellationToken cancellationToken);
}
