namespace Aggregator.Core.Stores;

/// <summary>An entry that has left its feed, as a <see cref="RetentionPlan"/> judges it.</summary>
/// <param name="SourceId">Its source.</param>
/// <param name="FirstSeenAt">When we first had it.</param>
/// <param name="IsBeyondSource">Whether its source has as many newer entries as <see cref="RetentionPlan.EntriesOfSource"/> counts.</param>
/// <param name="Categories">The categories in which it stands, each with whether as many newer entries as its rule counts stand there.</param>
public sealed record ExpiryCandidate(
    long SourceId, DateTimeOffset FirstSeenAt, bool IsBeyondSource, IReadOnlyList<(long CategoryId, bool IsBeyond)> Categories);
