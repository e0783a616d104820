using System.IO.Compression;

namespace Aggregator.Server.Tests.Testing;

/// <summary>A subscription list that would be taken if anybody unpacked it: a few kilobytes that become more than any list may have.</summary>
internal static class PackedList
{
    /// <summary>How large it is unpacked.</summary>
    public const int Bytes = 128 * 1024 * 1024;

    private static readonly Lazy<byte[]> Packed = new(() =>
    {
        using var body = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true)) Write(gzip);
        return body.ToArray();
    });

    private static readonly Lazy<byte[]> Zipped = new(() =>
    {
        using var body = new MemoryStream();
        using (var archive = new ZipArchive(body, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = archive.CreateEntry("list.opml", CompressionLevel.Fastest).Open()) Write(entry);
        return body.ToArray();
    });

    /// <summary>By gzip, as a file and as a body with that <c>Content-Encoding</c>.</summary>
    public static byte[] Gzip() => Packed.Value;

    /// <summary>As the only file of a zip archive.</summary>
    public static byte[] Zip() => Zipped.Value;

    private static void Write(Stream stream)
    {
        stream.Write("<opml version=\"2.0\"><body><outline text=\"bomb\" xmlUrl=\"https://bomb.example/\"/>"u8);
        var blank = new byte[1024 * 1024];
        blank.AsSpan().Fill((byte)' ');
        for (var written = 0; written < Bytes; written += blank.Length) stream.Write(blank);
        stream.Write("</body></opml>"u8);
    }
}
