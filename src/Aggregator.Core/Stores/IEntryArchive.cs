using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>
/// Reading the entries as they are stored, whatever strangers may see of them: for our own work with texts, and for admins. Nothing that
/// comes from here is published; <see cref="IEntryStore"/> is for that.
/// </summary>
public interface IEntryArchive
{
    /// <summary>The entries of a topic, newest first, those of deleted sources left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As <see cref="IEntryStore.ListAsync"/> has it.</exception>
    Task<IReadOnlyList<StoredEntry>> ListAsync(EntryQuery query, CancellationToken cancellationToken);

    /// <summary>One entry with its body, or null.</summary>
    Task<StoredEntry?> FindAsync(long entryId, CancellationToken cancellationToken);
}
