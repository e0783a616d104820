using AngleSharp.Dom;
using Ganss.Xss;

namespace Aggregator.Core.Normalizing;

/// <summary>
/// Our allow-list. Everything from outside that is shown as HTML passes it, on every entrance: feed, page, import, API.
/// It keeps what makes an article (text structure, tables, figures, pictures, sound and video, ruby, direction and language)
/// and nothing that acts: no scripts, handlers, forms, frames, styles, ids or names. Thread-safe.
/// </summary>
public sealed class ContentSanitizer
{
    private static readonly string[] Tags =
    [
        "a", "abbr", "acronym", "address", "article", "aside", "audio", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code",
        "col", "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5",
        "h6", "header", "hgroup", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "picture", "pre", "q", "rp", "rt", "ruby", "s",
        "samp", "section", "small", "source", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time",
        "tr", "track", "tt", "u", "ul", "var", "video", "wbr",
    ];

    private static readonly string[] Attributes =
    [
        "href", "src", "srcset", "sizes", "poster", "cite", "alt", "title", "width", "height", "lang", "dir", "datetime", "colspan", "rowspan", "headers",
        "scope", "span", "abbr", "start", "reversed", "value", "type", "media", "controls", "loop", "muted", "kind", "srclang", "label", "default", "align",
        "valign", "open", "rel", "hreflang", "translate", "loading", "decoding", "referrerpolicy",
    ];

    private readonly HtmlSanitizer _sanitizer;

    /// <summary>Makes a sanitiser; it is costly to make and cheap to share.</summary>
    public ContentSanitizer()
    {
        _sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(Tags, StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(Attributes, StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["http", "https", "mailto"], StringComparer.OrdinalIgnoreCase),
            UriAttributes = new HashSet<string>(["href", "src", "poster", "cite"], StringComparer.OrdinalIgnoreCase),
            AllowedCssProperties = new HashSet<string>(),
            AllowedAtRules = new HashSet<AngleSharp.Css.Dom.CssRuleType>(),
        })
        {
            KeepChildNodes = true,
        };
        _sanitizer.AllowDataAttributes = false;
        _sanitizer.PostProcessNode += static (_, e) =>
        {
            if (e.Node is IElement element) Finish(element);
        };
        _sanitizer.RemovingTag += static (_, e) =>
        {
            // The text inside these is no text of the article.
            if (e.Tag.LocalName is "script" or "style" or "iframe" or "object" or "embed" or "applet" or "noscript" or "template" or "svg" or "math" or "form" or "button"
                or "select" or "textarea" or "title" or "head" or "noframes" or "noembed" or "xmp" or "plaintext" or "canvas" or "map" or "datalist" or "option")
                e.Tag.InnerHtml = "";
        };
    }

    /// <summary>The markup that our allow-list leaves of <paramref name="html"/>, with absolute addresses.</summary>
    /// <param name="html">What came from outside.</param>
    /// <param name="baseUrl">What its relative addresses are relative to; without one they are removed.</param>
    public string Sanitize(string html, Uri? baseUrl = null)
    {
        ArgumentNullException.ThrowIfNull(html);
        return _sanitizer.Sanitize(html, baseUrl?.AbsoluteUri ?? "");
    }

    private static void Finish(IElement element)
    {
        switch (element.LocalName)
        {
            case "a":
                if (element.GetAttribute("href") is { } href && Uri.TryCreate(href, UriKind.Absolute, out _)) element.SetAttribute("href", UrlCleaner.WithoutTracking(href));
                break;
        }
    }
}
