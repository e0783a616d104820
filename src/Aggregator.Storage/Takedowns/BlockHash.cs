using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aggregator.Storage.Takedowns;

/// <summary>What is never stored again, as SHA-256 in hexadecimal: what was taken down must not be readable from the list that keeps it away.</summary>
internal static class BlockHash
{
    /// <summary>A link, in whatever source: neither http or https nor a slash at the end makes another.</summary>
    public static string OfUrl(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        return Hash("url", scheme < 0 ? url : url[(scheme + 3)..].TrimEnd('/'));
    }

    /// <summary>An entry of a source by its key.</summary>
    public static string OfKey(long sourceId, string key) => Hash("key", sourceId.ToString(CultureInfo.InvariantCulture) + "\n" + key);

    /// <summary>An entry of a source by its publisher's id, which stays when the source steps down the identity ladder.</summary>
    public static string OfGuid(long sourceId, string guid) => Hash("guid", sourceId.ToString(CultureInfo.InvariantCulture) + "\n" + guid);

    /// <summary>All by which an entry is known.</summary>
    public static IEnumerable<string> AllOf(long sourceId, string key, string? guid, string? url)
    {
        yield return OfKey(sourceId, key);
        if (!string.IsNullOrEmpty(guid)) yield return OfGuid(sourceId, guid);
        if (!string.IsNullOrEmpty(url)) yield return OfUrl(url);
    }

    private static string Hash(string kind, string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(kind + "\n" + text)));
}
