using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Stories;

/// <summary>The other entries of an article's story.</summary>
/// <param name="Id">The story's number.</param>
/// <param name="Others">The others with their sources, in the story's order: at most <see cref="MaxOthers"/>.</param>
public sealed record StoryList(long Id, IReadOnlyList<(StoryMember Member, Source? Source)> Others)
{
    /// <summary>How many others an article's page lists; the story's page has all.</summary>
    public const int MaxOthers = 10;

    /// <summary>The others of an entry's story, or null when there are none.</summary>
    internal static async Task<StoryList?> OfEntryAsync(long entryId, IStoryStore stories, ISourceStore sources, CancellationToken cancellationToken)
    {
        if (!(await stories.OfEntriesAsync([entryId], cancellationToken)).TryGetValue(entryId, out var story)) return null;
        return new StoryList(story.Id, await WithSourcesAsync([.. story.Members.Where(member => member.EntryId != entryId).Take(MaxOthers)], sources, cancellationToken));
    }

    /// <summary>Entries of stories with their sources, read together.</summary>
    internal static async Task<IReadOnlyList<(StoryMember Member, Source? Source)>> WithSourcesAsync(
        IReadOnlyList<StoryMember> members, ISourceStore sources, CancellationToken cancellationToken)
    {
        var found = (await sources.FindManyAsync([.. members.Select(member => member.SourceId).Distinct()], cancellationToken)).ToDictionary(source => source.Id);
        return [.. members.Select(member => (member, found.GetValueOrDefault(member.SourceId)))];
    }
}
