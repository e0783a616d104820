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
    IArchiveStore archives, ISelectionStore selections, SelectionReader selectionReader, SiteLinks links, IOptions<PublishOptions> options, IOptions<SiteOptions> site,
    HubOptions hub, TimeProvider time)
{
    /// <summary>The most sources that a published subscription list holds.</summary>
    public const int MaxSubscriptions = 20_000;

    /// <summary>How much content a feed holds, in characters; where entries are so long that they exceed it, the older ones give way, but never the newest.</summary>
    public const int MaxContentLength = 16 * 1024 * 1024;

    /// <summary>
    /// How many bodies are read at once: no more than this many of the longest are in memory besides those that the feed will hold.
    /// </summary>
    public const int BodiesAtOnce = 10;

    /// <summary>
    /// Renders a topic. Entries that came after <paramref name="topic"/> was read are in it already; the next check renders again, to the same
    /// bytes. Null when its archive has no page of that address.
    /// </summary>
    public async Task<Rendering?> RenderAsync(PublishedTopic topic, ArchivePlace place, FeedFormat format, FeedView view, CancellationToken cancellationToken)
    {
        if (format is FeedFormat.Opml)
        {
            var list = topic.Topic is Topic.OfSelection mine ? await SubscriptionListAsync(topic, mine, cancellationToken) : await SubscriptionListAsync(topic, cancellationToken);
            // Without a date: sources come and go without a change of the topic's entries, and only the tag can tell.
            return new Rendering(topic, place, format, links.Feed(topic.Topic, topic.Slug, format.Extension()), [], list, position: 0, lastModified: null, time.GetTimestamp());
        }

        if (view.Archive is { } archive)
        {
            // Without a date: it changes when one of its entries does, and not with the topic.
            return await ArchivePageAsync(topic, place, view, archive, cancellationToken) is { } page
                ? new Rendering(topic, place, format, page.SelfUrl(format), page.ArchiveLinks(format), Write(page, format), position: 0, lastModified: null, time.GetTimestamp())
                : null;
        }

        if (topic.Topic is Topic.OfSelection)
        {
            // Without a date, for a change of what is followed is dated nowhere.
            var own = await PublicationAsync(topic, view, await NewestAsync(topic, view, cancellationToken), tombstones: [], cancellationToken);
            return new Rendering(topic, place, format, own.SelfUrl(format), RelatedTo(own, format), Write(own, format), position: 0, lastModified: null, time.GetTimestamp());
        }

        // Before the entries are read: what has come by then may be dated too early, but never too late.
        var date = await topics.DateAsync(topic.Topic, topic.Version, cancellationToken);
        var publication = await PublicationAsync(
            topic, view, await NewestAsync(topic, view, cancellationToken), await TombstonesAsync(topic, cancellationToken), cancellationToken);
        publication = publication with { PreviousArchive = await PreviousOfAsync(topic, place, publication, cancellationToken) };
        return new Rendering(topic, place, format, publication.SelfUrl(format), RelatedTo(publication, format), Write(publication, format), place.Position, date, time.GetTimestamp());
    }

    /// <summary>
    /// Writes what came, changed and was taken down in a topic since a position; null when that is more than a feed holds. An entry that came
    /// with an old date is among them, though the whole feed may have no place for it.
    /// </summary>
    public async Task<Rendering?> RenderDeltaAsync(
        PublishedTopic topic, ArchivePlace place, FeedFormat format, FeedView view, long from, CancellationToken cancellationToken)
    {
        var limit = view.Count ?? EntryQuery.MaxLimit;
        // An entry has two changes at the most.
        var changes = await archives.ChangesAsync(topic.Topic, from, place.Position, view.Since, oncePerStory: false, withWithdrawn: true, Math.Min((2 * limit) + 1, IArchiveStore.MaxChanges), cancellationToken);
        if (changes.Count > limit) return null;
        var date = await topics.DateAsync(topic.Topic, topic.Version, cancellationToken);
        var publication = await OfChangesAsync(topic, view, changes, cancellationToken);
        if (publication.Entries.Sum(static entry => (long)(entry.Stored.Entry.Content?.Length ?? 0)) > MaxContentLength) return null;

        // Whoever has what came before, and now this, misses nothing behind the last full page.
        publication = publication with { PreviousArchive = await LastPageAsync(topic, place.LastNumber, view, cancellationToken) };
        return new Rendering(topic, place, format, publication.SelfUrl(format), RelatedTo(publication, format), Write(publication, format), place.Position, date, time.GetTimestamp());
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
        var whole = await PublicationAsync(topic, default, stored, await TombstonesAsync(topic, cancellationToken), cancellationToken);
        var part = whole with { Tombstones = [.. whole.Tombstones.Where(tombstone => gone.Contains(tombstone.EntryId))] };
        var isEmpty = part.Entries.Count == 0 && (part.Tombstones.Count == 0 || format == FeedFormat.Rss);
        return isEmpty ? null : Write(part, format);
    }

    private static IEnumerable<(string Relation, string Url)> RelatedTo(Publication publication, FeedFormat format)
    {
        if (publication.HubUrl is { } hubUrl) yield return ("hub", hubUrl);
        foreach (var link in publication.ArchiveLinks(format)) yield return link;
    }

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
        await selections.FindAsync(topic.TokenHash(), cancellationToken)
        ?? new Selection { Id = 0, Topics = [], Revision = "", UsedAt = default, Visit = SelectionVisit.First(time.GetUtcNow()) };

    /// <summary>A page of the topic's archive (RFC 5005 §4), or null when there is none of that address.</summary>
    private async Task<Publication?> ArchivePageAsync(PublishedTopic topic, ArchivePlace place, FeedView view, ArchiveAddress address, CancellationToken cancellationToken)
    {
        if (await archives.FindPageAsync(topic.Topic, address.Page, cancellationToken) is not { } page) return null;
        if (address.Until is { } part && (part <= page.After || part > (page.Until ?? page.Given))) return null;
        if ((address.Until ?? page.Until) is not { } until) return null;
        var changes = await archives.ChangesAsync(topic.Topic, page.After, until, view.Since, topic.OncePerStory, withWithdrawn: false, IArchiveStore.MaxChanges, cancellationToken);
        return await OfChangesAsync(topic, view, changes, cancellationToken) with
        {
            PreviousArchive = await LastPageAsync(topic, page.After, view, cancellationToken),
            NextArchive = address.Until is null && page.Number < place.LastPage ? new ArchiveAddress(page.Number + 1, Until: null) : null,
        };
    }

    /// <summary>
    /// What comes before a feed's newest entries: the last full page, when all that came after it stands in the feed, else what is there of
    /// the page that is being filled, which leads on to the full one. So whoever walks the archive from here gets everything.
    /// </summary>
    private async Task<ArchiveAddress?> PreviousOfAsync(PublishedTopic topic, ArchivePlace place, Publication publication, CancellationToken cancellationToken)
    {
        if (place.Position == 0) return null;
        var tail = await archives.ChangesAsync(topic.Topic, place.LastNumber, place.Position, publication.View.Since, topic.OncePerStory, withWithdrawn: false, IArchiveStore.MaxChanges, cancellationToken);
        var shown = publication.Entries.Select(static entry => entry.Stored.Id).ToHashSet();
        var gone = publication.Tombstones.Select(static tombstone => tombstone.EntryId).ToHashSet();
        return tail.All(change => (change.IsGone ? gone : shown).Contains(change.EntryId))
            ? await LastPageAsync(topic, place.LastNumber, publication.View, cancellationToken)
            : new ArchiveAddress(place.LastPage + 1, place.Position);
    }

    private async Task<ArchiveAddress?> LastPageAsync(PublishedTopic topic, long number, FeedView view, CancellationToken cancellationToken) =>
        number > 0 && await archives.FindPageBeforeAsync(topic.Topic, number, view.Since, cancellationToken) is { } page ? new ArchiveAddress(page, Until: null) : null;

    /// <summary>What is there of changes. Where the texts are too long together, the rest of them is left out, and no entry.</summary>
    private async Task<Publication> OfChangesAsync(PublishedTopic topic, FeedView view, IReadOnlyList<ArchivedChange> changes, CancellationToken cancellationToken)
    {
        var found = new List<StoredEntry>(changes.Count);
        long length = 0;
        foreach (var ids in changes.Where(static change => !change.IsGone && !change.IsWithdrawn).Select(static change => change.EntryId).Chunk(view.Content is FeedContent.Full ? BodiesAtOnce : EntryQuery.MaxLimit))
        {
            var read = await entries.FindManyAsync(ids, view.Content is FeedContent.Full && length <= MaxContentLength, cancellationToken);
            length += read.Sum(static entry => (long)(entry.Entry.Content?.Length ?? 0));
            found.AddRange(read);
        }

        var gone = changes.Where(static change => change.IsGone).Select(static change => change.EntryId).Chunk(EntryQuery.MaxLimit);
        var tombstones = new List<Tombstone>();
        foreach (var ids in gone) tombstones.AddRange(await takedowns.FindTombstonesAsync(ids, cancellationToken));
        return await PublicationAsync(
            topic, view, [.. found.OrderByDescending(static entry => entry.SortAt).ThenByDescending(static entry => entry.Id)],
            [.. tombstones.OrderByDescending(static tombstone => tombstone.RemovedAt).ThenByDescending(static tombstone => tombstone.EntryId)], cancellationToken) with
        {
            Withdrawn = [.. changes.Where(static change => change.IsWithdrawn).Select(static change => change.EntryId).OrderDescending()],
        };
    }

    // What a search found once is not known any more.
    private async Task<IReadOnlyList<Tombstone>> TombstonesAsync(PublishedTopic topic, CancellationToken cancellationToken) =>
        topic.Topic is Topic.OfSearch or Topic.OfSelection ? [] : await takedowns.ListTombstonesAsync(topic.Topic, time.GetUtcNow() - Tombstone.Published, cancellationToken);

    private async Task<Publication> PublicationAsync(
        PublishedTopic topic, FeedView view, IReadOnlyList<StoredEntry> stored, IReadOnlyList<Tombstone> tombstones, CancellationToken cancellationToken)
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
                }.With(view.Content))],
            OncePerStory = topic.OncePerStory,
            View = view,
            Tombstones = tombstones,
            // A cutting is no topic of the hub.
            HubUrl = hub.Enabled && view == default && !topic.OncePerStory ? links.Hub : null,
            ChangedAt = topic.Version.ChangedAt,
        };
    }

    /// <summary>The entries that a search finds, newest first, as many as a feed holds.</summary>
    public async Task<IReadOnlyList<StoredEntry>> FindAsync(Topic.OfSearch topic, FeedView view, CancellationToken cancellationToken)
    {
        var request = await SearchAddress.Read(topic.Query).ToRequestAsync(categories, SearchAddress.ZoneOf(site.Value), cancellationToken);
        if (request is null) return [];
        var limit = Math.Min(CountOf(view), SearchRequest.MaxLimit);
        if (view.Since is { } since && !(request.From > since)) request = request with { From = since };
        return [.. (await search.SearchAsync(request with { Limit = limit, WithContent = view.Content is FeedContent.Full }, cancellationToken)).Hits.Select(static hit => hit.Stored)];
    }

    private async Task<IReadOnlyList<StoredEntry>> NewestAsync(PublishedTopic topic, FeedView view, CancellationToken cancellationToken)
    {
        switch (topic.Topic)
        {
            case Topic.OfSearch ofSearch:
                return await FindAsync(ofSearch, view, cancellationToken);
            case Topic.OfSelection ofSelection:
                var selection = await FindAsync(ofSelection, cancellationToken);
                var chosen = new SelectionQuery
                {
                    Selection = selection,
                    Found = await selectionReader.FoundAsync(selection, cancellationToken),
                    Limit = CountOf(view),
                    OncePerStory = topic.OncePerStory,
                };
                return await WithBodiesAsync(view, await selections.ListAsync(chosen, cancellationToken), cancellationToken);
            default:
                return await NewestAsync(view, new EntryQuery { Topic = topic.Topic, Since = view.Since, OncePerStory = topic.OncePerStory }, cancellationToken);
        }
    }

    private int CountOf(FeedView view) => view.Count ?? options.Value.EntriesPerFeed;

    private static IEnumerable<StoryMember> OthersOf(Story story) => story.Members.Take(PublishedStory.MaxOthers + 1);

    /// <summary>The newest entries with their bodies, as far as the feed can hold them; the rest is never read.</summary>
    private async Task<List<StoredEntry>> NewestAsync(FeedView view, EntryQuery query, CancellationToken cancellationToken)
    {
        var newest = new List<StoredEntry>();
        long length = 0;
        var count = CountOf(view);
        query = query with { WithContent = view.Content is FeedContent.Full };
        while (newest.Count < count)
        {
            query = query with { Limit = query.WithContent ? Math.Min(BodiesAtOnce, count - newest.Count) : count - newest.Count };
            var page = await entries.ListAsync(query, cancellationToken);
            if (!Take(page, newest, ref length) || page.Count < query.Limit) break;
            query = query with { Before = new PageKey(page[^1].SortAt, page[^1].Id) };
        }

        return newest;
    }

    /// <summary>The same of a list that is merged from many topics, which is not merged again for every few bodies.</summary>
    private async Task<List<StoredEntry>> WithBodiesAsync(FeedView view, IReadOnlyList<StoredEntry> listed, CancellationToken cancellationToken)
    {
        // Such a list knows no beginning.
        var young = listed.TakeWhile(entry => !(entry.SortAt < view.Since)).ToList();
        if (view.Content is not FeedContent.Full) return young;
        var newest = new List<StoredEntry>(young.Count);
        long length = 0;
        foreach (var some in young.Chunk(BodiesAtOnce))
        {
            var read = (await entries.FindManyAsync([.. some.Select(static entry => entry.Id)], withContent: true, cancellationToken)).ToDictionary(static entry => entry.Id);

            // What went between the two questions is left out.
            if (!Take(some.Select(entry => read.GetValueOrDefault(entry.Id)).OfType<StoredEntry>(), newest, ref length)) break;
        }

        return newest;
    }

    /// <summary>Adds entries to a feed until their texts are too long for it; false then.</summary>
    private static bool Take(IEnumerable<StoredEntry> read, List<StoredEntry> newest, ref long length)
    {
        foreach (var entry in read)
        {
            length += entry.Entry.Content?.Length ?? 0;
            if (newest.Count > 0 && length > MaxContentLength) return false;
            newest.Add(entry);
        }

        return true;
    }
}
