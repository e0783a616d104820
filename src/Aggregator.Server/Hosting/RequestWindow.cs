using System.Globalization;
using System.Threading.RateLimiting;

namespace Aggregator.Server.Hosting;

/// <summary>Lets each of many send only so many requests in a window of time. Each process counts by itself.</summary>
/// <param name="most">How many requests one may send in a window.</param>
/// <param name="length">How long a window is.</param>
internal sealed class RequestWindow(int most, TimeSpan length) : IDisposable
{
    // Whoever has been silent for a window is forgotten by the limiter itself.
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(who =>
        RateLimitPartition.GetFixedWindowLimiter(who, _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = length, QueueLimit = 0 }));

    /// <summary>Counts a request. Null when it may go on, else how long to wait.</summary>
    /// <param name="who">Whoever sent it.</param>
    public TimeSpan? Begin(string who)
    {
        using var lease = _limiter.AttemptAcquire(who);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : length;
    }

    /// <summary>Counts a request. False when it is one too many; then <c>Retry-After</c> says how long to wait.</summary>
    /// <param name="context">The request.</param>
    /// <param name="who">Whoever sent it.</param>
    public bool Admit(HttpContext context, string who)
    {
        if (Begin(who) is not { } wait) return true;
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return false;
    }

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();
}
