using System.Threading.RateLimiting;
using Aggregator.Core.Hub;
using Aggregator.Server.Accounts;

namespace Aggregator.Server.Hub;

/// <summary>
/// How many requests a minute the hub takes from a client address, and for callbacks on one host: each makes us send one request to
/// whoever it names. Each process counts by itself.
/// </summary>
internal sealed class HubAdmission(HubOptions options) : IDisposable
{
    /// <summary>What a refusal says to wait, in seconds.</summary>
    public const int RetryAfterSeconds = 60;

    private readonly PartitionedRateLimiter<string> _clients = Limiter(options.RequestsPerMinute);
    private readonly PartitionedRateLimiter<string> _hosts = Limiter(options.RequestsPerHostPerMinute);

    /// <summary>Who a client is to the limits: its IPv4 address, or the /64 of its IPv6 address.</summary>
    public static string ClientOf(HttpContext context) => SignInThrottle.Network(context.Connection.RemoteIpAddress);

    /// <summary>Counts a request of a client. False when it is one too many.</summary>
    public bool AdmitClient(string client) => Admit(_clients, client);

    /// <summary>Counts a request for a callback's host. False when it is one too many.</summary>
    public bool AdmitHost(string host) => Admit(_hosts, host);

    /// <inheritdoc/>
    public void Dispose()
    {
        _clients.Dispose();
        _hosts.Dispose();
    }

    private static bool Admit(PartitionedRateLimiter<string> limiter, string who)
    {
        using var lease = limiter.AttemptAcquire(who);
        return lease.IsAcquired;
    }

    // Whoever has been silent for a window is forgotten by the limiter itself.
    private static PartitionedRateLimiter<string> Limiter(int perMinute) => PartitionedRateLimiter.Create<string, string>(who =>
        RateLimitPartition.GetFixedWindowLimiter(who, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = perMinute,
            Window = TimeSpan.FromMinutes(1),
            QueueLimit = 0,
        }));
}
