using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Publishing;
using Microsoft.Extensions.Logging;

namespace Aggregator.Core.Diagnostics;

/// <summary>
/// What the program says of itself while it runs: meters, traces, and one line of log for each fetch. Labels have few values by
/// construction (outcomes, formats, statuses); which source it was stands in logs and traces only.
/// </summary>
public sealed class AggregatorTelemetry : IDisposable
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string Name = "Aggregator";

    /// <summary>The category of the one line of log for each fetch.</summary>
    public const string FetchCategory = "Aggregator.Fetch";

    // One more than the highest status of HTTP.
    private const int Statuses = 600;

    // In the order of the formats, and last what has no feed.
    private static readonly string[] FeedKinds = [.. Enum.GetValues<FeedFormat>().Select(static format => format.Extension()), "none"];

    /// <summary>Where activities (spans) start.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    private readonly Meter _meter = new(Name);
    private readonly ILogger _fetchLog;
    private readonly Counter<long> _fetches;
    private readonly Histogram<double> _fetchDuration;
    private readonly Counter<long> _wireBytes;
    private readonly Counter<long> _documentBytes;
    private readonly Histogram<double> _parseDuration;
    private readonly Counter<long> _entries;
    private readonly Counter<long> _leasesLost;
    private readonly Counter<long> _pushes;
    private readonly Counter<long> _hubRequests;
    private readonly Counter<long> _captures;
    private readonly Histogram<double> _captureDuration;
    private readonly long[] _feedsServed = new long[FeedKinds.Length * Statuses];
    private long _due;
    private long _overdue;
    private long _capturesDue;

    /// <summary>Makes the meters.</summary>
    public AggregatorTelemetry(ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        _fetchLog = loggers.CreateLogger(FetchCategory);
        double[] seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
        _fetches = _meter.CreateCounter<long>("aggregator.refreshes", description: "Refreshes of sources, by outcome.");
        _fetchDuration = _meter.CreateHistogram("aggregator.refresh.duration", "s", "A refresh from the request to the store.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = seconds });
        _wireBytes = _meter.CreateCounter<long>("aggregator.fetch.wire", "By", "Bodies as they came over the wire.");
        _documentBytes = _meter.CreateCounter<long>("aggregator.fetch.documents", "By", "Bodies unpacked.");
        _parseDuration = _meter.CreateHistogram("aggregator.parse.duration", "s", "Reading one document.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5] });
        _entries = _meter.CreateCounter<long>("aggregator.entries", description: "Entries stored, by whether they are new or changed, and by how they came.");
        _leasesLost = _meter.CreateCounter<long>("aggregator.leases.lost", description: "Refreshes that wrote nothing, because their lease had run out.");
        _pushes = _meter.CreateCounter<long>("aggregator.pushes", description: "Pushes of hubs, by what became of them.");
        _hubRequests = _meter.CreateCounter<long>("aggregator.hub.requests", description: "Requests to hubs, by whether they were accepted.");
        _meter.CreateObservableCounter("aggregator.feed.requests", ReadFeedsServed, description: "Requests for our feeds, by status and format.");
        _captures = _meter.CreateCounter<long>("aggregator.captures", description: "Looks at the pages of articles, by outcome.");
        _captureDuration = _meter.CreateHistogram("aggregator.capture.duration", "s", "A look at an article's page, from the wait for its host to the store.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = seconds });
        _meter.CreateObservableGauge("aggregator.captures.due", () => Interlocked.Read(ref _capturesDue), description: "Pages that are due and not being looked at.");
        _meter.CreateObservableGauge("aggregator.sources.due", () => Interlocked.Read(ref _due), description: "Sources that are due and not being refreshed.");
        _meter.CreateObservableGauge("aggregator.sources.overdue", () => Interlocked.Read(ref _overdue), description: "Sources that have been due for more than five minutes.");
    }

    /// <summary>Whether a meter is this one's: in tests there are several of the name.</summary>
    internal bool Owns(Meter meter) => ReferenceEquals(meter, _meter);

    /// <summary>A refresh ended.</summary>
    /// <param name="sourceId">Of which source: for the log.</param>
    /// <param name="outcome">How.</param>
    /// <param name="trace">What the fetch did.</param>
    /// <param name="elapsed">How long it took, from the request to the store.</param>
    /// <param name="next">When the source is due next, when it was stored.</param>
    public void Refreshed(long sourceId, RefreshOutcome outcome, FetchTrace trace, TimeSpan elapsed, DateTimeOffset? next)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(trace);
        var (name, added, edited) = outcome switch
        {
            RefreshOutcome.Changed changed => ("changed", changed.Added, changed.Edited),
            RefreshOutcome.Unchanged => ("unchanged", 0, 0),
            RefreshOutcome.Failed failed => (NameOf(failed), 0, 0),
            RefreshOutcome.LeaseLost => ("lease_lost", 0, 0),
            RefreshOutcome.Postponed => ("postponed", 0, 0),
            _ => ("other", 0, 0),
        };
        var (wire, body) = trace.Last is { } last ? (last.WireBytes, last.BodyBytes) : (0, 0);
        var label = new KeyValuePair<string, object?>("outcome", name);
        _fetches.Add(1, label);
        _fetchDuration.Record(elapsed.TotalSeconds, label);
        if (wire > 0) _wireBytes.Add(wire);
        if (body > 0) _documentBytes.Add(body);
        if (outcome is RefreshOutcome.LeaseLost) _leasesLost.Add(1);
        Stored(added, edited, "poll");
        if (_fetchLog.IsEnabled(LogLevel.Information))
            _fetchLog.LogInformation(
                "Source {SourceId}: {Outcome}, status {Status}, {Milliseconds} ms, {Bytes} bytes, {New} new, {Changed} changed, next {Next}",
                sourceId, name, trace.Last?.Status?.ToString(CultureInfo.InvariantCulture) ?? "none", (long)elapsed.TotalMilliseconds, wire, added, edited,
                next?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "as before");
    }

    /// <summary>A document was read, or refused.</summary>
    public void Parsed(TimeSpan elapsed) => _parseDuration.Record(elapsed.TotalSeconds);

    /// <summary>A hub pushed.</summary>
    /// <param name="outcome">What became of it: one of a few words.</param>
    /// <param name="added">New entries.</param>
    /// <param name="edited">Changed entries.</param>
    public void Pushed(string outcome, int added, int edited)
    {
        _pushes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        Stored(added, edited, "push");
    }

    /// <summary>A hub was asked.</summary>
    public void HubAsked(bool accepted) => _hubRequests.Add(1, new KeyValuePair<string, object?>("result", accepted ? "accepted" : "refused"));

    /// <summary>One of our feeds was asked for.</summary>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="format">The format, or null for an address that has no feed.</param>
    public void FeedServed(int status, FeedFormat? format)
    {
        // A feed in memory is answered in little more time than an instrument with labels takes: so it is counted here, and told when somebody asks.
        var kind = format is { } known ? (int)known : FeedKinds.Length - 1;
        if (status is >= 0 and < Statuses) Interlocked.Increment(ref _feedsServed[(kind * Statuses) + status]);
    }

    /// <summary>How many sources are due, and for long.</summary>
    public void SetDue(int due, int overdue)
    {
        Interlocked.Exchange(ref _due, due);
        Interlocked.Exchange(ref _overdue, overdue);
    }

    /// <summary>A look at an article's page ended.</summary>
    /// <param name="entryId">Of which entry: for the log.</param>
    /// <param name="outcome">How: one of a few words.</param>
    /// <param name="reason">Why it brought nothing, for the log; null where it did, or will be tried again.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Captured(long entryId, string outcome, string? reason, TimeSpan elapsed)
    {
        var label = new KeyValuePair<string, object?>("outcome", outcome);
        _captures.Add(1, label);
        _captureDuration.Record(elapsed.TotalSeconds, label);
        if (_fetchLog.IsEnabled(LogLevel.Information))
            _fetchLog.LogInformation("Page of entry {EntryId}: {Outcome}, {Milliseconds} ms{Reason}", entryId, outcome, (long)elapsed.TotalMilliseconds, reason is null ? "" : $", {reason}");
    }

    /// <summary>How many pages are due.</summary>
    public void SetCapturesDue(int due) => Interlocked.Exchange(ref _capturesDue, due);

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    private void Stored(int added, int edited, string way)
    {
        var label = new KeyValuePair<string, object?>("way", way);
        if (added > 0) _entries.Add(added, new KeyValuePair<string, object?>("change", "new"), label);
        if (edited > 0) _entries.Add(edited, new KeyValuePair<string, object?>("change", "changed"), label);
    }

    /// <summary>A kind as a label's value: <c>TooManyRequests</c> becomes <c>too_many_requests</c>.</summary>
    internal static string NameOf(Enum kind) =>
        string.Concat(kind.ToString().Select((letter, at) => char.IsUpper(letter) ? (at > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    // One label value for each kind of failure: TooManyRequests becomes failed_too_many_requests.
    private static string NameOf(RefreshOutcome.Failed failed) => "failed_" + NameOf(failed.Failure.Kind);

    private IEnumerable<Measurement<long>> ReadFeedsServed()
    {
        for (var i = 0; i < _feedsServed.Length; i++)
            if (Interlocked.Read(ref _feedsServed[i]) is > 0 and var served)
                yield return new Measurement<long>(
                    served, new KeyValuePair<string, object?>("status", i % Statuses), new KeyValuePair<string, object?>("format", FeedKinds[i / Statuses]));
    }
}
