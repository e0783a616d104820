using Aggregator.Core.Model;
using Aggregator.Core.Routing;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Crawl;
using Hangfire;

namespace Aggregator.Server.Routing;

/// <summary>Asks the rules of today about entries that are stored already, the newest first, in batches.</summary>
internal sealed class ApplyRulesJob(
    IEntryArchive entries, ISourceStore sources, IRoutingStore routing, RuleAdmin rules, AuditTrail trail, TimeProvider time, ILogger<ApplyRulesJob> logger)
{
    /// <summary>The most entries that one run asks about; older ones stay as they are.</summary>
    public const int MaxEntries = 20_000;

    private const int BatchSize = 200;

    /// <summary>Asks about the entries of a category or a source.</summary>
    /// <param name="isSource">Whether it is a source.</param>
    /// <param name="id">Its number.</param>
    /// <param name="drop">Whether entries that a rule drops are deleted.</param>
    /// <param name="by">Who asked for it.</param>
    /// <param name="cancellationToken">Ends the run between two batches; what is done stays.</param>
    [Queue(JobQueues.Interactive)]
    [AutomaticRetry(Attempts = 1)]
    public async Task RunAsync(bool isSource, long id, bool drop, string by, CancellationToken cancellationToken)
    {
        var owner = new RuleOwner(isSource, id);
        var report = new RoutingReport();
        var isDone = false;
        try
        {
            await ApplyAsync(owner.Topic, drop, report, cancellationToken);
            isDone = true;
        }
        finally
        {
            logger.LogInformation(
                "Asked the rules about {Asked} stored entries of {Owner}; {Changed} were changed, {Dropped} of them dropped", report.Asked, owner, report.Changed, report.Dropped);
            // What is done stays done, so it is told even when the run breaks off.
            if (isDone || report.Changed > 0) await trail.RecordAsync(by, "rules.applied", owner.ToString(), report.Before, report.After);
        }
    }

    /// <summary>The same for a job that a version before this one queued: it did not say who had asked.</summary>
    [Queue(JobQueues.Interactive)]
    [AutomaticRetry(Attempts = 1)]
    public Task RunAsync(bool isSource, long id, bool drop, CancellationToken cancellationToken) => RunAsync(isSource, id, drop, "unknown", cancellationToken);

    private async Task ApplyAsync(Topic topic, bool drop, RoutingReport report, CancellationToken cancellationToken)
    {
        var known = new Dictionary<long, (Source Source, IReadOnlyList<RoutingRules> Rules)>();
        for (PageKey? before = null; report.Asked < MaxEntries;)
        {
            var page = await entries.ListAsync(new EntryQuery { Topic = topic, Limit = BatchSize, Before = before, WithContent = true }, cancellationToken);
            if (page.Count == 0) break;
            before = new PageKey(page[^1].SortAt, page[^1].Id);
            var routed = new List<(StoredEntry, RoutingOutcome)>(page.Count);
            foreach (var entry in page)
            {
                if (!known.TryGetValue(entry.SourceId, out var source))
                {
                    if (await sources.FindAsync(entry.SourceId, cancellationToken) is not { } found) continue;
                    known[entry.SourceId] = source = (found, await rules.RulesOfAsync(found, cancellationToken));
                }

                routed.Add((entry, RoutingRules.Apply(source.Rules, new RoutingSubject(entry.Entry, source.Source))));
            }

            report.Add(page.Count, await routing.ApplyAsync(routed, drop, time.GetUtcNow(), cancellationToken));
        }
    }
}
