using System.Collections.Frozen;

namespace Aggregator.Core.Normalizing;

/// <summary>What the sanitiser does with each element.</summary>
internal static class ContentElements
{
    internal enum Treatment
    {
        /// <summary>The tags go, what is between them stays.</summary>
        Unwrap,

        /// <summary>It stays.</summary>
        Keep,

        /// <summary>It stays and has no end tag.</summary>
        KeepVoid,

        /// <summary>It goes with everything in it, which is markup.</summary>
        Drop,

        /// <summary>It goes with everything in it, which is no markup but text up to its end tag (HTML §13.2.5).</summary>
        DropRaw,

        /// <summary>It goes; it has no end tag.</summary>
        DropVoid,
    }

    private static readonly FrozenDictionary<string, Element> All = Build();

    private static readonly FrozenDictionary<string, Element>.AlternateLookup<ReadOnlySpan<char>> Lookup = All.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The element of that name in any case; null for one that nobody knows, which is unwrapped.</summary>
    internal static Element? Find(ReadOnlySpan<char> name) => Lookup.TryGetValue(name, out var element) ? element : null;

    private static FrozenDictionary<string, Element> Build()
    {
        var elements = new Dictionary<string, Element>(StringComparer.OrdinalIgnoreCase);
        void Add(Treatment treatment, string names, bool isBlock = false, string attributes = "")
        {
            foreach (var name in names.Split(' '))
                elements.Add(name, new Element(name, treatment, isBlock, attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }

        Add(Treatment.Keep, "article aside footer header hgroup main nav section address div center figure figcaption h1 h2 h3 h4 h5 h6 pre dl dd dt ul summary", isBlock: true);
        Add(Treatment.Keep, "p", isBlock: true);
        Add(Treatment.Keep, "details", isBlock: true, "open");
        Add(Treatment.Keep, "blockquote", isBlock: true, "cite");
        Add(Treatment.Keep, "ol", isBlock: true, "start reversed type");
        Add(Treatment.Keep, "li", isBlock: true, "value");
        Add(Treatment.Keep, "table", isBlock: true);
        Add(Treatment.Keep, "caption thead tbody tfoot tr", isBlock: false, "align valign");
        Add(Treatment.Keep, "td th", isBlock: false, "colspan rowspan headers scope abbr align valign");
        Add(Treatment.Keep, "colgroup", isBlock: false, "span");
        Add(Treatment.KeepVoid, "col", isBlock: false, "span");
        Add(Treatment.KeepVoid, "hr", isBlock: true);
        Add(Treatment.KeepVoid, "br wbr");
        Add(Treatment.Keep, "abbr acronym b bdi bdo big cite code dfn em i kbd mark rp rt ruby s samp small span strike strong sub sup tt u var");
        Add(Treatment.Keep, "q", isBlock: false, "cite");
        Add(Treatment.Keep, "del ins", isBlock: false, "cite datetime");
        Add(Treatment.Keep, "time", isBlock: false, "datetime");
        Add(Treatment.Keep, "data", isBlock: false, "value");
        Add(Treatment.Keep, "a", isBlock: false, "href hreflang type");
        Add(Treatment.Keep, "picture");
        Add(Treatment.Keep, "video", isBlock: false, "src poster width height controls loop muted");
        Add(Treatment.Keep, "audio", isBlock: false, "src controls loop muted");
        Add(Treatment.KeepVoid, "img", isBlock: false, "src srcset sizes alt width height");
        Add(Treatment.KeepVoid, "source", isBlock: false, "src srcset sizes media type width height");
        Add(Treatment.KeepVoid, "track", isBlock: false, "src kind srclang label default");
        Add(Treatment.Drop, "object applet button select template svg math datalist dialog frameset audioworklet");
        Add(Treatment.DropRaw, "script style iframe textarea title xmp noembed noframes plaintext");
        Add(Treatment.DropVoid, "area base basefont bgsound embed frame input keygen link meta param command image");
        return elements.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>One element of the list.</summary>
    /// <param name="Name">Its name in lower case.</param>
    /// <param name="Treatment">What is done with it.</param>
    /// <param name="IsBlock">Whether its start tag ends a paragraph (HTML §13.2.6.4.7).</param>
    /// <param name="Attributes">Its attributes that stay, besides <c>lang</c>, <c>dir</c> and <c>title</c>.</param>
    internal sealed record Element(string Name, Treatment Treatment, bool IsBlock, string[] Attributes)
    {
        internal bool IsVoid => Treatment is Treatment.KeepVoid or Treatment.DropVoid;
    }
}
