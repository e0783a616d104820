using System.Diagnostics.Metrics;
using Aggregator.Core.Crawling;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Fetching;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Aggregator.Core.Tests.Diagnostics;

public sealed class AggregatorTelemetryTests
{
    [Fact]
    public void Counts_what_was_lost_changed_and_due()
    {
        using var telemetry = new AggregatorTelemetry(NullLoggerFactory.Instance);
        var told = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, meters) =>
            {
                // Other tests have meters of that name too, which are told of other numbers.
                if (telemetry.Owns(instrument.Meter)) meters.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = $"{instrument.Name}{string.Concat(tags.ToArray().Select(static tag => $" {tag.Key}={tag.Value}"))}";
            told[name] = told.GetValueOrDefault(name) + value;
        });
        listener.Start();

        telemetry.Refreshed(1, new RefreshOutcome.Changed(3, 2), new FetchTrace(TimeProvider.System), TimeSpan.FromSeconds(1), null);
        telemetry.Refreshed(2, new RefreshOutcome.LeaseLost(), new FetchTrace(TimeProvider.System), TimeSpan.FromSeconds(1), null);
        telemetry.SetDue(7, 4);
        listener.RecordObservableInstruments();

        Assert.Equal(
            (3, 2, 1, 1, 7, 4),
            (told["aggregator.entries change=new way=poll"], told["aggregator.entries change=changed way=poll"], told["aggregator.leases.lost"],
                told["aggregator.refreshes outcome=lease_lost"], told["aggregator.sources.due"], told["aggregator.sources.overdue"]));
    }
}
