namespace Aggregator.Core.Stories;

/// <summary>Says which entry of a story leads: the one that the others say they have it from, else the earliest.</summary>
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
            var votes = inTime.Count(other => other.SourceId != teller.SourceId && other.Named is { } named && NamedSource.Means(named, teller.SourceTitle, teller.Host));
            if (votes > most) (leader, most) = (teller, votes);
        }

        return leader is null ? inTime : [leader, .. inTime.Where(teller => teller != leader)];
    }
}
