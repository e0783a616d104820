using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Publish;

namespace Aggregator.Server.Stories;

/// <summary>Reads the page of a story, with what tells that one of its articles has changed. A member that joins it shows within <see cref="PageCache.MaxAge"/>.</summary>
internal sealed class StoryDrafts(IEntryStore entries, ISourceStore sources, TopicDirectory topics, Navigation navigation)
{
    /// <summary>The most sources whose changes the page hangs on, those of the first members.</summary>
    private const int MaxTopics = 10;

    /// <summary>The page.</summary>
    /// <param name="story">The story.</param>
    /// <param name="compared">The member that is compared with the first, or null when there is none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<PageDraft> ReadAsync(Story story, StoryMember? compared, CancellationToken cancellationToken)
    {
        // The versions before the articles: what changes meanwhile is rendered once more, and never missed.
        var all = await navigation.ListAsync(cancellationToken);
        var first = story.Members[0];
        var versions = new List<(TopicName, PublishedTopic)>();
        foreach (var id in story.Members.Take(MaxTopics).Append(compared ?? first).Select(static member => member.SourceId).Distinct())
            if (await topics.FindAsync(TopicName.Source(id), cancellationToken) is { } topic)
                versions.Add((TopicName.Source(id), topic));

        var one = await entries.FindAsync(first.EntryId, cancellationToken);
        var other = compared is null ? null : await entries.FindAsync(compared.EntryId, cancellationToken);
        // What is left out of one of them would stand there as a difference.
        var diff = one is { Level: RepublishLevel.Full } && other is { Level: RepublishLevel.Full } ? ArticleDiffer.Compare(TextOf(one.Entry), TextOf(other.Entry)) : null;
        var model = new StoryModel(
            all, story.Id, await StoryList.WithSourcesAsync(story.Members, sources, cancellationToken), compared, diff, one?.Entry.Language);
        return PageDraft.Of<StoryPage>(model, all, versions);
    }

    private static ComparedText TextOf(Entry entry) =>
        new(entry.Title, string.Join(", ", entry.Authors.Select(author => author.Name)), entry.Content ?? (entry.Summary is { } summary ? System.Net.WebUtility.HtmlEncode(summary) : null));
}
