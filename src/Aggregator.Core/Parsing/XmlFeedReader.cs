using System.Globalization;
using System.Xml;
using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

/// <summary>
/// One pass over an <see cref="XmlReader"/> for every XML dialect at once. Publishers mix dialects (Atom links in RSS, RSS
/// dates in Atom), so an element is understood by what it is called, not by where the document says it stands.
/// Every <c>Read…</c> method starts on a start tag and leaves the reader on the matching end tag (or the empty element).
/// </summary>
internal sealed partial class XmlFeedReader
{
    private readonly XmlReader _xml;
    private readonly ReaderScratch _scratch;
    private readonly EntryDraft _entry = new();
    private readonly CancellationToken _cancellation;
    private readonly FeedDraft _feed;
    private DateContext _dates;
    private Uri? _base;
    private bool _isAtom;
    private bool _isOldAtom;
    private readonly string _productToken;
    private long _grown;

    private XmlFeedReader(XmlReader xml, ReaderScratch scratch, FeedDraft feed, ParseContext context, CancellationToken cancellation)
    {
        _xml = xml;
        _scratch = scratch;
        _feed = feed;
        _cancellation = cancellation;
        _base = context.BaseUrl;
        _productToken = context.ProductToken;
        _dates = new DateContext { FetchedAt = context.FetchedAt, DefaultZone = DateZones.Find(context.DefaultZone) };
    }

    /// <summary>
    /// Reads a document into <paramref name="feed"/>, which keeps what was complete when the reader throws; false when the root
    /// is no feed's. <paramref name="root"/> is the root's name when there was one.
    /// </summary>
    internal static bool Read(XmlReader xml, ReaderScratch scratch, FeedDraft feed, ParseContext context, CancellationToken cancellation, out string? root)
    {
        root = null;
        while (xml.NodeType != XmlNodeType.Element)
            if (!xml.Read())
                return false;

        root = xml.LocalName;
        return new XmlFeedReader(xml, scratch, feed, context, cancellation).ReadRoot();
    }

    private bool ReadRoot()
    {
        var name = Name(out var module);
        var isRssRdf = false;
        switch (name)
        {
            case "rss":
                _feed.Format = RssFormat();
                break;
            case "rdf":
                isRssRdf = _xml.LookupNamespace("") is { Length: > 0 } rss && XmlModules.Find(rss, "x") == XmlModule.Core;
                _feed.Format = _xml.LookupNamespace("")?.Contains("rdf/simple/0.9", StringComparison.Ordinal) == true ? "rss0.90" : "rss1.0";
                break;
            case "service" when module is XmlModule.AtomPublishing:
                // Its collections are the feeds; whoever subscribed to it sees that in the source's health.
                _isAtom = true;
                _feed.Format = "app1.0";
                _feed.Note = "an AtomPub service document: it has no entries, its collections are the feeds";
                break;
            case "feed" when module is XmlModule.Atom or XmlModule.Core or XmlModule.Unknown:
                _isAtom = true;
                var version = _xml.GetAttribute("version");
                _isOldAtom = _xml.NamespaceURI.StartsWith("http://purl.org/atom", StringComparison.Ordinal) || version is "0.3" or "0.2" or "0.1"
                    || (module == XmlModule.Core && _xml.NamespaceURI.Length > 0);
                _feed.Format = _isOldAtom ? "atom0.3" : "atom1.0";
                break;
            case "entry" when module is XmlModule.Atom:
                _isAtom = true;
                _feed.Format = "atom1.0";
                _feed.SawChannel = true;
                ReadEntry();
                return true;
            case "channel":
                _feed.Format = _xml.NamespaceURI.StartsWith("http://purl.org/net/rss1.1", StringComparison.Ordinal) ? "rss1.1"
                    : _xml.NamespaceURI.Length == 0 && _xml.GetAttribute("HREF") is not null ? "cdf"
                    : "rss2.0";
                _feed.SawChannel = true;
                if (_feed.Format == "cdf" && _xml.GetAttribute("HREF") is { } site) _feed.Link = Absolute(site.Trim(), _base);
                break;
            default:
                return false;
        }

        ReadFeed();
        return name switch
        {
            // RDF holds everything; only a channel or items make it a feed.
            "rdf" => _feed.SawChannel || _feed.Entries.Count > 0 || isRssRdf,
            _ => true,
        };
    }

    private string RssFormat()
    {
        var version = _xml.GetAttribute("version")?.Trim();
        return version switch
        {
            "0.90" or "0.9" or "0.91" or "0.92" or "0.93" or "0.94" => "rss" + version,
            null or "" => "rss",
            _ when version.StartsWith('2') => "rss2.0",
            _ => "rss" + (version.Length < 8 ? version : ""),
        };
    }

    /// <summary>The children of the root, of a channel, or of anything else that holds entries.</summary>
    private void ReadFeed()
    {
        if (_xml.Depth >= ParserLimits.MaxDepth)
        {
            Skip();
            return;
        }

        var outer = _base;
        ReadScope(ref _feed.Language);
        for (var depth = Enter(); NextChild(depth);) ReadFeedElement();
        _base = outer;
    }

    private void ReadFeedElement()
    {
        var name = Name(out var module);
        switch (module)
        {
            case XmlModule.Core or XmlModule.Atom or XmlModule.AtomPublishing:
                ReadCoreFeedElement(name);
                return;
            case XmlModule.CreativeCommons or XmlModule.Media or XmlModule.DublinCoreTerms when name is "license":
                ReadLicense(ref _feed.LicenseUrl);
                return;
            case XmlModule.ITunes or XmlModule.GooglePlay or XmlModule.Podcast or XmlModule.AccessControl or XmlModule.Xhtml when IsWish(module, name):
                _feed.Wishes |= ReadWish(name);
                return;
            case XmlModule.DublinCore or XmlModule.DublinCoreTerms:
                switch (name)
                {
                    case "title": _feed.Title ??= ReadMarkup(ParsedTextKind.Unknown); return;
                    case "description" or "subject" or "abstract" when name != "subject": _feed.Description ??= ReadMarkup(ParsedTextKind.Unknown); return;
                    case "language": SetLanguage(ReadText()); return;
                    case "rights": _feed.Rights ??= ReadMarkup(ParsedTextKind.Unknown); return;
                    case "creator" or "publisher" or "author":
                        AddPerson(ref _feed.Authors, ReadPerson());
                        return;
                    case "date" or "modified": _feed.Updated ??= ReadDate(); return;
                    case "created" or "issued": _feed.Published ??= ReadDate(); return;
                }

                break;
            case XmlModule.Syndication:
                switch (name)
                {
                    case "updateperiod": _feed.UpdatePeriod = Period(ReadText()); return;
                    case "updatefrequency":
                        if (int.TryParse(ReadText().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var frequency) && frequency is > 0 and < 10_000) _feed.UpdateFrequency = frequency;
                        return;
                }

                break;
            case XmlModule.ITunes or XmlModule.GooglePlay:
                switch (name)
                {
                    case "author":
                        var author = ReadPerson();
                        if (_feed.Authors is null) AddPerson(ref _feed.Authors, author);
                        return;
                    case "summary" or "subtitle" or "description": _feed.Description ??= ReadMarkup(ParsedTextKind.Unknown); return;
                    case "image": _feed.Image ??= ReadImage(); return;
                    case "new-feed-url": _feed.NewUrl ??= Resolved(ReadText()); return;
                    case "title": _feed.Title ??= ReadMarkup(ParsedTextKind.Unknown); return;
                }

                break;
            case XmlModule.Media when name is "thumbnail" or "logo":
                _feed.Image ??= Resolved(_xml.GetAttribute("url"));
                break;
            case XmlModule.Rdf when name is "rdf":
                ReadFeed();
                return;
            case XmlModule.Tombstone when name is "deleted-entry":
                ReadTombstone();
                return;
            case XmlModule.History:
                if (name == "complete") _feed.IsComplete = true;
                if (name == "archive") _feed.IsArchive = true;
                break;
        }

        SkipOrFindEntries();
    }

    private void ReadCoreFeedElement(string name)
    {
        switch (name)
        {
            case "channel":
                _feed.SawChannel = true;
                if (_feed.Format == "rss1.0" && _xml.NamespaceURI.Contains("rdf/simple/0.9", StringComparison.Ordinal)) _feed.Format = "rss0.90";
                _feed.Id ??= _xml.GetAttribute("about", XmlModules.Rdf);
                ReadFeed();
                return;
            case "items" or "rss" or "feed" or "rdf" or "seq" or "workspace":
                ReadFeed();
                return;
            case "item" or "entry":
                ReadEntry();
                return;
            case "title":
                if (_feed.Title is null or { Value: "" }) _feed.Title = ReadTextConstruct();
                else Skip();
                return;
            case "link" or "url":
                ReadLink(null);
                return;
            case "a" when _xml.GetAttribute("HREF") is { } href:
                _feed.Link ??= Absolute(href.Trim(), _base);
                Skip();
                return;
            case "description" or "subtitle" or "tagline" or "abstract":
                if (_feed.Description is null or { Value: "" }) _feed.Description = ReadTextConstruct();
                else Skip();
                return;
            case "id": _feed.Id ??= NullIfEmpty(ReadText()); return;
            case "language": SetLanguage(ReadText()); return;
            case "copyright" or "rights": _feed.Rights ??= ReadTextConstruct(); return;
            case "author" or "managingeditor" or "creator": AddPerson(ref _feed.Authors, ReadPerson()); return;
            case "updated" or "modified" or "lastbuilddate": _feed.Updated ??= ReadDate(); return;
            case "pubdate" or "published" or "issued" or "created" or "date": _feed.Published ??= ReadDate(); return;
            case "ttl":
                if (int.TryParse(ReadText().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and < 1_000_000) _feed.Ttl = TimeSpan.FromMinutes(minutes);
                return;
            case "image" or "logo": _feed.Image ??= ReadImage(); return;
            case "icon":
                Skip();
                return;
            case "skiphours":
                foreach (var hour in ReadList())
                    if (int.TryParse(hour, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 24 && (_feed.SkipHours ??= []).Count < 24)
                        _feed.SkipHours.Add(value % 24);
                return;
            case "skipdays":
                foreach (var day in ReadList())
                    if (Enum.TryParse<DayOfWeek>(day, ignoreCase: true, out var value) && Enum.IsDefined(value) && (_feed.SkipDays ??= []).Count < 7)
                        _feed.SkipDays.Add(value);
                return;
            case "textinput" or "cloud":
                Skip();
                return;
            default:
                SkipOrFindEntries();
                return;
        }
    }

    private void SetLanguage(string language)
    {
        language = language.Trim();
        if (language.Length == 0) return;
        _feed.Language ??= language;
        if (_dates.Language is null) _dates = _dates with { Language = language };
    }

    private static TimeSpan? Period(string text) => text.Trim().ToLowerInvariant() switch
    {
        "hourly" => TimeSpan.FromHours(1),
        "daily" => TimeSpan.FromDays(1),
        "weekly" => TimeSpan.FromDays(7),
        "monthly" => TimeSpan.FromDays(30),
        "yearly" => TimeSpan.FromDays(365),
        _ => null,
    };

    /// <summary>Passes over an element of a feed that we do not know, but not over entries that were put inside it by mistake.</summary>
    private void SkipOrFindEntries()
    {
        if (_xml.IsEmptyElement) return;
        for (var depth = _xml.Depth; _xml.Read() && _xml.Depth > depth;)
            if (_xml.NodeType == XmlNodeType.Element && Name(out var module) is "item" or "entry" && module is XmlModule.Core or XmlModule.Atom)
                ReadEntry();
    }

    /// <summary>
    /// A <c>link</c> of a feed (<paramref name="entry"/> null) or of an entry: RSS text, or Atom's <c>href</c> with a relation
    /// (RFC 4287 §4.2.7). The rank says how good a page address it is.
    /// </summary>
    private void ReadLink(EntryDraft? entry)
    {
        if (!_xml.HasAttributes)
        {
            // RSS's link, the most frequent by far.
            if (ReadText().Trim() is { Length: > 0 } page) OfferLink(entry, Absolute(page, _base), _isAtom ? 2 : 6);
            return;
        }

        var href = _xml.GetAttribute("href") ?? _xml.GetAttribute("HREF") ?? _xml.GetAttribute("url") ?? _xml.GetAttribute("resource", XmlModules.Rdf);
        var linkBase = XmlBase();
        var rel = _xml.GetAttribute("rel")?.Trim() is { Length: > 0 } relation ? relation : "alternate";
        if (rel.StartsWith("http://www.iana.org/assignments/relation/", StringComparison.OrdinalIgnoreCase)) rel = rel[41..];
        var type = _xml.GetAttribute("type");
        var length = _xml.GetAttribute("length");
        var isText = href is null;
        var isAtomLink = Module() == XmlModule.Atom || _isAtom;
        if (isText) href = ReadText();
        else Skip();
        href = href!.Trim();
        if (href.Length == 0 && (isText || rel is not "alternate")) return;
        var url = Absolute(href, linkBase);

        foreach (var one in rel.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            switch (one.ToLowerInvariant())
            {
                case "alternate" or "permalink":
                    // RSS's own link goes first; of Atom's alternates the one that is said to be a page.
                    var rank = type is null ? 4 : type.Contains("html", StringComparison.OrdinalIgnoreCase) ? 5 : 3;
                    OfferLink(entry, url, isText && !_isAtom ? 6 : isText ? 2 : _isAtom || !isAtomLink ? rank : rank - 3);
                    break;
                case "enclosure" when entry is not null:
                    Add(ref entry.Enclosures, new Enclosure(url, NullIfEmpty(type), Length(length)));
                    break;
                case "self" when entry is null: _feed.Self ??= url; break;
                case "next" when entry is null: _feed.Next ??= url; break;
                case "prev-archive" when entry is null: _feed.PreviousArchive ??= url; break;
                case "license" when entry is null: _feed.LicenseUrl ??= url; break;
                case "license": entry!.More.LicenseUrl ??= url; break;
                case "hub" when entry is null: Add(ref _feed.Hubs, url); break;
                case "replies" when entry is not null:
                    if (type?.Contains("html", StringComparison.OrdinalIgnoreCase) == true) entry.CommentsUrl ??= url;
                    else entry.More.CommentsFeedUrl ??= url;
                    break;
            }
    }

    private void OfferLink(EntryDraft? entry, string url, int rank)
    {
        if (entry is null)
        {
            if (rank <= _feed.LinkRank) return;
            _feed.Link = url;
            _feed.LinkRank = rank;
        }
        else if (rank > entry.LinkRank)
        {
            entry.Link = url;
            entry.LinkRank = rank;
        }
    }
}
