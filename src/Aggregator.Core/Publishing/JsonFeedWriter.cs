using System.Text.Encodings.Web;
using System.Text.Json;
using Aggregator.Core.Model;

namespace Aggregator.Core.Publishing;

/// <summary>
/// Writes JSON Feed 1.1. The format has no word for where an item is from; it allows extensions that begin with an underscore,
/// and ours are <c>_source</c> (title, home_page_url, feed_url, id, updated, rights, license, republished: "summary" or "title" where the publisher allows no
/// more, and the upstream item's own claim, unverified)
/// and <c>_snapshot</c> (captured_at, first_seen_at, version, url, of), and where each story is shown once <c>_story</c> (url, related: the same
/// article elsewhere); of the feed <c>_tombstone</c> (deleted: id and when of what was
/// taken down).
/// </summary>
public static class JsonFeedWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        // Served as JSON and never inside a page: Chinese stays readable, and half as long.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    /// <summary>The publication as a document in UTF-8.</summary>
    public static byte[] Write(Publication publication)
    {
        ArgumentNullException.ThrowIfNull(publication);
        var language = FeedLanguage.Valid(publication.Language) ?? "en";
        var words = FeedWords.In(language);
        var self = publication.SelfUrl(FeedFormat.Json);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("version", "https://jsonfeed.org/version/1.1");
            json.WriteString("title", FeedText.Line(publication.Title) ?? self);
            json.WriteString("home_page_url", publication.PageUrl);
            json.WriteString("feed_url", self);
            // What RFC 5005 calls "prev-archive": this format has one way to what comes before, and no other.
            if (publication.PreviousArchive is { } previous) json.WriteString("next_url", publication.UrlOf(FeedFormat.Json, publication.View.At(previous)));
            WriteOptional(json, "description", FeedText.Line(publication.Description));
            json.WriteString("language", language);
            if (publication.HubUrl is { } hub)
            {
                json.WriteStartArray("hubs");
                json.WriteStartObject();
                json.WriteString("type", "WebSub");
                json.WriteString("url", hub);
                json.WriteEndObject();
                json.WriteEndArray();
            }

            WriteTombstones(json, publication);
            json.WriteStartArray("items");
            foreach (var item in PublishedItem.AllOf(publication, words)) WriteItem(json, publication, item, words);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteTombstones(Utf8JsonWriter json, Publication publication)
    {
        if (!publication.Deleted.Any()) return;
        json.WriteStartObject("_tombstone");
        json.WriteString("about", "https://www.rfc-editor.org/rfc/rfc6721");
        json.WriteStartArray("deleted");
        foreach (var (entryId, at) in publication.Deleted)
        {
            json.WriteStartObject();
            json.WriteString("id", publication.Links.EntryId(entryId));
            json.WriteString("when", FeedDates.Rfc3339(at));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteItem(Utf8JsonWriter json, Publication publication, PublishedItem item, FeedWords words)
    {
        json.WriteStartObject();
        json.WriteString("id", item.Id);
        json.WriteString("url", item.Url ?? item.ArticleUrl);
        WriteOptional(json, "title", item.Title);
        WriteOptional(json, "summary", item.HasOwnContent ? item.Summary : null);
        json.WriteString("content_html", item.Content(publication, words));
        WriteOptional(json, "image", item.ImageUrl);
        if (item.PublishedAt is { } published) json.WriteString("date_published", FeedDates.Rfc3339(published));
        json.WriteString("date_modified", FeedDates.Rfc3339(item.UpdatedAt));
        WriteAuthors(json, item);
        if (item.Tags.Count > 0)
        {
            json.WriteStartArray("tags");
            foreach (var tag in item.Tags) json.WriteStringValue(tag);
            json.WriteEndArray();
        }

        WriteOptional(json, "language", item.Language);
        WriteAttachments(json, item);
        WriteSource(json, item);
        WriteSnapshot(json, item);
        WriteStory(json, item);
        json.WriteEndObject();
    }

    private static void WriteStory(Utf8JsonWriter json, PublishedItem item)
    {
        if (item.Story is not { } story) return;
        json.WriteStartObject("_story");
        json.WriteString("url", story.Url);
        json.WriteStartArray("related");
        foreach (var other in story.Others)
        {
            json.WriteStartObject();
            json.WriteString("url", other.Url);
            WriteOptional(json, "title", other.Title);
            json.WriteString("source", other.SourceTitle);
            json.WriteString("article_url", other.ArticleUrl);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAuthors(Utf8JsonWriter json, PublishedItem item)
    {
        if (item.Authors.Count == 0) return;
        json.WriteStartArray("authors");
        foreach (var author in item.Authors)
        {
            json.WriteStartObject();
            json.WriteString("name", author.Name);
            WriteOptional(json, "url", author.Url);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAttachments(Utf8JsonWriter json, PublishedItem item)
    {
        if (item.Files.Count == 0) return;
        json.WriteStartArray("attachments");
        foreach (var file in item.Files)
        {
            json.WriteStartObject();
            json.WriteString("url", file.Url);
            json.WriteString("mime_type", file.Type);
            if (file.Length is { } length) json.WriteNumber("size_in_bytes", length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSource(Utf8JsonWriter json, PublishedItem item)
    {
        var source = item.Source;
        json.WriteStartObject("_source");
        json.WriteString("id", source.Id);
        json.WriteString("title", source.Title);
        WriteOptional(json, "home_page_url", source.SiteUrl);
        WriteOptional(json, "feed_url", source.FeedUrl);
        json.WriteString("updated", FeedDates.Rfc3339(source.UpdatedAt));
        WriteOptional(json, "rights", item.Rights ?? source.Rights);
        WriteOptional(json, "license", item.LicenseUrl ?? source.LicenseUrl);
        if (item.Level != RepublishLevel.Full) json.WriteString("republished", item.Level.Name());
        if (item.Claimed is { } claimed)
        {
            json.WriteStartObject("claimed");
            WriteOptional(json, "title", claimed.Title);
            WriteOptional(json, "url", claimed.Url);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSnapshot(Utf8JsonWriter json, PublishedItem item)
    {
        json.WriteStartObject("_snapshot");
        json.WriteString("captured_at", FeedDates.Rfc3339(item.CapturedAt));
        json.WriteString("first_seen_at", FeedDates.Rfc3339(item.FirstSeenAt));
        json.WriteNumber("version", item.Version);
        json.WriteString("url", item.ArticleUrl);
        json.WriteString("of", "feed");
        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
