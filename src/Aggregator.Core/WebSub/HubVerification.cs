namespace Aggregator.Core.WebSub;

/// <summary>A hub's question whether we meant it, or its denial, as it came in the query (WebSub §5.2, §5.3).</summary>
/// <param name="Mode"><c>hub.mode</c>.</param>
/// <param name="Topic"><c>hub.topic</c>.</param>
/// <param name="Challenge"><c>hub.challenge</c>.</param>
/// <param name="LeaseSeconds"><c>hub.lease_seconds</c>, when it is a positive number.</param>
/// <param name="Reason"><c>hub.reason</c>.</param>
public sealed record HubVerification(string? Mode, string? Topic, string? Challenge, long? LeaseSeconds, string? Reason);
