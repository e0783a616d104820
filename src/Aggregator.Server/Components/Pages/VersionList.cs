using Aggregator.Core.Snapshots;

namespace Aggregator.Server.Components.Pages;

/// <summary>The versions of an article as its page lists them.</summary>
/// <param name="EntryId">The article.</param>
/// <param name="Snapshots">The newest of them, newest first.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Shown">The number of the one that the page shows, or null.</param>
public sealed record VersionList(long EntryId, IReadOnlyList<Snapshot> Snapshots, int Total, int? Shown)
{
    /// <summary>Those that brought another title, oldest first.</summary>
    public IReadOnlyList<Snapshot> Retitled => [.. Snapshots.Where(snapshot => snapshot.Changes.HasFlag(SnapshotChanges.Title)).Reverse()];

    /// <summary>What a version is compared with: the last one before it of its kind whose text is kept, as its changes are told against.</summary>
    public Snapshot? Before(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Snapshots.FirstOrDefault(other => other.Number < snapshot.Number && other.Kind == snapshot.Kind && other.IsKept);
    }
}
