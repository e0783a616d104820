using System.Net;

namespace Aggregator.Core.Fetching;

/// <summary>The guard refused an address. It is thrown while connecting and ends as a failure of the source.</summary>
/// <param name="host">The host of the request.</param>
/// <param name="address">The address that was refused: for the log, not for visitors.</param>
public sealed class TargetRefusedException(string host, IPAddress address)
    : Exception($"{host} resolved to {address}, which is not a public address and not in Fetching:AllowedTargets, or is our own.");
