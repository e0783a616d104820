using Aggregator.Core.Hub;
using Aggregator.Server.Accounts;
using Aggregator.Server.Hosting;

namespace Aggregator.Server.Hub;

/// <summary>
/// How many requests a minute the hub takes from a client address, and for callbacks on one host: each makes us send one request to
/// whoever it names. Each process counts by itself.
/// </summary>
internal sealed class HubAdmission(HubOptions options) : IDisposable
{
    /// <summary>What a refusal says to wait, in seconds.</summary>
    public const int RetryAfterSeconds = 60;

    private readonly RequestWindow _clients = new(options.RequestsPerMinute, TimeSpan.FromSeconds(RetryAfterSeconds));
    private readonly RequestWindow _hosts = new(options.RequestsPerHostPerMinute, TimeSpan.FromSeconds(RetryAfterSeconds));

    /// <summary>Who a client is to the limits: its IPv4 address, or the /64 of its IPv6 address.</summary>
    public static string ClientOf(HttpContext context) => SignInThrottle.Network(context.Connection.RemoteIpAddress);

    /// <summary>Counts a request of a client. False when it is one too many.</summary>
    public bool AdmitClient(string client) => _clients.Begin(client) is null;

    /// <summary>Counts a request for a callback's host. False when it is one too many.</summary>
    public bool AdmitHost(string host) => _hosts.Begin(host) is null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _clients.Dispose();
        _hosts.Dispose();
    }
}
