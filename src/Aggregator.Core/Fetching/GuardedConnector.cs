using System.Net;
using System.Net.Sockets;

namespace Aggregator.Core.Fetching;

/// <summary>Opens the TCP connection of an outgoing request to an address that the guard has seen.</summary>
/// <param name="guard">The judge.</param>
/// <param name="resolve">Resolves a host name; the system's resolver outside tests.</param>
public sealed class GuardedConnector(TargetGuard guard, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    /// <summary>How long one address is tried while the name has others: a broken IPv6 must not use up the time for all.</summary>
    private static readonly TimeSpan PerAddress = TimeSpan.FromSeconds(3);

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
        context.InitialRequestMessage.Options.TryGetValue(FetchTrace.Key, out var trace);
        var port = context.DnsEndPoint.Port;
        var addresses = await JudgeAsync(context.DnsEndPoint.Host, port, trace, cancellationToken).ConfigureAwait(false);
        SocketException? last = null;
        for (var i = 0; i < addresses.Length; i++)
        {
            var isLast = i == addresses.Length - 1;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (!isLast) patience.CancelAfter(PerAddress);
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[i], port, patience.Token).ConfigureAwait(false);
                trace?.Connected(addresses[i]);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException refused)
            {
                socket.Dispose();
                last = refused;
            }
            catch (OperationCanceledException) when (!isLast && !cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.TimedOut);
    }

    /// <summary>The addresses of a host, all of them judged.</summary>
    /// <exception cref="TargetRefusedException">An address is not to be connected to.</exception>
    /// <exception cref="SocketException">The name has no address.</exception>
    public Task<IPAddress[]> JudgeAsync(string host, int port, CancellationToken cancellationToken) => JudgeAsync(host, port, trace: null, cancellationToken);

    private async Task<IPAddress[]> JudgeAsync(string host, int port, FetchTrace? trace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        host = host.TrimEnd('.');
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal)
            ? [literal]
            : await _resolve(host, cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        trace?.Resolved([.. addresses.Select(address => (address, guard.Allows(host, address, port)))]);
        foreach (var address in addresses)
            if (!guard.Allows(host, address, port))
                throw new TargetRefusedException(host, address);
        return addresses;
    }
}
