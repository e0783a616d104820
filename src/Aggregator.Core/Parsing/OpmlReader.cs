using System.Diagnostics.CodeAnalysis;
using System.Xml;

namespace Aggregator.Core.Parsing;

/// <summary>
/// Reads subscription lists: OPML 1.0, 1.1 and 2.0, as readers and people write them, mended like feeds where they are broken.
/// A document type declaration is passed over; entities of its own and files do not exist for it.
/// </summary>
public static class OpmlReader
{
    /// <summary>Reads a list. Content never makes it throw.</summary>
    /// <param name="body">The bytes, at most <see cref="ParserLimits.MaxDocumentBytes"/>.</param>
    /// <param name="document">The list.</param>
    /// <param name="reason">One English sentence for an admin when it is none.</param>
    /// <returns>Whether it is a list.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out OpmlDocument? document, [NotNullWhen(false)] out string? reason)
    {
        document = null;
        reason = null;
        if (body.Length > ParserLimits.MaxDocumentBytes)
        {
            reason = $"The file has {body.Length} bytes; {ParserLimits.MaxDocumentBytes} is the limit.";
            return false;
        }

        var decoded = TextDecoder.Decode(body);
        var repairs = new List<string>();
        if (decoded.Repair is { } repair) repairs.Add(repair);
        var scratch = ReaderScratch.Rent();
        try
        {
            using var xml = FeedParser.Strict(decoded, scratch.Settings);
            document = Read(xml, repairs);
        }
        catch (XmlException)
        {
            using var repairer = XmlRepairer.Create(decoded, allowBareEntries: false);
            try
            {
                using var xml = XmlReader.Create(repairer, scratch.Settings);
                document = Read(xml, repairs);
                repairs.AddRange(repairer.Repairs);
                if (document is not null) document = document with { Repairs = repairs };
            }
            catch (XmlException)
            {
                document = null;
            }
        }
        finally
        {
            scratch.Return();
        }

        if (document is null) reason = "The file is no subscription list: it has no opml element.";
        return document is not null;
    }

    private static OpmlDocument? Read(XmlReader xml, List<string> repairs)
    {
        while (xml.NodeType != XmlNodeType.Element)
            if (!xml.Read())
                return null;
        if (!xml.LocalName.Equals("opml", StringComparison.OrdinalIgnoreCase)) return null;

        string? title = null;
        var head = new List<KeyValuePair<string, string>>();
        var top = new List<OpmlOutline>();
        var open = new Stack<Draft>();
        var count = 0;
        var isCut = false;
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement && Is(xml, "outline"))
            {
                if (open.TryPeek(out var last) && last.Depth == xml.Depth) Close(open, top);
                continue;
            }

            if (xml.NodeType != XmlNodeType.Element) continue;
            if (Is(xml, "head") && !xml.IsEmptyElement)
            {
                ReadHead(xml, ref title, head);
            }
            else if (Is(xml, "outline"))
            {
                if (++count > ParserLimits.MaxOutlines)
                {
                    isCut = true;
                    break;
                }

                // What lies too deep is kept, beside its too deep parent.
                if (open.Count >= ParserLimits.MaxOutlineDepth) Close(open, top);
                var draft = ReadOutline(xml);
                open.Push(draft);
                if (xml.IsEmptyElement) Close(open, top);
            }
        }

        while (open.Count > 0) Close(open, top);
        if (isCut) repairs.Add($"more than {ParserLimits.MaxOutlines} outlines, the rest left out");
        return new OpmlDocument { Title = title, Head = head, Outlines = top, Repairs = repairs };
    }

    private static void ReadHead(XmlReader xml, ref string? title, List<KeyValuePair<string, string>> head)
    {
        var depth = xml.Depth;
        string? name = null;
        var text = "";
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Depth == depth + 1)
            {
                name = xml.IsEmptyElement ? null : xml.LocalName;
                text = "";
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                text += xml.Value;
            }
            else if (xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth + 1 && name is not null)
            {
                if (name.Equals("title", StringComparison.OrdinalIgnoreCase)) title ??= text.Trim();
                else if (head.Count < ParserLimits.MaxListLength && !string.IsNullOrWhiteSpace(text)) head.Add(new(name, text.Trim()));
                name = null;
            }
        }
    }

    private static Draft ReadOutline(XmlReader xml)
    {
        var draft = new Draft { Depth = xml.Depth };
        for (var found = xml.MoveToFirstAttribute(); found; found = xml.MoveToNextAttribute())
        {
            var value = xml.Value;
            switch (xml.Name.ToLowerInvariant())
            {
                case "text": draft.Text = value; break;
                case "title": draft.Title = value; break;
                case "type": draft.Type = value; break;
                case "xmlurl": draft.XmlUrl = value.Trim().Length == 0 ? null : value.Trim(); break;
                case "htmlurl": draft.HtmlUrl = value.Trim(); break;
                case var name when name == "xmlns" || name.StartsWith("xmlns:", StringComparison.Ordinal): break;
                default:
                    if (draft.Attributes.Count < ParserLimits.MaxAttributes) draft.Attributes.Add(new(OpmlOutline.AttributeName(xml.NamespaceURI, xml.LocalName), value));
                    break;
            }
        }

        xml.MoveToElement();
        return draft;
    }

    private static void Close(Stack<Draft> open, List<OpmlOutline> top)
    {
        var draft = open.Pop();
        var outline = new OpmlOutline
        {
            Text = draft.Text ?? "",
            Title = draft.Title,
            Type = draft.Type,
            XmlUrl = draft.XmlUrl,
            HtmlUrl = draft.HtmlUrl,
            Attributes = draft.Attributes,
            Outlines = draft.Outlines,
        };
        (open.TryPeek(out var parent) ? parent.Outlines : top).Add(outline);
    }

    private static bool Is(XmlReader xml, string name) => xml.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase);

    private sealed class Draft
    {
        internal int Depth;
        internal string? Text;
        internal string? Title;
        internal string? Type;
        internal string? XmlUrl;
        internal string? HtmlUrl;
        internal List<KeyValuePair<string, string>> Attributes = [];
        internal List<OpmlOutline> Outlines = [];
    }
}
