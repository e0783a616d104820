using Aggregator.Core.Model;

namespace Aggregator.Core.Crawling;

/// <summary>
/// Decides when a source is asked again. Pure: the same facts give the same answer, and the answer says why.
/// <para>
/// A request has a price, in hours that entries wait unseen. A source is asked again when the entries that its rhythm lets
/// expect have together waited that long: often when it posts often, seldom at night if it sleeps then. What the publisher
/// asks for (<c>Cache-Control</c>, <c>ttl</c>, <c>skipHours</c>, <c>Retry-After</c>) and the configured bounds stand above that.
/// </para>
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

    /// <summary>A <c>Retry-After</c> is kept up to this, above every other bound; a longer one is a mistake too.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(31);

    /// <summary>A source that was silent for this long is asked about once a week.</summary>
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <summary>The longest wait that a rhythm asks for: however seldom it posts, what is not silent is asked every day.</summary>
    private static readonly TimeSpan LongestByRhythm = TimeSpan.FromDays(1);

    /// <summary>The part of a silence that is waited before the next look: a year gives a week.</summary>
    private const double PartOfSilence = 7.0 / 365;

    /// <summary>What a request costs, in hours of entries waiting, at <see cref="RefreshOptions.Eagerness"/> 1.</summary>
    private const double PriceInEntryHours = 0.26;

    /// <summary>
    /// How much cheaper a request is to a source that posts more often: the price falls with this power of its entries in an
    /// hour. At 0, one price for all, the mean wait over all entries is the least that so many requests can buy; at 1 every
    /// entry costs the same number of requests and the typical entry waits least, while rare ones wait for days. Chosen
    /// between the two by the simulation in docs/schedule.md.
    /// </summary>
    private const double FrequentAreCheaper = 0.45;

    /// <summary>Above this, new entries came too often right after our look (<see cref="PostingRhythm.Waited"/>).</summary>
    private const double OftenJustMissed = 0.7;

    /// <summary>How much of the wait it is spread over.</summary>
    private const double Spread = 0.2;

    /// <summary>The same where many sources may have been asked at one moment: after they were added, or after we stood still.</summary>
    private const double WideSpread = 1;

    /// <summary>When to ask again.</summary>
    /// <param name="source">
    /// The source after the fetch: its rhythm, hints, bounds, hub lease, and failures in a row (0 after a success);
    /// <see cref="Source.NextFetchAt"/> still says when the fetch was due.
    /// </param>
    /// <param name="waitAtLeast">What the publisher's answer asks for, or null: its freshness, or after a failure its <c>Retry-After</c>.</param>
    /// <param name="now">The moment of the fetch.</param>
    /// <param name="jitter">A number from 0 to 1, different for each source and fetch.</param>
    public NextFetch Next(Source source, TimeSpan? waitAtLeast, DateTimeOffset now, double jitter)
    {
        ArgumentNullException.ThrowIfNull(source);
        now = now.ToUniversalTime();
        jitter = Math.Clamp(jitter, 0, 1);
        var bounds = Bounds(source);
        var plan = Planned(source, now);
        if (source.FailureCount > 0) return AfterFailure(source.FailureCount, waitAtLeast, plan.Wait, bounds, now, jitter);

        var (fresh, asked) = (waitAtLeast ?? TimeSpan.Zero, source.Hints.MinimumInterval ?? TimeSpan.Zero);
        var floor = Shorter(Longer(fresh, asked), LongestFloor);
        if (floor > plan.Wait) plan = new ScheduleReason(fresh > asked ? ScheduleReasonKind.Fresh : ScheduleReasonKind.PublisherAsks, floor, floor);
        if (plan.Wait < bounds.Min) plan = new ScheduleReason(ScheduleReasonKind.ShortestAllowed, bounds.Min);
        if (plan.Wait > bounds.Max) plan = new ScheduleReason(ScheduleReasonKind.LongestAllowed, bounds.Max);

        var together = source.NextFetchAt == source.CreatedAt || now - source.NextFetchAt > plan.Wait / 4;
        var at = now + SpreadOut(plan.Wait, together ? WideSpread : Spread, Longer(floor, bounds.Min), bounds.Max, jitter);
        return Unskipped(source.Hints, at, now + bounds.Max, jitter) is { } later
            ? new NextFetch(later, new ScheduleReason(ScheduleReasonKind.SkippedHours, later - now))
            : new NextFetch(at, plan);
    }

    private static NextFetch AfterFailure(int failures, TimeSpan? retryAfter, TimeSpan whenWell, (TimeSpan Min, TimeSpan Max) bounds, DateTimeOffset now, double jitter)
    {
        // One that is asked once a week when it is well is not asked every five minutes because it is ill.
        var wait = Shorter(Longer(FirstRetry * Math.Pow(2, Math.Min(failures - 1, 16)), whenWell / 10), LongestRetry);
        wait = Within(wait, bounds);
        var reason = new ScheduleReason(ScheduleReasonKind.Failing, wait, Count: failures);
        var spread = Shorter(wait * (1 + (Spread * jitter)), bounds.Max);
        if (retryAfter is not { } asked || asked <= spread) return new NextFetch(now + spread, reason);

        asked = Shorter(asked, LongestRetryAfter);
        var kept = Longer(spread, asked + (Shorter(asked, LongestRetry) * (Spread / 2 * jitter)));
        return new NextFetch(now + kept, new ScheduleReason(ScheduleReasonKind.RetryAfter, asked, asked, failures));
    }

    private ScheduleReason Planned(Source source, DateTimeOffset now)
    {
        var silence = source.Rhythm.NewestAt is { } newest && newest < now ? now - newest : (TimeSpan?)null;
        var plan = source.Rhythm.IsKnown ? ByRhythm(source.Rhythm, now) : new ScheduleReason(ScheduleReasonKind.New, FirstInterval);
        if (silence * PartOfSilence is { } stretched && (stretched > plan.Wait || silence >= Year))
        {
            plan = silence >= Year
                ? new ScheduleReason(ScheduleReasonKind.Silent, Year * PartOfSilence, silence)
                : new ScheduleReason(ScheduleReasonKind.Quiet, stretched, silence);
        }

        if (source.HubLeaseUntil is { } until && until > now && options.HubInterval > plan.Wait)
        {
            // When the lease ends unrenewed nobody tells us any more.
            var wait = Longer(plan.Wait, Shorter(options.HubInterval, until - now));
            plan = new ScheduleReason(ScheduleReasonKind.Hub, wait);
        }

        return plan;
    }

    /// <summary>The wait after which the entries to be expected have together waited for what a request costs.</summary>
    private ScheduleReason ByRhythm(PostingRhythm rhythm, DateTimeOffset now)
    {
        Span<double> perHour = stackalloc double[PostingRhythm.HoursOfWeek];
        rhythm.Expect(now, perHour);
        double perWeek = 0;
        foreach (var rate in perHour) perWeek += rate;
        var price = PriceInEntryHours / options.Eagerness * Math.Pow(perWeek / PostingRhythm.HoursOfWeek, -FrequentAreCheaper);
        double waited = 0, entries = 0, hours = 0;
        var hour = PostingRhythm.HourOfWeek(now);
        var left = 1 - (now.TimeOfDay - TimeSpan.FromHours(now.Hour)).TotalHours;
        while (hours < LongestByRhythm.TotalHours)
        {
            // Within an hour the rate is one: entries grow linearly, their waiting grows with the square.
            var rate = perHour[hour];
            if (waited + (entries * left) + (rate * left * left / 2) >= price)
            {
                var rest = (Math.Sqrt((entries * entries) + (2 * rate * (price - waited))) - entries) / rate;
                hours += rest;
                entries += rate * rest;
                break;
            }

            waited += (entries * left) + (rate * left * left / 2);
            entries += rate * left;
            hours += left;
            left = 1;
            hour = (hour + 1) % PostingRhythm.HoursOfWeek;
        }

        hours = Math.Min(hours, LongestByRhythm.TotalHours);
        var gap = TimeSpan.FromHours(Math.Min(hours / entries, 24 * 366));
        return rhythm.Waited > OftenJustMissed
            ? new ScheduleReason(ScheduleReasonKind.CatchUp, TimeSpan.FromHours(hours * (1 + OftenJustMissed - rhythm.Waited)), gap)
            : new ScheduleReason(ScheduleReasonKind.Rhythm, TimeSpan.FromHours(hours), gap);
    }

    /// <summary>A wait around the one planned, never below the floor nor above the ceiling.</summary>
    private static TimeSpan SpreadOut(TimeSpan wait, double share, TimeSpan floor, TimeSpan ceiling, double jitter)
    {
        var width = wait * share;
        var from = Longer(wait - (width / 2), floor);
        var to = Longer(Shorter(from + width, ceiling), from);
        from = Longer(Shorter(from, to - width), floor);
        return Shorter(from + ((to - from) * jitter), ceiling);
    }

    /// <summary>The first moment of a day and hour that the publisher does not ask to skip, or null when nothing has to move.</summary>
    private static DateTimeOffset? Unskipped(PollingHints hints, DateTimeOffset at, DateTimeOffset latest, double jitter)
    {
        if (!hints.Skips(at) || hints.SkipsEverything) return null;
        var hour = new DateTimeOffset(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero);
        do hour += TimeSpan.FromHours(1);
        while (hints.Skips(hour) && hour < latest);

        // Spread over the hour: everybody else's wait ends with its first second.
        var moved = hour + (TimeSpan.FromMinutes(59) * jitter);
        return moved <= latest ? moved : hour <= latest && !hints.Skips(latest) ? latest : null;
    }

    private (TimeSpan Min, TimeSpan Max) Bounds(Source source)
    {
        var min = Within(source.MinInterval ?? options.MinInterval, (options.MinInterval, options.MaxInterval));
        var max = Within(source.MaxInterval ?? options.MaxInterval, (min, options.MaxInterval));
        return (min, max);
    }

    private static TimeSpan Within(TimeSpan time, (TimeSpan Min, TimeSpan Max) bounds) => Shorter(Longer(time, bounds.Min), bounds.Max);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
