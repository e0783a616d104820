using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Publishing;
using Aggregator.Server.Components.Pages;

namespace Aggregator.Server.Browse;

/// <summary>
/// What machines are told of an article (schema.org <c>NewsArticle</c> as JSON-LD 1.1): that it is a copy of the original, whose publisher and
/// authors it names, kept by this site.
/// </summary>
internal static class NewsArticleData
{
    private const int MaxHeadline = 200;

    // Chinese as it is, but nothing that could end the element that the text stands in.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Writes it. Every angle bracket is escaped, so that it may stand inside of a script element.</summary>
    public static string Write(ArticleModel article, PageContext page)
    {
        var entry = article.Stored.Entry;
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("@context", "https://schema.org");
            json.WriteString("@type", "NewsArticle");
            json.WriteString("headline", TextCut.To(entry.Title, MaxHeadline));
            json.WriteString("url", page.Links.Article(article.Stored.Id));
            if (entry.Url is { } original) json.WriteString("isBasedOn", original);
            if ((entry.LicenseUrl ?? article.Source?.Feed.LicenseUrl) is { } license) json.WriteString("license", license);
            if ((entry.Rights ?? article.Source?.Feed.Rights) is { } rights) json.WriteString("copyrightNotice", rights);
            if (article.Shown is { IsKept: true } shown) json.WriteString("archivedAt", page.Links.Snapshot(article.Stored.Id, shown.CapturedAt));
            json.WriteString("datePublished", FeedDates.Rfc3339(entry.PublishedAt ?? article.Stored.FirstSeenAt));
            json.WriteString("dateModified", FeedDates.Rfc3339(entry.UpdatedAt ?? article.Stored.CapturedAt));
            if (entry.Language is { Length: > 0 } language) json.WriteString("inLanguage", language);
            if (entry.ImageUrl is { } image) json.WriteString("image", image);
            if (article.StandsIn.Count > 0) json.WriteString("articleSection", article.StandsIn[0].Title);
            if (entry.Authors.Count > 0)
            {
                json.WriteStartArray("author");
                foreach (var author in entry.Authors) Named(json, null, "Person", author.Name, url: null);
                json.WriteEndArray();
            }

            if (article.Source is { } source) Named(json, "publisher", "Organization", PublicSourceAddress.Title(source), PublicSourceAddress.Site(source));
            Named(json, "sdPublisher", "Organization", page.SiteTitle, page.Links.Home);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Named(Utf8JsonWriter json, string? property, string type, string name, string? url)
    {
        if (property is null) json.WriteStartObject();
        else json.WriteStartObject(property);
        json.WriteString("@type", type);
        json.WriteString("name", name);
        if (url is not null) json.WriteString("url", url);
        json.WriteEndObject();
    }
}
