using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Publish;
using Aggregator.Server.Snapshots;
using Aggregator.Server.Subscriptions;

namespace Aggregator.Server.Selections;

/// <summary>Finds what we carry of the subscription list of somebody's reader. Nothing is fetched, and nothing of it is kept but what was found.</summary>
internal sealed class ReaderList(ISourceAdminStore sources, ICategoryStore categories, SiteLinks links)
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
            foreach (var source in await sources.FindByAddressAsync(some, cancellationToken))
                if (!source.IsDeleted)
                    known[source.Url] = source.Id;

        var found = new List<Topic>();
        var missing = new List<OpmlOutline>();
        foreach (var (outline, addresses) in feeds.Zip(candidates))
        {
            if (addresses.Find(known.ContainsKey) is { } address) found.Add(Topic.Source(known[address]));
            else if (await OwnAsync(outline.XmlUrl!, cancellationToken) is { } own) found.Add(own);
            else missing.Add(outline);
        }

        return new ReaderListMatch([.. found.Distinct()], missing, isCut);
    }

    /// <summary>The topic of a feed of ours: what was exported here comes back.</summary>
    private async Task<Topic?> OwnAsync(string url, CancellationToken cancellationToken) => FeedPath.Read(url, links)?.Name switch
    {
        { Slug: { } slug } => CategorySlug.IsValid(slug) && await categories.FindAsync(slug, cancellationToken) is { } category ? Topic.Category(category.Id) : null,
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
        foreach (var one in new[] { written, written.EndsWith('/') ? written[..^1] : written + "/" }) all.AddRange(OriginalAddress.AsWritten(one));
        foreach (var one in OriginalAddress.Candidates(url)) all.Add(one);
        return [.. all.Distinct(StringComparer.Ordinal)];
    }
}
