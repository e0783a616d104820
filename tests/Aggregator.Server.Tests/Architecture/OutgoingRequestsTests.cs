using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Architecture;

/// <summary>Requests leave through three clients, each of which connects past the guard. Another way out has to be added here, and to the table of forbidden targets.</summary>
public sealed class OutgoingRequestsTests
{
    private static readonly string[] Clients = ["Aggregator.Core/Fetching/ConnectionPools.cs", "Aggregator.Core/Hub/CallbackClient.cs", "Aggregator.Core/WebSub/HubClient.cs"];

    private static readonly string[] WaysOut = ["new SocketsHttpHandler", "new HttpClient", "HttpClientHandler", "AddHttpClient", "IHttpClientFactory", "WebRequest", "new TcpClient", "new Socket("];

    [Fact]
    public void Leave_only_where_the_guard_stands()
    {
        var root = Path.Combine(Repository.Root, "src");
        var opening = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(root, file).Replace('\\', '/'), Text: File.ReadAllText(file)))
            .Where(static file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && Array.Exists(WaysOut, way => file.Text.Contains(way, StringComparison.Ordinal)))
            .ToList();
        // The guard opens the sockets of the others.
        Assert.Equal([.. Clients.Append("Aggregator.Core/Fetching/GuardedConnector.cs").Order(StringComparer.Ordinal)], opening.Select(static file => file.Path).Order(StringComparer.Ordinal));
        Assert.All(opening.Where(static file => Clients.Contains(file.Path)), static file =>
        {
            Assert.Contains("ConnectCallback = connector.ConnectAsync", file.Text, StringComparison.Ordinal);
            Assert.Contains("AllowAutoRedirect = false", file.Text, StringComparison.Ordinal);
        });
    }
}
