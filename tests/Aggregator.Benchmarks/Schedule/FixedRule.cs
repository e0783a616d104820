namespace Aggregator.Benchmarks.Schedule;

/// <summary>Polls again after the same time, always.</summary>
internal sealed class FixedRule(TimeSpan interval) : IPollingRule
{
    public DateTimeOffset Next(in Poll poll) => poll.Now + interval;
}
