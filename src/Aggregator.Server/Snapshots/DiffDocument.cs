using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;

namespace Aggregator.Server.Snapshots;

/// <summary>A comparison as JSON: every text as runs that are the same, removed, or added.</summary>
internal static class DiffDocument
{
    /// <summary>Writes it.</summary>
    public static byte[] Write(VersionPair pair, ArticleDiff diff, SiteLinks links)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("article", links.Article(pair.Later.EntryId));
            WriteVersion(json, links, "from", pair.Earlier);
            WriteVersion(json, links, "to", pair.Later);
            json.WriteStartObject("changed");
            json.WriteBoolean("title", diff.TitleChanged);
            json.WriteBoolean("authors", diff.AuthorsChanged);
            json.WriteBoolean("body", diff.BodyChanged);
            json.WriteEndObject();
            json.WriteNumber("removed_characters", diff.RemovedCharacters);
            json.WriteNumber("added_characters", diff.AddedCharacters);
            WriteSegments(json, "title", diff.Title);
            WriteSegments(json, "authors", diff.Authors);
            json.WriteStartArray("body");
            foreach (var block in diff.Body)
            {
                json.WriteStartObject();
                json.WriteString("kind", NameOf(block.Kind));
                WriteSegments(json, "text", block.Segments);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteVersion(Utf8JsonWriter json, SiteLinks links, string member, Snapshot snapshot)
    {
        json.WriteStartObject(member);
        json.WriteNumber("version", snapshot.Number);
        json.WriteString("kind", snapshot.Kind == SnapshotKind.Page ? "page" : "feed");
        json.WriteString("datetime", snapshot.CapturedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("uri", links.Snapshot(snapshot.EntryId, snapshot.CapturedAt));
        json.WriteString("sha256", Convert.ToHexStringLower(snapshot.Sha256.Span));
        json.WriteEndObject();
    }

    private static void WriteSegments(Utf8JsonWriter json, string member, IReadOnlyList<DiffSegment> segments)
    {
        json.WriteStartArray(member);
        foreach (var segment in segments)
        {
            json.WriteStartArray();
            json.WriteStringValue(segment.Operation switch { DiffOperation.Removed => "-", DiffOperation.Added => "+", _ => "=" });
            json.WriteStringValue(segment.Text);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static string NameOf(ContentBlockKind kind) => kind switch
    {
        ContentBlockKind.Heading => "heading",
        ContentBlockKind.ListItem => "list_item",
        ContentBlockKind.Quote => "quote",
        ContentBlockKind.Preformatted => "preformatted",
        ContentBlockKind.TableRow => "table_row",
        ContentBlockKind.Media => "media",
        _ => "paragraph",
    };
}
