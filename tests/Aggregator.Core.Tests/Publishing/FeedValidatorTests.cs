using System.Text;
using System.Xml.Linq;
using Aggregator.Core.Publishing;
using Xunit;
using static Aggregator.Core.Tests.Publishing.PublicationSamples;

namespace Aggregator.Core.Tests.Publishing;

/// <summary>The validator is only worth something if it rejects what the W3C validator rejects: each bad shape, by its name.</summary>
public sealed class FeedValidatorTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Content = "http://purl.org/rss/1.0/modules/content/";
    private static readonly XNamespace Dc = "http://purl.org/dc/elements/1.1/";
    private static readonly XNamespace DcTerms = "http://purl.org/dc/terms/";
    private static readonly XNamespace Ag = "http://purl.org/rss/1.0/modules/aggregation/";
    private static readonly XNamespace Own = "https://example.org/own";
    private static readonly XNamespace Tombstones = "http://purl.org/atompub/tombstones/1.0";

    /// <summary>Shapes of RSS that are wrong, made from a good document by one change to its only item or its channel.</summary>
    private static readonly (string Name, string Rule, Action<XElement> Change)[] Rss =
    [
        ("a source without url", "MissingAttribute", item => item.Element("source")!.SetAttributeValue("url", null)),
        ("a source with a relative url", "InvalidFullLink", item => item.Element("source")!.SetAttributeValue("url", "/feed.xml")),
        ("atom:source", "UndefinedElement", item => item.Add(new XElement(Atom + "source"))),
        ("dc:source beside source", "DuplicateItemSemantics", item => item.Add(new XElement(Dc + "source", "x"))),
        ("dcterms:source", "UndefinedElement", item => item.Add(new XElement(DcTerms + "source", "x"))),
        ("a modified that is no W3CDTF", "InvalidW3CDTFDate", item => item.Element(DcTerms + "modified")!.Value = "Sat, 05 Sep 2026"),
        ("a timestamp that is no ISO date", "InvalidISO8601DateTime", item => item.Element(Ag + "timestamp")!.Value = "yesterday"),
        ("dc:date beside pubDate", "DuplicateItemSemantics", item => item.Add(new XElement(Dc + "date", "2026-09-05"))),
        ("an unregistered relation", "UnregisteredAtomLinkRel", item => item.Element(Atom + "link")!.SetAttributeValue("rel", "memento")),
        ("a tombstone", "UnknownNamespace", item => item.Parent!.Add(new XElement(Tombstones + "deleted-entry"))),
        ("a namespace of our own", "UnknownNamespace", item => item.Add(new XElement(Own + "x"))),
        ("an author without e-mail", "InvalidContact", item => { item.Elements(Dc + "creator").Remove(); item.Add(new XElement("author", "John")); }),
        ("an author beside dc:creator", "DuplicateItemSemantics", item => item.Add(new XElement("author", "j@o.example (John)"))),
        ("content before description", "NeedDescriptionBeforeContent", item => { var d = item.Element("description")!; d.Remove(); item.Add(d); }),
        ("content without description", "NeedDescriptionBeforeContent", item => item.Element("description")!.Remove()),
        ("a script in the content", "SecurityRisk", item => item.Element(Content + "encoded")!.Value = "<script>alert(1)</script>"),
        ("a relative image in the content", "ContainsRelRef", item => item.Element(Content + "encoded")!.Value = "<img src=\"/i.png\">"),
        ("an element that RSS does not have", "UndefinedElement", item => item.Add(new XElement("stats"))),
        ("an enclosure without length", "MissingAttribute", item => item.Add(new XElement("enclosure", new XAttribute("url", "https://a.example/"), new XAttribute("type", "audio/mpeg")))),
        ("two enclosures", "DuplicateEnclosure", item => item.Add(Enclosure(), Enclosure())),
        ("a pubDate that is no RFC 822 date", "InvalidRFC2822Date", item => item.Element("pubDate")!.Value = "2026-09-05T08:00:00Z"),
        ("a pubDate to come", "ImplausibleDate", item => item.Element("pubDate")!.Value = "Sun, 05 Sep 2027 08:00:00 GMT"),
        ("an item without guid", "MissingGuid", item => item.Element("guid")!.Remove()),
        ("a permalink that is none", "InvalidHttpGUID", item => item.Element("guid")!.SetAttributeValue("isPermaLink", null)),
        ("the same guid twice", "DuplicateValue", item => item.Parent!.Add(new XElement(item))),
        ("two titles", "DuplicateElement", item => item.AddFirst(new XElement("title", "T"))),
        ("an empty title", "NotBlank", item => item.Element("title")!.Value = ""),
        ("a title with markup", "ContainsHTML", item => item.Element("title")!.Value = "a <b>c</b>"),
        ("neither title nor description", "ItemMustContainTitleOrDescription", item => item.Elements().Where(e => e.Name == "title" || e.Name == "description").Remove()),
        ("a relative link", "InvalidFullLink", item => item.Element("link")!.Value = "/a"),
        ("a link with Chinese characters", "InvalidFullLink", item => item.Element("link")!.Value = "https://a.example/文章"),
        ("no self link", "MissingAtomSelfLink", item => item.Parent!.Elements(Atom + "link").First().Remove()),
        ("two self links", "DuplicateSelf", item => item.Parent!.Elements(Atom + "link").First().AddAfterSelf(new XElement(item.Parent.Elements(Atom + "link").First()))),
        ("a relative self link", "RelativeSelf", item => item.Parent!.Elements(Atom + "link").First().SetAttributeValue("href", "/feed.rss")),
        ("a self link that is JSON", "SelfNotAtom", item => item.Parent!.Elements(Atom + "link").First().SetAttributeValue("type", "application/feed+json")),
        ("a channel without description", "MissingDescription", item => item.Parent!.Element("description")!.Remove()),
        ("a channel without language", "MissingDCLanguage", item => item.Parent!.Element("language")!.Remove()),
        ("a link with text", "AtomLinkNotEmpty", item => item.Element(Atom + "link")!.Value = "x"),
        ("a control character of C1", "BadCharacters", item => item.Element("title")!.Value = "a\u0085b"),
    ];

    /// <summary>Shapes of Atom that are wrong.</summary>
    private static readonly (string Name, string Rule, Action<XElement> Change)[] AtomShapes =
    [
        ("a source without id", "MissingSourceElement", entry => Source(entry).Element(Atom + "id")!.Remove()),
        ("a source without updated", "MissingSourceElement", entry => Source(entry).Element(Atom + "updated")!.Remove()),
        ("a source without title", "MissingSourceElement", entry => Source(entry).Element(Atom + "title")!.Remove()),
        ("a source id of a bare host", "NonCanonicalURI", entry => Source(entry).Element(Atom + "id")!.Value = "https://orig.example"),
        ("a source whose self link is JSON", "SelfNotAtom", entry => Source(entry).Element(Atom + "link")!.SetAttributeValue("type", "application/feed+json")),
        ("a source title with markup", "ContainsUndeclaredHTML", entry => Source(entry).Element(Atom + "title")!.Value = "a <b>c</b> &copy;"),
        ("dc:source beside atom:source", "DuplicateItemSemantics", entry => entry.Add(new XElement(Dc + "source", "x"))),
        ("dcterms:source", "UndefinedElement", entry => entry.Add(new XElement(DcTerms + "source", "x"))),
        ("two alternates of one type", "DuplicateAtomLink", entry => entry.Add(new XElement(entry.Element(Atom + "link")!))),
        ("a relation of paging", "FeedHistoryRelInEntry", entry => entry.Add(new XElement(Atom + "link", new XAttribute("rel", "next"), new XAttribute("href", "https://a.example/")))),
        ("a relation by a bare word", "UnregisteredAtomLinkRel", entry => entry.Element(Atom + "link")!.SetAttributeValue("rel", "cite-as")),
        ("an equal updated", "DuplicateUpdated", entry => { var copy = new XElement(entry); copy.Element(Atom + "id")!.Value = "tag:a.example,2026:2"; entry.Parent!.Add(copy); }),
        ("an equal id", "DuplicateEntries", entry => entry.Parent!.Add(new XElement(entry))),
        ("no updated", "MissingElement", entry => entry.Element(Atom + "updated")!.Remove()),
        ("an id that is a title", "InvalidFullLink", entry => entry.Element(Atom + "id")!.Value = "a bare title"),
        ("no author anywhere", "MissingElement", entry => entry.Element(Atom + "author")!.Remove()),
        ("an author without a name", "NotBlank", entry => entry.Element(Atom + "author")!.Element(Atom + "name")!.Value = ""),
        ("an enclosure with an empty type", "InvalidMIMEType", entry => entry.Add(new XElement(Atom + "link", new XAttribute("rel", "enclosure"), new XAttribute("type", ""), new XAttribute("href", "https://a.example/")))),
        ("neither content nor summary", "MissingTextualContent", entry => entry.Elements().Where(e => e.Name == Atom + "content" || e.Name == Atom + "summary").Remove()),
        ("a script in the content", "SecurityRisk", entry => entry.Element(Atom + "content")!.Value = "<p onclick=\"x()\">"),
        ("a date without a zone", "InvalidRFC3339Date", entry => entry.Element(Atom + "published")!.Value = "2026-09-05T08:00:00"),
        ("an RSS element", "UndefinedElement", entry => entry.Add(new XElement(Atom + "pubDate"))),
        ("no self link", "MissingSelf", entry => entry.Parent!.Element(Atom + "link")!.Remove()),
        ("no feed id", "MissingElement", entry => entry.Parent!.Element(Atom + "id")!.Remove()),
        ("no language", "MissingDCLanguage", entry => entry.Parent!.SetAttributeValue(XNamespace.Xml + "lang", null)),
        ("metadata after the entries", "MisplacedMetadata", entry => entry.Parent!.Add(new XElement(Atom + "rights", "x"))),
        ("the namespace twice", "AvoidNamespacePrefix", entry => entry.Parent!.SetAttributeValue(XNamespace.Xmlns + "atom", Atom.NamespaceName)),
        ("an unusual prefix", "AvoidNamespacePrefix", entry => entry.Parent!.SetAttributeValue(XNamespace.Xmlns + "a10", Dc.NamespaceName)),
    ];

    public static TheoryData<string> RssShapes => [.. Rss.Select(shape => shape.Name)];

    public static TheoryData<string> AtomShapeNames => [.. AtomShapes.Select(shape => shape.Name)];

    [Theory]
    [MemberData(nameof(RssShapes))]
    public void Rejects_in_RSS(string shape)
    {
        var (_, rule, change) = Rss.Single(row => row.Name == shape);
        var root = XDocument.Load(new MemoryStream(RssWriter.Write(Of(Item(1))))).Root!;
        change(root.Element("channel")!.Element("item")!);
        Assert.Contains(rule, FeedValidator.Validate(Encoding.UTF8.GetBytes(root.ToString()), Now).Select(finding => finding.Rule));
    }

    [Theory]
    [MemberData(nameof(AtomShapeNames))]
    public void Rejects_in_Atom(string shape)
    {
        var (_, rule, change) = AtomShapes.Single(row => row.Name == shape);
        var root = XDocument.Load(new MemoryStream(AtomWriter.Write(Of(Item(1))))).Root!;
        change(root.Element(Atom + "entry")!);
        Assert.Contains(rule, FeedValidator.Validate(Encoding.UTF8.GetBytes(root.ToString()), Now).Select(finding => finding.Rule));
    }

    [Theory]
    [InlineData("<rss version=\"2.0\"><channel>")]
    [InlineData("<rss version=\"2.0\"><channel><item><media:thumbnail/></item></channel></rss>")]
    [InlineData("<rss version=\"2.0\"><channel><title>\u0001</title></channel></rss>")]
    public void Rejects_what_is_not_well_formed(string document) =>
        Assert.Equal("SAXError", Assert.Single(FeedValidator.Validate(Encoding.UTF8.GetBytes(document), Now)).Rule);

    private static XElement Source(XElement entry) => entry.Element(Atom + "source")!;

    private static XElement Enclosure() => new(
        "enclosure", new XAttribute("url", "https://a.example/1"), new XAttribute("type", "audio/mpeg"), new XAttribute("length", "1"));
}
