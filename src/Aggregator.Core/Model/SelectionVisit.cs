namespace Aggregator.Core.Model;

/// <summary>
/// Where a visitor of a selection stands: what was first seen after <see cref="SeenAt"/> is new to him. A visit lasts half an hour, so that
/// coming back to the list forgets nothing; only the half hour is kept, never the moment.
/// </summary>
/// <param name="SeenAt">The newest moment of first sight that an earlier visit has shown.</param>
/// <param name="NewestAt">The newest that any visit has shown.</param>
/// <param name="At">The half hour of the last visit, as its first moment.</param>
public sealed record SelectionVisit(DateTimeOffset SeenAt, DateTimeOffset NewestAt, DateTimeOffset At)
{
    /// <summary>How long a visit lasts at least; at most twice that, for its beginning is not kept.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(30);

    /// <summary>The state of a selection that was made now: nothing that is there already will be new.</summary>
    public static SelectionVisit First(DateTimeOffset now) => new(now, now, HalfHourOf(now));

    /// <summary>The state when the list is looked at now, before it has shown anything: a visit that has ended gives way to a new one.</summary>
    public SelectionVisit Begin(DateTimeOffset now) =>
        now - At < 2 * Length ? this : new SelectionVisit(NewestAt, NewestAt, HalfHourOf(now));

    /// <summary>The same visit when it has shown what was first seen then.</summary>
    public SelectionVisit Show(DateTimeOffset newestAt, DateTimeOffset now) =>
        this with { NewestAt = newestAt > NewestAt ? newestAt : NewestAt, At = HalfHourOf(now) > At ? HalfHourOf(now) : At };

    private static DateTimeOffset HalfHourOf(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % Length.Ticks), TimeSpan.Zero);
}
