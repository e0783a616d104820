using Aggregator.Core.Crawling;
using Aggregator.Core.Model;

namespace Aggregator.Benchmarks.Schedule;

/// <summary>Ours, as <see cref="SourceRefresher"/> uses it, due sources being looked for every minute.</summary>
internal sealed class OurRule(RefreshPolicy policy, long id, DateTimeOffset start) : IPollingRule
{
    private Source _source = new() { Id = id, Url = "https://example.org/", State = SourceState.Active, NextFetchAt = start, CreatedAt = start };

    public DateTimeOffset Next(in Poll poll)
    {
        var now = poll.Now;
        var rhythm = _source.Rhythm.IsKnown
            ? poll.New.Count > 0 ? _source.Rhythm.With(poll.New.Select(date => (DateTimeOffset?)date), _source.LastSuccessAt ?? now, now) : _source.Rhythm
            : PostingRhythm.Of(poll.Document, now);
        _source = _source with { Rhythm = rhythm, LastSuccessAt = now };
        var next = policy.Next(_source, null, now, SourceRefresher.JitterOf(id, now)).At;
        _source = _source with { NextFetchAt = next };
        return new DateTimeOffset((next.UtcTicks + TimeSpan.TicksPerMinute - 1) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
    }
}
