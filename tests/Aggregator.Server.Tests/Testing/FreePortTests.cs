using System.Net;
using System.Net.Sockets;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Testing;

public sealed class FreePortTests
{
    [Fact]
    public void Gives_ports_that_can_be_listened_on_and_none_twice()
    {
        var ports = Enumerable.Range(0, 20).Select(_ => FreePort.Next()).ToArray();

        Assert.Equal(ports.Length, ports.Distinct().Count());
        foreach (var port in ports)
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            Assert.Equal(port, ((IPEndPoint)listener.LocalEndpoint).Port);
        }
    }
}
