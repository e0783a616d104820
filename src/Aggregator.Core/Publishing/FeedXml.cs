using System.Text;
using System.Xml;

namespace Aggregator.Core.Publishing;

/// <summary>How our XML documents are written.</summary>
internal static class FeedXml
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineChars = "\n",
        NewLineHandling = NewLineHandling.Replace,
        // Extension elements bring their declarations along; the root has made them already.
        NamespaceHandling = NamespaceHandling.OmitDuplicates,
    };

    /// <summary>The bytes of a document in UTF-8 that names our stylesheet for people who open a feed in a browser.</summary>
    public static byte[] Write(SiteLinks links, Action<XmlWriter> content)
    {
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, Settings))
        {
            writer.WriteStartDocument();
            writer.WriteProcessingInstruction("xml-stylesheet", $"type=\"text/css\" href=\"{FeedText.ToHtml(links.FeedStylesheet)}\"");
            content(writer);
            writer.WriteEndDocument();
        }

        return bytes.ToArray();
    }
}
