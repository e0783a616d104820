namespace Aggregator.Benchmarks.Schedule;

/// <summary>What a rule came to over all feeds.</summary>
internal sealed record ScheduleResult
{
    public required string Name { get; init; }

    /// <summary>The name beside its point.</summary>
    public string? ShortName { get; init; }

    public required long Requests { get; init; }
    public required long Found { get; init; }

    /// <summary>Entries that had left the document before anybody looked.</summary>
    public required long Missed { get; init; }

    public required TimeSpan Median { get; init; }
    public required TimeSpan Mean { get; init; }
    public required TimeSpan P90 { get; init; }

    /// <summary>The median over the feeds of each feed's own median: a feed that posts seldom counts as much as one that posts often.</summary>
    public required TimeSpan MedianOfFeeds { get; init; }

    public double RequestsPerEntry => (double)Requests / Found;
}
