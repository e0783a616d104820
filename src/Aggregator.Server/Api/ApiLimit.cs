using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Api;

/// <summary>Lets a key, or an account that is signed in, make only so many requests in a minute (<see cref="ApiOptions.RequestsPerMinute"/>). Each process counts by itself.</summary>
internal sealed class ApiLimit(IOptions<ApiOptions> options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // Keys that have been silent for a window are forgotten by the limiter itself.
    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetFixedWindowLimiter(NameOf(context), _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.Value.RequestsPerMinute,
            Window = Window,
            QueueLimit = 0,
        }));

    /// <summary>Counts a request. False when it is one too many; then <c>Retry-After</c> says how long to wait.</summary>
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

    private static string NameOf(HttpContext context) =>
        context.User.FindFirst(ApiKeyAuthentication.KeyClaim)?.Value is { } key ? "key:" + key : "account:" + context.User.Identity?.Name;
}
