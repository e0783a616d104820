namespace Aggregator.Core.Stores;

/// <summary>Requests that a worker would like to start.</summary>
/// <param name="Host">The host, <c>host:port</c>.</param>
/// <param name="Count">How many, at least 1.</param>
public sealed record HostDemand(string Host, int Count);
