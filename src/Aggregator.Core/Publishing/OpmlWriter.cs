using System.Text;
using System.Xml;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Publishing;

/// <summary>Writes subscription lists as OPML 2.0, so that reading them again gives the same list.</summary>
public static class OpmlWriter
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineChars = "\n",
        CloseOutput = false,
        CheckCharacters = false,
    };

    /// <summary>Writes the list as UTF-8. The stream stays open.</summary>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream output, OpmlDocument document)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(document);
        using var xml = XmlWriter.Create(output, Settings);
        xml.WriteStartDocument();
        xml.WriteStartElement("opml");
        xml.WriteAttributeString("version", "2.0");
        xml.WriteStartElement("head");
        if (document.Title is not null) xml.WriteElementString("title", Valid(document.Title));
        foreach (var (name, value) in document.Head)
            if (IsName(name))
                xml.WriteElementString(name, Valid(value));
        xml.WriteEndElement();
        xml.WriteStartElement("body");
        foreach (var outline in document.Outlines) Write(xml, outline);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndDocument();
    }

    private static void Write(XmlWriter xml, OpmlOutline outline)
    {
        xml.WriteStartElement("outline");
        // OPML 2.0: every outline has text.
        Attribute(xml, "text", outline.Text);
        if (outline.Title is not null) Attribute(xml, "title", outline.Title);
        if (outline.Type is not null) Attribute(xml, "type", outline.Type);
        if (outline.XmlUrl is not null) Attribute(xml, "xmlUrl", outline.XmlUrl);
        if (outline.HtmlUrl is not null) Attribute(xml, "htmlUrl", outline.HtmlUrl);
        var written = new HashSet<string>(StringComparer.Ordinal) { "text", "title", "type", "xmlUrl", "htmlUrl" };
        foreach (var (name, value) in outline.Attributes)
            if (IsName(name) && written.Add(name))
                Attribute(xml, name, value);
        foreach (var inner in outline.Outlines) Write(xml, inner);
        xml.WriteEndElement();
    }

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Valid(value));

    private static bool IsName(string name) => name.Length > 0 && !name.StartsWith("xml", StringComparison.OrdinalIgnoreCase) && XmlReader.IsName(name) && !name.Contains(':', StringComparison.Ordinal);

    // A title typed into a form may hold what XML cannot.
    private static string Valid(string text)
    {
        var valid = true;
        for (var i = 0; i < text.Length && valid; i++)
            if (!XmlConvert.IsXmlChar(text[i])) valid = i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]) && ++i > 0;
        if (valid) return text;

        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i])) kept.Append(text[i]);
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i])) kept.Append(text[i]).Append(text[++i]);
        }

        return kept.ToString();
    }
}
