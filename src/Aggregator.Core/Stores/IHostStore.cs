namespace Aggregator.Core.Stores;

/// <summary>
/// What all workers have to agree on about the hosts that are asked: the slots of requests in progress, the gap between two
/// starts, and until when an operator asked us to stay away. A host is named <c>host:port</c>.
/// </summary>
public interface IHostStore
{
    /// <summary>
    /// Whether other processes share the store. When none can, the gate in our memory sees every request there is:
    /// <see cref="AcquireAsync"/> and <see cref="ReleaseAsync"/> are not needed then and grant everything.
    /// </summary>
    bool IsShared { get; }

    /// <summary>
    /// Takes slots of hosts, many hosts in one call. A host that another worker is just asking for is refused for the moment
    /// rather than waited for.
    /// </summary>
    /// <param name="wanted">How many slots of which host, each host once.</param>
    /// <param name="limits">How many requests and how close together.</param>
    /// <param name="now">The moment; a slot whose lease has run out by then is free.</param>
    /// <param name="until">When the leases of the slots taken run out, if nobody gives them back.</param>
    /// <param name="cancellationToken">Ends the call; then nothing was taken, or what was taken runs out by itself.</param>
    /// <returns>One grant for each host that was asked for.</returns>
    Task<IReadOnlyList<HostGrant>> AcquireAsync(
        IReadOnlyCollection<HostDemand> wanted, HostLimits limits, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Gives slots back. Slots whose lease has run out may have been taken by others meanwhile; those are left alone.</summary>
    Task ReleaseAsync(IReadOnlyCollection<HostSlot> slots, CancellationToken cancellationToken);

    /// <summary>No source of this host is claimed before <paramref name="until"/>; a time that is stored already is never shortened.</summary>
    Task CloseAsync(string host, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Until when a host is closed, or null when it never was.</summary>
    Task<DateTimeOffset?> ClosedUntilAsync(string host, CancellationToken cancellationToken);
}
