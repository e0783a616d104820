using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Aggregator.Core.Snapshots;

/// <summary>Cuts sanitised HTML into the blocks that a reader sees, so that two versions can be laid side by side.</summary>
public static class ContentBlocks
{
    /// <summary>The most blocks that are told apart; the text of further ones is joined to the last.</summary>
    public const int MaxBlocks = 4_000;

    /// <summary>Elements nested deeper than this are read as text of the level above.</summary>
    private const int MaxDepth = 400;

    /// <summary>The blocks in the order of the text.</summary>
    /// <param name="html">A body that has passed our sanitiser; null or empty gives none.</param>
    public static IReadOnlyList<ContentBlock> Of(string? html)
    {
        if (string.IsNullOrWhiteSpace(html)) return [];
        using var document = new HtmlParser().ParseDocument(html);
        var reader = new Reader();
        reader.Read(document.Body!, ContentBlockKind.Paragraph, 0);
        reader.End();
        return reader.Blocks;
    }

    private sealed class Reader
    {
        private readonly StringBuilder _text = new();
        private ContentBlockKind _kind = ContentBlockKind.Paragraph;

        public List<ContentBlock> Blocks { get; } = [];

        public void Read(INode parent, ContentBlockKind kind, int depth)
        {
            foreach (var node in parent.ChildNodes)
            {
                switch (node)
                {
                    case IText text:
                        Add(text.Data, kind);
                        break;
                    case IElement element when depth >= MaxDepth:
                        Add(element.TextContent, kind);
                        break;
                    case IElement element:
                        Read(element, kind, depth);
                        break;
                }
            }
        }

        public void End()
        {
            var text = _text.ToString().Trim();
            _text.Clear();
            if (text.Length == 0) return;
            if (Blocks.Count < MaxBlocks) Blocks.Add(new ContentBlock(_kind, text));
            else Blocks[^1] = Blocks[^1] with { Text = Blocks[^1].Text + " " + text };
        }

        private void Read(IElement element, ContentBlockKind kind, int depth)
        {
            switch (element.LocalName)
            {
                case "br":
                    // Much of the Chinese web parts its paragraphs by line breaks.
                    if (kind == ContentBlockKind.TableRow) _text.Append(' ');
                    else End();
                    return;
                case "img" or "video" or "audio":
                    AddMedia(element);
                    return;
                case "rp":
                    return;
                case "td" or "th":
                    if (_text.Length > 0) _text.Append(" | ");
                    Read((INode)element, ContentBlockKind.TableRow, depth + 1);
                    return;
                case "tr":
                    Apart(element, ContentBlockKind.TableRow, depth);
                    return;
                case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                    Apart(element, ContentBlockKind.Heading, depth);
                    return;
                case "li" or "dt" or "dd":
                    Apart(element, ContentBlockKind.ListItem, depth);
                    return;
                case "blockquote":
                    Apart(element, ContentBlockKind.Quote, depth);
                    return;
                case "pre":
                    Apart(element, ContentBlockKind.Preformatted, depth);
                    return;
                case "p" or "div" or "section" or "article" or "aside" or "header" or "footer" or "main" or "nav" or "figure" or "figcaption"
                    or "ul" or "ol" or "dl" or "table" or "caption" or "details" or "summary" or "address" or "center" or "hgroup" or "hr":
                    Apart(element, kind == ContentBlockKind.TableRow ? ContentBlockKind.Paragraph : kind, depth);
                    return;
                default:
                    Read((INode)element, kind, depth + 1);
                    return;
            }
        }

        private void Apart(IElement element, ContentBlockKind kind, int depth)
        {
            End();
            Read((INode)element, kind, depth + 1);
            End();
        }

        private void AddMedia(IElement element)
        {
            var name = element.GetAttribute("alt");
            var address = element.GetAttribute("src") ?? element.QuerySelector("source")?.GetAttribute("src");
            var text = string.Join(' ', new[] { name, address }.Where(part => !string.IsNullOrWhiteSpace(part)));
            if (text.Length == 0) return;
            End();
            Add(text, ContentBlockKind.Media);
            End();
        }

        private void Add(string text, ContentBlockKind kind)
        {
            if (_text.Length == 0) _kind = kind;
            foreach (var c in text)
            {
                if (!char.IsWhiteSpace(c)) _text.Append(c);
                else if (_text.Length > 0 && _text[^1] != ' ') _text.Append(' ');
            }
        }
    }
}
