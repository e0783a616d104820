using System.Buffers;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Normalizing;

/// <summary>One pass of the sanitiser over one text.</summary>
internal sealed class SanitizerPass(string html, Uri? baseUrl, char[] buffer, int maxDepth)
{
    // Addresses of these characters only need no look at their parts.
    private static readonly SearchValues<char> PlainUrl =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#!$()*+,;=&%");

    // Text is copied up to one of these: what is escaped, and the controls, which have no business in text. All are ASCII, which
    // is what makes the search fast.
    private const string SpecialCharacters =
        "<>&\u007F\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\v\f\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F";

    private static readonly SearchValues<char> TextSpecial = SearchValues.Create(SpecialCharacters);

    private static readonly SearchValues<char> ValueSpecial = SearchValues.Create(SpecialCharacters + "\"");

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>How much longer than twice its source the markup may get before relative addresses are left out, in characters.</summary>
    private const int MaxGrowth = 1024 * 1024;

    private readonly List<Open> _open = [];
    private readonly List<(string Name, string Value)> _attributes = [];
    private readonly ForwardSearch _cdataEnds = new(html, "]]>");

    // A search to the end of the text for each of many comments would take time by its square.
    private readonly ForwardSearch _commentEnds = new(html, "-->");
    private readonly ForwardSearch _bangCommentEnds = new(html, "--!>");
    private char[] _buffer = buffer;
    private int _cdataEnd = -1;
    private int _length;
    private int _position;

    /// <summary>The buffer in use, to be given back.</summary>
    internal char[] Buffer => _buffer;

    internal string Run()
    {
        while (_position < html.Length)
        {
            if (_position == _cdataEnd)
            {
                _position += 3;
                continue;
            }

            var tag = html.AsSpan(_position).IndexOf('<');
            var textEnd = tag < 0 ? html.Length : _position + tag;
            if (_cdataEnd > _position && _cdataEnd < textEnd) textEnd = _cdataEnd;
            if (textEnd > _position) WriteText(html.AsSpan(_position, textEnd - _position), TextSpecial);
            _position = textEnd;
            if (textEnd < html.Length && textEnd != _cdataEnd) ReadMarkup();
        }

        CloseDownTo(0);
        return new string(_buffer.AsSpan(0, _length).Trim());
    }

    /// <summary>What begins with a &lt; (HTML §13.2.5.6).</summary>
    private void ReadMarkup()
    {
        var rest = html.AsSpan(_position);
        if (rest.Length < 2)
        {
            Write("&lt;");
            _position++;
            return;
        }

        var next = rest[1];
        if (char.IsAsciiLetter(next))
        {
            ReadStartTag();
            return;
        }

        if (next == '/')
        {
            if (rest.Length > 2 && char.IsAsciiLetter(rest[2])) ReadEndTag();
            else SkipTo('>');
            return;
        }

        if (next == '!')
        {
            if (rest.StartsWith("<!--")) SkipComment();
            else if (rest.StartsWith("<![CDATA["))
            {
                // No CDATA in HTML, but publishers escape it with the rest: what is inside is their text.
                // It is read on in this pass, which knows what is open.
                _cdataEnd = _cdataEnds.Next(_position);
                _position += 9;
            }
            else SkipTo('>');
            return;
        }

        if (next == '?')
        {
            SkipTo('>');
            return;
        }

        Write("&lt;");
        _position++;
    }

    private void SkipTo(char end)
    {
        var at = html.IndexOf(end, _position);
        _position = at < 0 ? html.Length : at + 1;
    }

    private void SkipComment()
    {
        // "<!-->" and "<!--->" are comments too.
        var rest = html.AsSpan(_position + 4);
        if (rest.StartsWith(">") || rest.StartsWith("->"))
        {
            SkipTo('>');
            return;
        }

        var plain = _commentEnds.Next(_position + 4);
        var bang = _bangCommentEnds.Next(_position + 4);
        if (bang >= 0 && (plain < 0 || bang < plain)) _position = bang + 4;
        else _position = plain < 0 ? html.Length : plain + 3;
    }

    private ReadOnlySpan<char> ReadName()
    {
        var start = _position;
        while (_position < html.Length && !(char.IsWhiteSpace(html[_position]) || html[_position] is '/' or '>')) _position++;
        return html.AsSpan(start, _position - start);
    }

    private void ReadEndTag()
    {
        _position += 2;
        var element = ContentElements.Find(ReadName());
        SkipTo('>');
        if (element is null) return;
        if (element.Treatment != ContentElements.Treatment.Keep)
        {
            // "</br>" and "</p>" without a start are what browsers make of them.
            if (element.Name == "br") Write("<br>");
            return;
        }

        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (ReferenceEquals(_open[i].Element, element))
            {
                CloseDownTo(i);
                return;
            }

            // An end tag in a cell closes nothing outside of the table.
            if (_open[i].Element.Name is "td" or "th" or "caption" && element.Name is not ("table" or "tr" or "tbody" or "thead" or "tfoot" or "td" or "th")) return;
        }
    }

    private void ReadStartTag()
    {
        _position++;
        var element = ContentElements.Find(ReadName());
        var isSelfClosed = ReadAttributes(element);
        if (isSelfClosed is null || element is null) return;
        switch (element.Treatment)
        {
            case ContentElements.Treatment.Unwrap or ContentElements.Treatment.DropVoid:
                return;
            case ContentElements.Treatment.DropRaw:
                SkipRaw(element.Name);
                return;
            case ContentElements.Treatment.Drop:
                // "<svg/>" is empty; "<button/>" is not, as HTML has it.
                if (!(isSelfClosed.Value && element.Name is "svg" or "math")) SkipElement(element.Name);
                return;
        }

        CloseImplied(element);
        if (element.Treatment == ContentElements.Treatment.KeepVoid)
        {
            WriteVoid(element);
            return;
        }

        if (_open.Count >= maxDepth) return;
        // A link to nowhere is text; it stays open so that its end tag is its own.
        var isSilent = element.Name == "a" && !_attributes.Exists(static attribute => attribute.Name == "href");
        _open.Add(new Open(element, isSilent));
        if (!isSilent) WriteTag(element);
    }

    /// <summary>Everything up to the end tag of an element whose content is text.</summary>
    private void SkipRaw(string name)
    {
        if (name == "plaintext")
        {
            _position = html.Length;
            return;
        }

        var rest = html.AsSpan(_position);
        var offset = 0;
        while (rest[offset..].IndexOf("</") is >= 0 and var at)
        {
            offset += at + 2;
            var after = rest[offset..];
            if (!after.StartsWith(name, StringComparison.OrdinalIgnoreCase)) continue;
            if (after.Length > name.Length && !(char.IsWhiteSpace(after[name.Length]) || after[name.Length] is '/' or '>')) continue;
            _position += offset;
            SkipTo('>');
            return;
        }

        _position = html.Length;
    }

    /// <summary>Everything up to the matching end tag of an element whose content is markup.</summary>
    private void SkipElement(string name)
    {
        var depth = 1;
        while (depth > 0)
        {
            var at = html.IndexOf('<', _position);
            if (at < 0 || at + 1 >= html.Length)
            {
                _position = html.Length;
                return;
            }

            _position = at;
            if (html.AsSpan(at).StartsWith("<!--"))
            {
                SkipComment();
                continue;
            }

            var isEnd = html[at + 1] == '/';
            _position += isEnd ? 2 : 1;
            if (_position >= html.Length || !char.IsAsciiLetter(html[_position])) continue;
            var found = ReadName();
            var isSame = found.Equals(name, StringComparison.OrdinalIgnoreCase);
            if (isEnd)
            {
                if (isSame) depth--;
                SkipTo('>');
                continue;
            }

            var element = ContentElements.Find(found);
            if (ReadAttributes(null) is not { } isSelfClosed) return;
            if (isSame && !isSelfClosed) depth++;
            else if (element?.Treatment == ContentElements.Treatment.DropRaw && name is not ("svg" or "math")) SkipRaw(element.Name);
        }
    }

    /// <summary>Reads attributes up to the end of the tag and keeps those of the list; null when the text ends inside the tag.</summary>
    private bool? ReadAttributes(ContentElements.Element? element)
    {
        _attributes.Clear();
        var isKept = element?.Treatment is ContentElements.Treatment.Keep or ContentElements.Treatment.KeepVoid;
        while (true)
        {
            while (_position < html.Length && (char.IsWhiteSpace(html[_position]) || (html[_position] == '/' && !IsSelfClosing()))) _position++;
            if (_position >= html.Length) return null;
            if (html[_position] == '>')
            {
                _position++;
                return false;
            }

            if (html[_position] == '/')
            {
                _position += 2;
                return true;
            }

            var nameStart = _position++;
            while (_position < html.Length && !(char.IsWhiteSpace(html[_position]) || html[_position] is '/' or '>' or '=')) _position++;
            var name = html.AsSpan(nameStart, _position - nameStart);
            while (_position < html.Length && char.IsWhiteSpace(html[_position])) _position++;
            var value = ReadOnlySpan<char>.Empty;
            if (_position < html.Length && html[_position] == '=')
            {
                _position++;
                while (_position < html.Length && char.IsWhiteSpace(html[_position])) _position++;
                if (_position >= html.Length) return null;
                var quote = html[_position];
                if (quote is '"' or '\'')
                {
                    var end = html.IndexOf(quote, _position + 1);
                    if (end < 0)
                    {
                        _position = html.Length;
                        return null;
                    }

                    value = html.AsSpan(_position + 1, end - _position - 1);
                    _position = end + 1;
                }
                else
                {
                    var start = _position;
                    while (_position < html.Length && !char.IsWhiteSpace(html[_position]) && html[_position] != '>') _position++;
                    value = html.AsSpan(start, _position - start);
                }
            }

            if (isKept) Keep(element!, name, value);
        }
    }

    private bool IsSelfClosing() => _position + 1 < html.Length && html[_position + 1] == '>';

    private void Keep(ContentElements.Element element, ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (Known(element, name) is not { } known) return;
        foreach (var (earlier, _) in _attributes)
            if (earlier == known)
                return;

        var text = value.Contains('&') ? PlainText.WithoutInvalid(HtmlReferences.Decode(value.ToString())) : value.ToString();
        switch (known)
        {
            case "href":
                if (Url(text, isLink: true) is { } href) _attributes.Add((known, href));
                return;
            case "src" or "poster" or "cite":
                if (Url(text, isLink: false) is { } url) _attributes.Add((known, url));
                return;
            case "lazy-src":
                if (Url(text, isLink: false) is { } lazy) _attributes.Add((known, lazy));
                return;
            case "srcset" or "lazy-srcset":
                if (SourceSet(text) is { } sources) _attributes.Add((known, sources));
                return;
            case "width" or "height":
                var digits = text.AsSpan().Trim();
                var count = 0;
                while (count < digits.Length && char.IsAsciiDigit(digits[count])) count++;
                if (count is > 0 and < 6 && (count == digits.Length || digits[count..] is "px" or "%" || digits[count] == '.')) _attributes.Add((known, digits[..count].ToString() + (digits[count..] is "%" ? "%" : "")));
                return;
            case "dir":
                if (text.Trim().ToLowerInvariant() is "ltr" or "rtl" or "auto") _attributes.Add((known, text.Trim().ToLowerInvariant()));
                return;
            case "lang":
                if (LanguageDetector.Canonical(text) is { } language) _attributes.Add((known, language));
                return;
            case "controls" or "loop" or "muted" or "open" or "reversed" or "default":
                _attributes.Add((known, ""));
                return;
            default:
                _attributes.Add((known, TextCut.To(text, NormalizerLimits.MaxSummaryLength)));
                return;
        }
    }

    /// <summary>Our own name of an attribute that stays, or null. Addresses of lazily loaded pictures stand in for the placeholder.</summary>
    private static string? Known(ContentElements.Element element, ReadOnlySpan<char> name)
    {
        foreach (var known in element.Attributes)
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
                return known;
        if (name.Length < 3) return null;
        if (name.Equals("title", StringComparison.OrdinalIgnoreCase)) return "title";
        if (name.Equals("lang", StringComparison.OrdinalIgnoreCase)) return "lang";
        if (name.Equals("dir", StringComparison.OrdinalIgnoreCase)) return "dir";
        if (element.Name is not ("img" or "source" or "video") || !name.StartsWith("data-", StringComparison.OrdinalIgnoreCase)) return null;
        name = name[5..];
        if (name.Equals("src", StringComparison.OrdinalIgnoreCase) || name.Equals("original", StringComparison.OrdinalIgnoreCase) || name.Equals("lazy-src", StringComparison.OrdinalIgnoreCase)
            || name.Equals("actualsrc", StringComparison.OrdinalIgnoreCase) || name.Equals("original-src", StringComparison.OrdinalIgnoreCase)) return "lazy-src";
        return name.Equals("srcset", StringComparison.OrdinalIgnoreCase) || name.Equals("lazy-srcset", StringComparison.OrdinalIgnoreCase) ? "lazy-srcset" : null;
    }

    /// <summary>An address as absolute http(s), or mailto for a link; null for everything else.</summary>
    private string? Url(string text, bool isLink)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Length == 0 || trimmed.Length > NormalizerLimits.MaxUrlLength) return null;
        // Ids are gone, so that a link within the text leads nowhere.
        if (trimmed[0] == '#') return null;
        if (IsPlainHttp(trimmed))
        {
            var plain = trimmed.Length == text.Length ? text : trimmed.ToString();
            return isLink ? UrlCleaner.WithoutTracking(plain) : plain;
        }

        if (isLink && trimmed.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            return trimmed.ContainsAny('\r', '\n', '\t') || trimmed.ContainsAny('<', '>', '"') ? null : "mailto:" + trimmed[7..].ToString();

        var url = text.Trim();
        // A hundred thousand links of one letter under a long base would be a hundred times the text.
        if (_length > MaxGrowth + 2 * html.Length && !Urls.HasScheme(url)) return null;
        return isLink ? UrlCleaner.Clean(url, baseUrl) : UrlCleaner.Absolute(url, baseUrl);
    }

    /// <summary>http(s), a host without credentials, and nothing in it that a browser would read in two ways.</summary>
    private static bool IsPlainHttp(ReadOnlySpan<char> url)
    {
        var scheme = url.StartsWith("https://") ? 8 : url.StartsWith("http://") ? 7 : 0;
        return scheme > 0 && url.Length > scheme && char.IsAsciiLetterOrDigit(url[scheme]) && !url.ContainsAnyExcept(PlainUrl);
    }

    private string? SourceSet(string text)
    {
        List<string>? kept = null;
        var rest = text.AsSpan();
        while (true)
        {
            rest = rest.TrimStart(" \t\r\n,");
            if (rest.Length == 0) break;
            var end = rest.IndexOfAny(" \t\r\n");
            var url = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[end..];
            var descriptor = ReadOnlySpan<char>.Empty;
            if (url[^1] == ',')
            {
                url = url.TrimEnd(',');
            }
            else
            {
                var comma = rest.IndexOf(',');
                descriptor = (comma < 0 ? rest : rest[..comma]).Trim();
                rest = comma < 0 ? default : rest[(comma + 1)..];
            }

            if (Url(url.ToString(), isLink: false) is not { } absolute || absolute.EndsWith(',')) continue;
            if (descriptor.Length > 0 && (descriptor[^1] is not ('w' or 'x' or 'h') || descriptor[..^1].ContainsAnyExcept(Digits))) continue;
            kept ??= [];
            if (kept.Count < 50) kept.Add(descriptor.Length == 0 ? absolute : absolute + " " + descriptor.ToString());
        }

        return kept is null ? null : string.Join(", ", kept);
    }

    /// <summary>Closes what the new element ends without an end tag (HTML §13.1.2.4): paragraphs, items, cells.</summary>
    private void CloseImplied(ContentElements.Element element)
    {
        if (_open.Count == 0) return;
        switch (element.Name)
        {
            case "li": CloseInScope("li", null, "ul", "ol"); break;
            case "dt" or "dd": CloseInScope("dt", "dd", "dl", null); break;
            case "td" or "th": CloseInScope("td", "th", "tr", "table"); break;
            case "tr": CloseInScope("tr", null, "table", null); break;
            case "tbody" or "thead" or "tfoot":
                CloseInScope("tbody", "thead", "table", null);
                CloseInScope("tfoot", null, "table", null);
                break;
            // A link in a link is two links.
            case "a": CloseInScope("a", null, "td", "th"); break;
        }

        if (!element.IsBlock) return;
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            var open = _open[i].Element;
            if (open.Name == "p")
            {
                CloseDownTo(i);
                return;
            }

            // Formatting may stand between a paragraph and the block that ends it; anything else may not.
            if (open.IsBlock || open.Name is "td" or "th" or "caption") return;
        }
    }

    private void CloseInScope(string name, string? other, string end, string? otherEnd)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            var open = _open[i].Element.Name;
            if (open == name || open == other)
            {
                CloseDownTo(i);
                return;
            }

            if (open == end || open == otherEnd || open == "table") return;
        }
    }

    private void CloseDownTo(int count)
    {
        while (_open.Count > count)
        {
            var (element, isSilent) = _open[^1];
            _open.RemoveAt(_open.Count - 1);
            if (isSilent) continue;
            Write("</");
            Write(element.Name);
            Write(">");
        }
    }

    private void WriteVoid(ContentElements.Element element)
    {
        if (element.Name is "img" or "source" or "track")
        {
            PreferLazy("src");
            PreferLazy("srcset");
            if (!_attributes.Exists(static attribute => attribute.Name is "src" or "srcset")) return;
            // A picture of one pixel counts readers.
            if (element.Name == "img" && _attributes.Exists(static attribute => attribute is ("width", "0" or "1")) && _attributes.Exists(static attribute => attribute is ("height", "0" or "1"))) return;
        }

        WriteTag(element);
    }

    private void PreferLazy(string name)
    {
        var lazy = _attributes.FindIndex(attribute => attribute.Name == "lazy-" + name);
        if (lazy < 0) return;
        var value = _attributes[lazy].Value;
        _attributes.RemoveAt(lazy);
        var shown = _attributes.FindIndex(attribute => attribute.Name == name);
        if (shown >= 0) _attributes[shown] = (name, value);
        else _attributes.Add((name, value));
    }

    private void WriteTag(ContentElements.Element element)
    {
        Write("<");
        Write(element.Name);
        foreach (var (name, value) in _attributes)
        {
            if (name.StartsWith("lazy-", StringComparison.Ordinal)) continue;
            Write(" ");
            Write(name);
            Write("=\"");
            WriteValue(value);
            Write("\"");
        }

        // Without controls nobody could start it; it never starts by itself.
        if (element.Name is "video" or "audio" && !_attributes.Exists(static attribute => attribute.Name == "controls")) Write(" controls=\"\"");
        Write(">");
    }

    /// <summary>Text as it stands: references stay, a bare &amp; is escaped, characters that HTML forbids go.</summary>
    private void WriteText(ReadOnlySpan<char> text, SearchValues<char> specials)
    {
        while (true)
        {
            var special = text.IndexOfAny(specials);
            if (special < 0)
            {
                Write(text);
                return;
            }

            Write(text[..special]);
            text = text[special..];
            var c = text[0];
            var taken = 1;
            switch (c)
            {
                case '&':
                    var length = ReferenceLength(text);
                    if (length > 0)
                    {
                        Write(text[..length]);
                        taken = length;
                    }
                    else
                    {
                        Write("&amp;");
                    }

                    break;
                case '<': Write("&lt;"); break;
                case '>': Write("&gt;"); break;
                case '"': Write("&quot;"); break;
            }

            text = text[taken..];
        }
    }

    // A decoded value is escaped whole: what looks like a reference in it was meant literally.
    private void WriteValue(ReadOnlySpan<char> value)
    {
        while (value.IndexOfAny(ValueSpecial) is >= 0 and var special)
        {
            Write(value[..special]);
            switch (value[special])
            {
                case '&': Write("&amp;"); break;
                case '<': Write("&lt;"); break;
                case '>': Write("&gt;"); break;
                case '"': Write("&quot;"); break;
            }

            value = value[(special + 1)..];
        }

        Write(value);
    }

    /// <summary>The length of a character reference with its semicolon, or 0 when the &amp; begins none.</summary>
    private static int ReferenceLength(ReadOnlySpan<char> text)
    {
        var i = 1;
        if (i < text.Length && text[i] == '#')
        {
            i++;
            var isHex = i < text.Length && text[i] is 'x' or 'X';
            if (isHex) i++;
            var start = i;
            while (i < text.Length && i - start < 8 && (isHex ? char.IsAsciiHexDigit(text[i]) : char.IsAsciiDigit(text[i]))) i++;
            return i > start && i < text.Length && text[i] == ';' ? i + 1 : 0;
        }

        while (i < text.Length && i < 33 && char.IsAsciiLetterOrDigit(text[i])) i++;
        return i > 1 && i < text.Length && text[i] == ';' ? i + 1 : 0;
    }

    private void Write(ReadOnlySpan<char> text)
    {
        if (_length + text.Length > _buffer.Length)
        {
            var larger = ArrayPool<char>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + text.Length + 1024));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            if (_buffer.Length > 0) ArrayPool<char>.Shared.Return(_buffer);
            _buffer = larger;
        }

        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }

    /// <summary>An element whose end tag is still to come.</summary>
    /// <param name="Element">The element.</param>
    /// <param name="IsSilent">Whether its tags are not written.</param>
    private readonly record struct Open(ContentElements.Element Element, bool IsSilent);
}
