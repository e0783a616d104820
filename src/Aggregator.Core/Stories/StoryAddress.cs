using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Aggregator.Core.Stories;

/// <summary>What two addresses of one article have in common: <c>http</c> or <c>https</c>, with or without <c>www.</c> and a slash at the end.</summary>
public static class StoryAddress
{
    /// <summary>More entries of one source with one address, and it names no article.</summary>
    public const int MaxOfOneSource = 3;

    /// <summary>The hash of an address that names an article; null for the address of a site, and for none.</summary>
    public static long? HashOf(string? url)
    {
        if (url is null || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return null;
        var path = uri.AbsolutePath.TrimEnd('/');
        if (path.Length == 0 && uri.Query.Length < 2) return null;
        var host = uri.IdnHost.ToLowerInvariant();
        if (host.StartsWith("www.", StringComparison.Ordinal)) host = host[4..];
        return BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{host}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}{path}{uri.Query}")));
    }
}
