using Aggregator.Core.Snapshots;

namespace Aggregator.Core.Stores;

/// <summary>A snapshot with its text, for verifying.</summary>
/// <param name="Snapshot">Its row.</param>
/// <param name="Bytes">The canonical document as it is kept; null when it is not.</param>
/// <param name="Damage">Why the kept bytes could not be unpacked; null when they could, or there are none.</param>
public sealed record KeptSnapshot(Snapshot Snapshot, ReadOnlyMemory<byte>? Bytes, string? Damage);
