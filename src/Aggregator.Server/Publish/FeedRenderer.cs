using Aggregator.Core.Hub;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Aggregator.Server.Browse;
using Aggregator.Server.Search;
using Aggregator.Server.Selections;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Publish;

/// <summary>Reads a topic's newest entries and writes them in a format.</summary>
internal sealed class FeedRenderer(
    IEntryStore entries, ISourceStore sources, ITakedownStore takedowns, ISearchStore search, ICategoryStore categories, ITopicStore topics, IStoryStore stories,
    ISelectionStore selections, SelectionReader selectionReader, SiteLinks links, IOptions<PublishOptions> options, IOptions<SiteOptions> site, HubOptions hub, TimeProvider time)
{
    /// <summary>The most sources that a published subscription list holds.</summary>
    public const int MaxSubscriptions = 20_000;

    /// <summary>How much content a feed holds, in characters; where entries are so long that they exceed it, the older ones give way, but never the newest.</summary>
    public const int MaxContentLength = 16 * 1024 * 1024;

    /// <summary>
    /// How many bodies are read at once: no more than this many of the longest are in memory besides those that the feed will hold.
    /// </summary>
    private const int BodiesAtOnce = 10;

    /// <summary>Renders a topic. Entries that came after <paramref name="topic"/> was read are in it already; the next check renders again, to the same bytes.</summary>
    public async Task<Rendering> RenderAsync(PublishedTopic topic, FeedFormat format, CancellationToken cancellationToken)
    {
        var self = links.Feed(topic.Topic, topic.Slug, format.Extension()) + (topic.OncePerStory ? SiteLinks.OncePerStory : "");
        if (format is FeedFormat.Opml)
        {
            var list = topic.Topic is Topic.OfSelection mine ? await SubscriptionListAsync(topic, mine, cancellationToken) : await SubscriptionListAsync(topic, cancellationToken);
            // Without a date: sources come and go without a change of the topic's entries, and only the tag can tell.
            return Rendering.Of(topic, format, self, hubUrl: null, list, lastModified: null, time.GetTimestamp());
        }

        if (topic.Topic is Topic.OfSelection)
        {
            // Without a date, for a change of what is followed is dated nowhere; without a hub, which would have to keep the token.
            var own = await PublicationAsync(topic, cancellationToken);
            return Rendering.Of(topic, format, self, hubUrl: null, Write(own with { HubUrl = null }, format), lastModified: null, time.GetTimestamp());
        }

        // Before the entries are read: what has come by then may be dated too early, but never too late.
        var date = await topics.DateAsync(topic.Topic, topic.Version, cancellationToken);
        var publication = await PublicationAsync(topic, cancellationToken);
        return Rendering.Of(topic, format, self, HubUrl, Write(publication, format), date, time.GetTimestamp());
    }

    /// <summary>
    /// Writes a topic's document with some of its entries only, and with the tombstones of others: what changed. Null when none of them
    /// is there to be shown, or the format has no word for what went.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="format">A format of entries.</param>
    /// <param name="stored">The entries, newest first.</param>
    /// <param name="gone">The numbers of entries that went, if they did by a take-down.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<byte[]?> RenderPartAsync(
        PublishedTopic topic, FeedFormat format, IReadOnlyList<StoredEntry> stored, IReadOnlySet<long> gone, CancellationToken cancellationToken)
    {
        var whole = await PublicationAsync(topic, stored, cancellationToken);
        var part = whole with { Tombstones = [.. whole.Tombstones.Where(tombstone => gone.Contains(tombstone.EntryId))] };
        var isEmpty = part.Entries.Count == 0 && (part.Tombstones.Count == 0 || format == FeedFormat.Rss);
        return isEmpty ? null : Write(part, format);
    }

    /// <summary>The entries that a search finds, newest first, as many as a feed holds.</summary>
    public async Task<IReadOnlyList<StoredEntry>> FindAsync(Topic.OfSearch topic, CancellationToken cancellationToken) => await FoundAsync(topic, cancellationToken);

    private string? HubUrl => hub.Enabled ? links.Hub : null;

    private static byte[] Write(Publication publication, FeedFormat format) => format switch
    {
        FeedFormat.Atom => AtomWriter.Write(publication),
        FeedFormat.Rss => RssWriter.Write(publication),
        FeedFormat.Json => JsonFeedWriter.Write(publication),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format of entries."),
    };

    private async Task<byte[]> SubscriptionListAsync(PublishedTopic topic, CancellationToken cancellationToken)
    {
        var listed = new List<Source>();
        if (topic.Topic is Topic.OfSource ofSource)
        {
            if (await sources.FindAsync(ofSource.SourceId, cancellationToken) is { } source) listed.Add(source);
        }
        else
        {
            var categoryId = (topic.Topic as Topic.OfCategory)?.CategoryId;
            await foreach (var listing in sources.ReadAllAsync(categoryId, cancellationToken))
            {
                listed.Add(listing.Source);
                if (listed.Count == MaxSubscriptions) break;
            }
        }

        using var list = new MemoryStream();
        OpmlWriter.Write(list, SubscriptionList.Of(topic.Title, listed, links));
        return list.ToArray();
    }

    /// <summary>What a visitor follows: our feeds of categories and searches, and the sources as everywhere.</summary>
    private async Task<byte[]> SubscriptionListAsync(PublishedTopic topic, Topic.OfSelection ofSelection, CancellationToken cancellationToken)
    {
        var selection = await FindAsync(ofSelection, cancellationToken);
        var all = await categories.ListAsync(cancellationToken);
        var atom = FeedFormat.Atom.Extension();
        var own = all.Where(category => selection.CategoryIds.Contains(category.Id))
            .Select(category => SubscriptionList.OwnFeed(category.Title, links.Feed(Topic.Category(category.Id), category.Slug, atom), links.Category(category.Slug)))
            .Concat(selection.Searches.Select(search => SubscriptionList.OwnFeed(
                SearchAddress.Read(search.Query).Query.Canonical, links.Feed(search, slug: null, atom), $"{links.SearchPage}?{search.Query}")));
        var document = SubscriptionList.Of(topic.Title, await sources.FindManyAsync([.. selection.SourceIds], cancellationToken), links);
        using var list = new MemoryStream();
        OpmlWriter.Write(list, document with { Outlines = [.. own, .. document.Outlines] });
        return list.ToArray();
    }

    private async Task<Selection> FindAsync(Topic.OfSelection topic, CancellationToken cancellationToken) =>
        // Forgotten since the topic was read: nobody gets what is rendered now.
        await selections.FindAsync(new SelectionToken(topic.Token).Hash(), cancellationToken)
        ?? new Selection { Id = 0, Topics = [], Revision = "", UsedAt = default, Visit = SelectionVisit.First(time.GetUtcNow()) };

    private async Task<Publication> PublicationAsync(PublishedTopic topic, CancellationToken cancellationToken)
    {
        switch (topic.Topic)
        {
            case Topic.OfSearch ofSearch:
                return await PublicationAsync(topic, await FoundAsync(ofSearch, cancellationToken), cancellationToken);
            case Topic.OfSelection ofSelection:
                var selection = await FindAsync(ofSelection, cancellationToken);
                var query = new SelectionQuery
                {
                    Selection = selection,
                    Found = await selectionReader.FoundAsync(selection, cancellationToken),
                    WithContent = true,
                    OncePerStory = topic.OncePerStory,
                };
                return await PublicationAsync(
                    topic, await NewestAsync((before, limit) => selections.ListAsync(query with { Before = before, Limit = limit }, cancellationToken)), cancellationToken);
            default:
                var all = new EntryQuery { Topic = topic.Topic, WithContent = true, OncePerStory = topic.OncePerStory };
                return await PublicationAsync(
                    topic, await NewestAsync((before, limit) => entries.ListAsync(all with { Before = before, Limit = limit }, cancellationToken)), cancellationToken);
        }
    }

    private async Task<Publication> PublicationAsync(PublishedTopic topic, IReadOnlyList<StoredEntry> stored, CancellationToken cancellationToken)
    {
        var others = topic.OncePerStory ? await stories.OfEntriesAsync([.. stored.Select(static entry => entry.Id)], cancellationToken) : new Dictionary<long, Story>();
        var ids = stored.Select(static entry => entry.SourceId).Concat(others.Values.SelectMany(OthersOf).Select(static member => member.SourceId)).Distinct().ToList();
        var sourcesById = ids.Count == 0
            ? []
            : (await sources.FindManyAsync(ids, cancellationToken)).ToDictionary(static source => source.Id);
        return new Publication
        {
            Topic = topic.Topic,
            Slug = topic.Slug,
            Title = topic.Title,
            Description = topic.Description,
            Language = topic.Language,
            Links = links,
            ShowAttribution = topic.ShowAttribution,
            // A source deleted between the two questions has taken its entries along.
            Entries = [.. stored.Where(entry => sourcesById.ContainsKey(entry.SourceId))
                .Select(entry => new PublishedEntry(entry, sourcesById[entry.SourceId])
                {
                    Story = others.TryGetValue(entry.Id, out var story) ? PublishedStory.Of(entry.Id, story.Id, OthersOf(story), sourcesById, links) : null,
                })],
            OncePerStory = topic.OncePerStory,
            // What a search found once is not known any more.
            Tombstones = topic.Topic is Topic.OfSearch ? [] : await takedowns.ListTombstonesAsync(topic.Topic, time.GetUtcNow() - Tombstone.Published, cancellationToken),
            HubUrl = HubUrl,
            ChangedAt = topic.Version.ChangedAt,
        };
    }

    private async Task<IReadOnlyList<StoredEntry>> FoundAsync(Topic.OfSearch topic, CancellationToken cancellationToken)
    {
        var request = await SearchAddress.Read(topic.Query).ToRequestAsync(categories, SearchAddress.ZoneOf(site.Value), cancellationToken);
        if (request is null) return [];
        var limit = Math.Min(options.Value.EntriesPerFeed, SearchRequest.MaxLimit);
        return [.. (await search.SearchAsync(request with { Limit = limit, WithContent = true }, cancellationToken)).Hits.Select(static hit => hit.Stored)];
    }

    private static IEnumerable<StoryMember> OthersOf(Story story) => story.Members.Take(PublishedStory.MaxOthers + 1);

    /// <summary>The newest entries with their bodies, as far as the feed can hold them; the rest is never read.</summary>
    private async Task<List<StoredEntry>> NewestAsync(Func<PageKey?, int, Task<IReadOnlyList<StoredEntry>>> read)
    {
        var newest = new List<StoredEntry>();
        long length = 0;
        PageKey? before = null;
        while (newest.Count < options.Value.EntriesPerFeed)
        {
            var asked = Math.Min(BodiesAtOnce, options.Value.EntriesPerFeed - newest.Count);
            var page = await read(before, asked);
            foreach (var entry in page)
            {
                length += entry.Entry.Content?.Length ?? 0;
                if (newest.Count > 0 && length > MaxContentLength) return newest;
                newest.Add(entry);
            }

            if (page.Count < asked) break;
            before = new PageKey(page[^1].SortAt, page[^1].Id);
        }

        return newest;
    }
}
