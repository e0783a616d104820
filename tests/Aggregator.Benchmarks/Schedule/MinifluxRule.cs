namespace Aggregator.Benchmarks.Schedule;

/// <summary>
/// Miniflux's scheduler <c>entry_frequency</c> with its defaults: a week divided by the week's entries times the factor 1,
/// from 5 minutes to 24 hours; the week's entries are made from the mean gap of those dated within the last seven days, rounded up.
/// </summary>
/// <param name="lookEvery">How often Miniflux looks for feeds that are due (<c>POLLING_FREQUENCY</c>), or null for at once.</param>
internal sealed class MinifluxRule(TimeSpan? lookEvery) : IPollingRule
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public DateTimeOffset Next(in Poll poll)
    {
        int count = 0, index = poll.Known.Count - 1;
        for (; index >= 0 && poll.Known[index] >= poll.Now - Week; index--) count++;
        var span = count > 1 ? poll.Known[^1] - poll.Known[index + 1] : TimeSpan.Zero;
        var weekly = span > TimeSpan.Zero ? (long)Math.Ceiling(Week / (span / (count - 1))) : 0;
        var wait = weekly == 0 ? TimeSpan.FromDays(1) : Week / weekly;
        if (wait > TimeSpan.FromDays(1)) wait = TimeSpan.FromDays(1);
        if (wait < TimeSpan.FromMinutes(5)) wait = TimeSpan.FromMinutes(5);
        var due = poll.Now + wait;
        return lookEvery is { } every ? new DateTimeOffset((due.UtcTicks + every.Ticks - 1) / every.Ticks * every.Ticks, TimeSpan.Zero) : due;
    }
}
