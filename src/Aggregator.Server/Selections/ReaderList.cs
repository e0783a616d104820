using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Publish;
using Aggregator.Server.Snapshots;
using Aggregator.Server.Subscriptions;

namespace Aggregator.Server.Selections;

/// <summary>Finds what we carry of the subscription list of somebody's reader. Nothing is fetched, and nothing of it is kept but what was found.</summary>
internal sealed class ReaderList(ISourceAdminStore addresses, ISourceStore sources, Navigation navigation, SiteLinks links)
{
    /// <summary>The largest list, in bytes.</summary>
    public const long MaxBytes = 2 * 1024 * 1024;

    /// <summary>How many feeds of a list are looked at.</summary>
    public const int MaxFeeds = 2_000;

    /// <summary>How many addresses one statement looks for.</summary>
    private const int AtOnce = 500;

    /// <summary>What a list has; null when it is no subscription list.</summary>
    public async Task<ReaderListMatch?> MatchAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (SubscriptionImport.Judge(body.Span) is not null || !OpmlReader.TryRead(body, out var document, out _)) return null;
        var feeds = document.Feeds().Select(static feed => feed.Outline).DistinctBy(static outline => outline.XmlUrl, StringComparer.Ordinal).Take(MaxFeeds + 1).ToList();
        var isCut = feeds.Count > MaxFeeds;
        if (isCut) feeds.RemoveAt(MaxFeeds);

        var candidates = feeds.ConvertAll(static outline => Candidates(outline.XmlUrl!));
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var some in candidates.SelectMany(static one => one).Distinct(StringComparer.Ordinal).Chunk(AtOnce))
            foreach (var source in await addresses.FindByAddressAsync(some, cancellationToken))
                known[source.Url] = source.Id;

        var categories = (await navigation.ListAsync(cancellationToken)).ToDictionary(static category => category.Slug, static category => category.Id, StringComparer.Ordinal);
        var topics = feeds.Zip(candidates, (outline, urls) =>
            urls.Find(known.ContainsKey) is { } url ? Topic.Source(known[url]) : Own(outline.XmlUrl!, categories)).ToList();
        var shown = await ShownAsync([.. topics.OfType<Topic.OfSource>().Select(static topic => topic.SourceId).Distinct()], cancellationToken);

        var found = new List<Topic>();
        var missing = new List<OpmlOutline>();
        foreach (var (outline, topic) in feeds.Zip(topics))
        {
            if (topic is null || (topic is Topic.OfSource source && !shown.Contains(source.SourceId))) missing.Add(outline);
            else found.Add(topic);
        }

        return new ReaderListMatch([.. found.Distinct()], missing, isCut);
    }

    /// <summary>Which of these sources anything is shown of: of the others nobody learns that we know them.</summary>
    private async Task<HashSet<long>> ShownAsync(List<long> ids, CancellationToken cancellationToken)
    {
        var shown = new HashSet<long>();
        foreach (var some in ids.Chunk(AtOnce))
            foreach (var source in await sources.FindManyAsync(some, cancellationToken))
                if (source.Level > RepublishLevel.Nothing)
                    shown.Add(source.Id);
        return shown;
    }

    /// <summary>The topic of a feed of ours: what was exported here comes back.</summary>
    private Topic? Own(string url, Dictionary<string, long> categories) => FeedPath.Read(url, links)?.Name switch
    {
        { Slug: { } slug } => categories.TryGetValue(slug, out var id) ? Topic.Category(id) : null,
        { SourceId: { } id } => Topic.Source(id),
        { Search: { Length: <= ISelectionStore.MaxQueryLength } query } => Topic.Search(query),
        _ => null,
    };

    /// <summary>How a feed's address may stand in the store: as it is written and cleaned as originals are, in both schemes, with and without "www." and a last slash.</summary>
    private static List<string> Candidates(string url)
    {
        if (url.StartsWith("feed:", StringComparison.OrdinalIgnoreCase)) url = SubscriptionImport.FromFeedScheme(url);
        if (url.Length > NewSource.MaxUrlBytes || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) return [];
        var written = address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
        var all = new List<string> { address.AbsoluteUri };
        foreach (var one in new[] { written, OriginalAddress.WithOtherSlash(written) }) all.AddRange(OriginalAddress.AsWritten(one));
        foreach (var one in OriginalAddress.Candidates(url)) all.Add(one);
        return [.. all.Distinct(StringComparer.Ordinal)];
    }
}
