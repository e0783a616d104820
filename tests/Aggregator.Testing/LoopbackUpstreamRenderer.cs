using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;

namespace Aggregator.Testing;

/// <summary>Writes the documents of a <see cref="LoopbackUpstream"/>.</summary>
internal static class LoopbackUpstreamRenderer
{
    private const string AtomNamespace = "http://www.w3.org/2005/Atom";
    private const string ContentNamespace = "http://purl.org/rss/1.0/modules/content/";
    private const string DublinCoreNamespace = "http://purl.org/dc/elements/1.1/";
    private const string RdfNamespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const string Rss10Namespace = "http://purl.org/rss/1.0/";

    private static readonly XmlWriterSettings XmlSettings = new() { Encoding = new UTF8Encoding(false), Indent = true, IndentChars = " " };
    private static readonly JsonWriterOptions JsonSettings = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string ContentType(LoopbackUpstreamFormat format) => format switch
    {
        LoopbackUpstreamFormat.Rss20 => "application/rss+xml; charset=utf-8",
        LoopbackUpstreamFormat.Atom10 => "application/atom+xml",
        LoopbackUpstreamFormat.Rss10 => "application/rdf+xml",
        LoopbackUpstreamFormat.JsonFeed11 => "application/feed+json",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "This format has no content type."),
    };

    /// <param name="source">Whose document it is.</param>
    /// <param name="entries">What it holds, newest first.</param>
    /// <param name="modifiedAt">When it last changed.</param>
    internal static byte[] Render(LoopbackUpstreamSource source, IEnumerable<LoopbackUpstreamEntry> entries, DateTimeOffset modifiedAt)
    {
        using var document = new MemoryStream(32 * 1024);
        if (source.Format == LoopbackUpstreamFormat.JsonFeed11)
        {
            using var json = new Utf8JsonWriter(document, JsonSettings);
            JsonFeed(json, source, entries);
        }
        else
        {
            using var xml = XmlWriter.Create(document, XmlSettings);
            xml.WriteStartDocument();
            if (source.Format == LoopbackUpstreamFormat.Rss20) Rss20(xml, source, entries, modifiedAt);
            else if (source.Format == LoopbackUpstreamFormat.Atom10) Atom10(xml, source, entries, modifiedAt);
            else Rss10(xml, source, [.. entries]);
            xml.WriteEndDocument();
        }

        return document.ToArray();
    }

    private static void Rss20(XmlWriter xml, LoopbackUpstreamSource source, IEnumerable<LoopbackUpstreamEntry> entries, DateTimeOffset modifiedAt)
    {
        xml.WriteStartElement("rss");
        xml.WriteAttributeString("version", "2.0");
        xml.WriteAttributeString("xmlns", "content", null, ContentNamespace);
        xml.WriteAttributeString("xmlns", "dc", null, DublinCoreNamespace);
        xml.WriteStartElement("channel");
        xml.WriteElementString("title", source.Title);
        xml.WriteElementString("link", new Uri(source.Url, "/").AbsoluteUri);
        xml.WriteElementString("description", source.Title);
        xml.WriteElementString("language", source.Language);
        xml.WriteElementString("lastBuildDate", Rfc1123(modifiedAt));
        foreach (var entry in entries)
        {
            xml.WriteStartElement("item");
            xml.WriteElementString("title", entry.Title);
            xml.WriteElementString("link", entry.Url.AbsoluteUri);
            xml.WriteStartElement("guid");
            xml.WriteAttributeString("isPermaLink", "false");
            xml.WriteString(entry.Id);
            xml.WriteEndElement();
            xml.WriteElementString("pubDate", Rfc1123(entry.PublishedAt));
            xml.WriteElementString("dc", "creator", DublinCoreNamespace, entry.Author);
            xml.WriteElementString("category", source.Category);
            xml.WriteElementString("content", "encoded", ContentNamespace, entry.Html);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Atom10(XmlWriter xml, LoopbackUpstreamSource source, IEnumerable<LoopbackUpstreamEntry> entries, DateTimeOffset modifiedAt)
    {
        xml.WriteStartElement("feed", AtomNamespace);
        xml.WriteAttributeString("xml", "lang", null, source.Language);
        xml.WriteElementString("id", AtomNamespace, string.Create(CultureInfo.InvariantCulture, $"tag:loopback.example,2026:{source.Index}"));
        xml.WriteElementString("title", AtomNamespace, source.Title);
        xml.WriteElementString("updated", AtomNamespace, Rfc3339(modifiedAt));
        Link("self", source.Url);
        Link("alternate", new Uri(source.Url, "/"));
        foreach (var entry in entries)
        {
            xml.WriteStartElement("entry", AtomNamespace);
            xml.WriteElementString("id", AtomNamespace, entry.Id);
            xml.WriteElementString("title", AtomNamespace, entry.Title);
            Link("alternate", entry.Url);
            xml.WriteElementString("published", AtomNamespace, Rfc3339(entry.PublishedAt));
            xml.WriteElementString("updated", AtomNamespace, Rfc3339(entry.UpdatedAt));
            xml.WriteStartElement("author", AtomNamespace);
            xml.WriteElementString("name", AtomNamespace, entry.Author);
            xml.WriteEndElement();
            xml.WriteStartElement("content", AtomNamespace);
            xml.WriteAttributeString("type", "html");
            xml.WriteString(entry.Html);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        xml.WriteEndElement();

        void Link(string relation, Uri address)
        {
            xml.WriteStartElement("link", AtomNamespace);
            xml.WriteAttributeString("rel", relation);
            xml.WriteAttributeString("href", address.AbsoluteUri);
            xml.WriteEndElement();
        }
    }

    private static void Rss10(XmlWriter xml, LoopbackUpstreamSource source, LoopbackUpstreamEntry[] entries)
    {
        xml.WriteStartElement("rdf", "RDF", RdfNamespace);
        xml.WriteAttributeString("xmlns", Rss10Namespace);
        xml.WriteAttributeString("xmlns", "content", null, ContentNamespace);
        xml.WriteAttributeString("xmlns", "dc", null, DublinCoreNamespace);
        xml.WriteStartElement("channel", Rss10Namespace);
        xml.WriteAttributeString("about", RdfNamespace, source.Url.AbsoluteUri);
        xml.WriteElementString("title", Rss10Namespace, source.Title);
        xml.WriteElementString("link", Rss10Namespace, new Uri(source.Url, "/").AbsoluteUri);
        xml.WriteElementString("description", Rss10Namespace, source.Title);
        xml.WriteElementString("dc", "language", DublinCoreNamespace, source.Language);
        xml.WriteStartElement("items", Rss10Namespace);
        xml.WriteStartElement("Seq", RdfNamespace);
        foreach (var entry in entries)
        {
            xml.WriteStartElement("li", RdfNamespace);
            xml.WriteAttributeString("resource", RdfNamespace, entry.Id);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
        foreach (var entry in entries)
        {
            xml.WriteStartElement("item", Rss10Namespace);
            xml.WriteAttributeString("about", RdfNamespace, entry.Id);
            xml.WriteElementString("title", Rss10Namespace, entry.Title);
            xml.WriteElementString("link", Rss10Namespace, entry.Url.AbsoluteUri);
            xml.WriteElementString("dc", "creator", DublinCoreNamespace, entry.Author);
            xml.WriteElementString("dc", "date", DublinCoreNamespace, Rfc3339(entry.PublishedAt));
            xml.WriteElementString("content", "encoded", ContentNamespace, entry.Html);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void JsonFeed(Utf8JsonWriter json, LoopbackUpstreamSource source, IEnumerable<LoopbackUpstreamEntry> entries)
    {
        json.WriteStartObject();
        json.WriteString("version", "https://jsonfeed.org/version/1.1");
        json.WriteString("title", source.Title);
        json.WriteString("home_page_url", new Uri(source.Url, "/").AbsoluteUri);
        json.WriteString("feed_url", source.Url.AbsoluteUri);
        json.WriteString("language", source.Language);
        json.WriteStartArray("items");
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("id", entry.Id);
            json.WriteString("url", entry.Url.AbsoluteUri);
            json.WriteString("title", entry.Title);
            json.WriteString("content_html", entry.Html);
            json.WriteString("date_published", Rfc3339(entry.PublishedAt));
            json.WriteString("date_modified", Rfc3339(entry.UpdatedAt));
            json.WriteStartArray("authors");
            json.WriteStartObject();
            json.WriteString("name", entry.Author);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static string Rfc1123(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);

    private static string Rfc3339(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
