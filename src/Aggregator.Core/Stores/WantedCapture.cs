namespace Aggregator.Core.Stores;

/// <summary>An entry of a refresh whose page is to be looked at.</summary>
/// <param name="Key">The entry's key.</param>
/// <param name="Host">The host of its link, <c>host:port</c>; see <see cref="Crawling.HostGate.HostOf(string)"/>.</param>
public sealed record WantedCapture(string Key, string? Host);
