using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;

namespace Aggregator.Server.Embed;

/// <summary>An answer of the oEmbed 1.0 specification (§2.3.4), as its properties in order.</summary>
/// <param name="Type"><c>rich</c> or <c>link</c>.</param>
/// <param name="Title">The resource's title.</param>
/// <param name="AuthorName">The publisher that it is from, or null.</param>
/// <param name="AuthorUrl">The publisher's address, or null.</param>
/// <param name="ProviderName">Our name.</param>
/// <param name="ProviderUrl">Our address.</param>
/// <param name="Html">The markup, for <c>rich</c>.</param>
/// <param name="Width">The width in pixels, for <c>rich</c>.</param>
/// <param name="Height">The height in pixels, for <c>rich</c>.</param>
internal sealed record OEmbed(
    string Type, string Title, string? AuthorName, string? AuthorUrl, string ProviderName, string ProviderUrl, string? Html, int? Width, int? Height)
{
    /// <summary>How long a consumer may keep the answer, in seconds: a title is corrected now and then.</summary>
    private const int CacheAge = 3600;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private IEnumerable<(string Name, object Value)> Properties
    {
        get
        {
            yield return ("version", "1.0");
            yield return ("type", Type);
            yield return ("title", Title);
            if (AuthorName is not null) yield return ("author_name", AuthorName);
            if (AuthorUrl is not null) yield return ("author_url", AuthorUrl);
            yield return ("provider_name", ProviderName);
            yield return ("provider_url", ProviderUrl);
            yield return ("cache_age", CacheAge);
            if (Html is not null) yield return ("html", Html);
            if (Width is { } width) yield return ("width", width);
            if (Height is { } height) yield return ("height", height);
        }
    }

    /// <summary>As <c>application/json</c>.</summary>
    public byte[] ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            foreach (var (name, value) in Properties)
                if (value is int number) json.WriteNumber(name, number);
                else json.WriteString(name, (string)value);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>As <c>text/xml</c> (§2.3.4.2).</summary>
    public byte[] ToXml()
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new System.Text.UTF8Encoding(false), CheckCharacters = true }))
        {
            xml.WriteStartDocument(standalone: true);
            xml.WriteStartElement("oembed");
            foreach (var (name, value) in Properties) xml.WriteElementString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }
}
