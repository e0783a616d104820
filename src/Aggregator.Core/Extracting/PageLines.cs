using System.Collections.Frozen;
using System.Text;
using AngleSharp.Dom;

namespace Aggregator.Core.Extracting;

/// <summary>Reads the visible lines of a page.</summary>
internal static class PageLines
{
    private static readonly FrozenSet<string> Blocks = FrozenSet.ToFrozenSet(
        [
            "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
            "header", "hgroup", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
        ],
        StringComparer.Ordinal);

    private static readonly FrozenSet<string> Unread = FrozenSet.ToFrozenSet(
        ["script", "style", "noscript", "template", "textarea", "select", "option", "iframe", "object", "svg", "math", "head", "title", "button", "video", "audio", "rt", "rp"],
        StringComparer.Ordinal);

    /// <summary>Whether the element begins and ends a line.</summary>
    internal static bool IsBlock(IElement element) => Blocks.Contains(element.LocalName);

    /// <summary>The lines below an element, in the order of the page.</summary>
    internal static List<PageLine> Read(IElement root)
    {
        var pass = new Pass(root);
        pass.Visit(root, 0, isLink: false);
        pass.Flush();
        return pass.Lines;
    }

    /// <summary>Whether the element says itself that it is not shown.</summary>
    internal static bool IsHidden(IElement element)
    {
        if (element.HasAttribute("hidden")) return true;
        var style = element.GetAttribute("style");
        if (style is null || style.Length > 1_000) return false;
        return style.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>White space of every kind collapsed to single spaces, invisible marks dropped.</summary>
    internal static string Collapse(string text)
    {
        var collapsed = new StringBuilder(text.Length);
        var pending = false;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || c == '\u200B')
            {
                pending = collapsed.Length > 0;
                continue;
            }

            if (char.IsControl(c) || c is '\uFEFF' or '\u00AD' or '\u200C' or '\u200D' or '\u2060') continue;
            if (pending) collapsed.Append(' ');
            pending = false;
            collapsed.Append(c);
        }

        return collapsed.ToString();
    }

    private sealed class Pass(IElement root)
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _spaced = new();
        private IElement _block = root;
        private IElement? _lineBlock;
        private int _linkLength;
        private int _heading;

        internal List<PageLine> Lines { get; } = [];

        internal void Visit(IElement element, int heading, bool isLink)
        {
            foreach (var child in element.ChildNodes)
            {
                switch (child)
                {
                    case IText text:
                        Append(text.Data, heading, isLink);
                        break;
                    case IElement { LocalName: "br" }:
                        Flush();
                        break;
                    case IElement inner when !Unread.Contains(inner.LocalName) && !IsHidden(inner):
                        var isBlock = IsBlock(inner);
                        var outer = _block;
                        if (isBlock)
                        {
                            Flush();
                            _block = inner;
                        }

                        Visit(inner, inner.LocalName is ['h', >= '1' and <= '6'] ? inner.LocalName[1] - '0' : heading, isLink || inner.LocalName == "a");
                        if (isBlock)
                        {
                            Flush();
                            _block = outer;
                        }

                        break;
                }
            }
        }

        internal void Flush()
        {
            if (_text.Length == 0) return;
            var text = Collapse(_text.ToString());
            if (text.Length > 0) Lines.Add(new PageLine(Lines.Count, text, Ends(Collapse(_spaced.ToString())), _lineBlock ?? _block, Math.Min(_linkLength, text.Length), _heading));
            _text.Clear();
            _spaced.Clear();
            _linkLength = 0;
            _heading = 0;
            _lineBlock = null;
        }

        // What is searched for stands at the beginning or the end of a line.
        private static string Ends(string text) =>
            text.Length <= 2 * ExtractionLimits.MaxLineLength ? text : text[..ExtractionLimits.MaxLineLength] + " " + text[^ExtractionLimits.MaxLineLength..];

        private void Append(string text, int heading, bool isLink)
        {
            _text.Append(text);
            if (text.AsSpan().Trim().Length == 0)
            {
                _spaced.Append(' ');
                return;
            }

            _spaced.Append(' ').Append(text);
            _lineBlock ??= _block;
            if (heading > 0) _heading = heading;
            if (isLink) _linkLength += Collapse(text).Length;
        }
    }
}
