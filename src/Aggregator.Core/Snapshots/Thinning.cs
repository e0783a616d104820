using Aggregator.Core.Stores;

namespace Aggregator.Core.Snapshots;

/// <summary>Which texts of an entry retention lets go. Pure.</summary>
public static class Thinning
{
    /// <summary>
    /// The numbers (<see cref="Snapshot.Id"/>) of the snapshots whose texts go: those older than the rule's days, and those beyond its
    /// count of newest ones; never the first and the last of what the feed said and of the pages, so that what it said first, what
    /// it says now and what is shown are always there.
    /// </summary>
    /// <param name="versions">All snapshots of one entry whose texts are kept.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="now">The moment.</param>
    public static IReadOnlyList<long> Choose(IReadOnlyList<ThinnableSnapshot> versions, RetentionRule rule, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(versions);
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.IsForEver) return [];
        var oldest = rule.Days > 0 ? now - TimeSpan.FromDays(rule.Days) : DateTimeOffset.MinValue;
        var newestFirst = versions.OrderByDescending(version => version.Number).ToList();
        var ends = versions.GroupBy(version => version.Kind)
            .SelectMany(kind => (int[])[kind.Min(version => version.Number), kind.Max(version => version.Number)]).ToHashSet();
        return
        [
            .. newestFirst
                .Where((version, place) => !ends.Contains(version.Number) && (version.CapturedAt < oldest || (rule.Count > 0 && place >= rule.Count)))
                .Select(version => version.Id),
        ];
    }
}
