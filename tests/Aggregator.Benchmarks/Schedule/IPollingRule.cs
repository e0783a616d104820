namespace Aggregator.Benchmarks.Schedule;

/// <summary>A rule as it runs for one feed.</summary>
internal interface IPollingRule
{
    /// <summary>When the feed is polled next.</summary>
    DateTimeOffset Next(in Poll poll);
}
