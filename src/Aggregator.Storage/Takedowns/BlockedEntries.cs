using Aggregator.Storage.Databases;
using Aggregator.Storage.Entries;

namespace Aggregator.Storage.Takedowns;

/// <summary>Says which entries on their way in were taken down.</summary>
internal static class BlockedEntries
{
    private const string Any = "select case when exists (select 1 from blocked) then 1 else 0 end";

    private const string Known = "select hash from blocked where hash {any @hashes}";

    /// <summary>
    /// The hashes among these entries' that are blocked; nothing more than a look when nobody ever asked for a take-down. It has to be a
    /// transaction's first statement: a decision that is being made waits for it, and it waits for a decision.
    /// </summary>
    public static async Task<IReadOnlySet<string>> AmongAsync(StoreSession session, long sourceId, IEnumerable<NewEntryRow> entries)
    {
        if (await session.FindAsync<int>(Any) == 0) return new HashSet<string>();
        var hashes = entries.SelectMany(entry => BlockHash.AllOf(sourceId, entry.Key, entry.Guid, entry.Url)).ToHashSet(StringComparer.Ordinal);
        return hashes.Count == 0
            ? hashes
            : (await session.ListAsync<string>(Known, new { hashes = session.Database.List(hashes) })).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether an entry is one of them.</summary>
    public static bool Holds(IReadOnlySet<string> blocked, long sourceId, NewEntryRow entry) =>
        blocked.Count > 0 && BlockHash.AllOf(sourceId, entry.Key, entry.Guid, entry.Url).Any(blocked.Contains);
}
