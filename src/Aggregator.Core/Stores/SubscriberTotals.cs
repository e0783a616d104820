namespace Aggregator.Core.Stores;

/// <summary>How it stands with our hub.</summary>
/// <param name="Subscriptions">Subscriptions that hold.</param>
/// <param name="Behind">Those that are behind their topic.</param>
/// <param name="Failing">Those whose last delivery failed.</param>
/// <param name="Waiting">Requests that wait for their verification.</param>
/// <param name="LongestBehindSince">Since when the one is behind that waits longest, failing ones left out; null when none is.</param>
public sealed record SubscriberTotals(long Subscriptions, long Behind, long Failing, long Waiting, DateTimeOffset? LongestBehindSince);
