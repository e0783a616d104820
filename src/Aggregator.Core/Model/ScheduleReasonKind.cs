namespace Aggregator.Core.Model;

/// <summary>Why a source is due when it is. The names are stored.</summary>
public enum ScheduleReasonKind
{
    /// <summary>Nothing is known of it yet.</summary>
    New,

    /// <summary>It is expected to post about every <see cref="ScheduleReason.Span"/> at this time of the week.</summary>
    Rhythm,

    /// <summary>It often posts right after we looked, so we come sooner.</summary>
    CatchUp,

    /// <summary>Nothing new has come for <see cref="ScheduleReason.Span"/>.</summary>
    Quiet,

    /// <summary>Nothing new has come for a year or longer: <see cref="ScheduleReason.Span"/>.</summary>
    Silent,

    /// <summary>A hub tells us of news; polling only makes sure.</summary>
    Hub,

    /// <summary>The publisher lets it be asked once in <see cref="ScheduleReason.Span"/> by its feed (<c>ttl</c>, <c>sy:updatePeriod</c>).</summary>
    PublisherAsks,

    /// <summary>By its answer it stays the same for <see cref="ScheduleReason.Span"/> (<c>Cache-Control</c>, <c>Expires</c>).</summary>
    Fresh,

    /// <summary>The publisher asks not to be polled before (<c>skipHours</c>, <c>skipDays</c>).</summary>
    SkippedHours,

    /// <summary>The shortest interval that is allowed.</summary>
    ShortestAllowed,

    /// <summary>The longest interval that is allowed.</summary>
    LongestAllowed,

    /// <summary>The last <see cref="ScheduleReason.Count"/> fetches failed.</summary>
    Failing,

    /// <summary>The publisher named the time (<c>Retry-After</c>).</summary>
    RetryAfter,

    /// <summary>The publisher has retired it; it is not asked again until an admin resumes it.</summary>
    Retired,
}
