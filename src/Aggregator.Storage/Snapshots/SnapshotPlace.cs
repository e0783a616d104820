namespace Aggregator.Storage.Snapshots;

/// <summary>The number and the time that the entry's row gave to its next snapshot.</summary>
internal sealed record SnapshotPlace
{
    public required int Version { get; init; }
    public required long CapturedAt { get; init; }
}
