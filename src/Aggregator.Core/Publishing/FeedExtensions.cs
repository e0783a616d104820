using System.Xml.Linq;
using static Aggregator.Core.Publishing.FeedNamespaces;

namespace Aggregator.Core.Publishing;

/// <summary>The elements that say the same in an Atom entry and in an RSS item.</summary>
internal static class FeedExtensions
{
    /// <summary>
    /// First seen, this version's capture, and where it is from, for programs. <c>ag:timestamp</c> is optional reading, because
    /// descriptions of that draft differ on whose time it is; the <c>dcterms</c> dates are the ones that count.
    /// </summary>
    public static IEnumerable<XElement> Provenance(PublishedItem item)
    {
        yield return new XElement(DcTerms + "dateAccepted", FeedDates.Rfc3339(item.FirstSeenAt));
        yield return new XElement(DcTerms + "modified", FeedDates.Rfc3339(item.CapturedAt));
        yield return new XElement(Ag + "source", FeedText.Unambiguous(item.Source.Title));
        yield return new XElement(Ag + "sourceURL", item.Source.SiteUrl ?? item.Source.Address);
        yield return new XElement(Ag + "timestamp", FeedDates.Rfc3339(item.CapturedAt));
    }

    /// <summary>
    /// The original, and our page with the snapshot. The latter is <c>related</c>: validators do not know <c>memento</c>,
    /// and a version made of a feed's text is no memento of the web page (RFC 7089). Where the entry stands for a story, the same article
    /// elsewhere is related too.
    /// </summary>
    public static IEnumerable<XElement> Origins(PublishedItem item, FeedWords words)
    {
        if (item.Url is not null) yield return Link("via", item.Url, "text/html", FeedText.Unambiguous(item.Source.Title));
        yield return Link("related", item.ArticleUrl, "text/html", words.Snapshot);
        foreach (var other in item.Story?.Others ?? [])
            yield return Link("related", other.Url, "text/html", FeedText.Unambiguous(other.SourceTitle));
    }

    /// <summary>A link to a licence (RFC 4946 §2), or null. Its type is not known: the address may lead to a page or to RDF.</summary>
    public static XElement? License(string? url) =>
        url is null ? null : new XElement(Atom + "link", new XAttribute("rel", "license"), new XAttribute("href", url));

    /// <summary>An <c>atom:link</c> (RFC 4287 §4.2.7).</summary>
    public static XElement Link(string rel, string href, string type, string? title = null, string? hreflang = null, long? length = null) =>
        new(
            Atom + "link",
            new XAttribute("rel", rel),
            new XAttribute("type", type),
            hreflang is null ? null : new XAttribute("hreflang", hreflang),
            new XAttribute("href", href),
            title is null ? null : new XAttribute("title", title),
            length is null ? null : new XAttribute("length", length));

    /// <summary>
    /// The links of a feed to itself, to its page, and to its other formats. Validators take only XML types for a feed's self link;
    /// each alternate has a type of its own, as RFC 4287 §4.1.1 demands.
    /// </summary>
    public static IEnumerable<XElement> FeedLinks(Publication publication, FeedFormat format)
    {
        yield return Link("self", publication.SelfUrl(format), format.MediaType());
        // WebSub §4: readers that see no headers look here.
        if (publication.HubUrl is { } hub) yield return new XElement(Atom + "link", new XAttribute("rel", "hub"), new XAttribute("href", hub));
        yield return Link("alternate", publication.PageUrl, "text/html");
        foreach (var other in FeedFormats.OfEntries)
            if (other != format)
                yield return Link("alternate", publication.SelfUrl(other), other.MediaType());
        foreach (var (relation, url) in publication.ArchiveLinks(format)) yield return Link(relation, url, format.MediaType());
    }
}
