using System.IO.Compression;
using System.Security.Cryptography;
using Aggregator.Server.Publish;

namespace Aggregator.Server.Browse;

/// <summary>A page as it goes over the wire: its bytes, packed when somebody first asks for them so, with an entity tag for each coding.</summary>
/// <param name="identity">The page in UTF-8.</param>
internal sealed class PageBody(byte[] identity)
{
    // Above this, brotli takes several times as long for a few per cent; a page is packed while its reader waits.
    private const int BrotliQuality = 5;

    // Strings of the tags, the slot of the cache: what a page takes besides its bytes, roughly.
    private const int Overhead = 1024;

    private readonly string _hash = Convert.ToHexStringLower(SHA256.HashData(identity).AsSpan(0, 16));
    private byte[]? _gzip;
    private byte[]? _brotli;
    private string? _tag;
    private string? _gzipTag;
    private string? _brotliTag;

    /// <summary>The most memory that it will take, in bytes: with both packed forms, which are never as large as the page itself together.</summary>
    public long Cost => (2L * identity.Length) + Overhead;

    /// <summary>The bytes in a coding. Who comes first packs them; two who come at once pack the same twice.</summary>
    public byte[] In(ContentCoding coding) => coding switch
    {
        ContentCoding.Brotli => _brotli ??= Pack(static to => new BrotliStream(to, new BrotliCompressionOptions { Quality = BrotliQuality })),
        ContentCoding.Gzip => _gzip ??= Pack(static to => new GZipStream(to, CompressionLevel.Optimal)),
        _ => identity,
    };

    /// <summary>The strong entity tag of a coding: each is a representation of its own (RFC 9110 §8.8.3.3).</summary>
    public string TagOf(ContentCoding coding) => coding switch
    {
        ContentCoding.Brotli => _brotliTag ??= $"\"{_hash}-br\"",
        ContentCoding.Gzip => _gzipTag ??= $"\"{_hash}-gzip\"",
        _ => _tag ??= $"\"{_hash}\"",
    };

    private byte[] Pack(Func<Stream, Stream> coding)
    {
        using var packed = new MemoryStream();
        using (var stream = coding(packed)) stream.Write(identity);
        return packed.ToArray();
    }
}
