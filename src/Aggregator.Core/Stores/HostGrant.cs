namespace Aggregator.Core.Stores;

/// <summary>What a worker got of a host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Granted">How many requests may start at once: 0 to the number asked for.</param>
/// <param name="RetryAt">When to ask for the rest; null when only the end of another request can help.</param>
public sealed record HostGrant(string Host, int Granted, DateTimeOffset? RetryAt);
