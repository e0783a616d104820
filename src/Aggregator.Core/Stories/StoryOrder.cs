namespace Aggregator.Core.Stories;

/// <summary>Says which entry of a story leads: the one that the others say they have it from, or the one that this has it from, else the earliest.</summary>
public static class StoryOrder
{
    /// <summary>The entries in their order.</summary>
    public static IReadOnlyList<StoryTeller> Of(IReadOnlyCollection<StoryTeller> tellers)
    {
        ArgumentNullException.ThrowIfNull(tellers);
        var inTime = tellers.OrderBy(teller => teller.SortAt).ThenBy(teller => teller.EntryId).ToList();
        StoryTeller? leader = null;
        var most = 0;
        foreach (var teller in inTime)
        {
            var votes = inTime.Count(other => IsFrom(other, teller));
            if (votes > most) (leader, most) = (teller, votes);
        }

        leader = leader is null ? null : OriginOf(leader, inTime);
        return leader is null ? inTime : [leader, .. inTime.Where(teller => teller != leader)];
    }

    // Who is named may have it from another. Where they name each other in a circle, nothing follows.
    private static StoryTeller OriginOf(StoryTeller leader, List<StoryTeller> tellers)
    {
        var seen = new HashSet<StoryTeller> { leader };
        var at = leader;
        while (tellers.Find(teller => IsFrom(at, teller)) is { } origin)
        {
            if (!seen.Add(origin)) return leader;
            at = origin;
        }

        return at;
    }

    private static bool IsFrom(StoryTeller one, StoryTeller other) =>
        one.SourceId != other.SourceId && one.Named is { } named && NamedSource.Means(named, other.SourceTitle, other.Host);
}
