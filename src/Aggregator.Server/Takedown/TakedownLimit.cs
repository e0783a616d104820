using System.Net;
using System.Threading.RateLimiting;
using Aggregator.Server.Accounts;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Takedown;

/// <summary>Lets an address send only so many requests in an hour (<see cref="TakedownOptions.RequestsPerHour"/>). Each process counts by itself.</summary>
internal sealed class TakedownLimit(IOptions<TakedownOptions> options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // Addresses that have been silent for a window are forgotten by the limiter itself.
    private readonly PartitionedRateLimiter<IPAddress?> _limiter = PartitionedRateLimiter.Create<IPAddress?, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(SignInThrottle.Network(address), _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.Value.RequestsPerHour,
            Window = Window,
            QueueLimit = 0,
        }));

    /// <summary>Counts a request. Null when it may go on, else how long to wait.</summary>
    public TimeSpan? Begin(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(address);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window;
    }

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();
}
