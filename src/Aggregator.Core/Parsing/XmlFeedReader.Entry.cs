using Aggregator.Core.Background;
using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

internal sealed partial class XmlFeedReader
{
    private void ReadEntry()
    {
        _cancellation.ThrowIfCancellationRequested();
        BackgroundThreads.GiveWay();
        if (_feed.Entries.Count >= ParserLimits.MaxEntries)
        {
            _feed.TooManyEntries = true;
            Skip();
            return;
        }

        var entry = _entry;
        entry.Clear();
        if (_xml.HasAttributes) entry.About = NullIfEmpty(_xml.GetAttribute("about", XmlModules.Rdf));
        if (_feed.Format == "cdf" && _xml.GetAttribute("HREF") is { } href) entry.Link = Absolute(href.Trim(), _base);
        var outer = _base;
        ReadScope(ref entry.Language);
        entry.Base = _base?.AbsoluteUri;
        for (var depth = Enter(); NextChild(depth);) ReadEntryElement(entry);
        _base = outer;
        // Half an entry would be stored as if it were whole; the next fetch will bring it.
        if (entry.IsCut && _feed.Entries.Count > 0) return;
        _feed.Entries.Add(entry.Finish());
    }

    private void ReadEntryElement(EntryDraft entry)
    {
        var name = Name(out var module);
        switch (module)
        {
            case XmlModule.Core or XmlModule.Atom or XmlModule.AtomPublishing:
                ReadCoreEntryElement(entry, name);
                return;
            case XmlModule.Content when name is "encoded":
                OfferContent(entry, ReadMarkup(ParsedTextKind.Html), 5);
                return;
            case XmlModule.CreativeCommons or XmlModule.Media or XmlModule.DublinCoreTerms when name is "license":
                ReadLicense(ref entry.More.LicenseUrl);
                return;
            case XmlModule.ITunes or XmlModule.GooglePlay or XmlModule.Podcast or XmlModule.AccessControl or XmlModule.Xhtml when IsWish(module, name):
                entry.More.Wishes |= ReadWish(name);
                return;
            case XmlModule.DublinCore or XmlModule.DublinCoreTerms:
                if (ReadDublinCore(entry, name)) return;
                break;
            case XmlModule.Media:
                ReadMedia(entry, name);
                return;
            case XmlModule.ITunes or XmlModule.GooglePlay or XmlModule.Podcast:
                if (ReadPodcast(entry, name)) return;
                break;
            case XmlModule.FeedBurner when name is "origlink":
                entry.OriginalLink ??= NullIfEmpty(ReadText());
                return;
            case XmlModule.Unknown when name is "cut" && _xml.NamespaceURI == XmlRepairer.CutNamespace:
                entry.IsCut = true;
                break;
            case XmlModule.Xhtml when name is "body" or "div":
                OfferContent(entry, ReadXhtml(), 3);
                return;
        }

        if (!ReadSmallModule(entry, module, name)) Skip();
    }

    private void ReadCoreEntryElement(EntryDraft entry, string name)
    {
        switch (name)
        {
            case "title":
                if (string.IsNullOrWhiteSpace(entry.Title?.Value)) entry.Title = ReadTextConstruct();
                else Skip();
                return;
            case "link" or "url":
                ReadLink(entry);
                return;
            case "a" when _xml.GetAttribute("HREF") is { } href:
                entry.Link ??= Absolute(href.Trim(), _base);
                Skip();
                return;
            case "guid":
                var isPermalink = _xml.GetAttribute("isPermaLink") ?? _xml.GetAttribute("ispermalink");
                var guid = NullIfEmpty(ReadText());
                if (entry.Id is not null || guid is null) return;
                entry.Id = guid;
                entry.IdIsNoPermalink = isPermalink?.Trim().Equals("false", StringComparison.OrdinalIgnoreCase) == true;
                entry.IdIsPermalink = !entry.IdIsNoPermalink && !guid.StartsWith("urn:", StringComparison.OrdinalIgnoreCase);
                return;
            case "id": entry.Id ??= NullIfEmpty(ReadText()); return;
            case "description" or "summary" or "abstract":
                var summary = ReadTextConstruct();
                if (string.IsNullOrWhiteSpace(entry.Summary?.Value)) entry.Summary = summary;
                else if (name == "description") OfferContent(entry, summary, 1);
                return;
            case "content":
                ReadAtomContent(entry);
                return;
            case "body" or "fullitem" or "encoded":
                OfferContent(entry, ReadMarkup(ParsedTextKind.Unknown), 2);
                return;
            case "pubdate": OfferDate(entry, 3); return;
            case "published": OfferDate(entry, 2); return;
            case "issued" or "date": OfferDate(entry, 1); return;
            case "updated" or "modified" or "lastmod": entry.Updated ??= ReadDate(); return;
            case "created": entry.Created ??= ReadDate(); return;
            case "author": AddPerson(ref entry.Authors, ReadPerson()); return;
            case "creator": AddPerson(ref entry.OtherAuthors, ReadPerson()); return;
            case "contributor": AddPerson(ref entry.Contributors, ReadPerson()); return;
            case "category":
                AddCategory(entry, _xml.HasAttributes ? _xml.GetAttribute("term") ?? _xml.GetAttribute("label") : null);
                return;
            case "enclosure":
                var url = NullIfEmpty(_xml.GetAttribute("url") ?? _xml.GetAttribute("href") ?? _xml.GetAttribute("resource", XmlModules.Rdf));
                var type = NullIfEmpty(_xml.GetAttribute("type"));
                var length = Length(_xml.GetAttribute("length"));
                var text = ReadText();
                url ??= Urls.IsHttp(text.Trim()) ? text.Trim() : null;
                if (url is not null) Add(ref entry.Enclosures, new Enclosure(Absolute(url, _base), type, length));
                return;
            case "source":
                ReadSource(entry);
                return;
            case "rights" or "copyright": entry.Rights ??= ReadTextConstruct(); return;
            case "comments": entry.CommentsUrl ??= NullIfEmpty(ReadText()) is { } comments ? Absolute(comments, _base) : null; return;
            case "language": entry.Language ??= NullIfEmpty(ReadText()); return;
            case "image" or "thumbnail": entry.Image ??= ReadImage(); return;
            default:
                Skip();
                return;
        }
    }

    private bool ReadDublinCore(EntryDraft entry, string name)
    {
        switch (name)
        {
            case "title": entry.OtherTitle ??= ReadMarkup(ParsedTextKind.Unknown); return true;
            case "creator" or "author": AddPerson(ref entry.OtherAuthors, ReadPerson()); return true;
            case "contributor": AddPerson(ref entry.Contributors, ReadPerson()); return true;
            case "date": entry.OtherDate ??= ReadDate(); return true;
            case "issued" or "available": OfferDate(entry, 1); return true;
            case "created": entry.Created ??= ReadDate(); return true;
            case "modified": entry.Updated ??= ReadDate(); return true;
            case "subject":
                AddCategory(entry, null);
                return true;
            case "description" or "abstract": OfferSummary(entry, ReadMarkup(ParsedTextKind.Unknown), 4); return true;
            case "language": entry.Language ??= NullIfEmpty(ReadText()); return true;
            case "rights": entry.Rights ??= ReadMarkup(ParsedTextKind.Unknown); return true;
            case "identifier": entry.About ??= NullIfEmpty(ReadText()); return true;
            default: return false;
        }
    }

    private void ReadSource(EntryDraft entry)
    {
        var url = NullIfEmpty(_xml.GetAttribute("url"));
        string? title = null;
        if (_xml.IsEmptyElement)
        {
            if (url is not null) entry.Source ??= new ClaimedSource(null, Absolute(url, _base));
            return;
        }

        string? self = null;
        List<Person>? authors = null;
        for (var depth = _xml.Depth; _xml.Read() && _xml.Depth > depth;)
        {
            if ((_xml.NodeType is System.Xml.XmlNodeType.Text or System.Xml.XmlNodeType.CDATA) && (title?.Length ?? 0) < ParserLimits.MaxLineLength) title = (title + _xml.Value).Trim();
            if (_xml.NodeType != System.Xml.XmlNodeType.Element) continue;
            switch (Name())
            {
                case "title": title = ReadTextConstruct()?.Value; break;
                case "link":
                    var href = NullIfEmpty(_xml.GetAttribute("href"));
                    var rel = _xml.GetAttribute("rel");
                    Skip();
                    if (href is null) break;
                    if (rel is "self") self = Absolute(href, _base);
                    else if (rel is "license") entry.More.SourceLicenseUrl ??= Absolute(href, _base);
                    else if (rel is null or "alternate") url ??= Absolute(href, _base);
                    break;
                case "author": AddPerson(ref authors, ReadPerson()); break;
                case "rights": entry.More.SourceRights ??= ReadTextConstruct(); break;
                default: Skip(); break;
            }
        }

        // RFC 4287 §4.2.1: an entry without an author has its source's.
        if (authors is not null) entry.OtherAuthors ??= authors;
        if (title is { Length: > 0 } || self is not null || url is not null)
            entry.Source ??= new ClaimedSource(NullIfEmpty(title), self ?? (url is null ? null : Absolute(url, _base)));
    }

    private void AddCategory(EntryDraft entry, string? term)
    {
        var text = ReadText();
        if (NullIfEmpty(term) is { } named) Add(ref entry.Categories, named);
        else if (NullIfEmpty(text) is { } said) Add(ref entry.Categories, said);
    }

    /// <summary>RSS's own date goes before Atom's in RSS, and both before Atom 0.3's and Dublin Core's.</summary>
    private void OfferDate(EntryDraft entry, int rank)
    {
        if (ReadDate() is not { } date || rank <= entry.PublishedRank) return;
        entry.Published = date;
        entry.PublishedRank = rank;
    }

    /// <summary>A summary of a module: it stands in when the dialect's own is missing.</summary>
    private static void OfferSummary(EntryDraft entry, ParsedText? summary, int rank)
    {
        if (rank <= entry.OtherSummaryRank || string.IsNullOrWhiteSpace(summary?.Value)) return;
        entry.OtherSummary = summary;
        entry.OtherSummaryRank = rank;
    }

    private static void OfferContent(EntryDraft entry, ParsedText? content, int rank)
    {
        if (rank <= entry.ContentRank || string.IsNullOrWhiteSpace(content?.Value)) return;
        entry.Content = content;
        entry.ContentRank = rank;
    }

    /// <summary>Atom content (RFC 4287 §4.1.3): inline of three kinds, a file elsewhere, or base64.</summary>
    private void ReadAtomContent(EntryDraft entry)
    {
        var source = NullIfEmpty(_xml.GetAttribute("src"));
        var type = NullIfEmpty(_xml.GetAttribute("type"));
        if (source is not null)
        {
            Add(ref entry.Media, new Enclosure(Absolute(source, XmlBase()), type));
            Skip();
            return;
        }

        var contentBase = XmlBase();
        if (ReadContentConstruct() is not { } content) return;
        var rank = content.Kind == ParsedTextKind.Html ? 4 : 3;
        if (rank > entry.ContentRank && contentBase is not null) entry.Base = contentBase.AbsoluteUri;
        OfferContent(entry, content, rank);
    }
}
