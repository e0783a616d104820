using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aggregator.Core.Publishing;
using Aggregator.Server.Browse;

namespace Aggregator.Server.Embed;

/// <summary>Writes a list for the custom element: texts and addresses only, nothing that could be markup.</summary>
internal static class EmbedJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The list as JSON in UTF-8.</summary>
    public static byte[] Write(EmbedList list, PageContext page)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("title", list.Title);
            json.WriteString("language", page.Language.Tag);
            json.WriteString("url", page.Links.Category(list.Slug));
            json.WriteString("more", page.Text.EmbedMore(page.SiteTitle));
            json.WriteString("notice", page.Text.EmbedNotice);
            json.WriteStartArray("items");
            foreach (var listed in list.Entries) WriteItem(json, listed, list.Look, page);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteItem(Utf8JsonWriter json, ListedEntry listed, EmbedLook look, PageContext page)
    {
        var entry = listed.Stored.Entry;
        json.WriteStartObject();
        json.WriteString("title", entry.Title.Length > 0 ? entry.Title : page.Text.Untitled);
        json.WriteString("url", page.Links.Article(listed.Stored.Id));
        if (entry.Language is not null) json.WriteString("language", entry.Language);
        json.WriteString("direction", entry.Direction);
        if (listed.Source is not null) json.WriteString("source", PublicSourceAddress.Title(listed.Source));
        json.WriteString("date", listed.Stored.SortAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (look.Excerpts && Excerpt.Of(entry.Summary) is { } excerpt) json.WriteString("excerpt", excerpt);
        if (look.Images && entry.ImageUrl is not null) json.WriteString("image", entry.ImageUrl);
        json.WriteEndObject();
    }
}
