using Aggregator.Core.Crawling;
using Aggregator.Core.Stores;

namespace Aggregator.Core.Capturing;

/// <summary>Says when a page is looked at next. Pure.</summary>
/// <param name="options">The times.</param>
public sealed class CaptureSchedule(CaptureOptions options)
{
    private readonly IReadOnlyList<TimeSpan> _looks = options.Looks();

    /// <summary>The first look of <see cref="CaptureOptions.Again"/> that has not passed, or null after the last.</summary>
    /// <param name="publishedAt">When the article appeared.</param>
    /// <param name="now">The moment.</param>
    /// <param name="jitter">A number from 0 to 1: looks come up to a twentieth of their distance later, so that a feed's articles are not all due at once.</param>
    public DateTimeOffset? NextLook(DateTimeOffset publishedAt, DateTimeOffset now, double jitter)
    {
        foreach (var after in _looks)
            if (publishedAt + after > now)
                return publishedAt + after + (after / 20 * Math.Clamp(jitter, 0, 1));
        return null;
    }

    /// <summary>What follows from a look.</summary>
    /// <param name="reading">What came of it.</param>
    /// <param name="attempts">How often this look had failed before.</param>
    /// <param name="publishedAt">When the article appeared.</param>
    /// <param name="now">The moment.</param>
    /// <param name="jitter">A number from 0 to 1, different for each page and moment.</param>
    /// <returns>The state of the capture from now on, the failed attempts of the next look, and when that is; null for never.</returns>
    public (CaptureState State, int Attempts, DateTimeOffset? DueAt) After(
        PageReading reading, int attempts, DateTimeOffset publishedAt, DateTimeOffset now, double jitter)
    {
        var next = NextLook(publishedAt, now, jitter);
        switch (reading)
        {
            case PageReading.Read or PageReading.NotModified:
                return (CaptureState.Captured, 0, next);
            case PageReading.Busy busy:
                return (CaptureState.Waiting, attempts, busy.RetryAt > now ? busy.RetryAt : now);
            case PageReading.Failed failed when attempts + 1 < options.Attempts:
                return (CaptureState.Waiting, attempts + 1, now + Retry(attempts, failed.RetryAfter, jitter));
            case PageReading.Failed:
                return (CaptureState.GivenUp, 0, next);
            default:
                return (CaptureState.Refused, 0, next);
        }
    }

    private TimeSpan Retry(int attempts, TimeSpan? retryAfter, double jitter)
    {
        var wait = options.FirstRetry.TotalSeconds * Math.Pow(2, attempts);
        var spread = Math.Min(wait, options.LongestRetry.TotalSeconds) * (0.75 + (0.5 * Math.Clamp(jitter, 0, 1)));
        var longest = Math.Min(retryAfter?.TotalSeconds ?? 0, HostGate.LongestClosure.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(spread, longest));
    }
}
