using System.Buffers;
using Aggregator.Core.Model;

namespace Aggregator.Core.Snapshots;

/// <summary>
/// What a snapshot says, in the one form that is hashed, kept and served: JSON by RFC 8785 (members sorted, no white space,
/// least escapes, UTF-8), members without a value left out. Its bytes are never made again from what was read: whoever has
/// them can compute their SHA-256, whatever program wrote them.
/// </summary>
public sealed record SnapshotDocument
{
    /// <summary>What was captured.</summary>
    public required SnapshotKind Kind { get; init; }

    /// <summary>When, to the millisecond.</summary>
    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>The original's address: the entry's link, or the canonical address of the page.</summary>
    public string? Url { get; init; }

    /// <summary>The title as plain text.</summary>
    public required string Title { get; init; }

    /// <summary>The body as sanitised HTML.</summary>
    public string? Content { get; init; }

    /// <summary>A plain-text summary.</summary>
    public string? Summary { get; init; }

    /// <summary>The authors. Their e-mail addresses are not kept.</summary>
    public IReadOnlyList<Person> Authors { get; init; } = [];

    /// <summary>The other parts in it.</summary>
    public IReadOnlyList<Credit> Credits { get; init; } = [];

    /// <summary>The publisher's categories or tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The files.</summary>
    public IReadOnlyList<Enclosure> Enclosures { get; init; } = [];

    /// <summary>The address of the lead image.</summary>
    public string? ImageUrl { get; init; }

    /// <summary>The language (BCP 47).</summary>
    public string? Language { get; init; }

    /// <summary>When the publisher says it was published.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When the publisher says it was changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The name of the site or of the medium that the page names, e.g. behind 来源.</summary>
    public string? Site { get; init; }

    /// <summary>The source that brought the entry.</summary>
    public SnapshotSource? Source { get; init; }

    /// <summary>What a feed said of an entry. For many entries of one source, use <see cref="FeedDocuments"/>.</summary>
    public static SnapshotDocument OfFeed(Entry entry, Source source, DateTimeOffset capturedAt) => new FeedDocuments(source, capturedAt).Of(entry);

    /// <summary>The canonical bytes.</summary>
    public byte[] Write()
    {
        var bytes = new ArrayBufferWriter<byte>();
        WriteTo(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Writes the canonical bytes.</summary>
    public void WriteTo(IBufferWriter<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        SnapshotDocumentWriter.Write(this, bytes);
    }

    /// <summary>Reads canonical bytes. Members that it does not know are skipped.</summary>
    /// <exception cref="InvalidDataException">They are no document.</exception>
    public static SnapshotDocument Read(ReadOnlySpan<byte> utf8) => SnapshotDocumentReader.Read(utf8);

    /// <summary>Only the body of a document: for lists of many.</summary>
    /// <exception cref="InvalidDataException">They are no document.</exception>
    public static string? ReadContent(ReadOnlySpan<byte> utf8) => SnapshotDocumentReader.ReadContent(utf8);
}
