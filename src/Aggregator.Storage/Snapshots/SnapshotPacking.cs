using System.Buffers;
using System.IO.Compression;
using System.Numerics;

namespace Aggregator.Storage.Snapshots;

/// <summary>Documents as they are kept: brotli (RFC 7932).</summary>
internal static class SnapshotPacking
{
    /// <summary>The largest document that is unpacked, in bytes: a damaged or forged row must not fill the memory.</summary>
    public const int MaxDocumentBytes = 64 * 1024 * 1024;

    // Pieces of real feeds of 6 KB: 34 % of their size at 35 µs by 1, 31 % at 94 µs by 4, 29 % at 120 µs by 5. Each µs is paid by every new entry.
    private const int Quality = 1;
    private const int MinWindow = 10;
    private const int MaxWindow = 22;

    public static byte[] Pack(ReadOnlySpan<byte> document)
    {
        var packed = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(document.Length));
        try
        {
            // A window no larger than the document: the encoder's memory, which it clears each time, is made for it.
            var window = Math.Clamp(BitOperations.Log2((uint)document.Length) + 1, MinWindow, MaxWindow);
            if (!BrotliEncoder.TryCompress(document, packed, out var length, Quality, window))
                throw new InvalidOperationException("A document did not fit into the room that brotli asks for.");
            return packed.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are damaged, or unpack to more than <see cref="MaxDocumentBytes"/>.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        var document = ArrayPool<byte>.Shared.Rent(Math.Max(4096, packed.Length * 4));
        var decoder = new BrotliDecoder(); // Not "using var": calls on a read-only struct work on a copy of it.
        var written = 0;
        try
        {
            while (true)
            {
                var status = decoder.Decompress(packed, document.AsSpan(written), out var consumed, out var produced);
                packed = packed[consumed..];
                written += produced;
                if (status == OperationStatus.Done && packed.IsEmpty) return document.AsSpan(0, written).ToArray();
                if (status != OperationStatus.DestinationTooSmall) throw new InvalidDataException("The packed document is damaged.");
                if (written >= MaxDocumentBytes) throw new InvalidDataException($"The packed document holds more than {MaxDocumentBytes} bytes.");
                if (written < document.Length) continue;
                var larger = ArrayPool<byte>.Shared.Rent(document.Length * 2);
                document.AsSpan(0, written).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(document);
                document = larger;
            }
        }
        finally
        {
            decoder.Dispose();
            ArrayPool<byte>.Shared.Return(document);
        }
    }
}
