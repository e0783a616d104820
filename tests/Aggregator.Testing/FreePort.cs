using System.Net;
using System.Net.Sockets;

namespace Aggregator.Testing;

/// <summary>Ports for programs that must be told theirs before they start.</summary>
public static class FreePort
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Handed = [];

    /// <summary>
    /// A TCP port that nobody listens on at 127.0.0.1 just now, never the same twice in one test host. Another program
    /// may take it before it is used; what can listen on port 0 itself should do that instead.
    /// </summary>
    /// <exception cref="SocketException">The machine has no free port.</exception>
    public static int Next()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            lock (Gate)
                if (Handed.Add(port)) return port;
        }
    }
}
