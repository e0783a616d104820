namespace Aggregator.Core.Parsing;

internal sealed partial class XmlRepairer
{
    private void ReadStartTag()
    {
        var nameEnd = _position + 1;
        while (nameEnd < _end && IsNameChar(_input[nameEnd])) nameEnd++;
        var name = Intern(_position + 1, nameEnd);
        if (ReadAttributes(nameEnd) is not var (attributes, isEmpty, end))
        {
            // "<item><tit" at the end of the document.
            Finish(inside: true);
            return;
        }

        _position = end;
        var local = Local(name);
        if (_isRootClosed)
        {
            // Entries after the end of the root belong to it; another root is another document.
            if (!IsEntry(local) || _open.Count == 0)
            {
                if (IsStructure(local)) EndAtSecondDocument();
                else _repairs.Add("content after the document");
                return;
            }

            _repairs.Add("content after the document");
            _isRootClosed = false;
        }

        if (!_hasRoot)
        {
            if (IsEntry(local) && !name.Contains(':', StringComparison.Ordinal) && !HasNamespace(attributes))
            {
                // The beginning of the document is missing.
                _repairs.Add("no root element");
                WriteStart(local.Equals("entry", StringComparison.OrdinalIgnoreCase) ? "feed" : "rss", [], isEmpty: false);
            }

            _hasRoot = true;
        }
        else
        {
            CloseWhatCannotHold(name, local);
        }

        if (_open.Count >= ParserLimits.MaxDepth)
        {
            _repairs.Add("elements nested too deep");
            if (!isEmpty) _tooDeep++;
            return;
        }

        if (!isEmpty && IsVoid(name) && _open.Count > 2)
        {
            _repairs.Add("mis-nested or unclosed elements");
            isEmpty = true;
        }

        WriteStart(name, attributes, isEmpty);
        if (isEmpty && _open.Count == 0) _isRootClosed = true;
    }

    /// <summary>Closes elements whose end tag is missing, as far as the new one shows it.</summary>
    private void CloseWhatCannotHold(string name, string local)
    {
        if (IsEntry(local) && IsCorePrefix(name))
        {
            // An entry lies in the frame, never in another entry or in one of its fields. "items" of RSS 1.1 holds them too.
            var frame = _open.Count - 1;
            while (frame > 0 && !(_open[frame].IsStructure && !_open[frame].IsEntry) && !_open[frame].Name.Equals("items", StringComparison.OrdinalIgnoreCase)) frame--;
            if (frame < _open.Count - 1)
            {
                _repairs.Add("mis-nested or unclosed elements");
                _tooDeep = 0;
                CloseDownTo(frame + 1);
            }

            return;
        }

        if (_open.Count < 2 || !_open[^2].IsStructure || _open[^1].IsStructure) return;
        var top = _open[^1].Name;
        var isField = IsFieldOnly(name);
        // A title, link or date is a line: whatever field begins now, it has ended. A description ends where a field begins
        // that no HTML has.
        if (isField || (IsLine(top) && IsField(name) && !top.Equals(name, StringComparison.Ordinal)) || (top.Equals(name, StringComparison.Ordinal) && IsLine(top)))
        {
            if (IsHolder(top)) return;
            _repairs.Add("mis-nested or unclosed elements");
            CloseDownTo(_open.Count - 1);
        }
    }

    private static bool IsCorePrefix(string name) =>
        name.IndexOf(':', StringComparison.Ordinal) is var colon && (colon < 0 || name.StartsWith("rss", StringComparison.OrdinalIgnoreCase) || name.StartsWith("atom", StringComparison.OrdinalIgnoreCase));

    // Fields that hold fields of the same names.
    private static bool IsHolder(string name) =>
        name.ToLowerInvariant() is "image" or "textinput" or "source" or "atom:source" or "author" or "contributor" or "media:group" or "media:content" or "items" or "a"
        || name.Contains(':', StringComparison.Ordinal) && !name.StartsWith("dc:", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("content:enc", StringComparison.OrdinalIgnoreCase);

    private static bool IsLine(string name) =>
        name.ToLowerInvariant() is "title" or "link" or "guid" or "id" or "pubdate" or "published" or "updated" or "category" or "comments" or "language" or "copyright"
            or "lastbuilddate" or "generator" or "docs" or "ttl" or "managingeditor" or "webmaster" or "dc:date" or "dc:creator" or "dc:subject" or "dc:language" or "dc:rights";

    private static bool IsField(string name) =>
        IsLine(name) || IsFieldOnly(name) || name.ToLowerInvariant() is "description" or "summary" or "content" or "author" or "source" or "image" or "enclosure";

    /// <summary>Fields whose name no HTML element has.</summary>
    private static bool IsFieldOnly(string name) =>
        name.ToLowerInvariant() is "guid" or "pubdate" or "published" or "updated" or "enclosure" or "lastbuilddate" or "managingeditor" or "webmaster" or "skiphours" or "skipdays"
            or "content:encoded" or "dc:date" or "dc:creator" or "dc:subject" or "comments" or "generator" or "ttl" or "docs" or "wfw:commentrss" or "slash:comments"
            or "itunes:author" or "itunes:summary" or "itunes:duration" or "itunes:keywords" or "itunes:explicit" or "itunes:subtitle" or "media:content" or "media:thumbnail";

    private static bool IsVoid(string name) =>
        name.ToLowerInvariant() is "br" or "img" or "hr" or "input" or "meta" or "area" or "base" or "col" or "embed" or "param" or "wbr";

    private static bool HasNamespace(List<(string Name, int Start, int End)> attributes) =>
        attributes.Exists(static attribute => attribute.Name == "xmlns");

    /// <summary>The attributes of a start tag, whether it is empty, and where it ends; null when the document ends inside it.</summary>
    private (List<(string Name, int Start, int End)> Attributes, bool IsEmpty, int End)? ReadAttributes(int at)
    {
        var attributes = _attributes;
        attributes.Clear();
        while (true)
        {
            while (at < _end && char.IsWhiteSpace(_input[at])) at++;
            if (at >= _end) return null;
            var c = _input[at];
            if (c == '>') return (attributes, false, at + 1);
            if (c == '/')
            {
                var close = at + 1;
                while (close < _end && char.IsWhiteSpace(_input[close])) close++;
                if (close < _end && _input[close] == '>') return (attributes, true, close + 1);
                at++;
                continue;
            }

            if (c == '<')
            {
                // "<item <title>": the tag was never closed.
                _repairs.Add("unclosed tags");
                return (attributes, false, at);
            }

            if (!IsNameStart(c))
            {
                _repairs.Add("broken attributes");
                at++;
                continue;
            }

            var start = at;
            while (at < _end && IsNameChar(_input[at])) at++;
            var name = Intern(start, at);
            var equals = at;
            while (equals < _end && char.IsWhiteSpace(_input[equals])) equals++;
            if (equals >= _end) return null;
            int valueStart = at, valueEnd = at;
            if (_input[equals] == '=')
            {
                at = equals + 1;
                while (at < _end && char.IsWhiteSpace(_input[at])) at++;
                if (at >= _end) return null;
                (valueStart, valueEnd, at) = ReadValue(at);
                if (at > _end) return null;
            }
            else
            {
                _repairs.Add("attributes without a value");
            }

            if (attributes.Count >= ParserLimits.MaxAttributes) _repairs.Add("too many attributes");
            else if (attributes.Exists(known => known.Name == name)) _repairs.Add("duplicate attributes");
            else attributes.Add((name, valueStart, valueEnd));
        }
    }

    /// <summary>An attribute's value from its first character or quote; an end past the input's says that it was cut.</summary>
    private (int Start, int End, int Next) ReadValue(int at)
    {
        var quote = _input[at];
        if (quote is not ('"' or '\''))
        {
            _repairs.Add("unquoted attributes");
            var start = at;
            while (at < _end && !char.IsWhiteSpace(_input[at]) && _input[at] is not ('>' or '<') && !(_input[at] == '/' && at + 1 < _end && _input[at + 1] == '>')) at++;
            return (start, at, at);
        }

        var end = (quote == '"' ? _quotes : _apostrophes).Next(at + 1);
        var bracket = _tags.Next(at + 1);
        if (end >= 0 && (bracket < 0 || bracket > end)) return (at + 1, end, end + 1);

        // A < before the closing quote: either it is text, or the quote was forgotten and the tag ended long before.
        var close = _brackets.Next(at + 1);
        if (close >= 0 && bracket >= 0 && close < bracket)
        {
            _repairs.Add("unquoted attributes");
            var valueEnd = close > at + 1 && _input[close - 1] == '/' ? close - 1 : close;
            return (at + 1, valueEnd, valueEnd);
        }

        if (end < 0) return (at + 1, _end, _end + 1);
        _repairs.Add("bare <");
        if (EndAroundMarkup(at + 1, quote) is > 0 and var around) end = around;
        return (at + 1, end, end + 1);
    }

    /// <summary>
    /// Where a value ends that holds markup with quotes of its own (<c>description="see &lt;a href="/x"&gt;x&lt;/a&gt;"</c>): at the
    /// first quote outside of a tag, if that ends an attribute; -1 when there is none near.
    /// </summary>
    private int EndAroundMarkup(int start, char quote)
    {
        // What was looked at in vain is not looked at again.
        if (start < _markupSearched) return -1;
        var isInTag = false;
        var limit = Math.Min(_end - 1, start + ParserLimits.MaxMarkupInAttribute);
        for (var i = start; i < limit; i++)
        {
            var c = _input[i];
            if (c == '<') isInTag = IsNameStart(_input[i + 1]) || _input[i + 1] == '/';
            else if (c == '>') isInTag = false;
            else if (c == quote && !isInTag && (char.IsWhiteSpace(_input[i + 1]) || _input[i + 1] is '/' or '>' or '?')) return i;
        }

        _markupSearched = limit;
        return -1;
    }

    private void WriteStart(string name, List<(string Name, int Start, int End)> attributes, bool isEmpty)
    {
        List<string>? declared = null;
        foreach (var (attribute, start, end) in attributes)
            if (attribute.StartsWith("xmlns:", StringComparison.Ordinal) && attribute.Length > 6 && IsPrefix(attribute[6..]) && end > start)
                Declare(attribute[6..], ref declared);

        var written = Valid(name);
        Write("<");
        Write(written);
        DeclareIfMissing(written, ref declared);
        var names = attributes.Count > 1 ? new HashSet<string>(StringComparer.Ordinal) : null;
        foreach (var (attribute, start, end) in attributes)
        {
            var valid = Valid(attribute);
            if (valid.StartsWith("xmlns:", StringComparison.Ordinal) && (end == start || !IsPrefix(valid[6..]))) continue;
            if (valid == "xmlns" && end > start && _input.AsSpan(start, end - start).IndexOf("www.w3.org/2000/xmlns") >= 0) continue;
            // Two names may become one when they are made valid.
            if (names?.Add(valid) == false) continue;
            if (!valid.StartsWith("xmlns:", StringComparison.Ordinal)) DeclareIfMissing(valid, ref declared);
            Write(" ");
            Write(valid);
            Write("=\"");
            var value = _input.AsSpan(start, end - start);
            if (valid.StartsWith("xmlns", StringComparison.Ordinal)) value = value.Trim();
            while (value.Length > 0)
            {
                var special = value.IndexOfAny(Special);
                var quote = value.IndexOf('"');
                if (quote >= 0 && (special < 0 || quote < special)) special = quote;
                if (special < 0) special = value.Length;
                Write(value[..special]);
                value = value[special..];
                if (value.Length > 0) value = value[WriteCharacter(value, inAttribute: true)..];
            }

            Write("\"");
        }

        if (isEmpty)
        {
            Write("/>");
            if (declared is not null)
                foreach (var prefix in declared)
                    if (--_prefixes[prefix] == 0)
                        _prefixes.Remove(prefix);
            return;
        }

        Write(">");
        var local = Local(name);
        // "atom:entry" inside of content or "media:item" are not the feed's frame; the frame lies at its top.
        _open.Add(new Element(name, written, IsStructure(local), IsEntry(local), declared));
    }

    private void DeclareIfMissing(string name, ref List<string>? declared)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return;
        var prefix = name[..colon];
        if (_prefixes.ContainsKey(prefix)) return;
        _repairs.Add("undeclared namespace prefixes");
        Declare(prefix, ref declared);
        Write(" xmlns:");
        Write(prefix);
        Write("=\"");
        Write(XmlModules.NamespaceOf(prefix));
        Write("\"");
    }

    private void Declare(string prefix, ref List<string>? declared)
    {
        declared ??= [];
        if (declared.Contains(prefix)) return;
        declared.Add(prefix);
        _prefixes[prefix] = _prefixes.GetValueOrDefault(prefix) + 1;
    }

    private static bool IsPrefix(string prefix) =>
        IsNameStart(prefix[0]) && !prefix.Contains(':', StringComparison.Ordinal) && !prefix.StartsWith("xml", StringComparison.OrdinalIgnoreCase);

    /// <summary>The name with at most one colon, and that between two names.</summary>
    private static string Valid(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return name;
        var prefix = name[..colon];
        var local = name[(colon + 1)..].Replace(':', '_');
        if (local.Length == 0 || !IsNameStart(local[0])) return prefix + "_" + local;
        return prefix.StartsWith("xml", StringComparison.OrdinalIgnoreCase) && prefix is not ("xml" or "xmlns") ? prefix + "_" + local : prefix + ":" + local;
    }
}
