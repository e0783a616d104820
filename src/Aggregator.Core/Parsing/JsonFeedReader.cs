using System.Globalization;
using System.Text;
using System.Text.Json;
using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

/// <summary>Reads JSON Feed 1.0 and 1.1 (jsonfeed.org), and the Google Reader stream that many services still speak.</summary>
internal static class JsonFeedReader
{
    private static readonly JsonDocumentOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = ParserLimits.MaxJsonDepth,
    };

    internal static ParseResult Read(DecodedText decoded, ParseContext context, List<string> repairs, CancellationToken cancellation)
    {
        var bytes = decoded.Text is { } text ? Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF')) : decoded.Utf8;
        try
        {
            return Read(bytes, decoded, context, repairs, cancellation);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair ("\ud83d" cut off), which the library refuses in strings and names alike.
            repairs.Add("half characters in JSON strings");
            return Read(WithWholeCharacters(bytes.Span), decoded, context, repairs, cancellation);
        }
    }

    private static ParseResult Read(ReadOnlyMemory<byte> bytes, DecodedText decoded, ParseContext context, List<string> repairs, CancellationToken cancellation)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, Options);
        }
        catch (JsonException)
        {
            if (Mended(bytes.Span) is not { } mended) return NotAFeed("The document begins like JSON and is none.");
            try
            {
                document = JsonDocument.Parse(mended, Options);
                repairs.Add("control characters in JSON strings");
            }
            catch (JsonException)
            {
                return NotAFeed("The document begins like JSON and is none.");
            }
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return NotAFeed("The document is JSON, but no JSON feed.");
            var version = Text(root, "version");
            var items = root.TryGetProperty("items", out var list) && list.ValueKind == JsonValueKind.Array ? list : default;
            var isFeed = version?.Contains("jsonfeed.org", StringComparison.OrdinalIgnoreCase) == true
                || (items.ValueKind == JsonValueKind.Array && (root.TryGetProperty("title", out _) || root.TryGetProperty("home_page_url", out _) || root.TryGetProperty("feed_url", out _) || root.TryGetProperty("continuation", out _)
                    || items.EnumerateArray().Any(static item => item.ValueKind == JsonValueKind.Object && (item.TryGetProperty("url", out _) || item.TryGetProperty("canonical", out _) || item.TryGetProperty("content_html", out _)))));
            if (!isFeed) return NotAFeed("The document is JSON, but no JSON feed.");

            var dates = new DateContext { FetchedAt = context.FetchedAt, DefaultZone = DateZones.Find(context.DefaultZone), Language = Text(root, "language") };
            var home = Text(root, "home_page_url") ?? LinkOf(root, "alternate");
            var feed = new FeedDraft
            {
                Format = version is null ? "json" : "json" + (version.TrimEnd('/').Split('/')[^1] is { Length: < 6 } number ? number : "1"),
                Title = Plain(root, "title"),
                Description = Plain(root, "description"),
                Link = home is null ? null : Urls.Resolve(home, context.BaseUrl),
                Self = Text(root, "feed_url") ?? LinkOf(root, "self"),
                Id = Text(root, "id"),
                Language = Text(root, "language"),
                Image = Text(root, "icon") ?? Text(root, "favicon"),
                Authors = Authors(root),
                Updated = Date(root, "updated", dates),
            };
            if (root.TryGetProperty("hubs", out var hubs) && hubs.ValueKind == JsonValueKind.Array)
                foreach (var hub in hubs.EnumerateArray())
                    if (Text(hub, "url") is { } url && (feed.Hubs ??= []).Count < ParserLimits.MaxListLength)
                        feed.Hubs.Add(url);

            if (items.ValueKind == JsonValueKind.Array)
                foreach (var item in items.EnumerateArray())
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (item.ValueKind != JsonValueKind.Object) continue;
                    if (feed.Entries.Count >= ParserLimits.MaxEntries)
                    {
                        feed.TooManyEntries = true;
                        break;
                    }

                    feed.Entries.Add(Entry(item, context.BaseUrl, dates));
                }

            return FeedParser.Finish(feed, decoded, repairs);
        }
    }

    private static ParsedEntry Entry(JsonElement item, Uri? baseUrl, DateContext dates)
    {
        var link = Text(item, "url") ?? LinkOf(item, "canonical") ?? LinkOf(item, "alternate");
        var html = Text(item, "content_html") ?? Nested(item, "content", "content");
        var plain = Text(item, "content_text");
        var enclosures = new List<Enclosure>();
        foreach (var name in (ReadOnlySpan<string>)["attachments", "enclosure"])
            if (item.TryGetProperty(name, out var files) && files.ValueKind == JsonValueKind.Array)
                foreach (var file in files.EnumerateArray())
                    if ((Text(file, "url") ?? Text(file, "href")) is { } url && enclosures.Count < ParserLimits.MaxListLength)
                        enclosures.Add(new Enclosure(Urls.Resolve(url, baseUrl), Text(file, "mime_type") ?? Text(file, "type"), Number(file, "size_in_bytes") ?? Number(file, "length")));

        var tags = new List<string>();
        foreach (var name in (ReadOnlySpan<string>)["tags", "categories"])
            if (tags.Count == 0 && item.TryGetProperty(name, out var all))
                foreach (var tag in all.ValueKind == JsonValueKind.Array ? all.EnumerateArray().AsEnumerable() : [all])
                    if (Value(tag) is { Length: > 0 } text && !text.StartsWith("user/", StringComparison.Ordinal) && tags.Count < ParserLimits.MaxListLength)
                        tags.Add(text);

        return new ParsedEntry
        {
            Id = Text(item, "id"),
            Title = Plain(item, "title"),
            Link = link is null ? null : Urls.Resolve(link, baseUrl),
            OriginalLink = null,
            PublishedAt = Date(item, "date_published", dates) ?? Date(item, "published", dates),
            UpdatedAt = Date(item, "date_modified", dates) ?? Date(item, "updated", dates),
            Authors = Authors(item) ?? [],
            Summary = Plain(item, "summary") ?? (Nested(item, "summary", "content") is { } summary ? new ParsedText(summary, ParsedTextKind.Html) : null),
            Content = html is not null ? new ParsedText(html, ParsedTextKind.Html) : plain is not null ? new ParsedText(plain, ParsedTextKind.Plain) : null,
            BaseUrl = baseUrl?.AbsoluteUri,
            Enclosures = enclosures,
            Categories = tags,
            Language = Text(item, "language"),
            ImageUrl = (Text(item, "image") ?? Text(item, "banner_image")) is { } image ? Urls.Resolve(image, baseUrl) : null,
            ClaimedSource = item.TryGetProperty("origin", out var origin) && origin.ValueKind == JsonValueKind.Object
                ? new ClaimedSource(Text(origin, "title"), Text(origin, "htmlUrl")) : null,
        };
    }

    private static List<Person>? Authors(JsonElement element)
    {
        var authors = new List<Person>();
        if (element.TryGetProperty("authors", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var author in list.EnumerateArray())
                if (Author(author) is { } person && authors.Count < ParserLimits.MaxListLength)
                    authors.Add(person);
        }

        if (authors.Count == 0 && element.TryGetProperty("author", out var one) && Author(one) is { } only) authors.Add(only);
        return authors.Count == 0 ? null : authors;
    }

    private static Person? Author(JsonElement author)
    {
        if (author.ValueKind == JsonValueKind.String) return PersonText.Parse(author.GetString()!);
        var name = Text(author, "name");
        var url = Text(author, "url");
        var email = Text(author, "email");
        return (name ?? email ?? url) is { } shown ? new Person(shown, email, url) : null;
    }

    private static ParseResult.Refused NotAFeed(string reason) => new(FetchFailureKind.NotAFeed, reason);

    private static ParsedText? Plain(JsonElement element, string name) => Text(element, name) is { } text ? new ParsedText(text, ParsedTextKind.Plain) : null;

    private static DateTimeOffset? Date(JsonElement element, string name, DateContext dates) => DateParser.Parse(Text(element, name), dates);

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? Value(value) : null;

    private static string? Nested(JsonElement element, string name, string inner) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? Text(value, inner) : null;

    private static string? LinkOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var links) && links.ValueKind == JsonValueKind.Array && links.GetArrayLength() > 0 ? Text(links[0], "href") : null;

    private static long? Number(JsonElement element, string name) =>
        long.TryParse(Text(element, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A string, or a number as it stands (ids and Unix times); null for anything else and for what is empty.</summary>
    private static string? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null,
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    /// <summary>The document with U+FFFD for every escaped half of a surrogate pair.</summary>
    private static byte[] WithWholeCharacters(ReadOnlySpan<byte> bytes)
    {
        var whole = bytes.ToArray();
        for (var i = 0; i + 1 < whole.Length; i++)
        {
            if (whole[i] != '\\') continue;
            var unit = Unit(whole, i);
            if (unit is >= 0xD800 and <= 0xDBFF && Unit(whole, i + 6) is >= 0xDC00 and <= 0xDFFF) i += 11;
            else if (unit is >= 0xD800 and <= 0xDFFF) "fffd"u8.CopyTo(whole.AsSpan(i + 2));
            else i++;
        }

        return whole;
    }

    /// <summary>The UTF-16 unit of the escape <c>\uXXXX</c> at a place; -1 when there is none.</summary>
    private static int Unit(ReadOnlySpan<byte> bytes, int at) =>
        at + 6 <= bytes.Length && bytes[at] == '\\' && bytes[at + 1] == 'u'
        && int.TryParse(bytes.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? unit : -1;

    /// <summary>Raw control characters inside strings become spaces; null when there are none.</summary>
    private static byte[]? Mended(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOfAnyInRange((byte)0, (byte)0x1F) < 0) return null;
        var mended = bytes.ToArray();
        foreach (ref var b in mended.AsSpan())
            if (b < 0x20)
                b = (byte)' ';
        return mended;
    }
}
