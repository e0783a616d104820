namespace Aggregator.Core.Stores;

/// <summary>The right to one request in progress.</summary>
/// <param name="Host">The host.</param>
/// <param name="Until">When its lease runs out. Slots of one host with the same end are each other's equals.</param>
public sealed record HostSlot(string Host, DateTimeOffset Until);
