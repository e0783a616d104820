using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;

namespace Aggregator.Core.Publishing;

/// <summary>
/// Every address that we publish, absolute, made in this one place from the public base address.
/// The paths are a contract: readers subscribe to them and sites embed them.
/// </summary>
/// <param name="publicUrl">The site's public address; a path in it is kept as a prefix.</param>
public sealed class SiteLinks(Uri publicUrl)
{
    /// <summary>The public base address, without a slash at its end.</summary>
    public string Base { get; } = publicUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>The home page.</summary>
    public string Home => Base + "/";

    /// <summary>The page that tells operators of sites who fetches from them: our User-Agent names it.</summary>
    public string Bot => Base + "/bot";

    /// <summary>The page on which visitors search.</summary>
    public string SearchPage => Base + "/search";

    /// <summary>The OpenSearch description document, by which browsers search here.</summary>
    public string OpenSearch => Base + "/opensearch.xml";

    /// <summary>The WebSub hub that every feed of entries names.</summary>
    public string Hub => Base + "/hub";

    /// <summary>The page that says what this site is.</summary>
    public string About => Base + "/about";

    /// <summary>The page on which a visitor reads what he follows.</summary>
    public string Subscriptions => Base + "/subscriptions";

    /// <summary>The private address of a selection, by which it is carried to another browser.</summary>
    public string Selection(string token) => $"{Subscriptions}/{token}";

    /// <summary>The list of the sources.</summary>
    public string Sources => Base + "/sources";

    /// <summary>The list of the pages that search engines may list (sitemaps.org protocol 0.9).</summary>
    public string Sitemap => Base + "/sitemap.xml";

    /// <summary>A category's page.</summary>
    public string Category(string slug) => $"{Base}/categories/{slug}";

    /// <summary>An entry's article page.</summary>
    public string Article(long entryId) => string.Create(CultureInfo.InvariantCulture, $"{Base}/articles/{entryId}");

    /// <summary>The page of a story: all entries that tell the same article.</summary>
    public string Story(long storyId) => string.Create(CultureInfo.InvariantCulture, $"{Base}/stories/{storyId}");

    /// <summary>The form by which a visitor asks to have an entry taken down.</summary>
    public string Takedown(long entryId) => string.Create(CultureInfo.InvariantCulture, $"{Base}/takedown?article={entryId}");

    /// <summary>An entry as it stood in one of its snapshots: the address of a memento (RFC 7089), which never says anything else.</summary>
    public string Snapshot(long entryId, DateTimeOffset capturedAt) => $"{Article(entryId)}/snapshots/{SnapshotStamp.Of(capturedAt)}";

    /// <summary>What changed between two snapshots of an entry, by their numbers.</summary>
    public string Diff(long entryId, int from, int to) => string.Create(CultureInfo.InvariantCulture, $"{Article(entryId)}/diff?from={from}&to={to}");

    /// <summary>The list of an entry's snapshots for programs (TimeMap, RFC 7089 §5), in the format <c>application/link-format</c> unless asked otherwise.</summary>
    public string TimeMap(long entryId) => string.Create(CultureInfo.InvariantCulture, $"{Base}/timemap/{entryId}");

    /// <summary>What leads to the snapshot of a wanted time (TimeGate, RFC 7089 §4).</summary>
    public string TimeGate(long entryId) => string.Create(CultureInfo.InvariantCulture, $"{Base}/timegate/{entryId}");

    /// <summary>A source's page.</summary>
    public string Source(long sourceId) => string.Create(CultureInfo.InvariantCulture, $"{Base}/sources/{sourceId}");

    /// <summary>A published feed or subscription list.</summary>
    /// <param name="topic">What it is about.</param>
    /// <param name="slug">The category's slug, when it is about a category.</param>
    /// <param name="extension"><c>atom</c>, <c>rss</c>, <c>json</c> or <c>opml</c>.</param>
    public string Feed(Topic topic, string? slug, string extension) => topic switch
    {
        Topic.OfCategory => $"{Category(slug ?? throw new ArgumentNullException(nameof(slug)))}.{extension}",
        Topic.OfSource source => $"{Source(source.SourceId)}.{extension}",
        Topic.OfSearch search => $"{SearchPage}.{extension}?{search.Query}",
        Topic.OfSelection selection => $"{Selection(selection.Token)}.{extension}",
        _ => $"{Base}/all.{extension}",
    };

    /// <summary>A published feed with what its address says beside the topic.</summary>
    public string Feed(Topic topic, string? slug, string extension, bool oncePerStory, FeedView view)
    {
        var (feed, query) = (Feed(topic, slug, extension), view.ToQuery(oncePerStory));
        return query.Length > 0 && topic is Topic.OfSearch ? feed + "&" + query[1..] : feed + query;
    }

    /// <summary>The stylesheet that our XML feeds name, for people who open one in a browser.</summary>
    public string FeedStylesheet => Base + "/feed.css";

    /// <summary>
    /// An entry's published id (RFC 4151 tag URI over the public host), the same in every format and category and for ever;
    /// the year is a constant, for a tag must not change.
    /// </summary>
    public string EntryId(long entryId) =>
        string.Create(CultureInfo.InvariantCulture, $"tag:{publicUrl.IdnHost},2026:entry/{entryId}");
}
