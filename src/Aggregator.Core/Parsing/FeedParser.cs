using System.Xml;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;

namespace Aggregator.Core.Parsing;

/// <summary>
/// Reads feeds of every dialect: RSS 0.90–2.0, RSS 1.0 and 1.1, Atom 0.3 and 1.0 (RFC 4287), CDF, JSON Feed 1.0 and 1.1.
/// The way is: decode, read strictly, and only when that fails mend the text and read it again. It has no state and reaches
/// neither network nor files; external entities do not exist for it.
/// </summary>
public static class FeedParser
{
    /// <summary>Grows whenever the same bytes may be read differently; stored with what was read.</summary>
    public const int Version = 4;

    /// <summary>Reads a document. Content never makes it throw: what is no feed is <see cref="ParseResult.Refused"/>.</summary>
    /// <param name="body">The bytes, at most <see cref="ParserLimits.MaxDocumentBytes"/>.</param>
    /// <param name="context">What is known besides them.</param>
    /// <param name="cancellationToken">Looked at between entries.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ParseResult Parse(ReadOnlyMemory<byte> body, ParseContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (body.Length > ParserLimits.MaxDocumentBytes)
            return new ParseResult.Refused(FetchFailureKind.TooLarge, $"The document has {body.Length} bytes; {ParserLimits.MaxDocumentBytes} is the limit.");
        if (body.Span.IndexOfAnyExcept(" \t\r\n\0"u8) < 0)
            return new ParseResult.Refused(FetchFailureKind.EmptyBody, "The document is empty.");
        if (body.Span.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            return new ParseResult.Refused(FetchFailureKind.NotAFeed, "The document is compressed (gzip) and its server did not say so.");

        var decoded = TextDecoder.Decode(body, context.ContentType, context.CharsetOverride);
        var repairs = new List<string>();
        if (decoded.Repair is { } repair) repairs.Add(repair);

        if (FirstCharacter(decoded) is '{' or '[') return JsonFeedReader.Read(decoded, context, repairs, cancellationToken);

        var scratch = ReaderScratch.Rent();
        try
        {
            using var xml = Strict(decoded, scratch.Settings);
            var feed = new FeedDraft();
            if (XmlFeedReader.Read(xml, scratch, feed, context, cancellationToken, out var root))
            {
                // What follows the root may break it: "two documents glued together" is for the repairer to say.
                while (xml.Read())
                {
                }

                return Finish(feed, decoded, repairs);
            }

            // A well-formed "<br/>" may be a PHP warning with the feed behind it.
            var refused = NotAFeed(root);
            return root is "html" or "opml" ? refused
                : ParseMended(decoded, scratch, allowBareEntries: false, context, repairs, cancellationToken) is ParseResult.Parsed parsed ? parsed
                : refused;
        }
        catch (XmlException)
        {
            return ParseMended(decoded, scratch, allowBareEntries: true, context, repairs, cancellationToken);
        }
        finally
        {
            scratch.Return();
        }
    }

    private static ParseResult ParseMended(DecodedText decoded, ReaderScratch scratch, bool allowBareEntries, ParseContext context, List<string> repairs, CancellationToken cancellationToken)
    {
        using var repairer = XmlRepairer.Create(decoded, allowBareEntries);
        var feed = new FeedDraft();
        string? root = null;
        try
        {
            using var xml = XmlReader.Create(repairer, scratch.Settings);
            if (!XmlFeedReader.Read(xml, scratch, feed, context, cancellationToken, out root)) return NotAFeed(root);
            while (xml.Read())
            {
            }
        }
        catch (XmlException exception)
        {
            // The repairer writes well-formed XML; should it ever not, what was read until then is worth more than nothing.
            if (feed.Entries.Count == 0) return root is null ? NotAFeed(null) : new ParseResult.Refused(FetchFailureKind.NotAFeed, $"The document is broken beyond mending: {exception.Message}");
            repairs.Add("broken beyond mending: what was complete is kept");
        }

        repairs.AddRange(repairer.Repairs);
        return Finish(feed, decoded, repairs);
    }

    internal static ParseResult Finish(FeedDraft feed, DecodedText decoded, List<string> repairs)
    {
        if (feed.Note is { } note) repairs.Add(note);
        if (feed.AddressesGrewTooLong) repairs.Add(ParsedFeed.RelativeAddresses);
        if (feed.TooManyEntries) repairs.Add($"more than {ParserLimits.MaxEntries} entries, the rest left out");
        return new ParseResult.Parsed(feed.Finish(decoded.Encoding, repairs));
    }

    internal static ParseResult.Refused NotAFeed(string? root) => root?.ToLowerInvariant() switch
    {
        null => new(FetchFailureKind.NotAFeed, "The document is no XML and no JSON."),
        "html" or "head" or "body" or "div" or "p" or "h1" or "meta" or "title" or "script" or "table" or "center" =>
            new(FetchFailureKind.HtmlInsteadOfFeed, "The document is a web page, not a feed."),
        "opml" => new(FetchFailureKind.NotAFeed, "The document is a subscription list (OPML), not a feed."),
        "urlset" or "sitemapindex" => new(FetchFailureKind.NotAFeed, "The document is a site map, not a feed."),
        _ => new(FetchFailureKind.NotAFeed, $"The document's root element '{TextCut.WithEllipsis(root, 40)}' is no feed's."),
    };

    private static char FirstCharacter(DecodedText decoded)
    {
        if (decoded.Text is { } text)
        {
            var start = text.AsSpan().TrimStart("\uFEFF \t\r\n\0");
            return start.Length > 0 ? start[0] : '\0';
        }

        var bytes = decoded.Utf8.Span.TrimStart(" \t\r\n\0"u8);
        return bytes.Length > 0 ? (char)bytes[0] : '\0';
    }

    /// <summary>
    /// A reader over valid UTF-8 reads the bytes, never a string. The XML declaration is left out: the encoding is decided,
    /// and version 1.1 or white space before it is nothing to fail over.
    /// </summary>
    internal static XmlReader Strict(DecodedText decoded, XmlReaderSettings settings)
    {
        if (decoded.Text is { } text) return XmlReader.Create(AfterDeclaration(text), settings);
        var bytes = decoded.Utf8;
        var start = bytes.Span.IndexOfAnyExcept(" \t\r\n"u8);
        if (start > 0) bytes = bytes[start..];
        if (bytes.Span.StartsWith("<?xml "u8) && bytes.Span.IndexOf("?>"u8) is > 0 and var end) bytes = bytes[(end + 2)..];
        return XmlReader.Create(new Utf8Text(bytes), settings);
    }

    private static StringReader AfterDeclaration(string text)
    {
        var start = text.AsSpan().TrimStart("\uFEFF \t\r\n");
        if (start.StartsWith("<?xml ") && start.IndexOf("?>") is > 0 and var end) start = start[(end + 2)..];
        var reader = new StringReader(text);
        Span<char> skipped = stackalloc char[256];
        for (var left = text.Length - start.Length; left > 0;) left -= reader.Read(skipped[..Math.Min(left, skipped.Length)]);
        return reader;
    }
}
