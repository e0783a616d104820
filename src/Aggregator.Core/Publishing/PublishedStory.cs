using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Core.Publishing;

/// <summary>The other entries of an entry's story, as a feed names them.</summary>
/// <param name="Url">Our page of the story.</param>
/// <param name="Others">The others: at most <see cref="MaxOthers"/>.</param>
public sealed record PublishedStory(string Url, IReadOnlyList<PublishedStoryEntry> Others)
{
    /// <summary>How many others a feed names; our page has all.</summary>
    public const int MaxOthers = 20;

    /// <summary>The others of a story; null when none is left to name.</summary>
    /// <param name="entryId">The entry that stands for the story.</param>
    /// <param name="storyId">The story.</param>
    /// <param name="members">Its entries, in their order.</param>
    /// <param name="sources">Their sources; one that is missing is being deleted.</param>
    /// <param name="links">Our addresses.</param>
    public static PublishedStory? Of(
        long entryId, long storyId, IEnumerable<StoryMember> members, IReadOnlyDictionary<long, Source> sources, SiteLinks links)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(links);
        var others = members
            .Where(member => member.EntryId != entryId && sources.ContainsKey(member.SourceId))
            .Take(MaxOthers)
            .Select(member => new PublishedStoryEntry(
                WebAddress.Published(member.Url) ?? links.Article(member.EntryId),
                links.Article(member.EntryId),
                FeedText.Line(member.Title),
                PublicSourceAddress.Title(sources[member.SourceId])))
            .ToList();
        return others.Count == 0 ? null : new PublishedStory(links.Story(storyId), others);
    }
}
