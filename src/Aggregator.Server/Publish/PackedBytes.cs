using System.IO.Compression;

namespace Aggregator.Server.Publish;

/// <summary>Packs an answer, and writes what is packed.</summary>
internal static class PackedBytes
{
    // Above this, brotli takes several times as long for a few per cent; whoever comes first after a change waits for it.
    private const int BrotliQuality = 5;

    /// <summary>In gzip (RFC 1952).</summary>
    public static byte[] Gzip(byte[] bytes) => Pack(bytes, static to => new GZipStream(to, CompressionLevel.Optimal));

    /// <summary>In brotli (RFC 7932).</summary>
    public static byte[] Brotli(byte[] bytes) => Pack(bytes, static to => new BrotliStream(to, new BrotliCompressionOptions { Quality = BrotliQuality }));

    /// <summary>Writes a body whose coding the headers tell. HEAD gets the headers of GET.</summary>
    public static Task WriteAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method)) return Task.CompletedTask;
        var written = context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
        return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
    }

    private static byte[] Pack(byte[] bytes, Func<Stream, Stream> coding)
    {
        using var packed = new MemoryStream();
        using (var stream = coding(packed)) stream.Write(bytes);
        return packed.ToArray();
    }
}
