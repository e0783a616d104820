using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Diagnostics;

/// <summary>Writes what became of a document as one line of JSON: as the document said it, or as it would be stored.</summary>
/// <param name="normalizer">What makes entries of it.</param>
public sealed class ParseDump(FeedNormalizer normalizer)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the document said, before normalising: dates in ISO 8601 UTC, texts as they stood. A refusal has only <c>file</c> and <c>err</c>.</summary>
    public static string Raw(string file, ParseResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Line(json =>
        {
            json.WriteString("file", file);
            if (result is ParseResult.Refused refused)
            {
                json.WriteString("err", refused.Reason);
                return;
            }

            var feed = ((ParseResult.Parsed)result).Feed;
            json.WriteString("format", feed.Format);
            json.WriteString("encoding", feed.Encoding);
            Strings(json, "repairs", feed.Repairs);
            Optional(json, "title", feed.Title?.Value);
            json.WriteStartArray("items");
            foreach (var entry in feed.Entries)
            {
                json.WriteStartObject();
                Optional(json, "id", entry.Id);
                Optional(json, "title", entry.Title?.Value);
                Optional(json, "link", entry.Link);
                Optional(json, "published", Date(entry.PublishedAt));
                Optional(json, "updated", Date(entry.UpdatedAt));
                var authors = entry.Authors.Count > 0 ? entry.Authors : feed.Authors;
                Optional(json, "author", authors.Count == 0 ? null : string.Join(", ", authors.Select(static author => author.Name)));
                Optional(json, "author_email", authors.FirstOrDefault(static author => author.Email is not null)?.Email);
                Optional(json, "summary", entry.Summary?.Value);
                Optional(json, "content", entry.Content?.Value);
                Enclosures(json, "enclosures", entry.Enclosures, "url", "type", "length");
                Strings(json, "categories", entry.Categories);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>The document as it would be stored: one JSON Feed 1.1 with what that has no word for in <c>_aggregator</c>.</summary>
    /// <param name="file">The document's name, as given.</param>
    /// <param name="result">What the parser said.</param>
    /// <param name="context">What normalising has to know.</param>
    public string Stored(string file, ParseResult result, NormalizeContext context)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(context);
        return Line(json =>
        {
            json.WriteString("version", "https://jsonfeed.org/version/1.1");
            if (result is ParseResult.Refused refused)
            {
                json.WriteString("title", "");
                json.WriteStartArray("items");
                json.WriteEndArray();
                json.WriteStartObject("_aggregator");
                json.WriteString("file", file);
                json.WriteString("err", refused.Reason);
                json.WriteString("kind", refused.Kind.ToString());
                json.WriteEndObject();
                return;
            }

            var parsed = ((ParseResult.Parsed)result).Feed;
            var feed = normalizer.Normalize(parsed, context);
            json.WriteString("title", feed.Facts.Title ?? "");
            Optional(json, "home_page_url", feed.Facts.SiteUrl);
            Optional(json, "description", feed.Facts.Description);
            Optional(json, "language", feed.Facts.Language);
            json.WriteStartObject("_aggregator");
            json.WriteString("file", file);
            Optional(json, "format", feed.Facts.Format);
            json.WriteString("encoding", parsed.Encoding);
            Strings(json, "notes", feed.Notes);
            json.WriteString("identity_rule", feed.IdentityRule.ToString());
            Optional(json, "updated", Date(feed.Facts.UpdatedAt));
            json.WriteEndObject();
            json.WriteStartArray("items");
            foreach (var entry in feed.Entries) Item(json, entry);
            json.WriteEndArray();
        });
    }

    private static void Item(Utf8JsonWriter json, Entry entry)
    {
        json.WriteStartObject();
        json.WriteString("id", entry.Key);
        Optional(json, "url", entry.Url);
        Optional(json, "title", entry.Title.Length == 0 ? null : entry.Title);
        // JSON Feed 1.1: an item has content_html or content_text.
        if (entry.Content is not null) json.WriteString("content_html", entry.Content);
        else json.WriteString("content_text", entry.Summary ?? "");
        Optional(json, "summary", entry.Summary);
        Optional(json, "image", entry.ImageUrl);
        Optional(json, "date_published", Date(entry.PublishedAt));
        Optional(json, "date_modified", Date(entry.UpdatedAt));
        if (entry.Authors.Count > 0)
        {
            json.WriteStartArray("authors");
            foreach (var author in entry.Authors)
            {
                json.WriteStartObject();
                json.WriteString("name", author.Name);
                Optional(json, "url", author.Url);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (entry.Tags.Count > 0) Strings(json, "tags", entry.Tags);
        Optional(json, "language", entry.Language);
        if (entry.Enclosures.Count > 0) Enclosures(json, "attachments", entry.Enclosures, "url", "mime_type", "size_in_bytes");
        json.WriteStartObject("_aggregator");
        Optional(json, "guid", entry.Guid);
        json.WriteString("content_hash", Convert.ToHexStringLower(entry.ContentHash.Span));
        Optional(json, "rights", entry.Rights);
        json.WriteString("direction", entry.Direction);
        var length = entry.CountText();
        json.WriteNumber("words", length.Words);
        json.WriteNumber("characters", length.Characters);
        if (entry.ClaimedSource is { } claimed)
        {
            json.WriteStartObject("claimed_source");
            Optional(json, "title", claimed.Title);
            Optional(json, "url", claimed.Url);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Line(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Enclosures(Utf8JsonWriter json, string name, IReadOnlyList<Enclosure> enclosures, string url, string type, string length)
    {
        json.WriteStartArray(name);
        foreach (var enclosure in enclosures)
        {
            json.WriteStartObject();
            json.WriteString(url, enclosure.Url);
            Optional(json, type, enclosure.Type);
            if (enclosure.Length is { } bytes) json.WriteNumber(length, bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static string? Date(DateTimeOffset? date) => date?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
