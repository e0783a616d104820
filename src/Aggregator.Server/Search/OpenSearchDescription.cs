using System.Text;
using System.Xml;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Publishing;

namespace Aggregator.Server.Search;

/// <summary>The OpenSearch description document (OpenSearch 1.1, draft 6), by which a browser or a reader searches here.</summary>
internal static class OpenSearchDescription
{
    /// <summary>Its media type.</summary>
    public const string MediaType = "application/opensearchdescription+xml";

    private const string Namespace = "http://a9.com/-/spec/opensearch/1.1/";
    private const int MaxShortName = 16;

    /// <summary>Writes it.</summary>
    public static byte[] Write(SiteLinks links, string title, string description, string language)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("OpenSearchDescription", Namespace);
            xml.WriteElementString("ShortName", Namespace, TextCut.To(title, MaxShortName));
            xml.WriteElementString("Description", Namespace, description);
            Url("text/html", links.SearchPage);
            foreach (var format in FeedFormats.OfEntries) Url(format.MediaType(), links.SearchPage + "." + format.Extension());
            xml.WriteStartElement("Url", Namespace);
            xml.WriteAttributeString("type", MediaType);
            xml.WriteAttributeString("rel", "self");
            xml.WriteAttributeString("template", links.OpenSearch);
            xml.WriteEndElement();
            xml.WriteElementString("Language", Namespace, language);
            xml.WriteElementString("InputEncoding", Namespace, "UTF-8");
            xml.WriteElementString("OutputEncoding", Namespace, "UTF-8");
            xml.WriteEndElement();

            void Url(string type, string address)
            {
                xml.WriteStartElement("Url", Namespace);
                xml.WriteAttributeString("type", type);
                xml.WriteAttributeString("template", address + "?q={searchTerms}");
                xml.WriteEndElement();
            }
        }

        return bytes.ToArray();
    }
}
