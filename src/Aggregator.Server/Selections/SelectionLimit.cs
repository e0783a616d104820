using System.Globalization;
using System.Threading.RateLimiting;
using Aggregator.Server.Accounts;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Selections;

/// <summary>Lets an address change selections only so often in a minute (<see cref="SelectionOptions.WritesPerMinute"/>). Each process counts by itself.</summary>
internal sealed class SelectionLimit(IOptions<SelectionOptions> options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Addresses that have been silent for a window are forgotten by the limiter itself.
    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetFixedWindowLimiter(SignInThrottle.Network(context.Connection.RemoteIpAddress), _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.Value.WritesPerMinute,
            Window = Window,
            QueueLimit = 0,
        }));

    /// <summary>Counts a change. False when it is one too many; then <c>Retry-After</c> says how long to wait.</summary>
    public bool Admit(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(context);
        if (lease.IsAcquired) return true;
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : Window;
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return false;
    }

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();
}
