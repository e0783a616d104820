using Aggregator.Core.Snapshots;

namespace Aggregator.Core.Stores;

/// <summary>A captured page to keep as a version of an entry.</summary>
public sealed record PageSnapshotWrite
{
    /// <summary>The entry whose page it is.</summary>
    public required long EntryId { get; init; }

    /// <summary>What the page said. The store moves <see cref="SnapshotDocument.CapturedAt"/> when the entry has a version of that second or a later one.</summary>
    public required SnapshotDocument Document { get; init; }

    /// <summary>How it came.</summary>
    public CaptureFacts Facts { get; init; } = new();
}
