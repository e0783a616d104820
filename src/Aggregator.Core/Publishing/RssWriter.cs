using System.ServiceModel.Syndication;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Serialization;
using static Aggregator.Core.Publishing.FeedNamespaces;

namespace Aggregator.Core.Publishing;

/// <summary>
/// Writes RSS 2.0 with System.ServiceModel.Syndication. It cannot say everything: the root with our namespaces, dates in GMT (its own
/// zone is <c>Z</c>, which RFC 5322 §4.3 calls unknown), and what lives in other namespaces are added here.
/// </summary>
public static class RssWriter
{
    private const string Specification = "https://www.rssboard.org/rss-specification";

    /// <summary>The publication as a document in UTF-8.</summary>
    public static byte[] Write(Publication publication)
    {
        ArgumentNullException.ThrowIfNull(publication);
        IXmlSerializable formatter = new Rss20FeedFormatter(Feed(publication), serializeExtensionsAsAtom: false);
        return FeedXml.Write(publication.Links, writer =>
        {
            writer.WriteStartElement("rss");
            foreach (var (prefix, name) in Namespaces.Where(space => IsSpoken(space.Name, publication)))
                writer.WriteAttributeString("xmlns", prefix, ns: null, name.NamespaceName);
            formatter.WriteXml(writer);
            writer.WriteEndElement();
        });
    }

    private static readonly (string Prefix, XNamespace Name)[] Namespaces =
        [("ag", Ag), ("atom", Atom), ("content", FeedNamespaces.Content), ("creativeCommons", CreativeCommons), ("dc", Dc), ("dcterms", DcTerms), ("fh", History)];

    // These two are declared only where the document uses them.
    private static bool IsSpoken(XNamespace space, Publication publication) =>
        space == History ? publication.View.Archive is not null
        : space != CreativeCommons || publication.Entries.Any(HasLicense);

    private static bool HasLicense(PublishedEntry entry) => (entry.Stored.Entry.LicenseUrl ?? entry.Source.Feed.LicenseUrl) is not null;

    private static SyndicationFeed Feed(Publication publication)
    {
        var language = FeedLanguage.Valid(publication.Language) ?? "en";
        var words = FeedWords.In(language);
        var title = FeedText.Line(publication.Title) ?? publication.SelfUrl(FeedFormat.Rss);
        var feed = new SyndicationFeed
        {
            Title = Plain(title),
            Description = Plain(FeedText.Line(publication.Description) ?? title),
            Language = language,
            Generator = "Aggregator",
            Items = [.. PublishedItem.AllOf(publication, words).Select(item => Item(publication, item, words))],
        };
        feed.Links.Add(SyndicationLink.CreateAlternateLink(new Uri(publication.PageUrl)));
        Add(feed.ElementExtensions, new XElement("lastBuildDate", FeedDates.Rfc822(publication.UpdatedAt)));
        Add(feed.ElementExtensions, new XElement("docs", Specification));
        if (publication.View.Archive is not null) Add(feed.ElementExtensions, new XElement(History + "archive"));
        foreach (var link in FeedExtensions.FeedLinks(publication, FeedFormat.Rss)) Add(feed.ElementExtensions, link);
        if (publication.OneSource is { } source)
        {
            if (source.Rights is { } rights) feed.Copyright = Plain(rights);
            foreach (var element in License(source.LicenseUrl)) Add(feed.ElementExtensions, element);
        }

        return feed;
    }

    private static SyndicationItem Item(Publication publication, PublishedItem item, FeedWords words)
    {
        var rss = new SyndicationItem
        {
            Id = item.Id,
            // Without a title of its own the description stands for the item; a made-up title would only repeat it.
            Title = item.Title is null ? null : Plain(item.Title),
            Summary = SyndicationContent.CreateHtmlContent(item.Summary is null ? item.Body : FeedText.ToHtml(item.Summary)),
            SourceFeed = new SyndicationFeed { Title = Plain(item.Source.Title) },
        };
        rss.SourceFeed.Links.Add(SyndicationLink.CreateSelfLink(new Uri(item.Source.Address)));
        rss.Links.Add(SyndicationLink.CreateAlternateLink(new Uri(item.Url ?? item.ArticleUrl)));
        foreach (var tag in item.Tags) rss.Categories.Add(new SyndicationCategory(FeedText.Unambiguous(tag)));
        if (item.Files is [var first, ..]) rss.Links.Add(Enclosure(first));

        // The order matters: description, which the formatter writes, before content:encoded, and links of Atom last.
        Add(rss.ElementExtensions, new XElement("pubDate", FeedDates.Rfc822(item.PublishedAt ?? item.FirstSeenAt)));
        Add(rss.ElementExtensions, new XElement(FeedNamespaces.Content + "encoded", item.Content(publication, words)));
        foreach (var author in item.Authors) Add(rss.ElementExtensions, new XElement(Dc + "creator", FeedText.Unambiguous(author.Name)));
        if ((item.Rights ?? item.Source.Rights) is { } rights) Add(rss.ElementExtensions, new XElement(Dc + "rights", FeedText.Unambiguous(rights)));
        foreach (var element in FeedExtensions.Provenance(item)) Add(rss.ElementExtensions, element);
        foreach (var link in FeedExtensions.Origins(item, words)) Add(rss.ElementExtensions, link);
        // RSS has no element for the source's own.
        foreach (var element in License(item.LicenseUrl ?? item.Source.LicenseUrl)) Add(rss.ElementExtensions, element);
        // RSS knows one enclosure per item; further files go where readers of Atom look for them.
        foreach (var file in item.Files.Skip(1)) Add(rss.ElementExtensions, FeedExtensions.Link("enclosure", file.Url, file.Type, length: file.Length));
        return rss;
    }

    // The length is required (RSS 2.0, "enclosure"); 0 is the profile's word for unknown, and the formatter would leave it out.
    private static SyndicationLink Enclosure(PublishedFile file)
    {
        var link = SyndicationLink.CreateMediaEnclosureLink(new Uri(file.Url), file.Type, file.Length ?? 0);
        if (link.Length == 0) link.AttributeExtensions.Add(new XmlQualifiedName("length"), "0");
        return link;
    }

    /// <summary>A licence as readers look for it: in the module for Creative Commons, which is for nothing else, and as a link (RFC 4946).</summary>
    private static IEnumerable<XElement> License(string? url)
    {
        if (url is null) yield break;
        if (new Uri(url).IdnHost is "creativecommons.org" or "www.creativecommons.org") yield return new XElement(CreativeCommons + "license", url);
        yield return FeedExtensions.License(url)!;
    }

    private static TextSyndicationContent Plain(string text) => new(FeedText.Unambiguous(text));

    // Without its usual prefix an element would get a made-up one, and the root's declaration would not serve it.
    private static void Add(SyndicationElementExtensionCollection extensions, XElement element)
    {
        foreach (var (prefix, name) in Namespaces)
            if (element.Name.Namespace == name)
                element.SetAttributeValue(XNamespace.Xmlns + prefix, name.NamespaceName);
        using var reader = element.CreateReader();
        extensions.Add(reader);
    }
}
