using Aggregator.Core.Takedowns;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Takedowns;

/// <summary>A tombstone as it is read.</summary>
internal sealed record TombstoneRow
{
    public const string Columns = "tombstone.entry_id, tombstone.is_legal, tombstone.removed_at, tombstone.purge_at, tombstone.purged_at";

    public required long EntryId { get; init; }
    public required int IsLegal { get; init; }
    public required long RemovedAt { get; init; }
    public required long PurgeAt { get; init; }
    public long? PurgedAt { get; init; }

    public Tombstone ToTombstone() => new(
        EntryId, IsLegal == 1, UnixTime.FromMilliseconds(RemovedAt), UnixTime.FromMilliseconds(PurgeAt), UnixTime.FromMilliseconds(PurgedAt));
}
