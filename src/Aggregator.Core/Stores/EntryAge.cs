namespace Aggregator.Core.Stores;

/// <summary>An entry and when its newest snapshot was taken.</summary>
/// <param name="Id">The entry's number.</param>
/// <param name="CapturedAt">When its newest snapshot was taken.</param>
public sealed record EntryAge(long Id, DateTimeOffset CapturedAt);
