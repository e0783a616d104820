using System.Globalization;
using System.Text.Json;
using Aggregator.Core.Model;

namespace Aggregator.Core.Snapshots;

/// <summary>Reads documents, also ones that a newer program or somebody else wrote: what it does not know it skips, what is not as it should be it refuses.</summary>
internal static class SnapshotDocumentReader
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 16 };

    internal static SnapshotDocument Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, Strict);
            reader.Read();
            return Document(ref reader);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("The snapshot's document cannot be read: " + error.Message, error);
        }
    }

    internal static string? ReadContent(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, Strict);
            reader.Read();
            Expect(ref reader, JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isContent = reader.ValueTextEquals("content"u8);
                reader.Read();
                if (isContent) return reader.GetString();
                reader.Skip();
            }

            return null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("The snapshot's document cannot be read: " + error.Message, error);
        }
    }

    private static SnapshotDocument Document(ref Utf8JsonReader reader)
    {
        var document = new SnapshotDocument { Kind = SnapshotKind.Feed, CapturedAt = default, Title = "" };
        var (hasKind, hasTime) = (false, false);
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) is { } name)
        {
            switch (name)
            {
                case "authors": document = document with { Authors = List(ref reader, Author) }; break;
                case "captured": (document, hasTime) = (document with { CapturedAt = Time(ref reader) }, true); break;
                case "content": document = document with { Content = reader.GetString() }; break;
                case "credits": document = document with { Credits = List(ref reader, Credit) }; break;
                case "enclosures": document = document with { Enclosures = List(ref reader, File) }; break;
                case "image": document = document with { ImageUrl = reader.GetString() }; break;
                case "kind": (document, hasKind) = (document with { Kind = Kind(reader.GetString()) }, true); break;
                case "language": document = document with { Language = reader.GetString() }; break;
                case "published": document = document with { PublishedAt = Time(ref reader) }; break;
                case "site": document = document with { Site = reader.GetString() }; break;
                case "source": document = document with { Source = Source(ref reader) }; break;
                case "summary": document = document with { Summary = reader.GetString() }; break;
                case "tags": document = document with { Tags = List(ref reader, static (ref reader) => reader.GetString() ?? "") }; break;
                case "title": document = document with { Title = reader.GetString() ?? "" }; break;
                case "updated": document = document with { UpdatedAt = Time(ref reader) }; break;
                case "url": document = document with { Url = reader.GetString() }; break;
                default: reader.Skip(); break;
            }
        }

        return hasKind && hasTime ? document : throw new JsonException("it does not say what was captured, or when");
    }

    private static SnapshotKind Kind(string? kind) => kind switch
    {
        "feed" => SnapshotKind.Feed,
        "page" => SnapshotKind.Page,
        _ => throw new JsonException("it is of no known kind"),
    };

    private static Person Author(ref Utf8JsonReader reader)
    {
        var (name, url) = Pair(ref reader, "name", "url");
        return new Person(name ?? "", Url: url);
    }

    private static Credit Credit(ref Utf8JsonReader reader)
    {
        var (name, role) = Pair(ref reader, "name", "role");
        return new Credit(role ?? "", name ?? "");
    }

    private static SnapshotSource Source(ref Utf8JsonReader reader)
    {
        var (title, url) = Pair(ref reader, "title", "url");
        return new SnapshotSource(title, url);
    }

    private static Enclosure File(ref Utf8JsonReader reader)
    {
        var file = new Enclosure("");
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) is { } name)
        {
            switch (name)
            {
                case "length": file = file with { Length = reader.GetInt64() }; break;
                case "type": file = file with { Type = reader.GetString() }; break;
                case "url": file = file with { Url = reader.GetString() ?? "" }; break;
                default: reader.Skip(); break;
            }
        }

        return file;
    }

    private static (string? One, string? Other) Pair(ref Utf8JsonReader reader, string one, string other)
    {
        string? first = null, second = null;
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) is { } name)
        {
            if (name == one) first = reader.GetString();
            else if (name == other) second = reader.GetString();
            else reader.Skip();
        }

        return (first, second);
    }

    private static List<T> List<T>(ref Utf8JsonReader reader, ReadItem<T> item)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        var items = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(item(ref reader));
        return items;
    }

    private static DateTimeOffset Time(ref Utf8JsonReader reader) =>
        DateTimeOffset.Parse(reader.GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>The next member's name, with the reader on its value; null at the end of the object.</summary>
    private static string? Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject) return null;
        var name = reader.GetString();
        reader.Read();
        return name;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type) throw new JsonException($"{type} was expected");
    }

    private delegate T ReadItem<out T>(ref Utf8JsonReader reader);
}
