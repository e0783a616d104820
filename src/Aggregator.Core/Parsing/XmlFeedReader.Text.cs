using System.Globalization;
using System.Text;
using System.Xml;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;

namespace Aggregator.Core.Parsing;

internal sealed partial class XmlFeedReader
{
    /// <summary>See <see cref="ReaderScratch.Name"/>.</summary>
    private string Name(out XmlModule module) => _scratch.Name(_xml, out module);

    private string Name() => _scratch.Name(_xml, out _);

    private XmlModule Module()
    {
        _scratch.Name(_xml, out var module);
        return module;
    }

    /// <summary>The depth whose end closes the current element; -1 when it has no children.</summary>
    private int Enter() => _xml.IsEmptyElement ? -1 : _xml.Depth;

    /// <summary>Moves to the next child element; false at the end of the element that was entered.</summary>
    private bool NextChild(int depth)
    {
        if (depth < 0) return false;
        while (_xml.Read())
        {
            if (_xml.NodeType == XmlNodeType.Element) return true;
            if (_xml.NodeType == XmlNodeType.EndElement && _xml.Depth <= depth) return false;
        }

        return false;
    }

    private void Skip()
    {
        if (_xml.IsEmptyElement) return;
        for (var depth = _xml.Depth; _xml.Read() && _xml.Depth > depth;)
        {
        }
    }

    /// <summary>What the current element's addresses are relative to.</summary>
    private Uri? XmlBase() => _xml.HasAttributes ? Urls.Base(_xml.GetAttribute("xml:base"), _base) : _base;

    /// <summary>Takes <c>xml:base</c> and <c>xml:lang</c> of the current element for what is inside it.</summary>
    private void ReadScope(ref string? language)
    {
        if (!_xml.HasAttributes) return;
        _base = Urls.Base(_xml.GetAttribute("xml:base"), _base);
        if (NullIfEmpty(_xml.GetAttribute("xml:lang")) is not { } declared) return;
        language = declared;
        if (_dates.Language is null) _dates = _dates with { Language = declared };
    }

    /// <summary>
    /// The value of the current text node. Long ones are read in pieces into a buffer of ours: the reader would collect them in
    /// builders of its own, at twice the memory.
    /// </summary>
    private string Value()
    {
        var length = AppendValue(0);
        return new string(_scratch.Buffer, 0, length);
    }

    /// <summary>Puts the value of the current text node into the buffer behind what is <paramref name="used"/>; returns how much is used then.</summary>
    private int AppendValue(int used)
    {
        while (true)
        {
            // The reader throws when it has a surrogate pair to give and room for one character.
            if (_scratch.Buffer.Length - used < 2) _scratch.Grow();
            var read = _xml.ReadValueChunk(_scratch.Buffer, used, _scratch.Buffer.Length - used);
            if (read == 0) return used;
            used += read;
        }
    }

    /// <summary>All text of the element, of its descendants too.</summary>
    private string ReadText() => ReadSpan() is { Length: > 0 } text ? text.ToString() : "";

    /// <summary>The same, to be used before anything else is read.</summary>
    private ReadOnlySpan<char> ReadSpan()
    {
        if (_xml.IsEmptyElement) return default;
        var used = 0;
        for (var depth = _xml.Depth; _xml.Read() && _xml.Depth > depth;)
            if (_xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
                used = AppendValue(used);

        return _scratch.Buffer.AsSpan(0, used);
    }

    private DateTimeOffset? ReadDate() => DateParser.Parse(ReadSpan(), _dates);

    /// <summary>Atom content: a text, or a document of another type in base64 (RFC 4287 §4.1.3.3 rule 6).</summary>
    private ParsedText? ReadContentConstruct()
    {
        var type = _xml.GetAttribute("type")?.Trim().ToLowerInvariant();
        return type is not null && type.Contains('/', StringComparison.Ordinal) && !IsTextual(type) && _xml.GetAttribute("mode") is null
            ? FromBase64(ReadText(), type)
            : ReadTextConstruct();
    }

    /// <summary>A text with Atom's <c>type</c> and <c>mode</c> (RFC 4287 §3.1, Atom 0.3 §3.1); without them as the dialect has it.</summary>
    private ParsedText? ReadTextConstruct()
    {
        if (!_xml.HasAttributes) return ReadMarkup(DefaultKind());
        var type = _xml.GetAttribute("type")?.Trim().ToLowerInvariant();
        var mode = _xml.GetAttribute("mode")?.Trim().ToLowerInvariant();
        if (mode is "base64") return FromBase64(ReadText(), type);
        if (type is "xhtml" or "application/xhtml+xml" or "application/xhtml xml" || mode is "xml") return ReadMixed(escape: true, type is "text" or "text/plain" ? ParsedTextKind.Plain : type is null && mode is null ? DefaultKind() : ParsedTextKind.Html);
        if (type is "html" or "text/html") return ReadMarkup(ParsedTextKind.Html);
        if (type is "text" or "text/plain") return ReadMarkup(ParsedTextKind.Plain);
        return ReadMarkup(DefaultKind());
    }

    // Atom 0.3 publishers left type out and wrote markup all the same.
    private ParsedTextKind DefaultKind() => _isAtom && !_isOldAtom && Module() == XmlModule.Atom ? ParsedTextKind.Plain : ParsedTextKind.Unknown;

    private static bool IsTextual(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal) || type.EndsWith("/xml", StringComparison.Ordinal)
        || type.EndsWith(" xml", StringComparison.Ordinal) || type.StartsWith("message/", StringComparison.Ordinal);

    private static ParsedText FromBase64(string text, string? type)
    {
        var bytes = new byte[text.Length * 3 / 4 + 3];
        var kind = type is "text/plain" ? ParsedTextKind.Plain : ParsedTextKind.Html;
        // Said to be base64 and is not: the text is what there is.
        if (!Convert.TryFromBase64String(text, bytes, out var written)) return new ParsedText(text, kind);
        var decoded = TextDecoder.Decode(bytes.AsMemory(0, written));
        return new ParsedText(decoded.Text ?? Encoding.UTF8.GetString(decoded.Utf8.Span), kind);
    }

    /// <summary>The element's text; children become markup again, as publishers that forgot to escape meant it.</summary>
    private ParsedText? ReadMarkup(ParsedTextKind kind) => ReadMixed(escape: false, kind);

    private ParsedText? ReadXhtml() => ReadMixed(escape: true, ParsedTextKind.Html);

    private ParsedText? ReadMixed(bool escape, ParsedTextKind kind)
    {
        if (_xml.IsEmptyElement) return null;
        var depth = _xml.Depth;
        string? only = null;
        StringBuilder? pieces = null;
        StringBuilder? markup = null;
        var wrapper = false;
        // Null until an xml:base of the text itself or inside it differs from the entry's, which whoever reads the markup knows.
        var scope = _xml.HasAttributes && _xml.GetAttribute("xml:base") is not null ? XmlBase() : null;
        Stack<(int Depth, Uri? Outer)>? scopes = null;
        while (_xml.Read())
        {
            switch (_xml.NodeType)
            {
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    if (markup is not null) Append(markup, Value(), escape);
                    else if (only is null) only = Value();
                    else (pieces ??= new StringBuilder(only)).Append(Value());
                    continue;
                case XmlNodeType.Element:
                    if (markup is null)
                    {
                        // A child makes it markup whatever was said, and the text before it too.
                        markup = new StringBuilder();
                        if (only is not null) Append(markup, pieces?.ToString() ?? only, escape);
                        kind = ParsedTextKind.Html;
                    }

                    var own = scope;
                    if (_xml.HasAttributes && _xml.Depth < ParserLimits.MaxDepth && _xml.GetAttribute("xml:base") is { } declared)
                    {
                        own = Urls.Base(declared, scope ?? _base);
                        if (!_xml.IsEmptyElement)
                        {
                            (scopes ??= []).Push((_xml.Depth, scope));
                            scope = own;
                        }
                    }

                    if (escape && _xml.Depth == depth + 1 && markup.Length == 0 && !wrapper && Name() == "div" && !HasMeaningfulAttributes())
                    {
                        wrapper = !_xml.IsEmptyElement;
                        continue;
                    }

                    if (_xml.Depth < ParserLimits.MaxDepth) OpenTag(markup, own);
                    continue;
                case XmlNodeType.EndElement:
                    if (_xml.Depth <= depth) return Finish();
                    if (scopes is { Count: > 0 } && scopes.Peek().Depth == _xml.Depth) scope = scopes.Pop().Outer;
                    if (wrapper && _xml.Depth == depth + 1 && Name() == "div")
                    {
                        wrapper = false;
                        continue;
                    }

                    if (_xml.Depth < ParserLimits.MaxDepth && !IsVoid(Name())) markup!.Append("</").Append(_xml.LocalName).Append('>');
                    continue;
            }
        }

        return Finish();

        ParsedText? Finish()
        {
            if (markup is null)
            {
                if (only is null) return null;
                if (pieces is not null) only = pieces.ToString();
                // XHTML without any tag is text; but tags in CDATA are markup that the publisher meant.
                return escape && kind == ParsedTextKind.Html && only.AsSpan().ContainsAny('<', '&') && !PlainText.LooksLikeHtml(only)
                    ? new ParsedText(Append(new StringBuilder(only.Length + 16), only, escape: true).ToString(), kind)
                    : new ParsedText(only, kind);
            }

            return new ParsedText(markup.ToString(), kind);
        }
    }

    private bool HasMeaningfulAttributes()
    {
        for (var found = _xml.MoveToFirstAttribute(); found; found = _xml.MoveToNextAttribute())
            if (_xml.LocalName is "dir" or "lang")
            {
                _xml.MoveToElement();
                return true;
            }

        _xml.MoveToElement();
        return false;
    }

    /// <summary>
    /// Writes the start tag. Its addresses are made absolute when markup around it declares a base (XML Base §4): HTML has no
    /// <c>xml:base</c>, so nobody could do it later.
    /// </summary>
    private void OpenTag(StringBuilder markup, Uri? scope)
    {
        var empty = _xml.IsEmptyElement;
        var name = _xml.LocalName;
        markup.Append('<').Append(name);
        for (var found = _xml.MoveToFirstAttribute(); found; found = _xml.MoveToNextAttribute())
        {
            if (_xml.Prefix is "xmlns" || _xml.Name is "xmlns" or "xml:space" || (scope is not null && _xml.Name is "xml:base")) continue;
            markup.Append(' ').Append(_xml.Name is "xml:lang" ? "lang" : _xml.Name).Append("=\"");
            foreach (var c in Absolute(_xml.Name, _xml.Value, scope))
                _ = c switch
                {
                    '"' => markup.Append("&quot;"),
                    '&' => markup.Append("&amp;"),
                    '<' => markup.Append("&lt;"),
                    '>' => markup.Append("&gt;"),
                    _ => markup.Append(c),
                };
            markup.Append('"');
        }

        _xml.MoveToElement();
        if (!empty || IsVoid(name)) markup.Append('>');
        else markup.Append("></").Append(name).Append('>');
    }

    private static StringBuilder Append(StringBuilder markup, string text, bool escape)
    {
        if (!escape || !text.AsSpan().ContainsAny('<', '>', '&')) return markup.Append(text);
        foreach (var c in text)
            _ = c switch
            {
                '&' => markup.Append("&amp;"),
                '<' => markup.Append("&lt;"),
                '>' => markup.Append("&gt;"),
                _ => markup.Append(c),
            };
        return markup;
    }

    private static bool IsVoid(string name) =>
        name is "br" or "img" or "hr" or "input" or "meta" or "link" or "area" or "base" or "col" or "embed" or "source" or "track" or "wbr" or "param";

    private Person? ReadPerson()
    {
        if (_xml.IsEmptyElement) return null;
        string? name = null, email = null, url = null;
        var text = "";
        var structured = false;
        for (var depth = _xml.Depth; _xml.Read() && _xml.Depth > depth;)
        {
            if ((_xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) && text.Length < ParserLimits.MaxLineLength) text += _xml.Value;
            if (_xml.NodeType != XmlNodeType.Element) continue;
            switch (Name())
            {
                case "name":
                    structured = true;
                    name ??= NullIfEmpty(ReadText());
                    break;
                case "email" or "mbox":
                    structured = true;
                    email ??= NullIfEmpty(_xml.GetAttribute("resource", XmlModules.Rdf)) ?? NullIfEmpty(ReadText());
                    break;
                case "uri" or "url" or "homepage":
                    structured = true;
                    url ??= NullIfEmpty(ReadText()) is { } page ? Absolute(page, _base) : null;
                    break;
            }
        }

        if (!structured) return PersonText.Parse(text);
        if (email?.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) == true) email = email[7..];
        if (name is null && PersonText.Parse(text) is { } said) return said with { Email = email ?? said.Email, Url = url };
        if (name is null) return email is null && url is null ? null : new Person(email ?? url!, email, url);
        if (email is null && PersonText.Parse(name) is { Email: not null } both) return both with { Url = url };
        return new Person(name, email, url);
    }

    /// <summary>An image: RSS 2.0's <c>url</c> child, an <c>href</c> or <c>url</c> attribute, or text.</summary>
    private string? ReadImage()
    {
        var url = NullIfEmpty(_xml.GetAttribute("href") ?? _xml.GetAttribute("url") ?? _xml.GetAttribute("resource", XmlModules.Rdf));
        if (_xml.IsEmptyElement) return Resolved(url);
        var text = "";
        for (var depth = _xml.Depth; _xml.Read() && _xml.Depth > depth;)
        {
            if ((_xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) && text.Length < ParserLimits.MaxLineLength) text += _xml.Value;
            if (_xml.NodeType != XmlNodeType.Element) continue;
            if (Name() is "url" or "href") url ??= NullIfEmpty(ReadText());
            else Skip();
        }

        url ??= NullIfEmpty(text);
        return Resolved(url);
    }

    private List<string> ReadList()
    {
        var list = new List<string>();
        for (var depth = Enter(); NextChild(depth);)
        {
            var item = ReadText().Trim();
            if (list.Count < 100) list.Add(item);
        }

        return list;
    }

    /// <summary>
    /// The address against a base (RFC 3986 §5). A hundred thousand addresses of one letter under a base of two thousand would be
    /// a hundred times the document: past a limit they stay as they are.
    /// </summary>
    private string Absolute(string url, Uri? baseUrl)
    {
        if (_grown > ParserLimits.MaxAddressGrowth) return url;
        var absolute = Urls.Resolve(url, baseUrl);
        Grow(absolute.Length - url.Length);
        return absolute;
    }

    private string Absolute(string attribute, string value, Uri? baseUrl)
    {
        if (baseUrl is null || _grown > ParserLimits.MaxAddressGrowth) return value;
        var absolute = MarkupUrls.Resolve(attribute, value, baseUrl);
        Grow(absolute.Length - value.Length);
        return absolute;
    }

    private void Grow(int characters)
    {
        _grown += Math.Max(0, characters);
        if (_grown > ParserLimits.MaxAddressGrowth) _feed.AddressesGrewTooLong = true;
    }

    private string? Resolved(string? url) => NullIfEmpty(url) is { } said ? Absolute(said, _base) : null;

    private static long? Length(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var length) && length >= 0 ? length : null;

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static void Add<T>(ref List<T>? list, T item)
    {
        list ??= [];
        if (list.Count < ParserLimits.MaxListLength) list.Add(item);
    }

    private static void AddPerson(ref List<Person>? list, Person? person)
    {
        if (person is null || list?.Count >= ParserLimits.MaxListLength || list?.Exists(known => known.Name.Equals(person.Name, StringComparison.OrdinalIgnoreCase)) == true) return;
        Add(ref list, person);
    }
}
