using System.Xml.Linq;

namespace Aggregator.Core.Publishing;

/// <summary>The XML namespaces that our feeds use. Each is declared once, at the root, with the prefix that everybody uses.</summary>
internal static class FeedNamespaces
{
    public static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    public static readonly XNamespace Content = "http://purl.org/rss/1.0/modules/content/";
    public static readonly XNamespace CreativeCommons = "http://backend.userland.com/creativeCommonsRssModule";
    public static readonly XNamespace Dc = "http://purl.org/dc/elements/1.1/";
    public static readonly XNamespace DcTerms = "http://purl.org/dc/terms/";

    /// <summary>mod_aggregation, a draft of 2000: the only vocabulary made for "an aggregator adds where it has it from".</summary>
    public static readonly XNamespace Ag = "http://purl.org/rss/1.0/modules/aggregation/";

    /// <summary>Deleted entries (RFC 6721). Declared only by a feed that has any.</summary>
    public static readonly XNamespace Tombstones = "http://purl.org/atompub/tombstones/1.0";

    /// <summary>Archives (RFC 5005). Declared only by a page of one.</summary>
    public static readonly XNamespace History = "http://purl.org/syndication/history/1.0";

    public static XAttribute Declare(string prefix, XNamespace name) => new(XNamespace.Xmlns + prefix, name.NamespaceName);
}
