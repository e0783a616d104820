using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Stories;

namespace Aggregator.Server.Snapshots;

/// <summary>Reads what the page of an article shows: as it is now, or as one of its snapshots has it.</summary>
internal sealed class ArticleReader(
    ICategoryStore categories, IEntryStore entries, ISourceStore sources, ISnapshotStore snapshots, IStoryStore stories, RelatedArticles related)
{
    /// <summary>How many related articles stand under an article.</summary>
    private const int RelatedEntries = 6;

    /// <summary>How many other entries of its category stand under an article.</summary>
    private const int MoreEntries = 6;

    /// <summary>How many versions a page lists; the TimeMap has them all.</summary>
    public const int MaxListedVersions = 100;

    /// <summary>The article as it is now, or null.</summary>
    public async Task<ArticleModel?> ReadNowAsync(long id, CancellationToken cancellationToken)
    {
        if (await entries.FindAsync(id, cancellationToken) is not { } stored) return null;

        var shown = await snapshots.FindAsync(id, stored.BodyVersion > 0 ? stored.BodyVersion : stored.Version, cancellationToken);
        // Only a page has more to say than the entry's row does.
        var page = shown is { Kind: SnapshotKind.Page } ? await snapshots.ReadDocumentAsync(shown.Id, cancellationToken) : null;
        // The page is the newest that is known: it says what its headline is, which the feed may never tell. A feed that said something
        // since then has the newer headline, and the page its older text: then the reader is told.
        var isNewest = page is not null && shown!.Number == stored.Version;
        if (isNewest) stored = stored with { Entry = Of(stored.Entry, page!) };
        var model = await ReadAsync(stored, shown, page, cancellationToken) with
        {
            HeadlineVersion = page is not null && !isNewest && page.Title != stored.Entry.Title ? stored.Version : null,
            Story = await StoryList.OfEntryAsync(id, stories, sources, cancellationToken),
        };
        var sameStory = model.Story?.Others.Select(other => other.Member.EntryId).ToHashSet() ?? [];
        var found = await related.FindAsync(id, sameStory, RelatedEntries, cancellationToken);
        var listed = await BrowseEndpoints.WithSourcesAsync([.. found.Select(one => one.Stored)], sources, cancellationToken);
        model = model with { Related = [.. listed.Zip(found, (entry, one) => new ListedRelated(entry, one.Passage))] };
        if (model.StandsIn.Count == 0) return model;

        var category = Topic.Category(model.StandsIn[0].Id);
        var place = new PageKey(stored.SortAt, stored.Id);
        var newest = await entries.ListAsync(new EntryQuery { Topic = category, OncePerStory = true, Limit = MoreEntries + 2 }, cancellationToken);
        return model with
        {
            Newer = (await NextToAsync(new EntryQuery { Topic = category, After = place, OncePerStory = true, Limit = 2 })).LastOrDefault(),
            Older = (await NextToAsync(new EntryQuery { Topic = category, Before = place, OncePerStory = true, Limit = 2 })).FirstOrDefault(),
            More = await BrowseEndpoints.WithSourcesAsync([.. newest.Where(entry => entry.Id != id && !sameStory.Contains(entry.Id)).Take(MoreEntries)], sources, cancellationToken),
        };

        // The one of the same story that the list has is no other article: of two next to each other at most one is.
        async Task<IEnumerable<StoredEntry>> NextToAsync(EntryQuery query) =>
            (await entries.ListAsync(query, cancellationToken)).Where(entry => !sameStory.Contains(entry.Id));
    }

    /// <summary>The article as that snapshot has it, or null when its text is no longer kept.</summary>
    public async Task<ArticleModel?> ReadAtAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (await snapshots.ReadDocumentAsync(snapshot.Id, cancellationToken) is not { } document) return null;
        if (await entries.FindAsync(snapshot.EntryId, cancellationToken) is not { } stored) return null;

        var then = stored with { Entry = Then(stored.Entry, document), CapturedAt = snapshot.CapturedAt, Version = snapshot.Number };
        return await ReadAsync(then, snapshot, document, cancellationToken) with { IsFrozen = true };
    }

    /// <summary>What is left of a snapshot whose text is no longer kept.</summary>
    public async Task<LostSnapshotModel> ReadLostAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        new(await categories.ListAsync(cancellationToken), snapshot, await VersionsAsync(snapshot.EntryId, snapshot.Number, cancellationToken));

    private async Task<ArticleModel> ReadAsync(StoredEntry stored, Snapshot? shown, SnapshotDocument? document, CancellationToken cancellationToken) =>
        new(await categories.ListAsync(cancellationToken), stored, await sources.FindAsync(stored.SourceId, cancellationToken),
            await entries.CategoriesOfAsync(stored.Id, cancellationToken), [])
        {
            Shown = shown,
            Credits = document?.Credits ?? [],
            NamedSource = document?.Site,
            Versions = await VersionsAsync(stored.Id, shown?.Number, cancellationToken),
        };

    private async Task<VersionList> VersionsAsync(long entryId, int? shown, CancellationToken cancellationToken)
    {
        var last = await snapshots.ListLastAsync(entryId, MaxListedVersions, cancellationToken);
        return new VersionList(entryId, last, last.Count < MaxListedVersions ? last.Count : last[0].Number, shown);
    }

    /// <summary>The page's words about itself; what it does not say, the feed did.</summary>
    private static Entry Of(Entry feed, SnapshotDocument page) => feed with
    {
        Title = page.Title,
        Authors = page.Authors.Count > 0 ? page.Authors : feed.Authors,
        PublishedAt = page.PublishedAt ?? feed.PublishedAt,
        UpdatedAt = page.UpdatedAt ?? feed.UpdatedAt,
        Language = page.Language ?? feed.Language,
        ImageUrl = page.ImageUrl ?? feed.ImageUrl,
    };

    /// <summary>The snapshot’s words in the entry’s frame: where it came from and its rights are facts of today.</summary>
    private static Entry Then(Entry now, SnapshotDocument document) => now with
    {
        Title = document.Title,
        Url = document.Url ?? now.Url,
        Summary = document.Summary,
        Content = document.Content,
        Authors = document.Authors,
        Tags = document.Tags,
        Enclosures = document.Enclosures,
        ImageUrl = document.ImageUrl,
        Language = document.Language ?? now.Language,
        PublishedAt = document.PublishedAt,
        UpdatedAt = document.UpdatedAt,
    };
}
