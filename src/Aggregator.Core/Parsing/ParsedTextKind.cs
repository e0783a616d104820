namespace Aggregator.Core.Parsing;

/// <summary>How a <see cref="ParsedText"/> is to be read.</summary>
public enum ParsedTextKind
{
    /// <summary>Plain text: a <c>&lt;</c> is a character (Atom <c>type="text"</c>, JSON <c>content_text</c>).</summary>
    Plain,

    /// <summary>Markup (Atom <c>type="html"</c> and <c>"xhtml"</c>, JSON <c>content_html</c>, RSS bodies).</summary>
    Html,

    /// <summary>Not said: RSS titles and descriptions, which hold either. Markup if it looks like markup.</summary>
    Unknown,
}
