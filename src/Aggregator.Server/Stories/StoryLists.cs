using Aggregator.Core.Stores;
using Aggregator.Server.Browse;

namespace Aggregator.Server.Stories;

/// <summary>Tells a list which of its entries stand for a story.</summary>
internal static class StoryLists
{
    /// <summary>The list with its stories, read together.</summary>
    public static async Task<IReadOnlyList<ListedEntry>> WithAsync(IReadOnlyList<ListedEntry> entries, IStoryStore stories, CancellationToken cancellationToken) =>
        With(entries, await stories.OfEntriesAsync([.. entries.Select(listed => listed.Stored.Id)], cancellationToken));

    /// <summary>The list with stories that were read.</summary>
    public static IReadOnlyList<ListedEntry> With(IReadOnlyList<ListedEntry> entries, IReadOnlyDictionary<long, Story> stories) =>
        stories.Count == 0 ? entries : [.. entries.Select(listed => stories.TryGetValue(listed.Stored.Id, out var story) ? listed with { Story = story } : listed)];
}
