namespace Aggregator.Core.Snapshots;

/// <summary>What thinning looks at of a snapshot.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Number">Its number inside its entry.</param>
/// <param name="Kind">What was captured.</param>
/// <param name="CapturedAt">When.</param>
public sealed record ThinnableSnapshot(long Id, int Number, SnapshotKind Kind, DateTimeOffset CapturedAt);
