using System.Buffers;
using System.Security.Cryptography;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Snapshots;

/// <summary>A snapshot on its way in: written out, hashed and packed before any gate is taken.</summary>
internal sealed record NewSnapshotRow
{
    /// <summary>How long a document may be, in bytes, so that the buffer it was written into is kept for the thread's next one.</summary>
    private const int MaxSpareBytes = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    public required SnapshotDocument Document { get; init; }
    public required int Kind { get; init; }
    public required string Title { get; init; }
    public required long? PublishedAt { get; init; }
    public SnapshotChanges Changes { get; init; }
    public required byte[] ContentHash { get; init; }
    public required byte[] Sha256 { get; init; }
    public required byte[] Packed { get; init; }
    public required string? FinalUrl { get; init; }
    public required int? Status { get; init; }
    public required string? Etag { get; init; }
    public required string? LastModified { get; init; }

    public static NewSnapshotRow From(SnapshotDocument document, ReadOnlyMemory<byte> contentHash, CaptureFacts facts)
    {
        var (sha256, packed) = Pack(document);
        return new NewSnapshotRow
        {
            Document = document,
            Kind = (int)document.Kind,
            Title = StorableText.Of(document.Title),
            PublishedAt = UnixTime.ToMilliseconds(document.PublishedAt),
            ContentHash = contentHash.ToArray(),
            Sha256 = sha256,
            Packed = packed,
            FinalUrl = StorableText.Of(facts.FinalUrl),
            Status = facts.Status,
            Etag = StorableText.Of(facts.ETag),
            LastModified = StorableText.Of(facts.LastModified),
        };
    }

    /// <summary>The same at another time, which stands in the document: it is written, hashed and packed anew.</summary>
    public NewSnapshotRow At(long capturedAt)
    {
        if (Document.CapturedAt.ToUnixTimeMilliseconds() == capturedAt) return this;
        var document = Document with { CapturedAt = UnixTime.FromMilliseconds(capturedAt) };
        var (sha256, packed) = Pack(document);
        return this with { Document = document, Sha256 = sha256, Packed = packed };
    }

    private static (byte[] Sha256, byte[] Packed) Pack(SnapshotDocument document)
    {
        var bytes = _spare ?? new ArrayBufferWriter<byte>();
        _spare = null;
        document.WriteTo(bytes);
        var (sha256, packed) = (SHA256.HashData(bytes.WrittenSpan), SnapshotPacking.Pack(bytes.WrittenSpan));
        bytes.ResetWrittenCount();
        if (bytes.Capacity <= MaxSpareBytes) _spare = bytes;
        return (sha256, packed);
    }
}
