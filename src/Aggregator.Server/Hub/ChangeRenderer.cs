using Aggregator.Core.Hub;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Publish;
using Aggregator.Server.Selections;

namespace Aggregator.Server.Hub;

/// <summary>Writes what changed in a topic, with the same writers and from the same place as the feeds, so that whatever holds for them holds here.</summary>
internal sealed class ChangeRenderer(
    ISubscriberStore store, IEntryStore entries, ICategoryStore categories, ISelectionStore selections, SelectionReader selectionReader, HubTopics topics, FeedRenderer renderer,
    HubOptions options) : IChangeRenderer
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
        var changes = topic.Topic switch
        {
            Topic.OfSearch => await store.ChangesAsync(topic.Topic, position, target, MaxSearched, cancellationToken),
            Topic.OfSelection selection => await ChangesAsync(selection, position, target, cancellationToken),
            _ => await store.ChangesAsync(topic.Topic, position, target, options.MaxEntries, cancellationToken),
        };
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

    /// <summary>What changed in a selection's categories and sources, and what its searches find of what changed anywhere.</summary>
    private async Task<TopicChanges> ChangesAsync(Topic.OfSelection topic, long position, long target, CancellationToken cancellationToken)
    {
        var own = await store.ChangesAsync(topic, position, target, options.MaxEntries, cancellationToken);
        // Forgotten since it was claimed: the next look ends it.
        if (await selections.FindAsync(topic.TokenHash(), cancellationToken) is not { Searches.Count: > 0 } selection) return own;
        var all = await store.ChangesAsync(Topic.Everything, position, own.Position, MaxSearched, cancellationToken);
        if (all.Position < own.Position) own = await store.ChangesAsync(topic, position, all.Position, options.MaxEntries, cancellationToken);
        var found = (await selectionReader.FoundAsync(selection, cancellationToken)).Select(static place => place.EntryId).ToHashSet();
        return new TopicChanges([.. own.EntryIds.Union(all.EntryIds.Where(found.Contains))], own.Position);
    }

    // A selection's own changes may be fewer than what its searches find; of everything there are always as many.
    private async Task<long> MiddleAsync(HubTopic topic, long position, long target, int count, CancellationToken cancellationToken) =>
        (await store.ChangesAsync(topic.IsSecret ? Topic.Everything : topic.Topic, position, target, Math.Max(1, count / 2), cancellationToken)).Position;

    /// <summary>The entries that can be shown; null when they are too long together and more than one.</summary>
    private async Task<List<StoredEntry>?> ReadAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var found = new List<StoredEntry>(ids.Count);
        long length = 0;
        foreach (var some in ids.Chunk(FeedRenderer.BodiesAtOnce))
        {
            var read = await entries.FindManyAsync(some, withContent: true, cancellationToken);
            length += read.Sum(static entry => (long)(entry.Entry.Content?.Length ?? 0));
            if (length > MaxContentLength && ids.Count > 1) return null;
            found.AddRange(read);
        }

        return found;
    }
}
