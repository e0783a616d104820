using System.Globalization;
using Aggregator.Core.Model;

namespace Aggregator.Core.Crawling;

/// <summary>
/// Decides when a source is asked again. Pure: the same facts give the same answer, and the answer says why.
/// A source that posts often is asked often; one that has been silent for long is asked rarely; what the publisher asks for
/// (<c>Cache-Control</c>, <c>ttl</c>, <c>Retry-After</c>) is a floor; failures double the wait.
/// </summary>
/// <param name="options">The bounds.</param>
public sealed class RefreshPolicy(RefreshOptions options)
{
    /// <summary>The wait after the first failure; it doubles with each further one.</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(5);

    /// <summary>Failures alone never make the wait longer than this: a site that was down for a week is back within a day.</summary>
    private static readonly TimeSpan LongestRetry = TimeSpan.FromDays(1);

    /// <summary>The wait for a source that we know nothing of yet.</summary>
    private static readonly TimeSpan FirstInterval = TimeSpan.FromHours(1);

    /// <summary>A publisher's floor is kept up to this; some feeds ask for a year by mistake.</summary>
    private static readonly TimeSpan LongestFloor = TimeSpan.FromDays(1);

    /// <summary>How much each wait is spread, so that sources added together do not stay together.</summary>
    private const double Spread = 0.1;

    /// <summary>When to ask after a document or a 304.</summary>
    /// <param name="rhythm">How the source posts, as far as we know.</param>
    /// <param name="waitAtLeast">What the publisher asks for, or null.</param>
    /// <param name="now">The moment of the fetch.</param>
    /// <param name="jitter">A number from 0 to 1, different for each source and fetch.</param>
    public NextFetch AfterSuccess(PostingRhythm rhythm, TimeSpan? waitAtLeast, DateTimeOffset now, double jitter)
    {
        ArgumentNullException.ThrowIfNull(rhythm);
        var (wait, reason) = ByRhythm(rhythm, now);
        if (waitAtLeast is { } asked && Shorter(asked, LongestFloor) is var floor && floor > wait)
            (wait, reason) = (floor, $"the publisher asks for no more than one request in {InWords(floor)}");
        return At(now, wait, reason, jitter);
    }

    /// <summary>When to ask after a failure.</summary>
    /// <param name="failuresInARow">How many there were, this one included: at least 1.</param>
    /// <param name="retryAfter">What the publisher asks for, or null.</param>
    /// <param name="now">The moment of the fetch.</param>
    /// <param name="jitter">A number from 0 to 1, different for each source and fetch.</param>
    public NextFetch AfterFailure(int failuresInARow, TimeSpan? retryAfter, DateTimeOffset now, double jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failuresInARow, 1);
        var wait = Shorter(FirstRetry * Math.Pow(2, Math.Min(failuresInARow - 1, 16)), LongestRetry);
        var reason = failuresInARow == 1 ? "the last fetch failed" : $"the last {failuresInARow.ToString(CultureInfo.InvariantCulture)} fetches failed";
        if (retryAfter is { } asked && asked > wait) (wait, reason) = (asked, "the publisher asked us to come back then (Retry-After)");
        return At(now, wait, reason, jitter);
    }

    private static (TimeSpan Wait, string Reason) ByRhythm(PostingRhythm rhythm, DateTimeOffset now)
    {
        var idle = rhythm.NewestAt is { } newest && newest < now ? now - newest : (TimeSpan?)null;
        if (rhythm.TypicalGap is { } gap)
        {
            // Half the gap finds an entry after a quarter of it on average; a silence longer than usual stretches the wait.
            var wait = gap / 2;
            return idle / 8 is { } stretched && stretched > wait
                ? (stretched, $"nothing new has come for {InWords(idle!.Value)}")
                : (wait, $"it posts about every {InWords(gap)}");
        }

        return idle is { } silence
            ? (silence / 8, $"nothing new has come for {InWords(silence)}")
            : (FirstInterval, "its rhythm is not known yet");
    }

    private NextFetch At(DateTimeOffset now, TimeSpan wait, string reason, double jitter)
    {
        if (wait < options.MinInterval) wait = options.MinInterval;
        if (wait > options.MaxInterval) wait = options.MaxInterval;
        var spread = wait * (1 + Spread * Math.Clamp(jitter, 0, 1));
        return new NextFetch(now + Shorter(spread, options.MaxInterval), $"Every {InWords(wait)}, because {reason}.");
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static string InWords(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} hours"),
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, time.TotalSeconds):0} seconds"),
    };
}
