using Aggregator.Core.Parsing;

namespace Aggregator.Core.WebSub;

/// <summary>Which hub pushes what, as a publisher says (WebSub §4).</summary>
/// <param name="HubUrl">The hub, absolute http(s).</param>
/// <param name="TopicUrl">The topic: the canonical address, absolute http(s).</param>
public sealed record HubAnnouncement(string HubUrl, string TopicUrl)
{
    /// <summary>The longest address that is taken, in characters.</summary>
    public const int MaxUrlLength = 2048;

    /// <summary>
    /// Discovers hub and topic: in the <c>Link</c> headers first, and only where these name no hub, in the document. Of several
    /// hubs, the first that speaks https is taken, else the first. Without a <c>self</c> there is no topic to subscribe to: null.
    /// </summary>
    /// <param name="linkHeaders">The <c>Link</c> headers of the answer.</param>
    /// <param name="baseUrl">The address that answered.</param>
    /// <param name="feed">The document.</param>
    public static HubAnnouncement? Find(IReadOnlyList<string> linkHeaders, Uri? baseUrl, ParsedFeed feed)
    {
        ArgumentNullException.ThrowIfNull(linkHeaders);
        ArgumentNullException.ThrowIfNull(feed);
        var links = linkHeaders.Count == 0 ? [] : LinkHeader.Read(linkHeaders);
        var self = links.Where(link => Has(link.Relations, "self")).Select(link => Web(link.Target, baseUrl)).FirstOrDefault(url => url is not null);
        var hubs = links.Where(link => Has(link.Relations, "hub")).Select(link => Web(link.Target, baseUrl)).OfType<string>().ToList();
        var documentSelf = feed.SelfUrl is null ? null : Web(feed.SelfUrl, baseUrl);
        var topic = hubs.Count > 0 ? self ?? documentSelf : documentSelf ?? self;
        if (hubs.Count == 0) hubs = [.. feed.HubUrls.Select(url => Web(url, baseUrl)).OfType<string>()];
        var hub = hubs.Find(url => url.StartsWith("https:", StringComparison.Ordinal)) ?? hubs.FirstOrDefault();
        return hub is null || topic is null ? null : new HubAnnouncement(hub, topic);
    }

    private static bool Has(string relations, string relation) =>
        relations.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(relation, StringComparer.OrdinalIgnoreCase);

    private static string? Web(string reference, Uri? baseUrl)
    {
        var isAbsolute = Uri.TryCreate(reference, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        if (!isAbsolute && (baseUrl is null || !Uri.TryCreate(baseUrl, reference, out url))) return null;
        // A topic is compared letter by letter at the hub: an absolute address goes there as it was written.
        var text = isAbsolute ? reference : url!.AbsoluteUri;
        return url!.Scheme is "http" or "https" && text.Length <= MaxUrlLength && url.UserInfo.Length == 0 ? text : null;
    }
}
