using Aggregator.Core.Hub;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Publish;

namespace Aggregator.Server.Hub;

/// <summary>Writes what changed in a topic, with the same writers and from the same place as the feeds, so that whatever holds for them holds here.</summary>
internal sealed class ChangeRenderer(
    ISubscriberStore store, IEntryStore entries, ICategoryStore categories, HubTopics topics, FeedRenderer renderer, HubOptions options) : IChangeRenderer
{
    /// <summary>How much content a document holds, in characters; what comes after it is the next delivery. The first entry always goes.</summary>
    public const int MaxContentLength = 1024 * 1024;

    /// <summary>Changes of everything that one look at a search goes through.</summary>
    private const int MaxSearched = 5_000;

    /// <inheritdoc/>
    public async Task<ChangeDocument?> RenderAsync(HubTopic topic, long position, long target, CancellationToken cancellationToken)
    {
        var slug = topic.Topic is Topic.OfCategory category ? (await categories.FindAsync(category.CategoryId, cancellationToken))?.Slug : null;
        if (await topics.FindAsync(topic.Topic, slug, cancellationToken) is not { } published) return null;
        var contentType = topic.Format.MediaType() + "; charset=utf-8";
        var isSearch = topic.Topic is Topic.OfSearch;
        var changes = await store.ChangesAsync(topic.Topic, position, target, isSearch ? MaxSearched : options.MaxEntries, cancellationToken);
        if (changes.EntryIds.Count == 0) return new ChangeDocument([], contentType, changes.Position);

        var changed = changes.EntryIds.ToHashSet();
        var shown = topic.Topic is Topic.OfSearch search
            ? (await renderer.FindAsync(search, default, cancellationToken)).Where(entry => changed.Contains(entry.Id)).ToList()
            : await ReadAsync(changes.EntryIds, cancellationToken);
        var reached = changes.Position;
        if (shown is null)
        {
            // Too long for one document: half of the changes, down to one.
            return await RenderAsync(topic, position, await MiddleAsync(topic, position, target, changes.EntryIds.Count, cancellationToken), cancellationToken);
        }

        foreach (var entry in shown) changed.Remove(entry.Id);
        var body = await renderer.RenderPartAsync(
            published, topic.Format, [.. shown.OrderByDescending(entry => entry.SortAt).ThenByDescending(entry => entry.Id)], changed, cancellationToken);
        return new ChangeDocument(body ?? [], contentType, reached);
    }

    private async Task<long> MiddleAsync(HubTopic topic, long position, long target, int count, CancellationToken cancellationToken) =>
        (await store.ChangesAsync(topic.Topic, position, target, Math.Max(1, count / 2), cancellationToken)).Position;

    /// <summary>The entries that can be shown; null when they are too long together and more than one.</summary>
    private async Task<List<StoredEntry>?> ReadAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var found = new List<StoredEntry>(ids.Count);
        long length = 0;
        foreach (var id in ids)
        {
            if (await entries.FindAsync(id, cancellationToken) is not { } entry) continue;
            length += entry.Entry.Content?.Length ?? 0;
            if (length > MaxContentLength && ids.Count > 1) return null;
            found.Add(entry);
        }

        return found;
    }
}
