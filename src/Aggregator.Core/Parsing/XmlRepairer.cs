using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Xml;

namespace Aggregator.Core.Parsing;

/// <summary>
/// Mends a broken document while it is read, in one pass: what comes out is always well-formed XML with one root. It knows a
/// little of feeds, because that is what makes the difference: an <c>item</c> never lies inside another, a <c>pubDate</c> never
/// inside a title. What was mended is in <see cref="Repairs"/>, complete when everything has been read.
/// </summary>
internal sealed partial class XmlRepairer : TextReader
{
    /// <summary>Namespace of the empty element that is put into an entry in which the document ended.</summary>
    internal const string CutNamespace = "urn:aggregator:cut";

    // Text is copied up to one of these. They are ASCII all, which is what makes the search fast; of the others only U+FFFE and
    // U+FFFF are invalid in XML, and no decoder makes half a surrogate pair.
    private static readonly SearchValues<char> Special = SearchValues.Create(SpecialCharacters());

    private readonly string _input;
    private readonly int _end;
    private readonly bool _allowBareEntries;
    private readonly List<Element> _open = [];
    private readonly Dictionary<string, int> _prefixes = new(StringComparer.Ordinal) { ["xml"] = 1 };
    private readonly HashSet<string> _repairs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<(string Name, int Start, int End)> _attributes = [];
    private readonly XmlEntities _entities = new();
    private readonly ForwardSearch _commentEnds;
    private readonly ForwardSearch _cdataEnds;
    private readonly ForwardSearch _instructionEnds;
    private readonly ForwardSearch _brackets;
    private readonly ForwardSearch _tags;
    private readonly ForwardSearch _quotes;
    private readonly ForwardSearch _apostrophes;
    private int _position;
    private int _markupSearched;
    private char[] _output = new char[8192];
    private int _written;
    private int _read;
    private int _tooDeep;
    private bool _isRootClosed;
    private bool _isDone;
    private bool _hasRoot;

    private XmlRepairer(string input, bool allowBareEntries)
    {
        if (input.AsSpan().IndexOfAny('\uFFFE', '\uFFFF') >= 0)
        {
            input = input.Replace('\uFFFE', '\uFFFD').Replace('\uFFFF', '\uFFFD');
            _repairs.Add("control characters");
        }

        _input = input;
        _allowBareEntries = allowBareEntries;
        _end = input.Length;
        _commentEnds = new ForwardSearch(input, "-->");
        _cdataEnds = new ForwardSearch(input, "]]>");
        _instructionEnds = new ForwardSearch(input, "?>");
        _brackets = new ForwardSearch(input, ">");
        _tags = new ForwardSearch(input, "<");
        _quotes = new ForwardSearch(input, "\"");
        _apostrophes = new ForwardSearch(input, "'");
        _position = FindStart();
    }

    /// <summary>What was mended, each a short English phrase, each once.</summary>
    internal IReadOnlyCollection<string> Repairs => _repairs;

    /// <summary>Mends a document whose encoding is decided.</summary>
    /// <param name="decoded">The document.</param>
    /// <param name="allowBareEntries">Whether entries without anything around them are a feed: of a broken document the beginning may be missing.</param>
    internal static XmlRepairer Create(DecodedText decoded, bool allowBareEntries) =>
        new(decoded.Text ?? Encoding.UTF8.GetString(decoded.Utf8.Span), allowBareEntries);

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override int Read(Span<char> buffer)
    {
        while (_read == _written && !_isDone)
        {
            _read = _written = 0;
            Step();
        }

        var length = Math.Min(buffer.Length, _written - _read);
        _output.AsSpan(_read, length).CopyTo(buffer);
        _read += length;
        return length;
    }

    /// <inheritdoc/>
    public override int Read()
    {
        Span<char> one = stackalloc char[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <inheritdoc/>
    public override int Peek() => -1;

    private void Step()
    {
        if (_position >= _end)
        {
            Finish(inside: false);
            return;
        }

        if (_input[_position] != '<')
        {
            ReadText();
            return;
        }

        if (_position + 1 >= _end)
        {
            Finish(inside: true);
            return;
        }

        var next = _input[_position + 1];
        if (next == '!') ReadDeclaration();
        else if (next == '?') ReadInstruction();
        else if (next == '/') ReadEndTag();
        else if (IsNameStart(next)) ReadStartTag();
        else
        {
            // "a < b"
            if (IsInside) Repair("bare <", "&lt;");
            _position++;
        }
    }

    private bool IsInside => _hasRoot && !_isRootClosed;

    /// <summary>Where the feed begins: PHP's warnings and blank lines before it are passed over, a page of HTML is not.</summary>
    private int FindStart()
    {
        var first = -1;
        for (var at = _input.IndexOf('<', StringComparison.Ordinal); at >= 0 && at + 1 < _end; at = _input.IndexOf('<', at + 1))
        {
            var rest = _input.AsSpan(at + 1);
            if (rest.StartsWith("!--"))
            {
                var close = _input.IndexOf("-->", at, StringComparison.Ordinal);
                if (close < 0) break;
                at = close;
                continue;
            }

            if (rest.StartsWith("!DOCTYPE", StringComparison.OrdinalIgnoreCase))
            {
                if (first < 0) first = at;
                if (rest[8..].TrimStart().StartsWith("html", StringComparison.OrdinalIgnoreCase)) return first;
                continue;
            }

            if (rest.StartsWith("?xml", StringComparison.OrdinalIgnoreCase))
            {
                if (first > at) break;
                if (!_input.AsSpan(0, at).IsWhiteSpace() && first != 0) _repairs.Add("junk before the document");
                first = at;
                continue;
            }

            if (!IsNameStart(rest[0])) continue;
            var length = 0;
            while (length < rest.Length && IsNameChar(rest[length])) length++;
            var name = rest[..length];
            var local = name[(name.LastIndexOf(':') + 1)..];
            if (local.Equals("html", StringComparison.OrdinalIgnoreCase)) return first >= 0 ? first : at;
            var isRoot = local.Equals("rss", StringComparison.OrdinalIgnoreCase) || local.Equals("feed", StringComparison.OrdinalIgnoreCase)
                || local.Equals("rdf", StringComparison.OrdinalIgnoreCase) || local.Equals("channel", StringComparison.OrdinalIgnoreCase) || local.Equals("opml", StringComparison.OrdinalIgnoreCase);
            if (!isRoot && !(_allowBareEntries && IsEntry(local)))
            {
                // Something else before the root: junk, unless no root follows.
                continue;
            }

            if (first >= 0 && _input[first + 1] is '?' or '!')
            {
                // A declaration stands before it, perhaps a DOCTYPE with entities: begin there if only such things lie between.
                if (!HasElementBetween(first, at)) return first;
            }

            if (!_input.AsSpan(0, at).IsWhiteSpace()) _repairs.Add("junk before the document");
            return at;
        }

        return first >= 0 ? first : Math.Max(0, _input.IndexOf('<', StringComparison.Ordinal));
    }

    private bool HasElementBetween(int start, int end)
    {
        var subset = 0;
        for (var i = start; i < end; i++)
        {
            if (_input[i] == '[') subset++;
            else if (_input[i] == ']') subset--;
            else if (_input[i] == '<' && subset <= 0 && IsNameStart(_input[i + 1])) return true;
        }

        return false;
    }

    private void ReadText()
    {
        var rest = _input.AsSpan(_position);
        if (!IsInside)
        {
            var tag = rest.IndexOf('<');
            _position = tag < 0 ? _end : _position + tag;
            return;
        }

        var special = rest.IndexOfAny(Special);
        if (special < 0) special = rest.Length;
        // Long texts go out in pieces.
        special = Math.Min(special, 16 * 1024);
        if (special > 0 && char.IsHighSurrogate(rest[special - 1]) && special < rest.Length) special--;
        if (special > 0)
        {
            Write(rest[..special]);
            _position += special;
            return;
        }

        _position += WriteCharacter(rest, inAttribute: false);
    }

    /// <summary>Writes one special character or reference of text or of an attribute; returns how many characters of the input it took.</summary>
    private int WriteCharacter(ReadOnlySpan<char> rest, bool inAttribute)
    {
        var c = rest[0];
        switch (c)
        {
            case '&':
                return WriteReference(rest);
            case '<':
                Write("&lt;");
                return 1;
            case ']':
                if (!inAttribute && rest.StartsWith("]]>"))
                {
                    _repairs.Add("]]> in text");
                    Write("]]&gt;");
                    return 3;
                }

                Write("]");
                return 1;
            case '"' when inAttribute:
                Write("&quot;");
                return 1;
            case '\t' or '\n' or '\r':
                Write(rest[..1]);
                return 1;
        }

        if (c >= ' ' && XmlConvert.IsXmlChar(c)) Write(rest[..1]);
        else _repairs.Add("control characters");
        return 1;
    }

    private int WriteReference(ReadOnlySpan<char> rest)
    {
        var length = 1;
        while (length < rest.Length && length < 40 && (char.IsAsciiLetterOrDigit(rest[length]) || (length == 1 && rest[length] == '#') || rest[length] is '_' or '-' or '.')) length++;
        var hasEnd = length < rest.Length && rest[length] == ';';
        var name = rest[1..length];
        if (name.Length > 1 && name[0] == '#' && XmlEntities.Number(name[1..]) is { } number)
        {
            // Without a semicolon only browsers understand it.
            if (!hasEnd) _repairs.Add("bare &");
            else if (number.Text is null || number.IsMended) _repairs.Add("invalid character references");
            if (number.Text is not null) WriteEscaped(number.Text);
            return length + (hasEnd ? 1 : 0);
        }

        if (hasEnd && name is "amp" or "lt" or "gt" or "quot" or "apos")
        {
            Write(rest[..(length + 1)]);
            return length + 1;
        }

        if (hasEnd && name.Length > 0 && _entities.Resolve(name.ToString()) is { } text)
        {
            _repairs.Add("undeclared HTML entities");
            WriteEscaped(text);
            return length + 1;
        }

        if (_entities.IsExhausted) _repairs.Add("entity expansion stopped at its limit");
        Repair("bare &", "&amp;");
        return 1;
    }

    private void ReadDeclaration()
    {
        var rest = _input.AsSpan(_position);
        if (rest.StartsWith("<!--"))
        {
            var end = _commentEnds.Next(_position + 4);
            if (end < 0)
            {
                _repairs.Add("unclosed comment");
                end = _brackets.Next(_position);
                _position = end < 0 ? _end : end + 1;
                return;
            }

            _position = end + 3;
            return;
        }

        if (rest.StartsWith("<![CDATA[", StringComparison.OrdinalIgnoreCase))
        {
            ReadCData(9);
            return;
        }

        if (rest.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
        {
            _position = _entities.ReadDoctype(_input, _position);
            return;
        }

        var close = _brackets.Next(_position);
        _position = close < 0 ? _end : close + 1;
    }

    private void ReadCData(int prefix)
    {
        var start = _position + prefix;
        var end = _cdataEnds.Next(start);
        var next = end + 3;
        if (end < 0)
        {
            _repairs.Add("unclosed CDATA section");
            // It ends with its element, where that is closed, else with the document.
            end = _open.Count == 0 ? -1 : _input.IndexOf("</" + _open[^1].Name, start, StringComparison.Ordinal);
            next = end;
            if (end < 0)
            {
                end = next = _end;
                if (IsInside && _open.Count > 0) WriteCData(start, end);
                _position = _end;
                Finish(inside: true);
                return;
            }
        }

        if (IsInside) WriteCData(start, end);
        _position = next;
    }

    private void WriteCData(int start, int end)
    {
        var text = _input.AsSpan(start, end - start);
        while (text.Length > 0)
        {
            var special = text.IndexOfAny(Special);
            if (special < 0) special = text.Length;
            Write(text[..special]);
            text = text[special..];
            if (text.Length == 0) break;
            if (text[0] == '&')
            {
                Write("&amp;");
                text = text[1..];
            }
            else
            {
                text = text[WriteCharacter(text, inAttribute: false)..];
            }
        }
    }

    private void ReadInstruction()
    {
        if (_isRootClosed && _input.AsSpan(_position).StartsWith("<?xml ", StringComparison.OrdinalIgnoreCase))
        {
            EndAtSecondDocument();
            return;
        }

        var end = _instructionEnds.Next(_position);
        var bracket = _brackets.Next(_position);
        // "<?xml version=1.0>" without its question mark.
        if (end < 0 || (bracket >= 0 && bracket < end && _tags.Next(bracket) is >= 0 and var tag && tag < end)) _position = bracket < 0 ? _end : bracket + 1;
        else _position = end + 2;
    }

    private void EndAtSecondDocument()
    {
        _repairs.Add("a second document after the first");
        _position = _end;
    }

    private void ReadEndTag()
    {
        var start = _position + 2;
        while (start < _end && char.IsWhiteSpace(_input[start])) start++;
        var nameEnd = start;
        while (nameEnd < _end && IsNameChar(_input[nameEnd])) nameEnd++;
        var close = nameEnd;
        while (close < _end && _input[close] is not ('>' or '<')) close++;
        if (close >= _end)
        {
            // "</tit" at the end of the document.
            Finish(inside: true);
            return;
        }

        var name = Intern(start, nameEnd);
        _position = _input[close] == '>' ? close + 1 : close;
        if (name.Length == 0 || !IsInside) return;
        if (_tooDeep > 0)
        {
            _tooDeep--;
            return;
        }

        var at = FindOpen(name);
        if (at < 0)
        {
            _repairs.Add("unopened end tags");
            return;
        }

        if (at != _open.Count - 1 || _open[at].Name != name) _repairs.Add("mis-nested or unclosed elements");
        if (at == 0)
        {
            // The root stays open until the end: publishers close it early.
            CloseDownTo(1);
            _isRootClosed = true;
            return;
        }

        CloseDownTo(at);
    }

    /// <summary>The open element that an end tag closes, or -1. Markup inside an entry closes nothing outside of it.</summary>
    private int FindOpen(string name)
    {
        var isStructure = IsStructure(Local(name));
        for (var ignoreCase = 0; ignoreCase < 2; ignoreCase++)
            for (var i = _open.Count - 1; i >= 0; i--)
            {
                if (_open[i].Name.Equals(name, ignoreCase == 0 ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase)) return i;
                if (!isStructure && _open[i].IsStructure) break;
            }

        return -1;
    }

    private void CloseDownTo(int count)
    {
        while (_open.Count > count)
        {
            var element = _open[^1];
            _open.RemoveAt(_open.Count - 1);
            Write("</");
            Write(element.Written);
            Write(">");
            if (element.Declared is null) continue;
            foreach (var prefix in element.Declared)
                if (--_prefixes[prefix] == 0)
                    _prefixes.Remove(prefix);
        }
    }

    /// <summary>The end of the input. Everything open is closed; an entry in the middle of which it came is marked.</summary>
    private void Finish(bool inside)
    {
        _position = _end;
        if (_isDone) return;
        _isDone = true;
        if (!_hasRoot) return;
        if (!_isRootClosed)
        {
            _repairs.Add(ParsedFeed.Truncation);
            var entry = _open.FindLastIndex(static element => element.IsEntry);
            if (entry >= 0 && (inside || _open.Count > entry + 1))
            {
                CloseDownTo(entry + 1);
                Write("<cut xmlns=\"" + CutNamespace + "\"/>");
            }
        }

        CloseDownTo(0);
    }

    private void Repair(string what, string instead)
    {
        _repairs.Add(what);
        Write(instead);
    }

    private void WriteEscaped(string text)
    {
        foreach (var c in text)
            switch (c)
            {
                case '&': Write("&amp;"); break;
                case '<': Write("&lt;"); break;
                case '>': Write("&gt;"); break;
                case '"': Write("&quot;"); break;
                default: Write(new ReadOnlySpan<char>(in c)); break;
            }
    }

    private void Write(ReadOnlySpan<char> text)
    {
        if (_written + text.Length > _output.Length) Array.Resize(ref _output, Math.Max(_output.Length * 2, _written + text.Length));
        text.CopyTo(_output.AsSpan(_written));
        _written += text.Length;
    }

    private static string SpecialCharacters()
    {
        var special = new StringBuilder("<&]\u007F");
        for (var c = '\0'; c < ' '; c++)
            if (c is not ('\t' or '\n' or '\r'))
                special.Append(c);
        return special.ToString();
    }

    /// <summary>A name of the document; documents use a few dozen, a hundred thousand times.</summary>
    private string Intern(int start, int end)
    {
        var name = _input.AsSpan(start, end - start);
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(name, out var known)) return known;
        var text = name.ToString();
        if (_names.Count < 1_000) _names.Add(text);
        return text;
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c >= 0x80 && XmlConvert.IsStartNCNameChar(c));

    private static bool IsNameChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':' || (c >= 0x80 && XmlConvert.IsNCNameChar(c));

    private static string Local(string name) => name[(name.LastIndexOf(':') + 1)..];

    private static bool IsEntry(ReadOnlySpan<char> local) =>
        local.Equals("item", StringComparison.OrdinalIgnoreCase) || local.Equals("entry", StringComparison.OrdinalIgnoreCase);

    private static bool IsStructure(ReadOnlySpan<char> local) =>
        IsEntry(local) || local.Equals("channel", StringComparison.OrdinalIgnoreCase) || local.Equals("rss", StringComparison.OrdinalIgnoreCase)
        || local.Equals("feed", StringComparison.OrdinalIgnoreCase) || local.Equals("rdf", StringComparison.OrdinalIgnoreCase);

    /// <summary>An element that is open.</summary>
    /// <param name="Name">Its name as it stood.</param>
    /// <param name="Written">Its name as it was written.</param>
    /// <param name="IsStructure">Whether it is part of the feed's frame.</param>
    /// <param name="IsEntry">Whether it is an entry.</param>
    /// <param name="Declared">The prefixes that it declares, or null.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Element(string Name, string Written, bool IsStructure, bool IsEntry, List<string>? Declared);
}
