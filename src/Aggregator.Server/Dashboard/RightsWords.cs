using Aggregator.Core.Model;
using Aggregator.Server.Resources;

namespace Aggregator.Server.Dashboard;

/// <summary>Says to admins how much of a source's entries is shown, and why.</summary>
internal static class RightsWords
{
    /// <summary>What is set, what the feed asks for, and what an admin said of that, in the order in which it is judged.</summary>
    public static IEnumerable<string> Reasons(Source source, Text text)
    {
        yield return source.Republish is { } set ? text.RightsSet(text.Of(set))
            : source.CategoryRepublish is { } standard ? text.RightsOfCategories(text.Of(standard))
            : text.RightsUnset;
        var wishes = source.Feed.Wishes;
        if (wishes.HasFlag(PublisherWishes.Blocked)) yield return text.RightsBlocked;
        if (wishes.HasFlag(PublisherWishes.Denied)) yield return text.RightsDenied;
        if (wishes.HasFlag(PublisherWishes.NotArchived)) yield return text.RightsNotArchived;
        if (source.PublisherAgrees) yield return text.RightsAgreed;
        yield return text.RightsOfEntries;
    }
}
