using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Aggregator.Core.Tests.Publishing;

/// <summary>
/// The rules of the W3C feed validator that what we write could break, for RSS 2.0 and Atom 1.0, under the validator's own names. It is
/// written from its documented behaviour and knows only the elements that a feed like ours may hold: another one is undefined.
/// </summary>
internal sealed partial class FeedValidator
{
    private const string AtomName = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Atom = AtomName;
    private static readonly XNamespace Content = "http://purl.org/rss/1.0/modules/content/";
    private static readonly XNamespace Dc = "http://purl.org/dc/elements/1.1/";
    private static readonly XNamespace DcTerms = "http://purl.org/dc/terms/";
    private static readonly XNamespace Ag = "http://purl.org/rss/1.0/modules/aggregation/";
    private static readonly XNamespace CreativeCommons = "http://backend.userland.com/creativeCommonsRssModule";
    private static readonly XNamespace History = "http://purl.org/syndication/history/1.0";

    private static readonly Dictionary<string, string> UsualPrefixes = new(StringComparer.Ordinal)
    {
        [AtomName] = "atom",
        [Content.NamespaceName] = "content",
        [Dc.NamespaceName] = "dc",
        [DcTerms.NamespaceName] = "dcterms",
        [Ag.NamespaceName] = "ag",
        [History.NamespaceName] = "fh",
        [CreativeCommons.NamespaceName] = "creativeCommons",
    };

    private static readonly Dictionary<XName, string[]> PlainChildren = new()
    {
        ["rss"] = ["channel"],
        ["channel"] =
        [
            "title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate", "lastBuildDate", "category",
            "generator", "docs", "cloud", "ttl", "image", "textInput", "skipHours", "skipDays", "rating", "item",
        ],
        ["item"] = ["title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source"],
        [Atom + "feed"] =
        [
            "author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights", "subtitle", "title", "updated", "entry",
        ],
        [Atom + "entry"] =
        [
            "author", "category", "content", "contributor", "id", "link", "published", "rights", "source", "summary", "title", "updated",
        ],
        [Atom + "source"] =
        [
            "author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights", "subtitle", "title", "updated",
        ],
        [Atom + "author"] = ["name", "uri", "email"],
        [Atom + "contributor"] = ["name", "uri", "email"],
    };

    private static readonly string[] AtomInRss =
        ["id", "link", "title", "summary", "author", "contributor", "content", "published", "updated", "generator", "icon", "logo", "rights", "subtitle"];

    private static readonly string[] DcElements =
    [
        "title", "creator", "subject", "description", "publisher", "contributor", "date", "type", "format", "identifier", "source", "language",
        "relation", "coverage", "rights",
    ];

    private static readonly string[] DcTermsElements =
    [
        "dateAccepted", "dateSubmitted", "created", "issued", "modified", "available", "valid", "provenance", "license", "rightsHolder",
        "bibliographicCitation", "isVersionOf", "isFormatOf", "replaces",
    ];

    private static readonly string[] MayRepeat = ["category", "link", "author", "contributor", "item", "entry", "deleted-entry"];

    private static readonly string[] KnownRelations =
    [
        "alternate", "current", "describedby", "edit", "edit-media", "enclosure", "first", "hub", "last", "license", "next", "next-archive",
        "payment", "prev-archive", "previous", "related", "replies", "search", "self", "service", "up", "via",
    ];

    private static readonly string[] HistoryRelations = ["current", "first", "last", "next", "next-archive", "prev-archive", "previous"];

    private static readonly (XName Core, XName Extension)[] SameMeaning =
    [
        ("source", Dc + "source"), (Atom + "source", Dc + "source"), ("category", Dc + "subject"), ("pubDate", Dc + "date"),
        ("pubDate", Atom + "published"), ("author", Dc + "creator"), ("guid", Atom + "id"),
    ];

    private readonly List<FeedFinding> _findings = [];
    private readonly DateTimeOffset _now;

    private FeedValidator(DateTimeOffset now) => _now = now;

    /// <summary>Everything that is wrong with a document. Dates more than ten minutes after <paramref name="now"/> are implausible.</summary>
    public static IReadOnlyList<FeedFinding> Validate(byte[] document, DateTimeOffset now)
    {
        var validator = new FeedValidator(now);
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(document), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            validator.Document(XDocument.Load(reader).Root!);
        }
        catch (XmlException broken)
        {
            validator.Error("SAXError", broken.Message);
        }

        return validator._findings;
    }

    private void Document(XElement root)
    {
        Prefixes(root);
        Elements(root);
        foreach (var link in root.Descendants(Atom + "link")) Link(link);
        foreach (var holder in root.DescendantsAndSelf().Where(static element => element.Name.LocalName is "item" or "entry" or "channel" or "feed"))
            foreach (var (core, extension) in SameMeaning)
                if (holder.Element(core) is not null && holder.Element(extension) is not null)
                    Warning("DuplicateItemSemantics", $"{core} and {extension}");
        foreach (var term in root.Descendants().Where(static element => element.Name.Namespace == DcTerms))
            if (term.Name.LocalName is "created" or "issued" or "modified") Date(term, W3Cdtf(), "InvalidW3CDTFDate");
        foreach (var timestamp in root.Descendants(Ag + "timestamp")) Date(timestamp, W3Cdtf(), "InvalidISO8601DateTime");

        foreach (var license in root.Descendants(CreativeCommons + "license")) FullLink(license);

        if (root.Name == "rss") Rss(root);
        else if (root.Name == Atom + "feed") Feed(root);
        else Error("UndefinedElement", root.Name.ToString());
    }

    private void Prefixes(XElement root)
    {
        foreach (var declaration in root.DescendantsAndSelf().Attributes().Where(static attribute => attribute.IsNamespaceDeclaration))
        {
            var prefix = declaration.Name.LocalName;
            if (prefix == "xmlns") continue;
            if (declaration.Value == root.Name.NamespaceName) Warning("AvoidNamespacePrefix", prefix);
            else if (UsualPrefixes.TryGetValue(declaration.Value, out var usual) && usual != prefix) Warning("AvoidNamespacePrefix", prefix);
        }
    }

    private void Elements(XElement parent)
    {
        var seen = new HashSet<XName>();
        foreach (var child in parent.Elements())
        {
            var (space, name) = (child.Name.Namespace, child.Name.LocalName);
            if (space == parent.Name.Namespace)
            {
                if (!PlainChildren.TryGetValue(parent.Name, out var allowed) || !allowed.Contains(name)) Error("UndefinedElement", Path(child));
            }
            else if (UsualPrefixes.ContainsKey(space.NamespaceName))
            {
                var known = space == Atom ? AtomInRss : space == Dc ? DcElements : space == DcTerms ? DcTermsElements
                    : space == CreativeCommons ? ["license"] : space == Content ? ["encoded"] : space == Ag ? ["source", "sourceURL", "timestamp"] : ["complete", "archive"];
                if (!known.Contains(name)) Error("UndefinedElement", Path(child));
            }
            else if (space == XNamespace.None)
            {
                Error("UndefinedElement", Path(child));
            }
            else
            {
                Warning("UnknownNamespace", space.NamespaceName);
            }

            if (!seen.Add(child.Name) && !MayRepeat.Contains(name) && space != Dc)
                Error(name == "enclosure" ? "DuplicateEnclosure" : "DuplicateElement", Path(child));
            Elements(child);
        }
    }

    private void Link(XElement link)
    {
        var rel = (string?)link.Attribute("rel") ?? "alternate";
        var type = (string?)link.Attribute("type");
        if (!KnownRelations.Contains(rel) && !FullUri().IsMatch(rel)) Warning("UnregisteredAtomLinkRel", rel);
        if (HistoryRelations.Contains(rel) && link.Parent!.Name.LocalName is "entry" or "item") Warning("FeedHistoryRelInEntry", rel);
        if (type is not null)
        {
            if (!MediaType().IsMatch(type)) Error("InvalidMIMEType", type);
            else if (rel == "self" && type.Split(';')[0] is not ("application/atom+xml" or "application/rss+xml" or "application/rdf+xml"))
                Warning("SelfNotAtom", type);
        }

        if (link.Attribute("title") is { } title) PlainText(title.Value, "ContainsHTML", "link/@title");
        if (link.Attribute("href") is not { } href) Error("MissingHref", Path(link));
        else if (!FullUri().IsMatch(href.Value)) Error(rel == "self" ? "RelativeSelf" : "InvalidFullLink", href.Value);
        if (link.Attribute("length") is { } length && !(long.TryParse(length.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var size) && size >= 0))
            Error("InvalidNonNegativeInteger", length.Value);
        if (link.Value.Length > 0) Error("AtomLinkNotEmpty", link.Value);
    }

    private void Rss(XElement rss)
    {
        var channel = rss.Element("channel");
        if (channel is null)
        {
            Error("MissingChannel", "rss");
            return;
        }

        foreach (var name in new[] { "title", "link", "description" })
            if (channel.Element(name) is null) Error("Missing" + char.ToUpperInvariant(name[0]) + name[1..], "channel");
        if (channel.Element("language") is null && channel.Element(Dc + "language") is null) Warning("MissingDCLanguage", "channel");
        SelfLinks(channel, "MissingAtomSelfLink");
        if (channel.Elements("item").LastOrDefault() is { } lastItem && channel.Elements("item").First().ElementsBeforeSelf().Count()
            != channel.Elements().Except(channel.Elements("item")).Count() && lastItem.ElementsAfterSelf().Any())
            Warning("MisplacedItem", "channel");
        Text(channel.Element("title"), "ContainsHTML", blank: false);
        Text(channel.Element("description"), "ContainsHTML");
        FullLink(channel.Element("link"));
        Date(channel.Element("lastBuildDate"), Rfc2822(), "InvalidRFC2822Date");
        Date(channel.Element("pubDate"), Rfc2822(), "InvalidRFC2822Date");
        Contact(channel.Element("managingEditor"));
        Contact(channel.Element("webMaster"));
        Unique(channel.Elements("item").Elements("guid"), "DuplicateValue", isError: true);
        foreach (var item in channel.Elements("item")) Item(item);
    }

    private void Item(XElement item)
    {
        if (item.Element("title") is null && item.Element("description") is null) Error("ItemMustContainTitleOrDescription", "item");
        if (item.Element("guid") is null) Warning("MissingGuid", "item");
        if (item.Element(Content + "encoded") is { } encoded)
        {
            Html(encoded);
            if (!encoded.ElementsBeforeSelf("description").Any()) Warning("NeedDescriptionBeforeContent", "item");
        }

        Text(item.Element("title"), "ContainsHTML", blank: false);
        foreach (var category in item.Elements("category")) Text(category, "ContainsHTML", blank: false);
        if (item.Element("description") is { } description) Html(description);
        FullLink(item.Element("link"));
        Date(item.Element("pubDate"), Rfc2822(), "InvalidRFC2822Date");
        Contact(item.Element("author"));
        if (item.Element("guid") is { } guid && (string?)guid.Attribute("isPermaLink") is not "false" && !guid.Value.StartsWith("http", StringComparison.Ordinal))
            Error("InvalidHttpGUID", guid.Value);
        if (item.Element("source") is { } source)
        {
            if (source.Attribute("url") is not { } url) Error("MissingAttribute", "source/@url");
            else if (!FullUri().IsMatch(url.Value)) Error("InvalidFullLink", url.Value);
            Text(source, "ContainsHTML");
        }

        if (item.Element("enclosure") is { } enclosure)
        {
            foreach (var name in new[] { "url", "length", "type" })
                if (enclosure.Attribute(name) is null) Error("MissingAttribute", "enclosure/@" + name);
            if (enclosure.Attribute("type") is { } type && !MediaType().IsMatch(type.Value)) Error("InvalidMIMEAttribute", type.Value);
            if (enclosure.Attribute("url") is { } url && !FullUri().IsMatch(url.Value)) Error("InvalidURLAttribute", url.Value);
            if (enclosure.Attribute("length") is { } length && !(long.TryParse(length.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var size) && size >= 0))
                Error("InvalidIntegerAttribute", length.Value);
        }
    }

    private void Feed(XElement feed)
    {
        foreach (var name in new[] { "title", "id", "updated" })
            if (feed.Element(Atom + name) is null) Error("MissingElement", "feed/" + name);
        if (feed.Attribute(XNamespace.Xml + "lang") is null) Warning("MissingDCLanguage", "feed");
        SelfLinks(feed, "MissingSelf");
        Alternates(feed);
        if (feed.Elements(Atom + "entry").Any(static entry => entry.ElementsAfterSelf().Any(static after => after.Name != Atom + "entry")))
            Warning("MisplacedMetadata", "feed");
        Constructs(feed);
        Unique(feed.Elements(Atom + "entry").Elements(Atom + "updated"), "DuplicateUpdated", isError: false);
        Unique(feed.Elements(Atom + "entry").Elements(Atom + "id"), "DuplicateEntries", isError: false);
        foreach (var entry in feed.Elements(Atom + "entry")) Entry(entry, feed);
    }

    private void Entry(XElement entry, XElement feed)
    {
        foreach (var name in new[] { "title", "id", "updated" })
            if (entry.Element(Atom + name) is null) Error("MissingElement", "entry/" + name);
        var source = entry.Element(Atom + "source");
        if (entry.Element(Atom + "author") is null && feed.Element(Atom + "author") is null && source?.Element(Atom + "author") is null)
            Error("MissingElement", "entry/author");
        Alternates(entry);
        Constructs(entry);
        Date(entry.Element(Atom + "published"), Rfc3339(), "InvalidRFC3339Date");
        if (entry.Element(Atom + "content") is { } content)
        {
            if ((string?)content.Attribute("type") == "html") Html(content);
            else PlainText(content.Value, "ContainsUndeclaredHTML", "entry/content");
            if (content.Value.Length == 0) Warning("NotBlank", "entry/content");
        }
        else
        {
            if (entry.Element(Atom + "summary") is null) Warning("MissingTextualContent", "entry");
            if (!entry.Elements(Atom + "link").Any(static link => (string?)link.Attribute("rel") is null or "alternate"))
                Error("MissingContentOrAlternate", "entry");
        }

        if (source is null) return;
        foreach (var name in new[] { "id", "title", "updated" })
            if (source.Element(Atom + name) is null) Warning("MissingSourceElement", name);
        Alternates(source);
        Constructs(source);
    }

    private void Constructs(XElement holder)
    {
        if (holder.Element(Atom + "id") is { } id) CanonicalUri(id);
        Date(holder.Element(Atom + "updated"), Rfc3339(), "InvalidRFC3339Date");
        foreach (var name in new[] { "title", "subtitle", "summary", "rights" })
        {
            if (holder.Element(Atom + name) is not { } text) continue;
            if (text.Value.Length == 0) Warning("NotBlank", Path(text));
            if ((string?)text.Attribute("type") == "html") Html(text);
            else PlainText(text.Value, "ContainsUndeclaredHTML", Path(text));
        }

        foreach (var person in holder.Elements(Atom + "author").Concat(holder.Elements(Atom + "contributor")))
            if (person.Element(Atom + "name") is not { } name) Error("MissingElement", "author/name");
            else if (name.Value.Length == 0) Warning("NotBlank", "author/name");
            else PlainText(name.Value, "ContainsHTML", "author/name");
        foreach (var email in holder.Elements(Atom + "author").Concat(holder.Elements(Atom + "contributor")).Elements(Atom + "email"))
            if (!Email().IsMatch(email.Value)) Error("InvalidContact", email.Value);
        foreach (var category in holder.Elements(Atom + "category"))
            if (category.Attribute("term") is not { } term) Error("MissingAttribute", "category/@term");
            else if (term.Value.Length == 0) Error("NotBlank", "category/@term");
        if (holder.Element(Atom + "generator") is { Value.Length: 0 }) Error("NotBlank", "generator");
    }

    private void Alternates(XElement holder)
    {
        var pairs = holder.Elements(Atom + "link").Where(static link => (string?)link.Attribute("rel") is null or "alternate")
            .Select(static link => ((string?)link.Attribute("type"), (string?)link.Attribute("hreflang"))).ToList();
        if (pairs.Distinct().Count() != pairs.Count) Error("DuplicateAtomLink", Path(holder));
    }

    // WebSub §4 wants exactly one; the validator itself minds only a missing one.
    private void SelfLinks(XElement holder, string missing)
    {
        var count = holder.Elements(Atom + "link").Count(static link => (string?)link.Attribute("rel") == "self");
        if (count == 0) Warning(missing, Path(holder));
        else if (count > 1) Error("DuplicateSelf", Path(holder));
    }

    private void CanonicalUri(XElement id)
    {
        var value = id.Value;
        if (value.StartsWith("tag:", StringComparison.Ordinal))
        {
            if (!TagUri().IsMatch(value)) Error("InvalidTAG", value);
        }
        else if (!FullUri().IsMatch(value)) Error("InvalidFullLink", value);
        else if (value.StartsWith("http", StringComparison.OrdinalIgnoreCase) && new Uri(value).AbsoluteUri != value) Warning("NonCanonicalURI", value);
    }

    private void Text(XElement? element, string rule, bool blank = true)
    {
        if (element is null) return;
        if (!blank && element.Value.Length == 0) Error("NotBlank", Path(element));
        PlainText(element.Value, rule, Path(element));
    }

    private void PlainText(string text, string rule, string where)
    {
        if (MarkupInText().IsMatch(text)) Warning(rule, $"{where} '{text}'");
        if (text.Any(static c => c is >= '\u0080' and <= '\u009f')) Warning("BadCharacters", where);
    }

    private void Html(XElement element)
    {
        if (Unsafe().IsMatch(element.Value)) Warning("SecurityRisk", Path(element));
        foreach (Match reference in References().Matches(element.Value))
            if (!AbsoluteReference().IsMatch(reference.Groups["url"].Value)) Warning("ContainsRelRef", reference.Value);
        if (element.Value.Any(static c => c is >= '\u0080' and <= '\u009f')) Warning("BadCharacters", Path(element));
    }

    private void FullLink(XElement? link)
    {
        if (link is not null && !FullUri().IsMatch(link.Value)) Error("InvalidFullLink", link.Value);
    }

    private void Contact(XElement? contact)
    {
        if (contact is not null && !EmailWithName().IsMatch(contact.Value)) Error("InvalidContact", contact.Value);
    }

    private void Date(XElement? date, Regex shape, string rule)
    {
        if (date is null) return;
        if (!shape.IsMatch(date.Value) || !DateTimeOffset.TryParse(date.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value))
            Error(rule, $"{Path(date)} '{date.Value}'");
        else if (value.Year < 1990 || value > _now.AddMinutes(10))
            Warning("ImplausibleDate", $"{Path(date)} '{date.Value}'");
    }

    private void Unique(IEnumerable<XElement> elements, string rule, bool isError)
    {
        foreach (var group in elements.GroupBy(static element => element.Value).Where(static group => group.Count() > 1))
            _findings.Add(new FeedFinding(rule, isError, group.Key));
    }

    private void Error(string rule, string where) => _findings.Add(new FeedFinding(rule, IsError: true, where));

    private void Warning(string rule, string where) => _findings.Add(new FeedFinding(rule, IsError: false, where));

    private static string Path(XElement element) => $"{element.Parent?.Name.LocalName}/{element.Name.LocalName}";

    [GeneratedRegex(@"^[a-zA-Z][0-9a-zA-Z+\-.]*:(//)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+$", RegexOptions.NonBacktracking)]
    private static partial Regex FullUri();

    [GeneratedRegex(@"^[^\s()<>,;:\\""/[\]?=]+/[^\s()<>,;:\\""/[\]?=]+(\s*;\s*[^\s()<>,;:\\""/[\]?=]+=[^\s()<>,;:\\""/[\]?=]+)*$", RegexOptions.NonBacktracking)]
    private static partial Regex MediaType();

    [GeneratedRegex(@"^((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d\d? (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d(:\d\d)? ([+-]\d{4}|UT|GMT|Z)$", RegexOptions.NonBacktracking)]
    private static partial Regex Rfc2822();

    [GeneratedRegex(@"^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$", RegexOptions.NonBacktracking)]
    private static partial Regex W3Cdtf();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$", RegexOptions.NonBacktracking)]
    private static partial Regex Rfc3339();

    [GeneratedRegex(@"^tag:([a-z0-9\-._]+@)?[a-z0-9.\-]+,\d{4}(-\d{2}(-\d{2})?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]*$", RegexOptions.NonBacktracking)]
    private static partial Regex TagUri();

    // A closing tag, or a character reference that HTML knows: what the validator takes for markup in plain text.
    [GeneratedRegex(@"</\w+>|<[/a-zA-Z]|&(#\w+|lt|gt|amp|quot|apos|nbsp|copy|reg)\b", RegexOptions.NonBacktracking)]
    private static partial Regex MarkupInText();

    [GeneratedRegex(@"<(script|iframe|object|embed|style|link|meta|form)\b|<[^>]*\s(on\w+\s*=|(href|src)\s*=\s*[""']?\s*javascript:)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"<(?:a\s+href|img\s[^>]*src)=""(?<url>[^""]*)""", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex References();

    [GeneratedRegex(@"^\w+:", RegexOptions.NonBacktracking)]
    private static partial Regex AbsoluteReference();

    [GeneratedRegex(@"^[\w.+-]+@[\w-]+(\.[\w-]+)+ \(.+\)$", RegexOptions.NonBacktracking)]
    private static partial Regex EmailWithName();

    [GeneratedRegex(@"^[\w.+'-]+@[\w-]+(\.[\w-]+)+$", RegexOptions.NonBacktracking)]
    private static partial Regex Email();
}
