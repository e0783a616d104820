using System.Globalization;
using System.Text;
using System.Text.Json;
using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

/// <summary>
/// One pass over the bytes of JSON Feed 1.0 and 1.1 (jsonfeed.org), and of the Google Reader stream that many services still
/// speak. Members come in any order; of several with one name the last that can be used holds; a value of a wrong type is
/// none. Every <c>Read…</c> method starts on the first token of a value and leaves the reader on its last.
/// </summary>
internal sealed class JsonFeedReader
{
    private const int LongestName = 32;

    private static readonly JsonReaderOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = ParserLimits.MaxJsonDepth,
    };

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Uri? _base;
    private readonly bool _mends;
    private readonly CancellationToken _cancellation;
    private readonly FeedDraft _feed = new();
    private readonly List<JsonEntryDraft> _entries = [];
    private readonly char[] _name = new char[LongestName];
    private int _nameLength;
    private int _offset;
    private string? _version;
    private string? _home;
    private string? _alternate;
    private string? _feedUrl;
    private string? _self;
    private string? _icon;
    private string? _favicon;
    private string? _updated;
    private List<Person>? _authors;
    private List<Person>? _author;
    private bool _isObject;
    private bool _hasItems;
    private bool _hasFeedMembers;
    private bool _hasItemMembers;
    private bool _hadHalfCharacters;
    private bool _hasTail;
    private bool _isBroken;
    private int _brokenItems;

    private JsonFeedReader(ReadOnlyMemory<byte> bytes, Uri? baseUrl, bool mends, CancellationToken cancellation)
    {
        _bytes = bytes;
        _base = baseUrl;
        _mends = mends;
        _cancellation = cancellation;
    }

    private ReadOnlySpan<char> Name => _name.AsSpan(0, _nameLength);

    internal static ParseResult Read(DecodedText decoded, ParseContext context, List<string> repairs, CancellationToken cancellation)
    {
        var bytes = decoded.Text is { } text ? Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF')) : decoded.Utf8;
        bytes = bytes[Math.Max(0, bytes.Span.IndexOfAnyExcept(" \t\r\n\0"u8))..];
        var reader = new JsonFeedReader(bytes, context.BaseUrl, mends: false, cancellation);
        try
        {
            reader.ReadDocument();
        }
        catch (JsonException)
        {
            bytes = WithoutControls(bytes.Span) ?? bytes;
            reader = new JsonFeedReader(bytes, context.BaseUrl, mends: true, cancellation);
            reader.ReadDocument();
            if (reader._entries.Count == 0 && (reader._isBroken || reader._brokenItems > 0)) return NotAFeed("The document begins like JSON and is none.");
            repairs.Add(reader switch
            {
                { _isBroken: true } => EndOfValue(bytes.Span, 0) < 0 ? ParsedFeed.Truncation : "broken JSON: what was complete is kept",
                { _brokenItems: > 0 and var broken } => $"{broken} broken JSON items left out",
                _ => "control characters in JSON strings",
            });
        }

        if (!reader.IsFeed()) return NotAFeed("The document is JSON, but no JSON feed.");
        if (reader._hadHalfCharacters) repairs.Add("half characters in JSON strings");
        if (reader._hasTail) repairs.Add("content after the JSON document");
        return FeedParser.Finish(reader.Finish(context), decoded, repairs);
    }

    private bool IsFeed() =>
        _isObject && (_version?.Contains("jsonfeed.org", StringComparison.OrdinalIgnoreCase) == true || (_hasItems && (_hasFeedMembers || _hasItemMembers)));

    private FeedDraft Finish(ParseContext context)
    {
        var dates = new DateContext { FetchedAt = context.FetchedAt, DefaultZone = DateZones.Find(context.DefaultZone), Language = _feed.Language };
        _feed.Format = _version is null ? "json" : "json" + (_version.TrimEnd('/').Split('/')[^1] is { Length: < 6 } number ? number : "1");
        _feed.Link = (_home ?? _alternate) is { } home ? Urls.Resolve(home, _base) : null;
        _feed.Self = _feedUrl ?? _self;
        _feed.Image = _icon ?? _favicon;
        _feed.Authors = _authors ?? _author;
        _feed.Updated = DateParser.Parse(_updated, dates);
        foreach (var entry in _entries) _feed.Entries.Add(entry.Finish(_base, dates));
        return _feed;
    }

    private void ReadDocument()
    {
        var reader = new Utf8JsonReader(_bytes.Span, Options);
        try
        {
            reader.Read();
            _isObject = reader.TokenType == JsonTokenType.StartObject;
            if (!_isObject) return;
            if (ReadFeed(ref reader)) _hasTail = _bytes.Span[Position(ref reader)..].IndexOfAnyExcept(" \t\r\n\0"u8) >= 0;
            else _isBroken = true;
        }
        catch (JsonException) when (_mends)
        {
            _isBroken = true;
        }
    }

    /// <summary>False when the document ends, or cannot be followed any further, inside its items.</summary>
    private bool ReadFeed(ref Utf8JsonReader reader)
    {
        while (NextMember(ref reader))
            switch (Name)
            {
                case "version": _version = ReadText(ref reader) ?? _version; break;
                case "title":
                    _hasFeedMembers = true;
                    if (ReadText(ref reader) is { } title) _feed.Title = new ParsedText(title, ParsedTextKind.Plain);
                    break;
                case "description":
                    if (ReadText(ref reader) is { } description) _feed.Description = new ParsedText(description, ParsedTextKind.Plain);
                    break;
                case "home_page_url":
                    _hasFeedMembers = true;
                    _home = ReadText(ref reader) ?? _home;
                    break;
                case "feed_url":
                    _hasFeedMembers = true;
                    _feedUrl = ReadText(ref reader) ?? _feedUrl;
                    break;
                case "continuation":
                    _hasFeedMembers = true;
                    reader.Skip();
                    break;
                case "alternate": _alternate = ReadHref(ref reader) ?? _alternate; break;
                case "self": _self = ReadHref(ref reader) ?? _self; break;
                case "id": _feed.Id = ReadText(ref reader) ?? _feed.Id; break;
                case "language": _feed.Language = ReadText(ref reader) ?? _feed.Language; break;
                case "icon": _icon = ReadText(ref reader) ?? _icon; break;
                case "favicon": _favicon = ReadText(ref reader) ?? _favicon; break;
                case "updated": _updated = ReadText(ref reader) ?? _updated; break;
                case "authors": _authors = ReadAuthors(ref reader) ?? _authors; break;
                case "author": _author = ReadAuthors(ref reader) ?? _author; break;
                case "hubs": _feed.Hubs = ReadHubs(ref reader) ?? _feed.Hubs; break;
                case "items":
                    if (!ReadItems(ref reader)) return false;
                    break;
                default: reader.Skip(); break;
            }

        return true;
    }

    private bool ReadItems(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return true;
        }

        _hasItems = true;
        _entries.Clear();
        var inside = reader.CurrentState;
        while (true)
        {
            _cancellation.ThrowIfCancellationRequested();
            var at = Position(ref reader);
            try
            {
                if (!NextElement(ref reader)) return true;
                ReadItem(ref reader);
            }
            catch (JsonException) when (_mends)
            {
                return ReadItemsOneByOne(ref reader, at, inside);
            }
        }
    }

    /// <summary>
    /// Reads the items from <paramref name="at"/> each on its own, so that a broken one costs itself only, and goes on behind the
    /// list; false when the list has no end.
    /// </summary>
    private bool ReadItemsOneByOne(ref Utf8JsonReader reader, int at, JsonReaderState inside)
    {
        var bytes = _bytes.Span;
        while (true)
        {
            _cancellation.ThrowIfCancellationRequested();
            var next = bytes[at..].IndexOfAnyExcept(" \t\r\n,"u8);
            if (next < 0) return false;
            at += next;
            if (bytes[at] == ']')
            {
                _offset = at;
                reader = new Utf8JsonReader(bytes[at..], isFinalBlock: true, inside);
                return reader.Read();
            }

            var end = EndOfValue(bytes, at);
            if (end < 0) return false;
            var item = new Utf8JsonReader(bytes[at..end], Options);
            try
            {
                item.Read();
                ReadItem(ref item);
            }
            catch (JsonException)
            {
                if (++_brokenItems > ParserLimits.MaxBrokenItems) return false;
            }

            at = end;
        }
    }

    private void ReadItem(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject || _entries.Count >= ParserLimits.MaxEntries)
        {
            _feed.TooManyEntries |= reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            return;
        }

        var entry = new JsonEntryDraft();
        while (NextMember(ref reader))
            switch (Name)
            {
                case "id": entry.Id = ReadText(ref reader) ?? entry.Id; break;
                case "title": entry.Title = ReadText(ref reader) ?? entry.Title; break;
                case "url":
                    _hasItemMembers = true;
                    entry.Url = ReadText(ref reader) ?? entry.Url;
                    break;
                case "canonical":
                    _hasItemMembers = true;
                    entry.Canonical = ReadHref(ref reader) ?? entry.Canonical;
                    break;
                case "alternate": entry.Alternate = ReadHref(ref reader) ?? entry.Alternate; break;
                case "content_html":
                    _hasItemMembers = true;
                    entry.Html = ReadText(ref reader) ?? entry.Html;
                    break;
                case "content_text": entry.Plain = ReadText(ref reader) ?? entry.Plain; break;
                case "content": entry.ReaderHtml = ReadMember(ref reader, "content") ?? entry.ReaderHtml; break;
                case "summary" when reader.TokenType == JsonTokenType.StartObject: entry.SummaryHtml = ReadMember(ref reader, "content") ?? entry.SummaryHtml; break;
                case "summary": entry.Summary = ReadText(ref reader) ?? entry.Summary; break;
                case "date_published": entry.DatePublished = ReadText(ref reader) ?? entry.DatePublished; break;
                case "published": entry.Published = ReadText(ref reader) ?? entry.Published; break;
                case "date_modified": entry.DateModified = ReadText(ref reader) ?? entry.DateModified; break;
                case "updated": entry.Updated = ReadText(ref reader) ?? entry.Updated; break;
                case "authors": entry.Authors = ReadAuthors(ref reader) ?? entry.Authors; break;
                case "author": entry.Author = ReadAuthors(ref reader) ?? entry.Author; break;
                case "attachments": entry.Attachments = ReadFiles(ref reader) ?? entry.Attachments; break;
                case "enclosure": entry.Enclosures = ReadFiles(ref reader) ?? entry.Enclosures; break;
                case "tags": entry.Tags = ReadTags(ref reader) ?? entry.Tags; break;
                case "categories": entry.Categories = ReadTags(ref reader) ?? entry.Categories; break;
                case "language": entry.Language = ReadText(ref reader) ?? entry.Language; break;
                case "image": entry.Image = ReadText(ref reader) ?? entry.Image; break;
                case "banner_image": entry.BannerImage = ReadText(ref reader) ?? entry.BannerImage; break;
                case "origin": entry.Origin = ReadOrigin(ref reader) ?? entry.Origin; break;
                default: reader.Skip(); break;
            }

        _entries.Add(entry);
    }

    private List<string>? ReadHubs(ref Utf8JsonReader reader)
    {
        List<string>? hubs = null;
        for (var list = Enter(ref reader); NextOf(ref reader, ref list);)
            if (ReadMember(ref reader, "url") is { } url)
                Add(ref hubs, url);
        return hubs;
    }

    private List<Person>? ReadAuthors(ref Utf8JsonReader reader)
    {
        List<Person>? authors = null;
        for (var list = Enter(ref reader); NextOf(ref reader, ref list);)
            if (ReadAuthor(ref reader) is { } author)
                Add(ref authors, author);
        return authors;
    }

    private Person? ReadAuthor(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String) return ReadText(ref reader) is { } line ? PersonText.Parse(line) : null;
        if (!IsObject(ref reader)) return null;
        string? name = null, url = null, email = null;
        while (NextMember(ref reader))
            switch (Name)
            {
                case "name": name = ReadText(ref reader) ?? name; break;
                case "url": url = ReadText(ref reader) ?? url; break;
                case "email": email = ReadText(ref reader) ?? email; break;
                default: reader.Skip(); break;
            }

        return (name ?? email ?? url) is { } shown ? new Person(shown, email, url) : null;
    }

    private List<Enclosure>? ReadFiles(ref Utf8JsonReader reader)
    {
        List<Enclosure>? files = null;
        for (var list = Enter(ref reader); NextOf(ref reader, ref list);)
        {
            if (!IsObject(ref reader)) continue;
            string? url = null, href = null, mimeType = null, type = null;
            long? size = null, length = null;
            while (NextMember(ref reader))
                switch (Name)
                {
                    case "url": url = ReadText(ref reader) ?? url; break;
                    case "href": href = ReadText(ref reader) ?? href; break;
                    case "mime_type": mimeType = ReadText(ref reader) ?? mimeType; break;
                    case "type": type = ReadText(ref reader) ?? type; break;
                    case "size_in_bytes": size = ReadNumber(ref reader) ?? size; break;
                    case "length": length = ReadNumber(ref reader) ?? length; break;
                    default: reader.Skip(); break;
                }

            if ((url ?? href) is { } address) Add(ref files, new Enclosure(Urls.Resolve(address, _base), mimeType ?? type, size ?? length));
        }

        return files;
    }

    private List<string>? ReadTags(ref Utf8JsonReader reader)
    {
        List<string>? tags = null;
        // "user/…/state/…" is what Google Reader's user did with the item, and no category of it.
        for (var list = Enter(ref reader); NextOf(ref reader, ref list);)
            if (ReadText(ref reader) is { } tag && !tag.StartsWith("user/", StringComparison.Ordinal))
                Add(ref tags, tag);
        return tags;
    }

    private ClaimedSource? ReadOrigin(ref Utf8JsonReader reader)
    {
        if (!IsObject(ref reader)) return null;
        string? title = null, url = null;
        while (NextMember(ref reader))
            switch (Name)
            {
                case "title": title = ReadText(ref reader) ?? title; break;
                case "htmlUrl": url = ReadText(ref reader) ?? url; break;
                default: reader.Skip(); break;
            }

        return new ClaimedSource(title, url);
    }

    /// <summary>Google Reader's way to write a link: a list of objects, of which the first that has an address counts.</summary>
    private string? ReadHref(ref Utf8JsonReader reader)
    {
        string? found = null;
        for (var list = Enter(ref reader); NextOf(ref reader, ref list);)
        {
            var href = ReadMember(ref reader, "href");
            found ??= href;
        }

        return found;
    }

    /// <summary>One member of an object; null when it has none or the value is no object.</summary>
    private string? ReadMember(ref Utf8JsonReader reader, string name)
    {
        if (!IsObject(ref reader)) return null;
        string? found = null;
        while (NextMember(ref reader))
            if (Name.SequenceEqual(name)) found = ReadText(ref reader) ?? found;
            else reader.Skip();
        return found;
    }

    private long? ReadNumber(ref Utf8JsonReader reader) =>
        long.TryParse(ReadText(ref reader), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A string, or a number as it stands (ids and Unix times); null for anything else and for what is empty.</summary>
    private string? ReadText(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                var text = String(ref reader);
                return string.IsNullOrWhiteSpace(text) ? null : text;
            case JsonTokenType.Number:
                return Encoding.UTF8.GetString(reader.ValueSpan);
            default:
                reader.Skip();
                return null;
        }
    }

    /// <summary>The string or name under the reader. Half a surrogate pair ("\ud83d" cut off), which the reader refuses, becomes U+FFFD.</summary>
    private string String(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped || WithWholeCharacters(reader.ValueSpan) is not { } whole) return reader.GetString()!;
        _hadHalfCharacters = true;
        var again = new Utf8JsonReader(whole);
        again.Read();
        return again.GetString()!;
    }

    private bool NextMember(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.PropertyName) return false;
        if (reader.ValueIsEscaped)
        {
            var name = String(ref reader);
            _nameLength = name.Length <= LongestName ? name.Length : 0;
            name.AsSpan(0, _nameLength).CopyTo(_name);
        }
        else
        {
            _nameLength = reader.ValueSpan.Length <= LongestName ? Encoding.UTF8.GetChars(reader.ValueSpan, _name) : 0;
        }

        reader.Read();
        return true;
    }

    private static bool NextElement(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>What <see cref="NextOf"/> goes through: the elements of a list, or one value where a list is meant.</summary>
    private static ListState Enter(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.StartArray ? ListState.Elements : ListState.OneValue;

    private static bool NextOf(ref Utf8JsonReader reader, ref ListState list)
    {
        if (list == ListState.Elements) return NextElement(ref reader);
        var isFirst = list == ListState.OneValue;
        list = ListState.Done;
        return isFirst;
    }

    private static bool IsObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject) return true;
        reader.Skip();
        return false;
    }

    private int Position(ref Utf8JsonReader reader) => _offset + (int)reader.BytesConsumed;

    private static void Add<T>(ref List<T>? list, T item)
    {
        list ??= [];
        if (list.Count < ParserLimits.MaxListLength) list.Add(item);
    }

    private static ParseResult.Refused NotAFeed(string reason) => new(FetchFailureKind.NotAFeed, reason);

    /// <summary>Where the value that begins at <paramref name="at"/> ends, by its brackets and quotes alone; -1 when it does not.</summary>
    private static int EndOfValue(ReadOnlySpan<byte> bytes, int at)
    {
        var depth = 0;
        for (var i = at; i < bytes.Length; i++)
            switch (bytes[i])
            {
                case (byte)'"':
                    for (i++; i < bytes.Length && bytes[i] != '"'; i++)
                        if (bytes[i] == '\\') i++;
                    if (i >= bytes.Length) return -1;
                    if (depth == 0) return i + 1;
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    if (depth == 0) return Math.Max(i, at + 1);
                    if (--depth == 0) return i + 1;
                    break;
                case (byte)',' when depth == 0:
                    return Math.Max(i, at + 1);
            }

        return -1;
    }

    /// <summary>The string with its quotes and with U+FFFD for every escaped half of a surrogate pair; null when it has none.</summary>
    private static byte[]? WithWholeCharacters(ReadOnlySpan<byte> escaped)
    {
        byte[]? whole = null;
        for (var i = 0; i + 1 < escaped.Length; i++)
        {
            if (escaped[i] != '\\') continue;
            var unit = Unit(escaped, i);
            if (unit is >= 0xD800 and <= 0xDBFF && Unit(escaped, i + 6) is >= 0xDC00 and <= 0xDFFF)
            {
                i += 11;
            }
            else if (unit is >= 0xD800 and <= 0xDFFF)
            {
                whole ??= [(byte)'"', .. escaped, (byte)'"'];
                "fffd"u8.CopyTo(whole.AsSpan(i + 3));
                i += 5;
            }
            else
            {
                i++;
            }
        }

        return whole;
    }

    /// <summary>The UTF-16 unit of the escape <c>\uXXXX</c> at a place; -1 when there is none.</summary>
    private static int Unit(ReadOnlySpan<byte> bytes, int at) =>
        at + 6 <= bytes.Length && bytes[at] == '\\' && bytes[at + 1] == 'u'
        && int.TryParse(bytes.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? unit : -1;

    /// <summary>Raw control characters, which break strings, become spaces; null when there are none.</summary>
    private static byte[]? WithoutControls(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOfAnyInRange((byte)0, (byte)0x1F) < 0) return null;
        var mended = bytes.ToArray();
        foreach (ref var b in mended.AsSpan())
            if (b < 0x20)
                b = (byte)' ';
        return mended;
    }

    private enum ListState
    {
        Elements,
        OneValue,
        Done,
    }
}
