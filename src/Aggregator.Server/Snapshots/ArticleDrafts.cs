using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Publish;

namespace Aggregator.Server.Snapshots;

/// <summary>Reads the page of an article as it is now or was, with what tells that it has changed: its source and the category that it is shown under.</summary>
internal sealed class ArticleDrafts(
    ArticleReader articles, IEntryStore entries, TopicDirectory topics, Navigation navigation, MementoLinks mementos, SiteLinks links)
{
    /// <summary>The page, or null when there is no such article.</summary>
    public async Task<PageDraft?> ReadAsync(long id, CancellationToken cancellationToken)
    {
        // The versions before the article: what changes meanwhile is rendered once more, and never missed.
        if (await VersionsAsync(id, cancellationToken) is not { } versions) return null;
        var all = await navigation.ListAsync(cancellationToken);
        if (await articles.ReadNowAsync(id, cancellationToken) is not { } model) return null;
        var set = mementos.Of(id, model.Stored.Entry.Url, await mementos.PlaceAsync(id, null, cancellationToken));
        if (model.Shown is { IsKept: true } shown) set.Add(links.Snapshot(id, shown.CapturedAt), "cite-as");
        return PageDraft.Of<ArticlePage>(model, all, versions, link: set.ToHeader());
    }

    /// <summary>The page as that snapshot has it, or null when its text is no longer kept.</summary>
    public async Task<PageDraft?> ReadAtAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var id = snapshot.EntryId;
        if (await VersionsAsync(id, cancellationToken) is not { } versions) return null;
        var all = await navigation.ListAsync(cancellationToken);
        if (await articles.ReadAtAsync(snapshot, cancellationToken) is not { } model) return null;
        var set = mementos.Of(id, model.Stored.Entry.Url, await mementos.PlaceAsync(id, snapshot, cancellationToken));
        set.Add(links.Snapshot(id, snapshot.CapturedAt), "cite-as");
        return PageDraft.Of<ArticlePage>(model, all, versions, link: set.ToHeader(), mementoDatetime: LinkSet.Time(snapshot.CapturedAt));
    }

    private async Task<IReadOnlyList<(TopicName, PublishedTopic)>?> VersionsAsync(long id, CancellationToken cancellationToken)
    {
        if (await entries.FindAsync(id, cancellationToken) is not { } stored) return null;
        var names = new List<TopicName> { TopicName.Source(stored.SourceId) };
        if (await entries.CategoriesOfAsync(id, cancellationToken) is [var first, ..]) names.Add(TopicName.Category(first.Slug));
        var versions = new List<(TopicName, PublishedTopic)>();
        foreach (var name in names)
            if (await topics.FindAsync(name, cancellationToken) is { } topic)
                versions.Add((name, topic));
        return versions;
    }
}
