using System.Security.Cryptography;
using Aggregator.Server.Publish;
using Microsoft.Extensions.Primitives;

namespace Aggregator.Server.Browse;

/// <summary>A page or one of its files as it goes over the wire: its bytes, packed when somebody first asks for them so, with an entity tag for each coding.</summary>
/// <param name="identity">The text in UTF-8.</param>
internal sealed class PageBody(byte[] identity)
{
    // Strings of the tags, the slot of the cache: what a page takes besides its bytes, roughly.
    private const int Overhead = 1024;

    private readonly StringValues[] _tags = TagsOf(Convert.ToHexStringLower(SHA256.HashData(identity).AsSpan(0, 16)));
    private byte[]? _gzip;
    private byte[]? _brotli;

    /// <summary>The most memory that it will take, in bytes: with both packed forms, which are never as large as the page itself together.</summary>
    public long Cost => (2L * identity.Length) + Overhead;

    /// <summary>
    /// Answers with it, or with 304 when the client has it already (RFC 9110 §13). HEAD gets the headers of GET. What the caller says of it
    /// in other headers, <c>Vary: Accept-Encoding</c> among them, has to stand there before.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="isShared">Whether the answer is the same for everybody: only then may it be a 304.</param>
    public Task WriteAsync(HttpContext context, StringValues contentType, bool isShared = true)
    {
        var headers = context.Response.Headers;
        var coding = AcceptedCodings.Select(context.Request, _tags, out var held);
        headers.ETag = _tags[(int)coding];
        if (held && isShared)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var body = In(coding);
        headers.ContentType = contentType;
        if (coding is ContentCoding.Brotli) headers.ContentEncoding = "br";
        else if (coding is ContentCoding.Gzip) headers.ContentEncoding = "gzip";
        return PackedBytes.WriteAsync(context, body);
    }

    // Each is a representation of its own (RFC 9110 §8.8.3.3).
    private static StringValues[] TagsOf(string hash) => [$"\"{hash}-br\"", $"\"{hash}-gzip\"", $"\"{hash}\""];

    // Who comes first packs them; two who come at once pack the same twice.
    private byte[] In(ContentCoding coding) => coding switch
    {
        ContentCoding.Brotli => _brotli ??= PackedBytes.Brotli(identity),
        ContentCoding.Gzip => _gzip ??= PackedBytes.Gzip(identity),
        _ => identity,
    };
}
