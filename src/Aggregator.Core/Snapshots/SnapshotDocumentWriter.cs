using System.Buffers;
using System.Globalization;
using System.Text;
using Aggregator.Core.Model;

namespace Aggregator.Core.Snapshots;

/// <summary>
/// Writes documents by RFC 8785. The framework's own writer escapes more than that allows (everything outside the basic
/// plane, for one), whichever encoder it is given.
/// </summary>
internal sealed class SnapshotDocumentWriter
{
    /// <summary>The largest whole number that every reader of JSON holds exactly (RFC 8785 §3.2.2.3).</summary>
    private const long MaxExactNumber = (1L << 53) - 1;

    // What stands escaped. Halves of surrogate pairs, which have no UTF-8, the encoder makes U+FFFD.
    private static readonly SearchValues<char> Special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    private readonly IBufferWriter<byte> _out;
    private bool _first = true;

    private SnapshotDocumentWriter(IBufferWriter<byte> bytes) => _out = bytes;

    internal static void Write(SnapshotDocument document, IBufferWriter<byte> bytes) => new SnapshotDocumentWriter(bytes).Document(document);

    // In the order of their names; a member without a value is left out.
    private void Document(SnapshotDocument document)
    {
        Begin();
        List("authors"u8, document.Authors, Author);
        Member("captured"u8, document.CapturedAt);
        Member("content"u8, document.Content);
        List("credits"u8, document.Credits, credit => Pair("name"u8, credit.Name, "role"u8, credit.Role));
        List("enclosures"u8, document.Enclosures, File);
        Member("image"u8, document.ImageUrl);
        Member("kind"u8, document.Kind == SnapshotKind.Page ? "page" : "feed");
        Member("language"u8, document.Language);
        Member("published"u8, document.PublishedAt);
        Member("site"u8, document.Site);
        if (document.Source is { } source && (source.Title ?? source.Url) is not null)
        {
            Name("source"u8);
            Pair("title"u8, source.Title, "url"u8, source.Url);
        }

        Member("summary"u8, document.Summary);
        List("tags"u8, document.Tags, String);
        Member("title"u8, document.Title);
        Member("updated"u8, document.UpdatedAt);
        Member("url"u8, document.Url);
        End();
    }

    private void Author(Person author) => Pair("name"u8, author.Name, "url"u8, author.Url);

    private void File(Enclosure file)
    {
        Begin();
        if (file.Length is >= 0 and <= MaxExactNumber and var length)
        {
            Name("length"u8);
            _out.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
        }

        Member("type"u8, file.Type);
        Member("url"u8, file.Url);
        End();
    }

    private void Pair(ReadOnlySpan<byte> name, string? value, ReadOnlySpan<byte> otherName, string? otherValue)
    {
        Begin();
        Member(name, value);
        Member(otherName, otherValue);
        End();
    }

    private void Begin()
    {
        _out.Write("{"u8);
        _first = true;
    }

    private void End()
    {
        _out.Write("}"u8);
        _first = false;
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        _out.Write(_first ? "\""u8 : ",\""u8);
        _out.Write(name);
        _out.Write("\":"u8);
        _first = false;
    }

    private void Member(ReadOnlySpan<byte> name, string? value)
    {
        if (value is null) return;
        Name(name);
        String(value);
    }

    private void Member(ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is null) return;
        Member(name, time.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }

    private void List<T>(ReadOnlySpan<byte> name, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0) return;
        Name(name);
        for (var i = 0; i < items.Count; i++)
        {
            _out.Write(i == 0 ? "["u8 : ","u8);
            write(items[i]);
        }

        _out.Write("]"u8);
        _first = false;
    }

    private void String(string value)
    {
        _out.Write("\""u8);
        var rest = value.AsSpan();
        while (rest.IndexOfAny(Special) is >= 0 and var at)
        {
            Encoding.UTF8.GetBytes(rest[..at], _out);
            Escape(rest[at]);
            rest = rest[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(rest, _out);
        _out.Write("\""u8);
    }

    private void Escape(char c)
    {
        switch (c)
        {
            case '\0': break; // Stands in no text of the store either.
            case '"': _out.Write("\\\""u8); break;
            case '\\': _out.Write("\\\\"u8); break;
            case '\b': _out.Write("\\b"u8); break;
            case '\t': _out.Write("\\t"u8); break;
            case '\n': _out.Write("\\n"u8); break;
            case '\f': _out.Write("\\f"u8); break;
            case '\r': _out.Write("\\r"u8); break;
            default: _out.Write(Encoding.ASCII.GetBytes($"\\u{(int)c:x4}")); break;
        }
    }
}
