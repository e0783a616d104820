namespace Aggregator.Core.Snapshots;

/// <summary>A snapshot as a leaf of a day's tree.</summary>
/// <param name="SnapshotId">Its number.</param>
/// <param name="Sha256">The hash of its document.</param>
public sealed record SealLeaf(long SnapshotId, ReadOnlyMemory<byte> Sha256);
