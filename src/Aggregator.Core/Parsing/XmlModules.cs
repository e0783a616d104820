using System.Collections.Frozen;

namespace Aggregator.Core.Parsing;

/// <summary>Which vocabulary a namespace or, where that is wrong or missing, a prefix stands for.</summary>
internal static class XmlModules
{
    internal const string Xhtml = "http://www.w3.org/1999/xhtml";
    internal const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

    private static readonly FrozenDictionary<string, XmlModule> ByNamespace = new Dictionary<string, XmlModule>
    {
        [""] = XmlModule.Core,
        ["http://backend.userland.com/rss"] = XmlModule.Core,
        ["http://blogs.law.harvard.edu/tech/rss"] = XmlModule.Core,
        ["http://purl.org/rss/1.0"] = XmlModule.Core,
        ["http://my.netscape.com/rdf/simple/0.9"] = XmlModule.Core,
        ["http://channel.netscape.com/rdf/simple/0.9"] = XmlModule.Core,
        ["http://example.com/newformat"] = XmlModule.Core,
        ["http://example.com/necho"] = XmlModule.Core,
        ["http://purl.org/echo"] = XmlModule.Core,
        ["uri/of/echo/namespace"] = XmlModule.Core,
        ["http://purl.org/pie"] = XmlModule.Core,
        ["http://purl.org/rss/1.0/modules/rss091"] = XmlModule.Core,
        ["http://purl.org/net/rss1.1"] = XmlModule.Core,
        ["http://cyber.law.harvard.edu/rss/rss.html"] = XmlModule.Core,
        ["http://www.rssboard.org/rss-specification"] = XmlModule.Core,
        ["http://www.w3.org/2005/atom"] = XmlModule.Atom,
        ["http://purl.org/atom/ns"] = XmlModule.Atom,
        ["http://www.w3.org/2007/app"] = XmlModule.AtomPublishing,
        ["http://purl.org/atom/app"] = XmlModule.AtomPublishing,
        ["http://www.w3.org/1999/02/22-rdf-syntax-ns"] = XmlModule.Rdf,
        ["http://purl.org/dc/elements/1.1"] = XmlModule.DublinCore,
        ["http://purl.org/dc/elements/1.0"] = XmlModule.DublinCore,
        ["http://dublincore.org/documents/dcmi-namespace"] = XmlModule.DublinCore,
        ["http://purl.org/dc/terms"] = XmlModule.DublinCoreTerms,
        ["http://purl.org/rss/1.0/modules/dcterms"] = XmlModule.DublinCoreTerms,
        ["http://purl.org/rss/1.0/modules/content"] = XmlModule.Content,
        ["http://search.yahoo.com/mrss"] = XmlModule.Media,
        ["http://video.search.yahoo.com/mrss"] = XmlModule.Media,
        ["http://www.rssboard.org/media-rss"] = XmlModule.Media,
        ["http://tools.search.yahoo.com/mrss"] = XmlModule.Media,
        ["http://www.itunes.com/dtds/podcast-1.0.dtd"] = XmlModule.ITunes,
        ["http://example.com/dtds/podcast-1.0.dtd"] = XmlModule.ITunes,
        ["http://www.google.com/schemas/play-podcasts/1.0"] = XmlModule.GooglePlay,
        ["http://www.google.com/schemas/play-podcasts/1.0/play-podcasts.xsd"] = XmlModule.GooglePlay,
        ["https://podcastindex.org/namespace/1.0"] = XmlModule.Podcast,
        ["https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"] = XmlModule.Podcast,
        ["http://purl.org/rss/1.0/modules/syndication"] = XmlModule.Syndication,
        ["http://purl.org/rss/1.0/modules/slash"] = XmlModule.Slash,
        ["http://purl.org/syndication/thread/1.0"] = XmlModule.Threading,
        ["http://www.georss.org/georss"] = XmlModule.GeoRss,
        ["http://www.w3.org/2003/01/geo/wgs84_pos"] = XmlModule.Geo,
        ["http://backend.userland.com/creativecommonsrssmodule"] = XmlModule.CreativeCommons,
        ["http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html"] = XmlModule.CreativeCommons,
        ["http://creativecommons.org/ns"] = XmlModule.CreativeCommons,
        ["http://web.resource.org/cc"] = XmlModule.CreativeCommons,
        ["http://www.bloglines.com/about/specs/fac-1.0"] = XmlModule.AccessControl,
        ["http://rssnamespace.org/feedburner/ext/1.0"] = XmlModule.FeedBurner,
        ["http://www.w3.org/1999/xhtml"] = XmlModule.Xhtml,
        ["http://webns.net/mvcb"] = XmlModule.Admin,
        ["http://wellformedweb.org/commentapi"] = XmlModule.WellFormedWeb,
        ["http://purl.org/syndication/history/1.0"] = XmlModule.History,
        ["http://purl.org/atompub/tombstones/1.0"] = XmlModule.Tombstone,
        ["http://purl.org/rss/1.0/modules/aggregation"] = XmlModule.Aggregation,
        ["http://www.google.com/schemas/reader/atom"] = XmlModule.GoogleReader,
        ["http://www.w3.org/xml/1998/namespace"] = XmlModule.Xml,
        [XmlRepairer.CutNamespace] = XmlModule.Unknown,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (XmlModule Module, string Namespace)> ByPrefix = new Dictionary<string, (XmlModule, string)>
    {
        ["atom"] = (XmlModule.Atom, "http://www.w3.org/2005/Atom"),
        ["atom10"] = (XmlModule.Atom, "http://www.w3.org/2005/Atom"),
        ["a10"] = (XmlModule.Atom, "http://www.w3.org/2005/Atom"),
        ["atom03"] = (XmlModule.Atom, "http://purl.org/atom/ns#"),
        ["app"] = (XmlModule.AtomPublishing, "http://www.w3.org/2007/app"),
        ["rdf"] = (XmlModule.Rdf, Rdf),
        ["rss"] = (XmlModule.Core, "http://purl.org/rss/1.0/"),
        ["dc"] = (XmlModule.DublinCore, "http://purl.org/dc/elements/1.1/"),
        ["dcterms"] = (XmlModule.DublinCoreTerms, "http://purl.org/dc/terms/"),
        ["content"] = (XmlModule.Content, "http://purl.org/rss/1.0/modules/content/"),
        ["media"] = (XmlModule.Media, "http://search.yahoo.com/mrss/"),
        ["itunes"] = (XmlModule.ITunes, "http://www.itunes.com/dtds/podcast-1.0.dtd"),
        ["googleplay"] = (XmlModule.GooglePlay, "http://www.google.com/schemas/play-podcasts/1.0"),
        ["podcast"] = (XmlModule.Podcast, "https://podcastindex.org/namespace/1.0"),
        ["sy"] = (XmlModule.Syndication, "http://purl.org/rss/1.0/modules/syndication/"),
        ["slash"] = (XmlModule.Slash, "http://purl.org/rss/1.0/modules/slash/"),
        ["thr"] = (XmlModule.Threading, "http://purl.org/syndication/thread/1.0"),
        ["georss"] = (XmlModule.GeoRss, "http://www.georss.org/georss"),
        ["geo"] = (XmlModule.Geo, "http://www.w3.org/2003/01/geo/wgs84_pos#"),
        ["creativecommons"] = (XmlModule.CreativeCommons, "http://backend.userland.com/creativeCommonsRssModule"),
        ["cc"] = (XmlModule.CreativeCommons, "http://creativecommons.org/ns#"),
        ["access"] = (XmlModule.AccessControl, "http://www.bloglines.com/about/specs/fac-1.0"),
        ["feedburner"] = (XmlModule.FeedBurner, "http://rssnamespace.org/feedburner/ext/1.0"),
        ["xhtml"] = (XmlModule.Xhtml, Xhtml),
        ["admin"] = (XmlModule.Admin, "http://webns.net/mvcb/"),
        ["wfw"] = (XmlModule.WellFormedWeb, "http://wellformedweb.org/CommentAPI/"),
        ["fh"] = (XmlModule.History, "http://purl.org/syndication/history/1.0"),
        ["at"] = (XmlModule.Tombstone, "http://purl.org/atompub/tombstones/1.0"),
        ["ag"] = (XmlModule.Aggregation, "http://purl.org/rss/1.0/modules/aggregation/"),
        ["gr"] = (XmlModule.GoogleReader, "http://www.google.com/schemas/reader/atom/"),
        ["xlink"] = (XmlModule.Unknown, "http://www.w3.org/1999/xlink"),
        ["svg"] = (XmlModule.Unknown, "http://www.w3.org/2000/svg"),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The module of an element by its namespace; a namespace that nobody knows goes by its prefix.</summary>
    internal static XmlModule Find(string namespaceUri, string prefix)
    {
        // A megabyte of namespace over a hundred thousand elements; nothing known is as long.
        if (namespaceUri.Length > 200) namespaceUri = "urn:long";
        var canonical = namespaceUri.Trim().TrimEnd('/', '#').ToLowerInvariant();
        if (ByNamespace.TryGetValue(canonical, out var module)) return module;
        if (canonical.StartsWith("https:", StringComparison.Ordinal) && ByNamespace.TryGetValue("http:" + canonical[6..], out module)) return module;
        if (canonical.StartsWith("http://backend.userland.com/", StringComparison.Ordinal) || canonical.StartsWith("http://blogs.law.harvard.edu/", StringComparison.Ordinal)) return XmlModule.Core;
        if (prefix.Length == 0) return XmlModule.Core;
        return ByPrefix.TryGetValue(prefix, out var known) ? known.Module : XmlModule.Unknown;
    }

    /// <summary>The namespace that a prefix usually stands for, for documents that forgot to declare it.</summary>
    internal static string NamespaceOf(string prefix) =>
        ByPrefix.TryGetValue(prefix, out var known) ? known.Namespace : "urn:undeclared:" + prefix;
}
