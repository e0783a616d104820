namespace Aggregator.Core.Snapshots;

/// <summary>The source of a snapshot as it was called when it was taken.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Url">Its address as strangers may see it.</param>
public sealed record SnapshotSource(string? Title, string? Url);
