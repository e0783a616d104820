using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>Reading the entries that we have.</summary>
public interface IEntryStore
{
    /// <summary>The entries of a topic, newest first. Entries of one query belong to one moment.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of bounds, or both page keys are given.</exception>
    Task<IReadOnlyList<StoredEntry>> ListAsync(EntryQuery query, CancellationToken cancellationToken);

    /// <summary>One entry with its body, or null.</summary>
    Task<StoredEntry?> FindAsync(long entryId, CancellationToken cancellationToken);

    /// <summary>The categories in which an entry stands, in the order of lists.</summary>
    Task<IReadOnlyList<Category>> CategoriesOfAsync(long entryId, CancellationToken cancellationToken);

    /// <summary>The topic's version now: one indexed look-up.</summary>
    Task<TopicVersion> VersionAsync(Topic topic, CancellationToken cancellationToken);
}
