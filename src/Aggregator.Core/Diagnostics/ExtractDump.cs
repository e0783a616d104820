using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aggregator.Core.Extracting;

namespace Aggregator.Core.Diagnostics;

/// <summary>Writes what became of a page as one line of JSON.</summary>
public static class ExtractDump
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// <c>{"file","title","published","site","source","authors":[…],"credits":[{"role","name"}],"content","text","images":[…],"language"}</c>;
    /// a page that is no article has only <c>file</c> and <c>err</c>. Authors are as the page shows them: a byline in words is
    /// one of them, "by" included. What is not known is null.
    /// </summary>
    /// <param name="file">The page's name, as given.</param>
    /// <param name="result">What became of it.</param>
    public static string Line(string file, ExtractResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            if (result is ExtractResult.Refused refused) json.WriteString("err", refused.Reason);
            else Article(json, ((ExtractResult.Extracted)result).Article);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Article(Utf8JsonWriter json, ExtractedArticle article)
    {
        json.WriteString("title", article.Title);
        json.WriteString("published", article.PublishedAt?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("site", article.SiteName);
        json.WriteString("source", article.Source);
        Strings(json, "authors", article.Byline is { } byline ? [byline] : article.Authors);
        json.WriteStartArray("credits");
        foreach (var credit in article.Credits)
        {
            json.WriteStartObject();
            json.WriteString("role", credit.Role);
            json.WriteString("name", credit.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("content", article.Content);
        json.WriteString("text", article.Text);
        Strings(json, "images", article.Images);
        json.WriteString("language", article.Language);
    }

    private static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
