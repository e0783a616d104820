using System.Net;
using System.Net.Sockets;

namespace Aggregator.Core.Fetching;

/// <summary>Opens the TCP connection of an outgoing request to an address that the guard has seen.</summary>
/// <param name="guard">The judge.</param>
/// <param name="resolve">Resolves a host name; the system's resolver outside tests.</param>
public sealed class GuardedConnector(TargetGuard guard, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>
    /// Resolves, judges and connects: to be used as <see cref="SocketsHttpHandler.ConnectCallback"/>. All addresses of a name
    /// are judged before the first is tried: a name that mixes public and private ones is refused whole.
    /// </summary>
    /// <exception cref="TargetRefusedException">An address is not to be connected to.</exception>
    /// <exception cref="SocketException">The name has no address, or none of them answers.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        host = host.TrimEnd('.');
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal)
            ? [literal]
            : await _resolve(host, cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        context.InitialRequestMessage.Options.TryGetValue(FetchTrace.Key, out var trace);
        trace?.Resolved([.. addresses.Select(address => (address, guard.Allows(host, address, port)))]);
        foreach (var address in addresses)
            if (!guard.Allows(host, address, port))
                throw new TargetRefusedException(host, address);

        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, port, cancellationToken).ConfigureAwait(false);
                trace?.Connected(address);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException refused)
            {
                socket.Dispose();
                last = refused;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last!;
    }
}
