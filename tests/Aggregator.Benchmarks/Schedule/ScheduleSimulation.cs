using Aggregator.Core.Crawling;
using Aggregator.Core.Model;

namespace Aggregator.Benchmarks.Schedule;

/// <summary>Lets rules poll the same year of the same feeds.</summary>
internal sealed class ScheduleSimulation
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Start.AddYears(1);
    private readonly Feed[] _feeds;

    public ScheduleSimulation(IReadOnlyList<PostingProcess> processes, int seed)
    {
        // Feeds keep their numbers, and with them their years, when only some of them take part.
        _feeds = [.. processes.Select((process, index) =>
        {
            var random = new Random(unchecked((seed * 1_000_003) + index));
            return new Feed(index + 1, process.Make(Start, End, random), process.Recording.Length, Start.AddSeconds(random.Next(3600)));
        })];
        Entries = _feeds.Sum(feed => feed.Dates.Count(date => date >= Start));
    }

    public int Feeds => _feeds.Length;

    public long Entries { get; }

    /// <summary>How many of the feeds, the most frequent first, bring half of the entries.</summary>
    public int FeedsOfHalf()
    {
        var counts = _feeds.Select(feed => (long)feed.Dates.Count(date => date >= Start)).OrderDescending().ToArray();
        long sum = 0;
        return counts.TakeWhile(count => (sum += count) < Entries / 2).Count() + 1;
    }

    /// <summary>
    /// The fewest requests for each entry with which half of all entries are found within a time, by somebody who knows how often
    /// each feed posts in every hour of the week and asks nobody else but where that is most: evenly in the busiest hours of the
    /// busiest feeds, and never for the other half. What burst an entry belongs to he does not know.
    /// </summary>
    public double FewestRequestsForHalfWithin(TimeSpan delay)
    {
        var weeks = (End - Start) / TimeSpan.FromDays(7);
        var hours = _feeds
            .SelectMany(feed => feed.Dates.Where(date => date >= Start).CountBy(PostingRhythm.HourOfWeek).Select(hour => hour.Value))
            .OrderDescending();
        double found = 0, requests = 0;
        foreach (var entries in hours)
        {
            if (found >= Entries / 2.0) break;
            found += entries;
            requests += weeks * (TimeSpan.FromHours(1) / delay);
        }

        return requests / Entries;
    }

    public ScheduleResult Run(string name, double eagerness) =>
        Run(name, (id, start) => new OurRule(new RefreshPolicy(new RefreshOptions { Eagerness = eagerness }), id, start));

    public ScheduleResult Run(string name, Func<long, DateTimeOffset, IPollingRule> rule)
    {
        var runs = new (long Requests, long Missed, List<double> Delays)[_feeds.Length];
        Parallel.For(0, _feeds.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, index => runs[index] = Run(_feeds[index], rule));
        var delays = runs.SelectMany(run => run.Delays).Order().ToArray();
        var medians = runs.Where(run => run.Delays.Count > 0).Select(run => run.Delays.Order().ElementAt(run.Delays.Count / 2)).Order().ToArray();
        return new ScheduleResult
        {
            Name = name,
            Requests = runs.Sum(run => run.Requests),
            Found = delays.Length,
            Missed = runs.Sum(run => run.Missed),
            Median = TimeSpan.FromSeconds(delays[delays.Length / 2]),
            Mean = TimeSpan.FromSeconds(delays.Average()),
            P90 = TimeSpan.FromSeconds(delays[delays.Length * 9 / 10]),
            MedianOfFeeds = TimeSpan.FromSeconds(medians[medians.Length / 2]),
        };
    }

    private static (long Requests, long Missed, List<double> Delays) Run(Feed feed, Func<long, DateTimeOffset, IPollingRule> make)
    {
        var rule = make(feed.Id, feed.FirstPoll);
        long requests = 0, missed = 0;
        var delays = new List<double>();
        var known = new List<DateTimeOffset>();
        var published = 0;
        for (var now = feed.FirstPoll; now < End;)
        {
            var before = published;
            while (published < feed.Dates.Length && feed.Dates[published] <= now) published++;
            var oldest = Math.Max(0, published - feed.Length);
            var from = Math.Max(before, oldest);
            if (requests++ > 0)
            {
                missed += from - before;
                for (var entry = from; entry < published; entry++) delays.Add((now - feed.Dates[entry]).TotalSeconds);
            }

            for (var entry = from; entry < published; entry++) known.Add(feed.Dates[entry]);
            var next = rule.Next(new Poll(known, new(feed.Dates, oldest, published - oldest), new(feed.Dates, from, published - from), now));
            if (next <= now) throw new InvalidOperationException("A rule went back in time.");
            now = next;
        }

        return (requests, missed, delays);
    }

    private sealed record Feed(long Id, DateTimeOffset[] Dates, int Length, DateTimeOffset FirstPoll);
}
