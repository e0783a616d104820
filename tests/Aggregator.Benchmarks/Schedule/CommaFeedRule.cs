namespace Aggregator.Benchmarks.Schedule;

/// <summary>
/// CommaFeed's rule with its defaults (empirical, 5 minutes to 4 hours): half of the document's mean gap, from 5 minutes to
/// one hour; one hour when the newest entry is 7 days old, two from 14 days, four from 30 days.
/// </summary>
internal sealed class CommaFeedRule : IPollingRule
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    public DateTimeOffset Next(in Poll poll)
    {
        if (poll.Document.Count == 0) return poll.Now + Longest;
        var days = Math.Floor((poll.Now - poll.Document[^1]).TotalDays);
        var wait = days >= 30 ? Longest
            : days >= 14 ? Longest / 2
            : days >= 7 ? Longest / 4
            : poll.Document.Count < 2 ? Longest
            : Clamp((poll.Document[^1] - poll.Document[0]) / (poll.Document.Count - 1) / 2, Shortest, Longest / 4);
        return poll.Now + Clamp(wait, Shortest, Longest);
    }

    private static TimeSpan Clamp(TimeSpan time, TimeSpan min, TimeSpan max) => time < min ? min : time > max ? max : time;
}
